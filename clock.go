package casegraph

import (
	"io"
	"maps"
	"slices"
	"strconv"
)

// Clock is how far one of a case's clocks is. It lies with the case under its
// name.
type Clock struct {
	State     ClockState `json:"state"`
	StartedAt Time       `json:"startedAt"`
	// DueAt is when its time is up; 0 while it is paused, and where it was
	// stopped then.
	DueAt Time `json:"dueAt,omitempty"`
	// WarnAt is when to warn of that; 0 for never, and where it is not known.
	WarnAt Time `json:"warnAt,omitempty"`
	// Left is what is left of its time while DueAt is not known, in milliseconds
	// of its calendar.
	Left int64 `json:"leftMilliseconds,omitempty"`
	// Warn is how long before DueAt to warn, likewise; 0 for never.
	Warn     int64 `json:"warnMilliseconds,omitempty"`
	PausedAt Time  `json:"pausedAt,omitempty"`
	// WarnedAt and BreachedAt are the WarnAt and DueAt that came while it ran.
	WarnedAt   Time `json:"warnedAt,omitempty"`
	BreachedAt Time `json:"breachedAt,omitempty"`
	StoppedAt  Time `json:"stoppedAt,omitempty"`
	// Closed is for how long, once its time was up, it was stopped by an end that
	// did not last, in milliseconds of its calendar.
	Closed int64 `json:"closedMilliseconds,omitempty"`
	// Response makes the first response stop it; see IsResponse.
	Response bool `json:"untilResponse,omitempty"`
}

// Alarm is when something is to be recorded of the clock next; 0 is never.
func (k *Clock) Alarm() Time {
	switch {
	case k.State != ClockRunning || k.BreachedAt != 0:
		return 0
	case k.WarnedAt == 0 && k.WarnAt != 0:
		return min(k.WarnAt, k.DueAt)
	}
	return k.DueAt
}

// ClockNames are the names of the case's clocks, sorted.
func (c *Case) ClockNames() []string { return slices.Sorted(maps.Keys(c.Clocks)) }

// responses are the events of a case by which somebody responds to it.
var responses = map[string]bool{
	"case.commented": true, "case.updated": true, "case.item-checked": true, "case.item-unchecked": true,
	"case.status-changed": true, "case.status-requested": true, "case.status-request-dropped": true, "case.reopened": true,
	"case.objects-attached": true, "case.objects-detached": true, "case.linked": true, "case.unlinked": true,
	"case.merged": true, "case.merged-into": true, "case.unmerged": true, "case.unmerged-from": true, "case.split": true,
}

// IsResponse tells whether an event is somebody's response to a case: they have
// worked on what it says. Opening it is none, nor handing it round, putting it off,
// a label, a mark or another time of a clock, nor what no person does. Clocks and
// figures go by it.
func IsResponse(event string, actor ID) bool { return actor != "" && responses[event] }

// AlarmAt is when something is to be recorded of one of the case's clocks next;
// 0 is never.
func (c *Case) AlarmAt() Time {
	next := Time(0)
	for _, k := range c.Clocks {
		if at := k.Alarm(); at != 0 && (next == 0 || at < next) {
			next = at
		}
	}
	return next
}

// SetClocks puts clocks in place of the case's, with what follows from them.
func (c *Case) SetClocks(clocks map[string]Clock) {
	c.Clocks, c.DueAt, c.Breached = clocks, 0, nil
	if len(clocks) == 0 {
		c.Clocks = nil
	}
	for _, name := range c.ClockNames() {
		k := clocks[name]
		if k.State == ClockRunning && (c.DueAt == 0 || k.DueAt < c.DueAt) {
			c.DueAt = k.DueAt
		}
		if k.BreachedAt != 0 {
			c.Breached = append(c.Breached, name)
		}
	}
}

// TemplateClock is a clock of a template's cases: by when something must have
// happened.
type TemplateClock struct {
	Name  string `json:"name"` // lower-kebab
	Label string `json:"label,omitempty"`
	// StartsIn is the status that starts it; "" is the opening of the case.
	StartsIn string `json:"startsIn,omitempty"`
	// Stops is what stops it; StopsIn are the statuses of ClockStopsInStatus.
	Stops   ClockStop `json:"stops"`
	StopsIn []string  `json:"stopsIn,omitempty"`
	// Seconds is how long it runs, WarnSeconds how long before its end to warn;
	// 0 for never.
	Seconds     int64 `json:"seconds"`
	WarnSeconds int64 `json:"warnSeconds,omitempty"`
	// Calendar names the one by whose hours it counts; "" counts all time.
	Calendar string `json:"calendar,omitempty"`
	// PausesIn are the statuses in which it stands still.
	PausesIn []string `json:"pausesIn,omitempty"`
}

// ClockStop is what stops a clock.
type ClockStop string

// What stops clocks.
const (
	ClockStopsOnResponse ClockStop = "RESPONSE" // the first response; see IsResponse
	ClockStopsAtEnd      ClockStop = "END"      // any status that ends the case
	ClockStopsInStatus   ClockStop = "STATUS"   // certain statuses
)

var clockStops = []ClockStop{ClockStopsOnResponse, ClockStopsAtEnd, ClockStopsInStatus}

// MarshalGQL writes the enum value.
func (s ClockStop) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads an enum value.
func (s *ClockStop) UnmarshalGQL(v any) error { return readEnum(s, v, clockStops) }

// Calendars are the names of the calendars that the template's clocks count by,
// each once.
func (f *TemplateForm) Calendars() []string {
	var names []string
	for _, k := range f.Clocks {
		if k.Calendar != "" && !slices.Contains(names, k.Calendar) {
			names = append(names, k.Calendar)
		}
	}
	return names
}
