package figures

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"casegraph"
)

// Whatever happens to cases, and whatever is asked of whichever moment, figures
// are those that one gets by looking at each case's life for each number.
func TestFiguresAreThoseOfTheLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		f := New(w)
		f.atOnce = rapid.IntRange(1, 5).Draw(t, "at once")
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			for range rapid.IntRange(0, 20).Draw(t, "happenings") {
				w.happen(t)
			}
			w.beforeNodes = func() { // somebody changes cases between reading the log and reading them
				for range rapid.IntRange(0, 2).Draw(t, "meanwhile") {
					w.happen(t)
				}
			}
			if err := f.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.beforeNodes = nil
			q := drawQuery(t, w)
			got, err := f.Ask(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if q.AsOf == 0 {
				q.AsOf = casegraph.Seq(len(w.events))
			}
			if got.AsOf != q.AsOf {
				t.Fatalf("as of %d, not %d", got.AsOf, q.AsOf)
			}
			compareRows(t, shownRows(got.Rows), w.figures(q))
		}
	})
}

var (
	someTexts   = []string{"", "a", "b"}
	someTags    = [][]string{nil, {"x"}, {"y"}, {"x", "y"}, {"y", "x", "z"}}
	someAnswers = []string{"case.commented", "case.status-changed", "case.item-checked", "case.updated"}
	somebody    = []casegraph.ID{"", "usr_a"}
)

func text(t *rapid.T, name string) string { return rapid.SampledFrom(someTexts).Draw(t, name) }

// happen makes one thing happen.
func (w *world) happen(t *rapid.T) {
	w.now += casegraph.Time(rapid.OneOf(rapid.Int64Range(-1000, 5), rapid.Int64Range(0, 40*int64(day))).Draw(t, "passes"))
	actor := rapid.SampledFrom(somebody).Draw(t, "actor")
	if len(w.ids) == 0 || rapid.IntRange(0, 3).Draw(t, "opens") == 0 {
		c := casegraph.Case{CaseType: text(t, "type"), TemplateID: casegraph.ID(text(t, "template")), QueueID: casegraph.ID(text(t, "queue")),
			AssigneeID: casegraph.ID(text(t, "assignee")), Clocks: drawClocks(t), Source: text(t, "source"), Tags: rapid.SampledFrom(someTags).Draw(t, "tags"), Restricted: rapid.Bool().Draw(t, "restricted")}
		if rapid.IntRange(0, 4).Draw(t, "ended") == 0 {
			c.ResolvedAt, c.Resolution = 5, text(t, "resolution")
		}
		w.open(actor, c)
		return
	}
	id := rapid.SampledFrom(w.ids).Draw(t, "case")
	switch what := rapid.SampledFrom([]string{"case.status-changed", "case.status-changed", "case.escalated", "case.commented", "case.noted", "case.item-checked",
		"case.assigned", "case.queue-changed", "case.tagged", "case.updated", "case.migrated", "case.clock-set", "case.clock-set"}).Draw(t, "what"); what {
	case "case.status-changed":
		w.change(id, what, actor, func(c *casegraph.Case) {
			if c.ResolvedAt != 0 {
				c.Status, c.ResolvedAt, c.Resolution, c.Outcome = "Open", 0, "", ""
				return
			}
			c.Status = text(t, "status")
			if rapid.Bool().Draw(t, "ends") {
				c.ResolvedAt, c.Resolution, c.Outcome = max(1, w.now), text(t, "resolution"), casegraph.CaseOutcome(text(t, "outcome"))
			}
		})
	case "case.clock-set":
		w.change(id, what, actor, func(c *casegraph.Case) { c.Clocks = drawClocks(t) })
	case "case.escalated":
		w.change(id, what, actor, func(c *casegraph.Case) {
			c.QueueID, c.AssigneeID = casegraph.ID(text(t, "queue")), ""
		})
	case "case.assigned":
		w.change(id, what, actor, func(c *casegraph.Case) { c.AssigneeID = casegraph.ID(text(t, "assignee")) })
	case "case.queue-changed":
		w.change(id, what, actor, func(c *casegraph.Case) { c.QueueID = casegraph.ID(text(t, "queue")) })
	case "case.tagged":
		w.change(id, what, actor, func(c *casegraph.Case) { c.Tags = rapid.SampledFrom(someTags).Draw(t, "tags") })
	case "case.updated":
		w.change(id, what, actor, func(c *casegraph.Case) { c.Restricted = rapid.Bool().Draw(t, "restricted") })
	case "case.migrated":
		w.change(id, what, actor, func(c *casegraph.Case) {
			c.CaseType, c.TemplateID = text(t, "type"), casegraph.ID(text(t, "template"))
		})
	default:
		w.change(id, what, actor, func(*casegraph.Case) {})
	}
}

