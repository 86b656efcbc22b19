// Package calendar counts business time: which moments lie within the hours of
// an organisation's calendar, and when so much of it will have passed. A moment
// counts if the clock on the wall shows it to be within the day's hours: so an
// hour that the clock shows twice counts twice, one that it skips not at all.
package calendar

import (
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"
	_ "time/tzdata" // zones are known wherever the program runs

	"casegraph"
)

// The bounds of a calendar.
const (
	MaxHours      = 50   // parts of days in a week, and in one exception
	MaxExceptions = 2000 // days
	MaxName       = 60   // characters of a name
)

const (
	second = 1000
	minute = 60 * second
	day    = 24 * 60 * minute
)

// horizon is how far ahead time is counted: 200 years.
const horizon = 200 * 366 * day

// Hours is a calendar, made ready to count by. The nil Hours counts all time.
type Hours struct {
	zone *time.Location
	week [7][]span // by time.Weekday
	days map[int64][]span
}

// span is a part of a day, in milliseconds of the clock on the wall.
type span struct{ from, to int64 }

// New makes a calendar ready. It refuses one that contradicts itself, and
// names the place.
func New(form *casegraph.CalendarForm) (*Hours, error) {
	zone, err := zoneOf(form.TimeZone)
	if err != nil {
		return nil, err
	}
	h := &Hours{zone: zone, days: map[int64][]span{}}
	if n := len(form.Week); n == 0 || n > MaxHours {
		return nil, casegraph.BadInput("week: from 1 to %d", MaxHours)
	}
	for i, part := range form.Week {
		place := fmt.Sprintf("week[%d]", i)
		weekday := slices.Index(casegraph.Weekdays, part.Day)
		if weekday < 0 {
			return nil, casegraph.BadInput("%s.day: a day of the week", place)
		}
		if h.week[weekday], err = with(h.week[weekday], part.DayHours, place); err != nil {
			return nil, err
		}
	}
	if len(form.Exceptions) > MaxExceptions {
		return nil, casegraph.BadInput("exceptions: at most %d", MaxExceptions)
	}
	for i, exception := range form.Exceptions {
		if err := h.except(exception, fmt.Sprintf("exceptions[%d]", i)); err != nil {
			return nil, err
		}
	}
	return h, nil
}

var zones sync.Map // of *time.Location, by the names of those there are

func zoneOf(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, casegraph.BadInput("timeZone: no zone is called %.100q; give an IANA name such as Europe/Berlin", name)
	}
	zones.Store(name, zone)
	return zone, nil
}

func (h *Hours) except(exception casegraph.CalendarDay, place string) error {
	date, err := time.Parse(time.DateOnly, exception.Date)
	if err != nil {
		return casegraph.BadInput("%s.date: a day such as 2026-12-25", place)
	}
	number := floor(date.UnixMilli(), day)
	if _, twice := h.days[number]; twice {
		return casegraph.BadInput("%s.date: %s is there twice", place, exception.Date)
	}
	if len(exception.Hours) > MaxHours {
		return casegraph.BadInput("%s.hours: at most %d", place, MaxHours)
	}
	spans := []span{}
	for j, part := range exception.Hours {
		if spans, err = with(spans, part, fmt.Sprintf("%s.hours[%d]", place, j)); err != nil {
			return err
		}
	}
	h.days[number] = spans
	return nil
}

// with adds a part of a day to others, which it may touch and not overlap.
func with(spans []span, part casegraph.DayHours, place string) ([]span, error) {
	from, okFrom := ofDay(part.From)
	to, okTo := ofDay(part.To)
	switch {
	case !okFrom || from == day:
		return nil, casegraph.BadInput("%s.from: a time from 00:00 to 23:59", place)
	case !okTo || to <= from:
		return nil, casegraph.BadInput("%s.to: a time after %s, up to 24:00", place, part.From)
	}
	at, _ := slices.BinarySearchFunc(spans, from, func(s span, from int64) int { return int(s.from - from) })
	if (at > 0 && spans[at-1].to > from) || (at < len(spans) && spans[at].from < to) {
		return nil, casegraph.BadInput("%s: overlaps other hours of the day", place)
	}
	return slices.Insert(slices.Clone(spans), at, span{from, to}), nil
}

func ofDay(text string) (int64, bool) {
	if text == "24:00" {
		return day, true
	}
	at, err := time.Parse("15:04", text)
	return int64(at.Hour()*60+at.Minute()) * minute, err == nil && len(text) == len("15:04")
}

// Add is the first moment by which so many milliseconds have passed since
// another; false if that is not so within some 200 years.
func (h *Hours) Add(from casegraph.Time, milliseconds int64) (casegraph.Time, bool) {
	if h == nil || milliseconds <= 0 {
		return from + casegraph.Time(max(milliseconds, 0)), milliseconds <= horizon
	}
	left, at := milliseconds, int64(0)
	h.stretches(int64(from), int64(from)+horizon, func(begin, end int64) bool {
		if left <= end-begin {
			at, left = begin+left, 0
			return false
		}
		left -= end - begin
		return true
	})
	return casegraph.Time(at), left == 0
}

// Between is how many milliseconds count between two moments; less than 0 if
// the second comes first.
func (h *Hours) Between(from, to casegraph.Time) int64 {
	switch {
	case h == nil:
		return int64(to - from)
	case to < from:
		return -h.Between(to, from)
	}
	sum := int64(0)
	h.stretches(int64(from), int64(to), func(begin, end int64) bool {
		sum += end - begin
		return true
	})
	return sum
}

// stretches calls visit with each stretch that counts between two moments, in
// order, until it has enough. Between two changes of the zone's offset the
// clock on the wall goes evenly, so days are cut there and nowhere else.
func (h *Hours) stretches(at, until int64, visit func(begin, end int64) bool) {
	for at < until {
		offset := h.offset(at)
		local := at + offset
		today := floor(local, day)
		midnight := today*day - offset // as if the whole day went evenly
		change := h.evenUntil(at, min(midnight+day, until), offset)
		for _, s := range h.of(today) {
			begin, end := max(midnight+s.from, at), min(midnight+s.to, change)
			if begin < end && !visit(begin, end) {
				return
			}
		}
		at = change
	}
}

// offset is how far the clock on the wall is ahead of UTC.
func (h *Hours) offset(at int64) int64 {
	_, seconds := time.UnixMilli(at).In(h.zone).Zone()
	return int64(seconds) * second
}

// evenUntil is when the offset changes, or the end of a day in which it does
// not. It halves the day; ZoneBounds would say, but goes wrong at some years'
// ends.
func (h *Hours) evenUntil(at, end, offset int64) int64 {
	if h.offset(end-1) == offset {
		return end
	}
	n := sort.Search(int(end-at), func(i int) bool { return h.offset(at+int64(i)) != offset })
	return at + int64(n)
}

// of are a day's hours; days count from 1970-01-01, a Thursday.
func (h *Hours) of(today int64) []span {
	if spans, other := h.days[today]; other {
		return spans
	}
	return h.week[((today+4)%7+7)%7]
}

func floor(n, by int64) int64 {
	q := n / by
	if n%by < 0 {
		q--
	}
	return q
}
