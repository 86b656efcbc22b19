package figures

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"casegraph"
)

// stand is how a clock of a case stands.
type stand byte

const (
	running stand = 'r'
	paused  stand = 'p'
	overdue stand = 'o' // its time was up, and it has not stopped
	kept    stand = 'k' // stopped in time
	late    stand = 'l' // stopped when its time was up
)

func standOf(k casegraph.Clock) stand {
	switch stopped := k.State == casegraph.ClockStopped; {
	case stopped && k.BreachedAt != 0:
		return late
	case stopped:
		return kept
	case k.BreachedAt != 0:
		return overdue
	case k.State == casegraph.ClockPaused:
		return paused
	}
	return running
}

// stands are how the clocks of a case stand, as a text; "" of none.
func stands(clocks map[string]casegraph.Clock) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(clocks)) {
		all = append(all, name+"="+string(standOf(clocks[name])))
	}
	return strings.Join(all, " ")
}

// turn is how a case's clocks stood before a change and stand behind it, as
// numbers of texts.
type turn struct{ was, is uint32 }

// hand is a clock behind a change.
type hand struct {
	name  uint32
	stand stand
	// keeps and breaches tell what the change made of it.
	keeps, breaches bool
}

// turn numbers a turn.
func (m *model) turn(was, is uint32) uint32 {
	n := m.turns.number(turn{was, is})
	if int(n) == len(m.hands) {
		before := m.readStands(was)
		var all []hand
		for name, now := range m.readStands(is) {
			then := before[name]
			all = append(all, hand{name, now, now == kept && then != kept, (now == overdue || now == late) && then != overdue && then != late})
		}
		m.hands = append(m.hands, all)
	}
	return n
}

func (m *model) readStands(text uint32) map[uint32]stand {
	all := map[uint32]stand{}
	for _, one := range strings.Fields(m.texts.all[text]) {
		name, now, _ := strings.Cut(one, "=")
		all[m.texts.number(name)] = stand(now[0])
	}
	return all
}

// clockSeries are the figures of a clock in a group, by interval; those that
// stand are differences from one interval to the next.
type clockSeries struct {
	kept, breached           []int
	running, paused, overdue []int
}

// countClocks counts what a change made of clocks, and how they stood up to the
// case's next.
func (s *survey) countClocks(g *series, c *change, until casegraph.Time) {
	at, first, last := s.interval(c.at), s.interval(c.at), s.interval(until)-1
	counts := c.at >= s.from && at < len(s.ends)
	for _, h := range s.model.hands[c.clocks] {
		if counts && h.keeps {
			s.clock(g, h.name).kept[at]++
		}
		if counts && h.breaches {
			s.clock(g, h.name).breached[at]++
		}
		if first > last || h.stand == kept || h.stand == late {
			continue
		}
		k := s.clock(g, h.name)
		of := map[stand][]int{running: k.running, paused: k.paused, overdue: k.overdue}[h.stand]
		of[first]++
		of[last+1]--
	}
}

// clock is a clock's figures in a group.
func (s *survey) clock(g *series, name uint32) *clockSeries {
	if k := g.clocks[name]; k != nil {
		return k
	}
	s.begin(g)
	if g.clocks == nil {
		g.clocks = map[uint32]*clockSeries{}
	}
	n := len(s.ends)
	s.clocks += n
	g.clocks[name] = &clockSeries{kept: make([]int, n), breached: make([]int, n), running: make([]int, n+1), paused: make([]int, n+1), overdue: make([]int, n+1)}
	return g.clocks[name]
}

// ClockCount is how clocks of a name did in an interval, and stand at its end.
type ClockCount struct {
	Name string
	// Kept stopped in time in it, Breached had their time up.
	Kept, Breached int
	// Running, Paused and Overdue are those that have not stopped at its end, or
	// at the moment asked about if that is earlier.
	Running, Paused, Overdue int
}

// KeptShare is the share of those kept, of those kept or breached, from 0 to 1;
// nil of none.
func (c *ClockCount) KeptShare() *float64 {
	if c.Kept+c.Breached == 0 {
		return nil
	}
	return new(float64(c.Kept) / float64(c.Kept+c.Breached))
}

// finishClocks tells a group's rows how the clocks did.
func (g *series) finishClocks(texts []string) {
	for i := range g.rows {
		g.rows[i].Clocks = []*ClockCount{}
	}
	names := slices.SortedFunc(maps.Keys(g.clocks), func(a, b uint32) int { return cmp.Compare(texts[a], texts[b]) })
	for _, name := range names {
		k := g.clocks[name]
		now := ClockCount{Name: texts[name]}
		for i := range g.rows {
			now.Kept, now.Breached = k.kept[i], k.breached[i]
			now.Running, now.Paused, now.Overdue = now.Running+k.running[i], now.Paused+k.paused[i], now.Overdue+k.overdue[i]
			if now != (ClockCount{Name: now.Name}) {
				g.rows[i].Clocks = append(g.rows[i].Clocks, new(now))
			}
		}
	}
}

// MaxClocks is how many clocks of intervals an answer tells of.
const MaxClocks = 100_000

func tooManyClocks() error {
	return &casegraph.Error{Code: casegraph.CodeTooLarge,
		Message: fmt.Sprintf("the figures tell of more than %d clocks: ask for fewer groups or longer intervals", MaxClocks)}
}