func drawClocks(t *rapid.T) map[string]casegraph.Clock {
	clocks := map[string]casegraph.Clock{}
	for _, name := range []string{"answer", "decision"} {
		if rapid.IntRange(0, 3).Draw(t, "has "+name) > 0 {
			clocks[name] = casegraph.Clock{State: rapid.SampledFrom([]casegraph.ClockState{casegraph.ClockRunning, casegraph.ClockPaused, casegraph.ClockStopped}).Draw(t, "state"),
				DueAt: 7, BreachedAt: casegraph.Time(rapid.SampledFrom([]int64{0, 7, 8}).Draw(t, "breached"))}
		}
	}
	return clocks
}

// standing is how a clock stands; "" of none.
func standing(c *casegraph.Case, name string) string {
	k, there := c.Clocks[name]
	if !there {
		return ""
	}
	return fmt.Sprint(k.State, k.BreachedAt != 0)
}

// clockFigures are those of a group's clocks in a span, each counted on its own.
func clockFigures(lives [][]moment, counts func(*casegraph.Case) bool, in func(casegraph.Time) bool, end casegraph.Time) (text string) {
	for _, name := range []string{"answer", "decision"} {
		var kept, breached, running, paused, overdue int
		for _, life := range lives {
			for i, m := range life {
				if !counts(&m.is) {
					continue
				}
				k, there := m.is.Clocks[name]
				was := casegraph.Clock{}
				if i > 0 {
					was = life[i-1].is.Clocks[name]
				}
				stopped := k.State == casegraph.ClockStopped
				if there && in(m.At) && k.BreachedAt != 0 && was.BreachedAt == 0 {
					breached++
				}
				if there && in(m.At) && stopped && k.BreachedAt == 0 && (was.State != casegraph.ClockStopped || was.BreachedAt != 0) {
					kept++
				}
				if there && !stopped && m.At < end && (i == len(life)-1 || life[i+1].At >= end) {
					switch {
					case k.BreachedAt != 0:
						overdue++
					case k.State == casegraph.ClockPaused:
						paused++
					default:
						running++
					}
				}
			}
		}
		if kept+breached+running+paused+overdue > 0 {
			text += fmt.Sprintf("%s %d %d %d %d %d; ", name, kept, breached, running, paused, overdue)
		}
	}
	return text
}

func drawQuery(t *rapid.T, w *world) Query {
	q := Query{GroupBy: rapid.SampledFrom(append(groupings, "")).Draw(t, "group by"), Interval: rapid.SampledFrom(append(intervals, "")).Draw(t, "interval"),
		Mask: casegraph.Mask{RestrictedCases: rapid.Bool().Draw(t, "masked")}, Now: w.now}
	if len(w.events) > 0 && rapid.Bool().Draw(t, "past") {
		q.AsOf = casegraph.Seq(rapid.IntRange(1, len(w.events)).Draw(t, "as of"))
		q.Now = w.events[q.AsOf-1].At
	}
	if q.Interval != "" || rapid.Bool().Draw(t, "has from") { // no more days than an answer may have
		q.From = q.Now - casegraph.Time(rapid.Int64Range(0, 300*int64(day)).Draw(t, "from"))
	}
	if rapid.Bool().Draw(t, "has to") {
		q.To = max(q.From+1, q.Now+casegraph.Time(rapid.Int64Range(-100*int64(day), 3*int64(day)).Draw(t, "to")))
	}
	if rapid.Bool().Draw(t, "filtered") {
		q.Filter = rapid.SampledFrom([]casegraph.Filter{
			{Path: "queueId", Op: casegraph.OpEq, Value: "a"},
			{Path: "tags", Op: casegraph.OpHas, Value: "x"},
			{Not: &casegraph.Filter{Path: "assigneeId", Op: casegraph.OpExists, Value: true}},
			{Or: []casegraph.Filter{{Path: "caseType", Op: casegraph.OpEq, Value: "a"}, {Path: "source", Op: casegraph.OpEq, Value: "b"}}},
		}).Draw(t, "filter")
	}
	q.Zone = time.UTC
	return q
}

