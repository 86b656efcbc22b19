package figures

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"casegraph"
)

// survey is one way over the model's changes.
type survey struct {
	model *model
	query *Query
	ctx   context.Context
	cut   int // changes from here on were recorded later

	from casegraph.Time
	ends []casegraph.Time // of the intervals, rising; the last may be without end
	ages []casegraph.Time // when the ages are told of what is open at those ends
	to   []casegraph.Time // the ends as rows show them

	hides  bool
	series map[uint32]*series // by the group's text
	of     [][]*series        // by what is grouped by, see column; nil is not looked at yet
	filter *sieve             // nil keeps all
	rows   int
	clocks int
}

// endless is behind all times.
const endless = casegraph.Time(math.MaxInt64)

// checkEvery is after how many changes a survey asks whether it is still wanted.
const checkEvery = 1 << 18

func (s *survey) answer() (*Answer, error) {
	s.hides = s.query.Mask.Hides(casegraph.Class(casegraph.KindCase) + "!")
	s.series, s.of, s.filter = map[uint32]*series{}, make([][]*series, s.values()), newSieve(s.model, &s.query.Filter)
	if err := s.cutTime(); err != nil {
		return nil, err
	}
	for i := range s.model.changes[:s.cut] {
		if i%checkEvery == 0 && s.ctx.Err() != nil {
			return nil, s.ctx.Err()
		}
		c := &s.model.changes[i]
		if !s.sees(c) {
			continue
		}
		for _, g := range s.groups(c) {
			s.count(g, c)
		}
		if s.clocks > MaxClocks {
			return nil, tooManyClocks()
		}
		if s.rows > MaxRows {
			return nil, &casegraph.Error{Code: casegraph.CodeTooLarge,
				Message: fmt.Sprintf("the figures have more than %d rows: ask for fewer groups or longer intervals", MaxRows)}
		}
	}
	return s.finish(), nil
}

// cutTime finds the intervals.
func (s *survey) cutTime() error {
	q := s.query
	s.from = q.From
	switch {
	case q.Interval == "":
		s.to = []casegraph.Time{q.To}
		if s.from == 0 {
			s.from = math.MinInt64
		}
	default:
		if s.from == 0 {
			s.from = s.first()
		}
		if err := s.cutInto(q.Interval, cmp.Or(q.To, q.Now+1)); err != nil {
			return err
		}
	}
	s.ends = slices.Clone(s.to)
	s.ends[len(s.ends)-1] = cmp.Or(q.To, endless)
	for _, end := range s.ends {
		s.ages = append(s.ages, min(end, q.Now))
	}
	return nil
}

func (s *survey) cutInto(interval Interval, last casegraph.Time) error {
	for at := s.from; at < last; at = s.to[len(s.to)-1] {
		if len(s.to) == MaxIntervals {
			return casegraph.BadInput("from: more than %d intervals lie behind it", MaxIntervals)
		}
		s.to = append(s.to, casegraph.TimeOf(interval.end(at.Std().In(s.query.Zone))))
	}
	if len(s.to) == 0 {
		return casegraph.BadInput("from: lies behind the moment that is asked about")
	}
	if s.query.To != 0 {
		s.to[len(s.to)-1] = s.query.To
	}
	return nil
}

// first is when the first case was opened of those that are counted.
func (s *survey) first() casegraph.Time {
	first := cmp.Or(s.query.To, s.query.Now+1) - 1
	for i := range s.model.changes[:s.cut] {
		c := &s.model.changes[i]
		if c.at < first && s.sees(c) {
			first = c.at
		}
	}
	return first
}

// sees tells whether the asker sees a case and the filter holds for it.
func (s *survey) sees(c *change) bool {
	return !(s.hides && s.model.restricted[c.of]) && (s.filter == nil || s.filter.keeps(c))
}

// groups are those that a case belongs to behind a change.
func (s *survey) groups(c *change) []*series {
	at := s.column(c)
	if s.of[at] != nil {
		return s.of[at]
	}
	values := []uint32{at}
	switch s.query.GroupBy {
	case ByTag:
		values = s.model.tags[at]
	case ByCaseType:
		values[0] = s.model.places.all[at].caseType
	case ByTemplate:
		values[0] = s.model.places.all[at].template
	case ByQueue:
		values[0] = s.model.places.all[at].queue
	case BySource:
		values[0] = s.model.places.all[at].source
	}
	groups := make([]*series, len(values))
	for i, value := range values {
		if s.series[value] == nil {
			s.series[value] = &series{}
		}
		groups[i] = s.series[value]
	}
	s.of[at] = groups
	return groups
}

