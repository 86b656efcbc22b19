package generate

import (
	"math"
	"math/rand/v2"
	"sort"

	"casegraph"
)

// dice are the chances of one thing, such as the 7th household: whatever is
// drawn for one changes nothing of another.
type dice struct{ *rand.Rand }

// topic tells the things apart that chances are drawn for.
type topic uint64

const (
	ofHousehold topic = iota + 1
	ofAccount
	ofPayer
	ofDevice
	ofStory
)

func (g Graph) dice(of topic, n int) dice {
	return dice{rand.New(rand.NewPCG(g.Seed^uint64(of)<<56, uint64(n)*0x9e3779b97f4a7c15))}
}

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// from is a number in [low, high].
func (d dice) from(low, high int) int { return low + d.IntN(high-low+1) }

func oneOf[T any](d dice, all []T) T { return all[d.IntN(len(all))] }

// The year that the data is about, in milliseconds.
const (
	minute    = casegraph.Time(60_000)
	hour      = 60 * minute
	day       = 24 * hour
	firstDay  = casegraph.Time(1735689600000) // 1 January 2025
	wholeYear = 365 * day
)

// during is a moment of a span, in whole seconds.
func (d dice) during(begin, length casegraph.Time) casegraph.Time {
	return begin + casegraph.Time(d.IntN(int(length/1000)))*1000
}

// cents is a price of everyday life.
func (d dice) cents() int {
	base := oneOf(d, []int{450, 990, 1_500, 2_490, 4_200, 7_900, 12_500, 25_000, 60_000})
	return base + d.IntN(base)
}

// powerLaw draws k from 1 to a most with a probability that goes with k to the
// power of minus an exponent.
type powerLaw struct {
	upTo []uint32 // the chance of at most k+1, of 2^32
	mean float64
}

func newPowerLaw(exponent float64, most int) powerLaw {
	var sum, weighted float64
	sums := make([]float64, most)
	for k := range sums {
		weight := math.Pow(float64(k+1), -exponent)
		sum += weight
		weighted += weight * float64(k+1)
		sums[k] = sum
	}
	p := powerLaw{mean: weighted / sum, upTo: make([]uint32, most)}
	for k := range sums {
		p.upTo[k] = uint32(math.Round(sums[k] / sum * math.MaxUint32))
	}
	return p
}

func (p powerLaw) draw(d dice) int { return p.at(d.Float64()) }

// at is the number below which a share of all draws lie.
func (p powerLaw) at(share float64) int {
	u := uint32(share * math.MaxUint32)
	return 1 + min(sort.Search(len(p.upTo), func(k int) bool { return u <= p.upTo[k] }), len(p.upTo)-1)
}
