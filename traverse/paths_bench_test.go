package traverse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"casegraph"
)

// people is a neighbourhood: accounts that each have some of the devices and
// pay some of the others, about six links an account.
func people(accounts int) *warm {
	var lines strings.Builder
	for i := range accounts {
		for j := range 3 {
			fmt.Fprintf(&lines, "act_%05d HAS idn_device-%05d @%d\n", i, (i*7+j*131)%accounts, i%50+1)
			fmt.Fprintf(&lines, "act_%05d PAID act_%05d #%d @%d\n", i, (i*13+j*977+1)%accounts, i, i%60+1)
		}
	}
	w := &warm{drawn: draw(lines.String())}
	pages, err := w.drawn.Links(context.Background(), casegraph.LinkRequest{IDs: slices.Collect(maps.Keys(w.nodes)), Cap: casegraph.MaxLinkCap})
	if err != nil {
		panic(err)
	}
	w.pages = pages
	return w
}

func BenchmarkPaths(b *testing.B) {
	w := people(3000)
	for _, q := range []PathsQuery{
		{Mode: Shortest},
		{Mode: KShortest, MaxPaths: 20},
		{Mode: AllWithin, MaxLength: 6, MaxPaths: 100},
		{Mode: Cheapest, MaxPaths: 20},
		{Mode: KShortest, MaxPaths: 20, MaxLength: 8, Through: ids("idn_device-00131")},
	} {
		q.From, q.To, q.MaxNodes = ids("act_00000"), ids("act_01500"), MostSearchNodes
		b.Run(fmt.Sprintf("%s-%d", q.Mode, len(q.Through)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if answer, err := Paths(context.Background(), w, q); err != nil || !answer.Found {
					b.Fatal(answer, err)
				}
			}
		})
	}
}