// column is what tells a change's groups.
func (s *survey) column(c *change) uint32 {
	switch s.query.GroupBy {
	case "":
		return 0
	case ByTag:
		return c.tags
	case ByAssignee:
		return c.assignee
	}
	return c.place
}

// values is how many values a column may have.
func (s *survey) values() int { return max(len(s.model.texts.all), len(s.model.places.all)) }

// interval is the one in which a time lies: also 0 before the first, and as
// many as there are behind the last.
func (s *survey) interval(at casegraph.Time) int {
	if len(s.ends) == 1 && at < s.ends[0] {
		return 0
	}
	i, there := slices.BinarySearch(s.ends, at)
	if there {
		i++
	}
	return i
}

// count counts a change in a group.
func (s *survey) count(g *series, c *change) {
	until := endless
	if c.next != 0 && int(c.next) < s.cut {
		until = c.until
		if c.what&escalated != 0 {
			if row := s.row(g, until); row != nil {
				row.Escalated++
			}
		}
	}
	if c.what&^escalated != 0 {
		if row := s.row(g, c.at); row != nil {
			row.count(c)
		}
	}
	if !s.model.endings.all[c.ending].ended {
		s.open(g, c, until)
	}
	if len(s.model.hands[c.clocks]) > 0 {
		s.countClocks(g, c, until)
	}
}

// row is where a group counts what happened at a time; nil if that is not asked.
func (s *survey) row(g *series, at casegraph.Time) *Row {
	i := s.interval(at)
	if at < s.from || i == len(s.ends) {
		return nil
	}
	s.begin(g)
	return &g.rows[i]
}

// open counts a case at the ends of the intervals at which it was open: those
// behind the change, up to the next one.
func (s *survey) open(g *series, c *change, until casegraph.Time) {
	first, last := s.interval(c.at), s.interval(until)-1
	if first > last {
		return
	}
	s.begin(g)
	g.oldest.lower(first, last, c.since)
	for band := bandOf(s.ages[first] - c.since); first <= last; band++ {
		behind := last + 1
		if band < len(Bands) {
			aged, _ := slices.BinarySearch(s.ages, c.since+Bands[band])
			behind = min(max(aged, first), behind)
		}
		g.open[band][first]++
		g.open[band][behind]--
		first = behind
	}
}

// begin makes a group's rows when something is first counted in it: a group
// without any is not in the answer.
func (s *survey) begin(g *series) {
	if g.rows != nil {
		return
	}
	n := len(s.ends)
	s.rows += n
	g.rows, g.oldest = make([]Row, n), newLeasts(n)
	for band := range g.open {
		g.open[band] = make([]int, n+1)
	}
}

// finish makes the answer of what was counted.
func (s *survey) finish() *Answer {
	a := &Answer{AsOf: s.query.AsOf, At: s.query.Now, GroupBy: s.query.GroupBy}
	if a.GroupBy == "" {
		if s.series[0] == nil {
			s.series[0] = &series{}
		}
		s.begin(s.series[0])
	}
	var values []uint32
	for value, g := range s.series {
		if g.rows != nil {
			values = append(values, value)
		}
	}
	text := s.model.texts.all
	slices.SortFunc(values, func(a, b uint32) int {
		if (a == 0) != (b == 0) { // those without come last
			return cmp.Compare(b, a)
		}
		return cmp.Compare(text[a], text[b])
	})
	for _, value := range values {
		g := s.series[value]
		oldest := g.oldest.all()
		g.finishClocks(text)
		from := s.query.From
		if s.query.Interval != "" {
			from = s.from
		}
		for i := range g.rows {
			row := &g.rows[i]
			row.Value, row.From, row.To, row.texts, row.endings = text[value], from, s.to[i], text, s.model.endings.all
			from = row.To
			for band := range g.open {
				if i > 0 {
					g.open[band][i] += g.open[band][i-1]
				}
				row.ages[band] = g.open[band][i]
				row.Open += row.ages[band]
			}
			if row.Open > 0 {
				row.OldestOpenSince = oldest[i]
			}
			a.Rows = append(a.Rows, row)
		}
	}
	return a
}
