package figures

import (
	"math/bits"

	"casegraph"
)

// Bands are the ages that open cases are told apart by, in milliseconds: up to
// 1 day, 3 days, 1 week, 2 weeks, 30 days, 90 days, and beyond.
var Bands = [...]casegraph.Time{1 * day, 3 * day, 7 * day, 14 * day, 30 * day, 90 * day}

const day casegraph.Time = 24 * 60 * 60 * 1000

// bandOf is the band of an age.
func bandOf(age casegraph.Time) int {
	for band, limit := range Bands {
		if age < limit {
			return band
		}
	}
	return len(Bands)
}

// series is a group's figures.
type series struct {
	rows []Row
	// open are the counts of open cases by their age, as differences from one
	// interval to the next.
	open   [len(Bands) + 1][]int
	oldest leasts
	clocks map[uint32]*clockSeries // by the number of the name
}

// leasts are the least of what was said of ranges of places. What is said of a
// range is kept at the two ranges of a power of two that cover it.
type leasts [][]casegraph.Time

func newLeasts(n int) leasts {
	l := make(leasts, bits.Len(uint(n)))
	for level := range l {
		l[level] = make([]casegraph.Time, n)
		for i := range l[level] {
			l[level][i] = endless
		}
	}
	return l
}

// lower says something of the places from first to last.
func (l leasts) lower(first, last int, to casegraph.Time) {
	level := bits.Len(uint(last-first+1)) - 1
	at := l[level]
	at[first] = min(at[first], to)
	other := last + 1 - 1<<level
	at[other] = min(at[other], to)
}

// all are the least of each place.
func (l leasts) all() []casegraph.Time {
	for level := len(l) - 1; level > 0; level-- {
		half := 1 << (level - 1)
		for i, least := range l[level] {
			if least != endless {
				l[level-1][i] = min(l[level-1][i], least)
				l[level-1][i+half] = min(l[level-1][i+half], least)
			}
		}
	}
	return l[0]
}