// shown is a row in plain values, for comparing.
type shown struct {
	Value                                     string
	From, To                                  casegraph.Time
	Opened, Closed, Reopened, Escalated, Open int
	Oldest                                    casegraph.Time
	Ages                                      string
	Response, Resolution                      string
	Resolutions, Outcomes                     string
	Clocks                                    string
}

func shownRows(rows []*Row) (all []shown) {
	for _, r := range rows {
		s := shown{Value: r.Value, From: r.From, To: r.To, Opened: r.Opened, Closed: r.Closed, Reopened: r.Reopened, Escalated: r.Escalated, Open: r.Open,
			Oldest: r.OldestOpenSince, Response: shownSpread(r.TimeToFirstResponse()), Resolution: shownSpread(r.TimeToResolution())}
		var ages []int
		for _, band := range r.OpenByAge() {
			ages = append(ages, band.Count)
		}
		s.Ages = fmt.Sprint(ages)
		for _, c := range r.Resolutions() {
			s.Resolutions += fmt.Sprintf("%s/%s %d %.3f; ", c.Resolution, c.Outcome, c.Count, c.Share)
		}
		for _, c := range r.Outcomes() {
			s.Outcomes += fmt.Sprintf("%s %d %.3f; ", c.Outcome, c.Count, c.Share)
		}
		for _, c := range r.Clocks {
			s.Clocks += fmt.Sprintf("%s %d %d %d %d %d; ", c.Name, c.Kept, c.Breached, c.Running, c.Paused, c.Overdue)
		}
		all = append(all, s)
	}
	return all
}

func shownSpread(s *Spread) string {
	if s.Count == 0 {
		return "0"
	}
	return fmt.Sprint(s.Count, *s.P50, *s.P75, *s.P95)
}

func compareRows(t *rapid.T, got, want []shown) {
	if len(got) != len(want) {
		t.Fatalf("%d rows, not %d:\n%+v\n%+v", len(got), len(want), got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("row %d\n%+v, not\n%+v", i, got[i], want[i])
		}
	}
}

// figures are the figures, each counted on its own.
func (w *world) figures(q Query) (rows []shown) {
	lives := w.seen(q)
	values := map[string]bool{}
	for _, life := range lives {
		for _, m := range life {
			for _, value := range valuesOf(&m.is, q.GroupBy) {
				values[value] = true
			}
		}
	}
	if q.GroupBy == "" {
		values = map[string]bool{"": true}
	}
	order := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(b, a)
		}
		return cmp.Compare(a, b)
	})
	for _, value := range order {
		var group []shown
		any := q.GroupBy == ""
		for _, within := range spans(q) {
			row := figure(lives, q, value, within)
			any = any || row != shown{Value: value, From: within[0], To: within[1], Ages: row.Ages, Response: "0", Resolution: "0"} || row.Open > 0
			group = append(group, row)
		}
		if any {
			rows = append(rows, group...)
		}
	}
	return rows
}

// seen are the lives up to the moment of the cases that the asker sees; no time
// goes backward behind what counts.
func (w *world) seen(q Query) (lives [][]moment) {
	for _, id := range w.ids {
		if q.Mask.RestrictedCases && w.nodes[id].Restricted {
			continue
		}
		var life []moment
		latest, answered := casegraph.Time(0), false
		for i, m := range w.lives[id] {
			answers := m.Actor != "" && slices.Contains(someAnswers, m.Name)
			counts := i == 0 || m.Name == "case.escalated" || answers && !answered ||
				slices.ContainsFunc(m.Changes, func(c casegraph.FieldChange) bool {
					return c.Path != "restricted" && c.Path != "clocks"
				}) || i > 0 && slices.ContainsFunc([]string{"answer", "decision"}, func(name string) bool {
				return standing(&m.is, name) != standing(&w.lives[id][i-1].is, name)
			})
			answered = answered || answers
			if m.At = max(m.At, latest); !counts {
				continue
			}
			if latest = m.At; m.Seq <= q.AsOf {
				life = append(life, m)
			}
		}
		lives = append(lives, life)
	}
	return lives
}

func valuesOf(c *casegraph.Case, by Grouping) []string {
	switch by {
	case ByCaseType:
		return []string{c.CaseType}
	case ByTemplate:
		return []string{string(c.TemplateID)}
	case ByQueue:
		return []string{string(c.QueueID)}
	case ByAssignee:
		return []string{string(c.AssigneeID)}
	case BySource:
		return []string{c.Source}
	case ByTag:
		if len(c.Tags) > 0 {
			return c.Tags
		}
	}
	return []string{""}
}

