package neo4jstore_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/commit"
)

// Texts that UTF-16 units, bytes and code points order differently.
var hardTexts = rapid.Custom(func(t *rapid.T) string {
	return string(rapid.SliceOfN(rapid.SampledFrom([]rune{'a', '\uD7FF', '\uE000', '\uFF21', '\uFFFF', '\U00010000', '\U0001F600'}), 0, 3).Draw(t, "text"))
})

func TestTextsAreOrderedByCodePoints(t *testing.T) {
	s := open(t)
	c := commit.New(s, nil)
	defer c.Close()
	var change commit.Change
	var writes commit.Writes
	names := map[string]bool{}
	for i := range 200 {
		a := &casegraph.Account{Name: hardTexts.Example(i)}
		if names[a.Name] {
			continue
		}
		names[a.Name] = true
		a.ID = casegraph.ID(fmt.Sprintf("act_%03d", i))
		change.Needs.Nodes = append(change.Needs.Nodes, a.ID)
		writes.Nodes = append(writes.Nodes, a)
		writes.Events = append(writes.Events, commit.Event{Name: "account.created", Subject: a.ID})
	}
	change.Decide = func(*commit.View) (*commit.Writes, error) { return &writes, nil }
	if _, err := c.Do(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		f := casegraph.Filter{Path: "name", Value: hardTexts.Draw(rt, "value"),
			Op: rapid.SampledFrom([]casegraph.Op{casegraph.OpLt, casegraph.OpLte, casegraph.OpGt, casegraph.OpGte}).Draw(rt, "op")}
		want := 0
		for _, n := range writes.Nodes {
			if f.Matches(n) {
				want++
			}
		}
		got, err := s.Count(t.Context(), casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: f})
		if err != nil {
			rt.Fatal(err)
		}
		if got != want {
			rt.Errorf("name %s %q: %d accounts; want %d", f.Op, f.Value, got, want)
		}
	})
}
