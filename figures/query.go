package figures

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"casegraph"
)

// Query is a question about cases in numbers.
type Query struct {
	GroupBy  Grouping // "" is all in one
	Interval Interval // "" is the whole time in one
	// Zone is where days begin; nil is UTC.
	Zone *time.Location
	// From and To are the time of what is counted: at From or later and before
	// To; 0 is no bound.
	From, To casegraph.Time
	// AsOf counts what was recorded by then; 0 is all. Now is when that was: open
	// cases have their age by then.
	AsOf casegraph.Seq
	Now  casegraph.Time
	// Filter keeps cases while they are so; its paths are those of FilterPaths.
	Filter casegraph.Filter
	// Mask is of today, by the cases' classes of today.
	Mask casegraph.Mask
}

// FilterPaths are the attributes that a Query's filter can name.
func FilterPaths() []string {
	return []string{"assigneeId", "caseType", "queueId", "source", "tags", "templateId"}
}

// The bounds of an answer.
const (
	MaxIntervals = 400
	MaxRows      = 10_000
)

func (q *Query) check() error {
	if q.From != 0 && q.To != 0 && q.From >= q.To {
		return casegraph.BadInput("to: must be after from")
	}
	if !slices.Contains(groupings, q.GroupBy) && q.GroupBy != "" {
		return casegraph.BadInput("groupBy: %q is nothing to group by", q.GroupBy)
	}
	if !slices.Contains(intervals, q.Interval) && q.Interval != "" {
		return casegraph.BadInput("interval: %q is no interval", q.Interval)
	}
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	if err := checkPaths(&q.Filter); err != nil {
		return err
	}
	return q.Filter.Check()
}

func checkPaths(f *casegraph.Filter) error {
	if f.Path != "" && !slices.Contains(FilterPaths(), f.Path) {
		return casegraph.BadInput("filter: figures can't be filtered by %.50q", f.Path)
	}
	for _, parts := range [][]casegraph.Filter{f.And, f.Or} {
		for i := range parts {
			if err := checkPaths(&parts[i]); err != nil {
				return err
			}
		}
	}
	if f.Not != nil {
		return checkPaths(f.Not)
	}
	return nil
}

// Grouping is what cases are told apart by. Its text is the GraphQL enum value.
type Grouping string

// The groupings.
const (
	ByCaseType Grouping = "CASE_TYPE"
	ByTemplate Grouping = "TEMPLATE"
	ByQueue    Grouping = "QUEUE"
	ByAssignee Grouping = "ASSIGNEE"
	ByTag      Grouping = "TAG" // a case with several counts in each
	BySource   Grouping = "SOURCE"
)

var groupings = []Grouping{ByCaseType, ByTemplate, ByQueue, ByAssignee, ByTag, BySource}

// MarshalGQL writes the enum value.
func (g Grouping) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(g))) }

// UnmarshalGQL reads an enum value.
func (g *Grouping) UnmarshalGQL(v any) error {
	*g = Grouping(fmt.Sprint(v))
	if !slices.Contains(groupings, *g) {
		return fmt.Errorf("%q is no CaseGrouping", *g)
	}
	return nil
}

// Interval is what time is cut into. Its text is the GraphQL enum value.
type Interval string

// The intervals. Weeks begin on Monday.
const (
	Day     Interval = "DAY"
	Week    Interval = "WEEK"
	Month   Interval = "MONTH"
	Quarter Interval = "QUARTER"
	Year    Interval = "YEAR"
)

var intervals = []Interval{Day, Week, Month, Quarter, Year}

// MarshalGQL writes the enum value.
func (i Interval) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(i))) }

// UnmarshalGQL reads an enum value.
func (i *Interval) UnmarshalGQL(v any) error {
	*i = Interval(fmt.Sprint(v))
	if !slices.Contains(intervals, *i) {
		return fmt.Errorf("%q is no FiguresInterval", *i)
	}
	return nil
}

// end is when the interval ends in which a moment lies.
func (i Interval) end(t time.Time) time.Time {
	year, month, day := t.Date()
	switch i {
	case Day:
		day++
	case Week:
		day += 7 - (int(t.Weekday())+6)%7
	case Month:
		month, day = month+1, 1
	case Quarter:
		month, day = month+3-(month-1)%3, 1
	case Year:
		year, month, day = year+1, time.January, 1
	}
	end := time.Date(year, month, day, 0, 0, 0, 0, t.Location())
	if wanted := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); end.Day() != wanted.Day() {
		end = end.Add(time.Hour) // there is no midnight where the clock is put forward at it
	}
	return end
}