// spans are the intervals.
func spans(q Query) (all [][2]casegraph.Time) {
	if q.Interval == "" {
		return [][2]casegraph.Time{{q.From, q.To}}
	}
	for at := q.From; at < cmp.Or(q.To, q.Now+1); {
		begin, end := at.Std(), at.Std()
		for end = end.Truncate(24 * time.Hour); ; {
			end = end.AddDate(0, 0, 1)
			if q.Interval == Day || q.Interval == Week && end.Weekday() == time.Monday || q.Interval == Month && end.Day() == 1 ||
				q.Interval == Quarter && end.Day() == 1 && end.Month()%3 == 1 || q.Interval == Year && end.YearDay() == 1 {
				break
			}
		}
		to := casegraph.TimeOf(end)
		if q.To != 0 {
			to = min(to, q.To)
		}
		all = append(all, [2]casegraph.Time{casegraph.TimeOf(begin), to})
		at = to
	}
	return all
}

func figure(lives [][]moment, q Query, value string, span [2]casegraph.Time) shown {
	row := shown{Value: value, From: span[0], To: span[1]}
	counts := func(c *casegraph.Case) bool {
		return q.Filter.Matches(c) && slices.Contains(valuesOf(c, q.GroupBy), value)
	}
	// What is behind the last interval's end is in it, unless an end is asked for.
	end := span[1]
	if q.To == 0 && (span[1] > q.Now || span[1] == 0) || end == 0 {
		end = math.MaxInt64
	}
	in := func(at casegraph.Time) bool { return at >= span[0] && at < end }
	var responses, stays, ages []casegraph.Time
	var resolutions, outcomes []string
	closedInAll := 0
	for _, life := range lives {
		answered, since := false, casegraph.Time(0)
		for i, m := range life {
			wasEnded := i > 0 && life[i-1].is.ResolvedAt != 0
			isEnded := m.is.ResolvedAt != 0
			if i == 0 || wasEnded && !isEnded {
				since = m.At
			}
			here := counts(&m.is) && in(m.At)
			if i == 0 && here {
				row.Opened++
			}
			if wasEnded && !isEnded && here {
				row.Reopened++
			}
			if !wasEnded && isEnded && here {
				closedInAll++
				resolutions = append(resolutions, m.is.Resolution+"/"+string(m.is.Outcome))
				outcomes = append(outcomes, string(m.is.Outcome))
				if i > 0 {
					stays = append(stays, m.At-since)
				}
			}
			if i > 0 && m.Name == "case.escalated" && counts(&life[i-1].is) && in(m.At) {
				row.Escalated++
			}
			if i > 0 && m.Actor != "" && !answered && slices.Contains(someAnswers, m.Name) {
				answered = true
				if here {
					responses = append(responses, m.At-since)
				}
			}
			last := i == len(life)-1
			if !isEnded && m.At < end && (last || life[i+1].At >= end) && counts(&m.is) {
				row.Open++
				ages = append(ages, min(end, q.Now)-since)
				if row.Oldest == 0 || since < row.Oldest {
					row.Oldest = since
				}
			}
		}
	}
	row.Closed = closedInAll
	row.Clocks = clockFigures(lives, counts, in, end)
	row.Ages = fmt.Sprint(inBands(ages))
	row.Response, row.Resolution = percentiles(responses), percentiles(stays)
	row.Resolutions, row.Outcomes = shares(resolutions), shares(outcomes)
	return row
}

func inBands(ages []casegraph.Time) []int {
	counts := make([]int, 7)
	for _, age := range ages {
		days := float64(age) / float64(day)
		for i, limit := range []float64{1, 3, 7, 14, 30, 90, math.Inf(1)} {
			if days < limit {
				counts[i]++
				break
			}
		}
	}
	return counts
}

func percentiles(times []casegraph.Time) string {
	if len(times) == 0 {
		return "0"
	}
	slices.Sort(times)
	at := func(p float64) float64 {
		return float64(times[int(math.Ceil(p*float64(len(times))/100))-1]) / 1000
	}
	return fmt.Sprint(len(times), at(50), at(75), at(95))
}

func shares(all []string) (text string) {
	counts := map[string]int{}
	for _, one := range all {
		counts[one]++
	}
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	for _, key := range keys {
		text += fmt.Sprintf("%s %d %.3f; ", key, counts[key], float64(counts[key])/float64(len(all)))
	}
	return text
}
