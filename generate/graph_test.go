package generate_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/generate"
	"casegraph/identity"
	"casegraph/ingest"
	"casegraph/localstore"
)

func graphOf(t testing.TB, scale string, seed uint64) generate.Graph {
	t.Helper()
	s, err := generate.ScaleOf(scale)
	if err != nil {
		t.Fatal(err)
	}
	return generate.Graph{Scale: s, Seed: seed}
}

func digest(t *testing.T, write func(context.Context, io.Writer) (int, error)) string {
	t.Helper()
	hash := sha256.New()
	if _, err := write(t.Context(), hash); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Who compares figures over the same scale and seed compares the same bytes:
// change these only on purpose, and say so among the changes.
func TestTheSameScaleAndSeedAreTheSameBytes(t *testing.T) {
	small := graphOf(t, "small", 1)
	if got, want := digest(t, small.WriteRows), "da511c5795c2be3ca703cce3912ec91bfc9baa6a6d382414b932c9ea54af9a0e"; got != want {
		t.Errorf("rows: %s, not %s", got, want)
	}
	if got, want := digest(t, small.WriteTruth), "acf2532e863444c1cf4a003402ffe29d986693d2bede6a308278edc9a92b159b"; got != want {
		t.Errorf("truth: %s, not %s", got, want)
	}
	if digest(t, graphOf(t, "small", 2).WriteRows) == digest(t, small.WriteRows) {
		t.Error("another seed gives the same rows")
	}
}

func TestAnUnknownScaleIsRefused(t *testing.T) {
	if _, err := generate.ScaleOf("huge"); casegraph.CodeOf(err) != casegraph.CodeBadInput {
		t.Errorf("%v", err)
	}
}

func TestWritingEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if n, err := graphOf(t, "large", 1).WriteRows(ctx, io.Discard); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestEveryRowComesIn(t *testing.T) {
	folder := t.TempDir()
	var rows bytes.Buffer
	written, err := graphOf(t, "small", 1).WriteRows(t.Context(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "rows.ndjson")
	if err := os.WriteFile(file, rows.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := localstore.Open(filepath.Join(folder, "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	committer := commit.New(store, nil)
	defer committer.Close()
	im := ingest.Import{Store: store, Committer: committer, Name: "generated", Inputs: []ingest.Input{{Path: file}}, PageLinks: localstore.ImportLinks}
	done, err := im.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(written); done.Rows != want || done.Created != want || done.Rejected+done.Warnings > 0 {
		t.Errorf("%d rows were written, and the import says %+v", written, done.Counts)
	}
	if links := int64(read(graphOf(t, "small", 1)).links); done.Links != links {
		t.Errorf("%d links came in, and the tests here count %d", done.Links, links)
	}
}

func TestShapesOfTheSmallScale(t *testing.T) {
	checkShapes(t, read(graphOf(t, "small", 1)), 3, 1.9, 2.6, 0.2)
}

// failer is what tests and property tests have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

func checkAll(t failer, g generate.Graph, tolerance float64) *world {
	t.Helper()
	w := read(g)
	for _, wrong := range w.wrong[:min(len(w.wrong), 10)] {
		t.Errorf("%s", wrong)
	}
	if off := float64(w.links)/float64(g.Scale.Links) - 1; math.Abs(off) > tolerance {
		t.Errorf("%d links at the scale of %d", w.links, g.Scale.Links)
	}
	if w.hidden == 0 {
		t.Errorf("nobody has left anything out")
	}
	checkHubs(t, w)
	checkPlanted(t, g, w)
	checkTellsApart(t, g, w)
	return w
}

// checkHubs: what strangers share is past its limit; no provider's network is
// near it from below, where chance would decide.
func checkHubs(t failer, w *world) {
	t.Helper()
	for id, accounts := range w.has {
		limit := identity.HubLimit(w.kinds[id])
		if n := len(accounts); n > limit/2 && n <= limit*5/4 {
			t.Errorf("%d accounts share a %s: too near its hub limit", n, w.kinds[id])
		}
	}
	for _, ip := range []string{"25.0.0.1", "29.0.0.1"} {
		if !w.isHub(casegraph.IdentifierID("ip", ip)) || !w.isHub(casegraph.IdentifierID("network", network(ip))) {
			t.Errorf("%s is no hub", ip)
		}
	}
}

// checkPlanted: all that the truth names is in the rows.
func checkPlanted(t failer, g generate.Graph, w *world) {
	t.Helper()
	told, fraudsters := map[generate.Plot]int{}, map[casegraph.ID]bool{}
	for p := range g.Truth() {
		told[p.Kind]++
		for _, n := range p.Nodes {
			if w.nodes[n.ID] == nil && w.has[n.ID] == nil {
				t.Errorf("%s: no row has %+v", p.Kind, n)
			}
			if slices.Contains([]string{"member", "mule", "exit", "collector"}, n.Role) && p.Resembles == "" {
				fraudsters[n.ID] = true
			}
		}
		for i := 1; i < len(p.Path); i++ {
			if !w.joined(p.Link, p.Path[i-1].ID, p.Path[i].ID) {
				t.Errorf("%s: no %s between %+v and %+v", p.Kind, p.Link, p.Path[i-1], p.Path[i])
			}
		}
	}
	if len(told) != 12 {
		t.Errorf("told: %v", told)
	}
	accounts := len(w.components())
	if share := float64(len(fraudsters)) / float64(accounts); share < 0.002 || share > 0.11 {
		t.Errorf("%d of %d accounts are fraudsters'", len(fraudsters), accounts)
	}
}

// checkTellsApart: with hubs cut, a ring is one component and nobody else is in
// it; with hubs, it would be one with all.
func checkTellsApart(t failer, g generate.Graph, w *world) {
	t.Helper()
	component := w.components()
	size := map[casegraph.ID]int{}
	for _, c := range component {
		size[c]++
	}
	for p := range g.Truth() {
		var joined []casegraph.ID
		members := 0
		for _, n := range p.Nodes {
			if n.Kind == casegraph.KindAccount && (n.Role == "member" || n.Role == "victim" && p.Kind == generate.Takeover) {
				members++
				joined = append(joined, component[n.ID])
			}
		}
		switch p.Kind {
		case generate.Ring, generate.Household, generate.Takeover:
			if len(slices.Compact(joined)) != 1 || size[joined[0]] != members {
				t.Errorf("%s of %d: components %v of %d accounts", p.Kind, members, joined, size[joined[0]])
			}
		}
	}
}

// checkShapes fits the published shapes: how many pay an account, where that is
// at least from; how many it pays; how often one pays another.
func checkShapes(t *testing.T, w *world, from int, low, high, within float64) {
	t.Helper()
	payees, payers := []int{}, map[casegraph.ID]int{}
	for _, paid := range w.paid {
		payees = append(payees, len(paid))
		for payee := range paid {
			payers[payee]++
		}
	}
	in := []int{}
	for _, n := range payers {
		in = append(in, n)
	}
	if e := exponent(in, from, slices.Max(in)); e < low || e > high {
		t.Errorf("in-degrees have the exponent %.2f", e)
	}
	if e := exponent(payees, 1, slices.Max(payees)); math.Abs(e-1.72) > within {
		t.Errorf("out-degrees have the exponent %.2f", e)
	}
	payments := 0
	for _, n := range w.times {
		payments += n
	}
	if mean := float64(payments) / float64(len(w.times)); mean < 1.1 || mean > 1.6 {
		t.Errorf("one pays another %.2f times in the mean", mean)
	}
}

// exponent is the likeliest exponent of a power law from low to high.
func exponent(degrees []int, low, high int) float64 {
	n, logs := 0.0, 0.0
	for _, d := range degrees {
		if d >= low && d <= high {
			n++
			logs += math.Log(float64(d))
		}
	}
	likelihood := func(e float64) float64 {
		sum := 0.0
		for k := low; k <= high; k++ {
			sum += math.Pow(float64(k), -e)
		}
		return -e*logs - n*math.Log(sum)
	}
	best := 1.0
	for e := 1.0; e < 4; e += 0.01 {
		if likelihood(e) > likelihood(best) {
			best = e
		}
	}
	return best
}

func ExampleGraph_Truth() {
	scale, err := generate.ScaleOf("small")
	if err != nil {
		panic(err)
	}
	for planted := range (generate.Graph{Scale: scale, Seed: 1}).Truth() {
		fmt.Println(cmp.Or(planted.Resembles, "fraud")+":", planted.Kind)
		if planted.Kind == generate.NewDevice {
			break
		}
	}
	// Output:
	// fraud: ring
	// ring: household
	// ring: public-network
	// fraud: takeover
	// takeover: new-device
}
