package figures

import (
	"testing"
	"time"
	_ "time/tzdata"

	"casegraph"
)

// Intervals end with the first moment of a date on the wall, also where the
// clock is put forward or back: in Havana and Beirut at midnight itself.
func TestIntervalsEndWithTheDate(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Vienna", "America/New_York", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "America/Sao_Paulo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, interval := range intervals {
			for at := time.Date(2017, 1, 1, 0, 0, 0, 0, zone); at.Year() < 2027; {
				end := interval.end(at)
				last := end.Add(-time.Millisecond)
				if !end.After(at) || last.Day() == end.Day() || interval.end(last) != end || interval.end(at.Add(end.Sub(at)/2)) != end {
					t.Fatalf("%s: the %s of %v ends at %v", name, interval, at, end)
				}
				begins := map[Interval]bool{Day: true, Week: end.Weekday() == time.Monday, Month: end.Day() == 1,
					Quarter: end.Day() == 1 && end.Month()%3 == 1, Year: end.YearDay() == 1}
				if !begins[interval] {
					t.Fatalf("%s: the %s of %v ends at %v", name, interval, at, end)
				}
				at = end
			}
		}
	}
}

// The day on which the clock is put back has 25 hours, the one on which it is put
// forward 23; what happens in them counts on the day of the wall.
func TestDaysWithASwitchCountWhatHappensInThem(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	for day, hours := range map[time.Time]int{time.Date(2026, 3, 29, 0, 0, 0, 0, vienna): 23, time.Date(2026, 10, 25, 0, 0, 0, 0, vienna): 25, time.Date(2026, 10, 26, 0, 0, 0, 0, vienna): 24} {
		w := newWorld()
		begin := casegraph.TimeOf(day)
		end := begin + casegraph.Time(hours)*60*60*1000
		for _, at := range []casegraph.Time{begin - 1, begin, end - 1, end} {
			w.now = at
			w.open("usr_a", casegraph.Case{})
		}
		for _, interval := range []Interval{Day, Week, Month} {
			got, err := New(w).Ask(t.Context(), Query{Interval: interval, Zone: vienna, From: begin, Now: end})
			if err != nil {
				t.Fatal(err)
			}
			if first := got.Rows[0]; interval == Day && (first.Opened != 2 || first.From != begin || first.To != end) {
				t.Errorf("%v: %+v", day, first)
			}
			opened := 0
			for i, row := range got.Rows {
				opened += row.Opened
				if i > 0 && row.From != got.Rows[i-1].To {
					t.Errorf("%v, by %s: %v follows %v", day, interval, row.From, got.Rows[i-1].To)
				}
			}
			if opened != 3 {
				t.Errorf("%v, by %s: %d opened", day, interval, opened)
			}
		}
	}
}
