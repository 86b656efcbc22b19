package calendar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"casegraph"
)

// The zones of the tests: with and without daylight saving, half an hour of it,
// a day that was skipped, and one on either side of the world.
var zoneNames = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo"}

func usual(from, to string) (week []casegraph.WeekHours) {
	for _, day := range casegraph.Weekdays[1:6] {
		week = append(week, casegraph.WeekHours{Day: day, DayHours: casegraph.DayHours{From: from, To: to}})
	}
	return week
}

func moment(t testing.TB, text string) casegraph.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return casegraph.TimeOf(at)
}

func hours(t testing.TB, form casegraph.CalendarForm) *Hours {
	t.Helper()
	h, err := New(&form)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestBusinessTime(t *testing.T) {
	berlin := hours(t, casegraph.CalendarForm{TimeZone: "Europe/Berlin", Week: usual("09:00", "17:00"), Exceptions: []casegraph.CalendarDay{
		{Date: "2026-12-25", Name: "Christmas"}, {Date: "2026-12-24", Hours: []casegraph.DayHours{{From: "09:00", To: "12:00"}}}}})
	night := hours(t, casegraph.CalendarForm{TimeZone: "Europe/Berlin", Week: []casegraph.WeekHours{{Day: "SUNDAY", DayHours: casegraph.DayHours{From: "01:00", To: "04:00"}}}})
	utc := hours(t, casegraph.CalendarForm{TimeZone: "UTC", Week: usual("00:00", "24:00")})
	for _, c := range []struct {
		says     string
		hours    *Hours
		from, to string
		counts   time.Duration
	}{
		{"within a day", berlin, "2026-11-23T09:00:00Z", "2026-11-23T12:30:00Z", 3*time.Hour + 30*time.Minute},
		{"over a night", berlin, "2026-11-23T15:00:00Z", "2026-11-24T09:00:00Z", 2 * time.Hour},
		{"over a weekend", berlin, "2026-11-27T15:30:00Z", "2026-11-30T08:30:00Z", time.Hour},
		{"over the end of daylight saving", berlin, "2026-10-23T14:00:00Z", "2026-10-26T09:00:00Z", 2 * time.Hour},
		{"over a short day and a holiday", berlin, "2026-12-24T10:00:00Z", "2026-12-28T09:00:00Z", 2 * time.Hour},
		{"an hour that the clock shows twice", night, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", 4 * time.Hour},
		{"an hour that the clock skips", night, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", 2 * time.Hour},
		{"over a leap day", utc, "2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z", 48 * time.Hour},
		{"over none", utc, "2026-02-27T12:00:00Z", "2026-03-02T12:00:00Z", 24 * time.Hour},
		{"with no calendar", nil, "2026-11-27T15:30:00Z", "2026-11-30T15:30:00Z", 72 * time.Hour},
	} {
		from, to := moment(t, c.from), moment(t, c.to)
		if got := c.hours.Between(from, to); got != c.counts.Milliseconds() {
			t.Errorf("%s: %v, want %v", c.says, time.Duration(got)*time.Millisecond, c.counts)
		}
		if got, ok := c.hours.Add(from, c.counts.Milliseconds()); !ok || c.hours.Between(from, got) != c.counts.Milliseconds() || got > to {
			t.Errorf("%s: ends at %v, %t, want %v at the latest", c.says, got, ok, to)
		}
		if c.hours.Between(to, from) != -c.hours.Between(from, to) {
			t.Errorf("%s: backward it is not the opposite", c.says)
		}
	}
	if at, ok := night.Add(0, 200*366*day); ok {
		t.Errorf("a time past counting ends at %v", at)
	}
}

// Whatever the calendar, business time is what counting minute by minute comes
// to.
func TestBusinessTimeIsWhatMinutesComeTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.Custom(drawn).Filter(allowed).Draw(t, "calendar")
		h, err := New(&form)
		if err != nil {
			t.Fatal(err)
		}
		// Begin near a change of the clocks as often as not.
		year := rapid.IntRange(2005, 2035).Draw(t, "year")
		begin := time.Date(year, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"), 0, rapid.IntRange(0, 1439).Draw(t, "minute"), 0, 0, time.UTC)
		if _, change := begin.In(h.zone).ZoneBounds(); rapid.Bool().Draw(t, "near a change") && !change.IsZero() {
			begin = change.UTC().Truncate(time.Minute).Add(-time.Duration(rapid.IntRange(0, 2000).Draw(t, "before")) * time.Minute)
		}
		from := casegraph.TimeOf(begin)
		minutes := rapid.IntRange(1, 4000).Draw(t, "minutes")
		counted, ends := int64(0), map[int64]casegraph.Time{0: from}
		for i := range minutes {
			if open(&form, h.zone, begin.Add(time.Duration(i)*time.Minute)) {
				counted += minute
				ends[counted] = from + casegraph.Time((i+1)*minute)
			}
		}
		to := from + casegraph.Time(minutes*minute)
		if got := h.Between(from, to); got != counted {
			t.Fatalf("between %v and %v: %d minutes, want %d", from, to, got/minute, counted/minute)
		}
		for wanted, end := range ends {
			if got, ok := h.Add(from, wanted); !ok || got != end {
				t.Fatalf("%v and %d minutes: %v, want %v", from, wanted/minute, got, end)
			}
		}
		part := rapid.Int64Range(0, counted).Draw(t, "part")
		half, _ := h.Add(from, part)
		if whole, _ := h.Add(half, counted-part); counted > part && whole != ends[counted] {
			t.Fatalf("in two parts it ends at %v, want %v", whole, ends[counted])
		}
	})
}

// allowed tells whether a calendar's hours do not overlap.
func allowed(form casegraph.CalendarForm) bool {
	_, err := New(&form)
	return err == nil
}

// open asks the zone what the clock on the wall shows.
func open(form *casegraph.CalendarForm, zone *time.Location, at time.Time) bool {
	wall := at.In(zone)
	var today []casegraph.DayHours
	if i := slices.IndexFunc(form.Exceptions, func(d casegraph.CalendarDay) bool { return d.Date == wall.Format(time.DateOnly) }); i >= 0 {
		today = form.Exceptions[i].Hours
	} else {
		for _, part := range form.Week {
			if part.Day == casegraph.Weekdays[wall.Weekday()] {
				today = append(today, part.DayHours)
			}
		}
	}
	shown := wall.Format("15:04")
	return slices.ContainsFunc(today, func(part casegraph.DayHours) bool { return part.From <= shown && shown < part.To })
}

func drawn(t *rapid.T) casegraph.CalendarForm {
	part := func(name string) casegraph.DayHours {
		from := rapid.IntRange(0, 1438).Draw(t, name+" from")
		to := rapid.IntRange(from+1, 1440).Draw(t, name+" to")
		return casegraph.DayHours{From: fmt.Sprintf("%02d:%02d", from/60, from%60), To: fmt.Sprintf("%02d:%02d", to/60, to%60)}
	}
	form := casegraph.CalendarForm{TimeZone: rapid.SampledFrom(zoneNames).Draw(t, "zone")}
	for range rapid.IntRange(1, 5).Draw(t, "parts") {
		form.Week = append(form.Week, casegraph.WeekHours{Day: rapid.SampledFrom(casegraph.Weekdays).Draw(t, "weekday"), DayHours: part("week")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		day := casegraph.CalendarDay{Date: time.Date(2005+10*i, time.October, rapid.IntRange(1, 31).Draw(t, "date"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
		if rapid.Bool().Draw(t, "open") {
			day.Hours = append(day.Hours, part("exception"))
		}
		form.Exceptions = append(form.Exceptions, day)
	}
	return form
}

func TestCalendarsAreRefused(t *testing.T) {
	part := func(from, to string) []casegraph.WeekHours {
		return []casegraph.WeekHours{{Day: "MONDAY", DayHours: casegraph.DayHours{From: from, To: to}}}
	}
	for name, c := range map[string]struct {
		form  casegraph.CalendarForm
		field string
	}{
		"no zone":          {casegraph.CalendarForm{Week: usual("09:00", "17:00")}, "timeZone"},
		"the server's own": {casegraph.CalendarForm{TimeZone: "Local", Week: usual("09:00", "17:00")}, "timeZone"},
		"no such zone":     {casegraph.CalendarForm{TimeZone: "Europe/Atlantis", Week: usual("09:00", "17:00")}, "timeZone"},
		"no hours":         {casegraph.CalendarForm{TimeZone: "UTC"}, "week"},
		"no such day":      {casegraph.CalendarForm{TimeZone: "UTC", Week: []casegraph.WeekHours{{Day: "PAYDAY"}}}, "week[0].day"},
		"no such time":     {casegraph.CalendarForm{TimeZone: "UTC", Week: part("9:00", "17:00")}, "week[0].from"},
		"the end first":    {casegraph.CalendarForm{TimeZone: "UTC", Week: part("09:00", "09:00")}, "week[0].to"},
		"past midnight":    {casegraph.CalendarForm{TimeZone: "UTC", Week: part("22:00", "24:01")}, "week[0].to"},
		"an overlap":       {casegraph.CalendarForm{TimeZone: "UTC", Week: append(part("09:00", "12:00"), part("11:00", "13:00")...)}, "week[1]"},
		"no such date":     {casegraph.CalendarForm{TimeZone: "UTC", Week: part("09:00", "12:00"), Exceptions: []casegraph.CalendarDay{{Date: "2026-02-29"}}}, "exceptions[0].date"},
		"a date twice":     {casegraph.CalendarForm{TimeZone: "UTC", Week: part("09:00", "12:00"), Exceptions: []casegraph.CalendarDay{{Date: "2026-02-28"}, {Date: "2026-02-28"}}}, "exceptions[1].date"},
	} {
		_, err := New(&c.form)
		if e, ok := err.(*casegraph.Error); !ok || e.Code != casegraph.CodeBadInput || e.Field != c.field {
			t.Errorf("%s: %v, want %s", name, err, c.field)
		}
	}
}
