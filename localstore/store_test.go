package localstore_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"casegraph"
	"casegraph/audit"
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

// A store of the schema before this one keeps its log, whose end is known from
// then on; until it is migrated nobody reads it.
func TestAnOlderStoreIsMigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	store := open(t, path)
	committer := commit.New(store, nil)
	defer committer.Close()
	record := func(id casegraph.ID) {
		t.Helper()
		_, err := committer.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(*commit.View) (*commit.Writes, error) {
			a := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: id}}}
			return &commit.Writes{Nodes: []casegraph.Node{a}, Events: []commit.Event{{Name: "account.created", Subject: id}}}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	record("act_a")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DROP TABLE head; DROP INDEX nodes_due; DROP INDEX nodes_alarm; DROP INDEX nodes_holder; DROP INDEX nodes_queue;
		ALTER TABLE nodes DROP COLUMN due; ALTER TABLE nodes DROP COLUMN alarm; PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := localstore.Open(path, localstore.Options{ReadOnly: true}); casegraph.CodeOf(err) != casegraph.CodeUnavailable || !strings.Contains(err.Error(), "casegraph migrate") {
		t.Errorf("a reader: %v", err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	record("act_b")
	open := casegraph.Filter{And: []casegraph.Filter{{Path: "queueId", Op: casegraph.OpEq, Value: "que_a"}, {Path: "resolvedAt", Op: casegraph.OpExists, Value: false}}}
	if _, err := store.Groups(t.Context(), casegraph.ListRequest{Kind: casegraph.KindCase, Filter: open}, "queueId"); err != nil {
		t.Errorf("without the index of open cases: %v", err)
	}
	if last, err := audit.Log(t.Context(), store, nil); last != 2 || err != nil {
		t.Errorf("the log: %d, %v", last, err)
	}
}

// Whatever the umask, nobody else reads a store that is made; one that is there
// keeps the mode that its owner gave it.
func TestAStoreIsItsOwnersAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	made := filepath.Join(t.TempDir(), "data", "graph.db")
	given := filepath.Join(t.TempDir(), "graph.db")
	if err := os.WriteFile(given, nil, 0o640); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{made: 0o600, given: 0o640} {
		open(t, path)
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v and should be %v", filepath.Base(name), err, info.Mode().Perm(), want)
			}
		}
		if info, err := os.Stat(path + ".lock"); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(err, info.Mode())
		}
	}
	if info, err := os.Stat(filepath.Dir(made)); err != nil || info.Mode().Perm() != 0o700 {
		t.Error(err, info.Mode())
	}
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
