//go:build !race

package generate_test

// What is made and read by one goroutine holds no races, and looking for them
// takes ten times as long: these tests run without the detector alone.

import (
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/generate"
)

// Whatever the seed, a small graph is one.
func TestEverySeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale, err := generate.ScaleOf("small")
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, generate.Graph{Scale: scale, Seed: rapid.Uint64().Draw(t, "seed")}, 0.1)
	})
}

func TestMiddleScale(t *testing.T) {
	g := graphOf(t, "middle", 1)
	w := checkAll(t, g, 0.02)
	for name, degree := range map[string]int{"25.0.0.1": 1_000, "29.0.7.1": 1_000} {
		if n := len(w.has[casegraph.IdentifierID("ip", name)]); n < degree {
			t.Errorf("%d accounts were behind %s: not thousands", n, name)
		}
	}
	checkShapes(t, w, 6, 2.1, 2.3, 0.1)
}
