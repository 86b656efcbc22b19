package localstore_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
	"casegraph/storetest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store { return open(t, filepath.Join(t.TempDir(), "graph.db")) })
}

func open(t *testing.T, path string) *localstore.Store {
	t.Helper()
	store, err := localstore.Open(path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return store
}

// The first readers of a store all learn its classes; more of them than there
// are connections must not wait for each other.
func TestManyFirstReadersEnd(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "graph.db")
	store, err := localstore.Open(path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	committer := commit.New(store, nil)
	defer committer.Close()
	account := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: "act_a"}}}
	change := commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{"act_a"}}, Decide: func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Nodes: []casegraph.Node{account.Clone()}, Events: []commit.Event{{Name: "account.recorded", Subject: "act_a"}}}, nil
	}}
	if _, err := committer.Do(ctx, change); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		reader, err := localstore.Open(path, localstore.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		within, cancel := context.WithTimeout(ctx, time.Minute)
		var all sync.WaitGroup
		for range 64 {
			all.Go(func() {
				if _, err := reader.Links(within, casegraph.LinkRequest{IDs: []casegraph.ID{"act_a"}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		cancel()
		reader.Close()
	}
}
