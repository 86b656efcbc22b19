package demo_test

import (
	"context"
	"path/filepath"
	"testing"

	"casegraph"
	"casegraph/cases"
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

// emptyStore is a migrated store with a committer.
func emptyStore(t *testing.T) (casegraph.Store, *commit.Committer) {
	t.Helper()
	store, err := localstore.Open(filepath.Join(t.TempDir(), "casegraph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	committer := commit.New(store, nil)
	t.Cleanup(committer.Close)
	return store, committer
}

// The demo holds leads, and what looks like one and is none.
func TestLoad(t *testing.T) {
	store, committer := emptyStore(t)
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

// Around the story lies a town, with work in its queues.
func TestLoadTown(t *testing.T) {
	store, committer := emptyStore(t)
	if err := demo.Load(t.Context(), committer); err != nil {
		t.Fatal(err)
	}
	if demo.LoadTown(t.Context(), store, committer) == nil {
		t.Fatal("its cases follow templates that are not there")
	}
	store, committer = emptyStore(t)
	if err := demo.Load(t.Context(), committer); err != nil {
		t.Fatal(err)
	}
	if _, err := committer.DoAll(t.Context(), cases.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	if err := demo.LoadTown(t.Context(), store, committer); err != nil {
		t.Fatal(err)
	}
	accounts, err := store.Count(t.Context(), casegraph.ListRequest{Kind: casegraph.KindAccount})
	if err != nil || accounts < 400 {
		t.Errorf("%d accounts, %v: where is the town?", accounts, err)
	}
	waiting := casegraph.Filter{And: []casegraph.Filter{{Path: "queueId", Op: casegraph.OpEq, Value: string(demo.Takeovers)},
		{Path: "assigneeId", Op: casegraph.OpExists, Value: false}}}
	if n, err := store.Count(t.Context(), casegraph.ListRequest{Kind: casegraph.KindCase, Filter: waiting}); err != nil || n != 1 {
		t.Errorf("%d takeovers wait for somebody, not 1: %v", n, err)
	}
	if n := accountsWith(t, store, "device", "7f3a9c1e5b2d48d0"); n != 5 {
		t.Errorf("%d accounts were used from the story's device, not 5: the town has some in common with it", n)
	}
}
