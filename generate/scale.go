package generate

import (
	"slices"

	"casegraph"
)

// Scale is how much is generated.
type Scale struct {
	Name string
	// Links is about how many links the rows name, as an import counts them.
	Links int
	// accounts are those of everyday life; a batch is one of each plot.
	accounts, batches int
	// carriers and hotspots are addresses that many share.
	carriers, hotspots int
	// mostPayees is how many accounts one account pays at most.
	mostPayees int
}

// scales are weighed so that even in the smallest one a shared address is past
// its hub limit, and fraudsters are 0.2 to 11 in a hundred accounts.
var scales = []Scale{
	{Name: "small", Links: 10_000, accounts: 262, batches: 2, carriers: 1, hotspots: 1, mostPayees: 90},
	{Name: "middle", Links: 1_000_000, accounts: 33_800, batches: 25, carriers: 5, hotspots: 8, mostPayees: 500},
	{Name: "large", Links: 10_000_000, accounts: 344_000, batches: 100, carriers: 40, hotspots: 60, mostPayees: 500},
}

// Scales are the names of all scales, the smallest first.
func Scales() []string {
	var names []string
	for i := range scales {
		names = append(names, scales[i].Name)
	}
	return names
}

// ScaleOf is the scale of a name.
func ScaleOf(name string) (Scale, error) {
	i := slices.IndexFunc(scales, func(s Scale) bool { return s.Name == name })
	if i < 0 {
		return Scale{}, casegraph.BadInput("scale: must be small, middle or large")
	}
	return scales[i], nil
}

// businesses are the first accounts; the others are people's.
func (s Scale) businesses() int { return s.accounts / 25 }
