package localstore_test

import (
	"context"
	"path/filepath"
	"testing"

	"casegraph"
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
