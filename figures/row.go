package figures

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"casegraph"
)

// Answer is what a Query gives.
type Answer struct {
	// AsOf is the number of the last event that is counted, At when that was.
	AsOf casegraph.Seq
	At   casegraph.Time
	// GroupBy is as it was asked for.
	GroupBy Grouping
	// Rows come by the group's value, those that have none last, and then by
	// time; all intervals of every group that has any figure.
	Rows []*Row
}

// Row is a group's figures in an interval.
type Row struct {
	// Value is the group's: an id, a tag, …; "" where cases have none, or all are
	// in one.
	Value string
	// From and To are the interval; 0 is no bound.
	From, To casegraph.Time
	// Opened, Closed, Reopened and Escalated count what happened in it.
	Opened, Closed, Reopened, Escalated int
	// Open are the cases that are open at its end, or at the moment asked about if
	// that is earlier.
	Open int
	// OldestOpenSince is since when the oldest of them is open; 0 if there is none.
	OldestOpenSince casegraph.Time
	// Clocks are those of which there is anything to tell, by name.
	Clocks []*ClockCount

	ages    [len(Bands) + 1]int
	answers []casegraph.Time // how long the answers in it took
	stays   []casegraph.Time // how long the cases closed in it were open
	closes  []uint32         // how they came out
	endings []ending
	texts   []string
}

// count counts a change.
func (r *Row) count(c *change) {
	if c.what&opened != 0 {
		r.Opened++
	}
	if c.what&reopened != 0 {
		r.Reopened++
	}
	if c.what&answered != 0 {
		r.answers = append(r.answers, c.at-c.since)
	}
	if c.what&closed != 0 {
		r.Closed++
		r.closes = append(r.closes, c.ending)
		if c.what&opened == 0 {
			r.stays = append(r.stays, c.at-c.since)
		}
	}
}

// AgeBand is how many open cases are of an age.
type AgeBand struct {
	FromDays int
	ToDays   *int // nil is no bound
	Count    int
}

// OpenByAge are the open cases by their age, the youngest first.
func (r *Row) OpenByAge() []*AgeBand {
	bands := make([]*AgeBand, len(r.ages))
	from := 0
	for i := range bands {
		bands[i] = &AgeBand{FromDays: from, Count: r.ages[i]}
		if i < len(Bands) {
			from = int(Bands[i] / day)
			bands[i].ToDays = new(from)
		}
	}
	return bands
}

// Spread is how long something took, in seconds: of each hundred, 50, 75 and 95
// took at most so long; nil of none.
type Spread struct {
	Count         int
	P50, P75, P95 *float64
}

// TimeToFirstResponse is how long the cases waited that were answered in the
// interval.
func (r *Row) TimeToFirstResponse() *Spread { return spreadOf(r.answers) }

// TimeToResolution is how long the cases were open that were closed in the
// interval, without those that were closed when they were recorded.
func (r *Row) TimeToResolution() *Spread { return spreadOf(r.stays) }

func spreadOf(times []casegraph.Time) *Spread {
	s := &Spread{Count: len(times)}
	if s.Count > 0 {
		times = slices.Clone(times)
		s.P95 = takeRank(&times, 95, s.Count)
		s.P75 = takeRank(&times, 75, s.Count)
		s.P50 = takeRank(&times, 50, s.Count)
	}
	return s
}

// takeRank is the percentile by the nearest rank, of n times of which those up
// to it are there; it leaves those up to this one.
func takeRank(times *[]casegraph.Time, percent, n int) *float64 {
	rank := (n*percent + 99) / 100
	value := least(*times, rank-1)
	*times = (*times)[:rank]
	return new(float64(value) / 1000)
}

// least brings the k least times to the front, and gives the one behind them.
func least(times []casegraph.Time, k int) casegraph.Time {
	low, high := 0, len(times)-1
	for low < high {
		pivot := times[low+rand.IntN(high-low+1)]
		i, j := low, high
		for i <= j {
			for times[i] < pivot {
				i++
			}
			for times[j] > pivot {
				j--
			}
			if i <= j {
				times[i], times[j] = times[j], times[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return times[k]
		}
	}
	return times[k]
}

// ResolutionCount is how many of the cases closed had a resolution.
type ResolutionCount struct {
	Resolution string // "" for none
	Outcome    casegraph.CaseOutcome
	Count      int
	Share      float64 // of all that were closed, from 0 to 1
}

// Resolutions are the resolutions of the cases closed in the interval, the most
// frequent first.
func (r *Row) Resolutions() []*ResolutionCount {
	return countBy(r.closes, func(n uint32) [2]uint32 { return [2]uint32{r.endings[n].resolution, r.endings[n].outcome} },
		func(key [2]uint32, count int, share float64) *ResolutionCount {
			return &ResolutionCount{r.texts[key[0]], casegraph.CaseOutcome(r.texts[key[1]]), count, share}
		}, func(a, b *ResolutionCount) int {
			return cmp.Or(b.Count-a.Count, cmp.Compare(a.Resolution, b.Resolution), cmp.Compare(a.Outcome, b.Outcome))
		})
}

// OutcomeCount is how many of the cases closed had an outcome.
type OutcomeCount struct {
	Outcome casegraph.CaseOutcome // "" for none
	Count   int
	Share   float64 // of all that were closed, from 0 to 1
}

// Outcomes are the outcomes of the cases closed in the interval, the most
// frequent first.
func (r *Row) Outcomes() []*OutcomeCount {
	return countBy(r.closes, func(n uint32) uint32 { return r.endings[n].outcome },
		func(key uint32, count int, share float64) *OutcomeCount {
			return &OutcomeCount{casegraph.CaseOutcome(r.texts[key]), count, share}
		}, func(a, b *OutcomeCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Outcome, b.Outcome)) })
}

// countBy counts numbers by a key.
func countBy[K comparable, T any](numbers []uint32, key func(uint32) K, made func(key K, count int, share float64) T, order func(a, b T) int) []T {
	byNumber := map[uint32]int{}
	for _, n := range numbers {
		byNumber[n]++
	}
	byKey := map[K]int{}
	for n, count := range byNumber {
		byKey[key(n)] += count
	}
	all := []T{}
	for key, count := range byKey {
		all = append(all, made(key, count, float64(count)/float64(len(numbers))))
	}
	slices.SortFunc(all, order)
	return all
}
