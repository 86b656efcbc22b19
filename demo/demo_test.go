package demo_test

import (
	"context"
	"path/filepath"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/identity"
	"casegraph/localstore"
)

// accountsWith counts the accounts that have an identifier.
func accountsWith(t *testing.T, store casegraph.Store, kind casegraph.IdentifierKind, value string) int {
	t.Helper()
	id := casegraph.IdentifierID(kind, value)
	pages, err := store.Links(t.Context(), casegraph.LinkRequest{IDs: []casegraph.ID{id}, Kinds: []casegraph.LinkKind{casegraph.LinkHas}})
	if err != nil {
		t.Fatal(err)
	}
	return pages[id].Degree
}

// The demo holds leads, and what looks like one and is none.
func TestLoad(t *testing.T) {
	store, err := localstore.Open(filepath.Join(t.TempDir(), "casegraph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	committer := commit.New(store, nil)
	defer committer.Close()
	if err := demo.Load(t.Context(), committer); err != nil {
		t.Fatal(err)
	}
	if n := accountsWith(t, store, "device", "7f3a9c1e5b2d48d0"); n != 5 {
		t.Errorf("%d accounts were used from the ring's device, not 5", n)
	}
	if n := accountsWith(t, store, "ip", "25.200.0.1"); n <= identity.HubLimit(identity.IP) {
		t.Errorf("%d accounts came from the carrier's address: too few for a hub", n)
	}
	if n := accountsWith(t, store, "phone", "000000000"); n != 0 {
		t.Errorf("%d accounts share a telephone that nobody has", n)
	}
	cases, err := store.Count(t.Context(), casegraph.ListRequest{Kind: casegraph.KindCase})
	if err != nil || cases != 6 {
		t.Errorf("%d cases, not 6: %v", cases, err)
	}
	if found, err := store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{demo.Case(1), demo.Account("P-1001"), demo.Vera}}); err != nil || len(found) != 3 {
		t.Errorf("the ids that operations name are not there: %v %v", found, err)
	}
	if demo.Load(context.Background(), committer) == nil {
		t.Error("it can be loaded twice")
	}
}
