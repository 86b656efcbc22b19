package casegraph

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Calendar says when an organisation works: business time, by which clocks of
// cases may count. Its version tells one set of hours from the next.
type Calendar struct {
	Header
	Name string `json:"name"` // never changes
	CalendarForm
}

// CalendarForm is what somebody who makes a calendar writes.
type CalendarForm struct {
	Description string `json:"description,omitempty"`
	// TimeZone is the IANA name of the zone whose clocks hang on the wall, such
	// as Europe/Berlin.
	TimeZone string `json:"timeZone"`
	// Week are the hours of a usual week; days that are not named are off.
	Week []WeekHours `json:"week"`
	// Exceptions are days that have other hours, or none: holidays.
	Exceptions []CalendarDay `json:"exceptions,omitempty"`
}

// DayHours are a part of a day, in hours and minutes of the clock on the wall:
// "09:00" to "17:30". "24:00" is the day's end.
type DayHours struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// WeekHours are hours of a day of the week.
type WeekHours struct {
	Day Weekday `json:"day"`
	DayHours
}

// CalendarDay is one day that is not as its day of the week usually is.
type CalendarDay struct {
	Date  string     `json:"date"` // 2026-12-25
	Name  string     `json:"name,omitempty"`
	Hours []DayHours `json:"hours,omitempty"` // none is a holiday
}

// Kind is KindCalendar.
func (*Calendar) Kind() Kind { return KindCalendar }

// Class is the kind.
func (*Calendar) Class() Class { return Class(KindCalendar) }

// Reference makes the calendar findable by its name, in whatever case it is
// typed.
func (c *Calendar) Reference() Key {
	return Key{Kind: KindCalendar, Reference: strings.ToLower(c.Name)}
}

// CalendarID is the id of the calendar of a name: there is one of each.
func CalendarID(name string) ID {
	return ImportedID(KindCalendar, "", strings.ToLower(name))
}

// Texts are the name and the description.
func (c *Calendar) Texts() []string { return []string{c.Name, c.Description} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (c *Calendar) Clone() Node { clone := *c; return &clone }

// Weekday is a day of the week.
type Weekday string

// Weekdays are all of them, in the order of time.Weekday.
var Weekdays = []Weekday{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}

// MarshalGQL writes the enum value.
func (d Weekday) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads an enum value.
func (d *Weekday) UnmarshalGQL(v any) error { return readEnum(d, v, Weekdays) }

// ClockState is what a clock of a case does.
type ClockState string

// The states.
const (
	ClockRunning ClockState = "RUNNING"
	ClockPaused  ClockState = "PAUSED"
	ClockStopped ClockState = "STOPPED"
)

// MarshalGQL writes the enum value.
func (s ClockState) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL refuses: states are only ever given.
func (s *ClockState) UnmarshalGQL(any) error {
	return fmt.Errorf("a ClockState can't be given as input")
}
