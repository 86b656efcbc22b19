package cachedstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/cachedstore"
	"casegraph/commit"
	"casegraph/localstore"
	"casegraph/storetest"
	"casegraph/testservers"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStoreInProcess(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store { return cached(t, local(t), cachedstore.Options{}) })
}

func TestStoreWithRedis(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store {
		return cached(t, local(t), cachedstore.Options{RedisURL: testservers.Redis(t), Prefix: "test"})
	})
}

func TestStoreWithoutTheRedisItWasPromised(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store {
		return cached(t, local(t), cachedstore.Options{RedisURL: "redis://127.0.0.1:1/0", Prefix: "test"})
	})
}

// local is a store that outlives its decorators.
func local(t testing.TB) *localstore.Store {
	t.Helper()
	store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return store
}

// unclosed keeps a decorator from closing what another shares.
type unclosed struct{ casegraph.Store }

func (unclosed) Close() error { return nil }

func cached(t testing.TB, inner casegraph.Store, o cachedstore.Options) *cachedstore.Store {
	t.Helper()
	store, err := cachedstore.New(unclosed{inner}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

const anaID = casegraph.ID("act_ana")

func rename(t *testing.T, committer *commit.Committer, name string) {
	t.Helper()
	_, err := committer.Do(context.Background(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{anaID}}, Decide: func(*commit.View) (*commit.Writes, error) {
		ana := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: anaID}}, Name: name}
		return &commit.Writes{Nodes: []casegraph.Node{ana}, Events: []commit.Event{{Name: "account.updated", Subject: anaID}}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func nameOf(t *testing.T, store casegraph.Store) string {
	t.Helper()
	nodes, err := store.Nodes(context.Background(), casegraph.NodesRequest{IDs: []casegraph.ID{anaID}})
	if err != nil {
		t.Fatal(err)
	}
	return nodes[anaID].(*casegraph.Account).Name
}

// eventually waits for what another process's polling brings about.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

// counting counts the reads that reach the store within.
type counting struct {
	casegraph.Store
	mu    sync.Mutex
	reads int
}

func (c *counting) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	c.mu.Lock()
	c.reads++
	c.mu.Unlock()
	return c.Store.Nodes(ctx, r)
}

func (c *counting) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reads
}

func TestAHotReadSkipsTheStore(t *testing.T) {
	inner := &counting{Store: local(t)}
	store := cached(t, inner, cachedstore.Options{})
	committer := commit.New(store, nil)
	defer committer.Close()
	rename(t, committer, "Ana")
	eventually(t, "the cache never answered", func() bool {
		nameOf(t, store)
		before := inner.count()
		return nameOf(t, store) == "Ana" && inner.count() == before
	})
}

func TestAnotherServerSeesAWriteWithinAPoll(t *testing.T) {
	for name, url := range map[string]string{"in process": "", "with Redis": testservers.Redis(t)} {
		t.Run(name, func(t *testing.T) {
			inner := local(t)
			o := cachedstore.Options{RedisURL: url, Prefix: "two", Poll: 20 * time.Millisecond}
			one, two := cached(t, inner, o), cached(t, inner, o)
			committer := commit.New(one, nil)
			defer committer.Close()
			for i := range 20 {
				want := fmt.Sprint("Ana ", i)
				rename(t, committer, want)
				if got := nameOf(t, one); got != want {
					t.Fatalf("the writer itself reads %q; want %q", got, want)
				}
				eventually(t, "the other server never saw "+want, func() bool { return nameOf(t, two) == want })
			}
		})
	}
}

// An old record in Redis, left by a server that could not reach it when it
// wrote, is not read by the next.
func TestADropThatRedisMissedIsMadeUpFor(t *testing.T) {
	url := testservers.Redis(t)
	inner := local(t)
	o := cachedstore.Options{RedisURL: url, Prefix: "missed", Poll: 10 * time.Millisecond}
	first := cached(t, inner, o)
	committer := commit.New(first, nil)
	rename(t, committer, "old")
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	eventually(t, "the record never reached Redis", func() bool {
		nameOf(t, first)
		n, _ := client.Exists(context.Background(), "missed:node:"+string(anaID)).Result()
		followed, _ := client.Get(context.Background(), "missed:followed").Int64()
		return n == 1 && followed == 1
	})
	committer.Close()
	first.Close()

	alone := commit.New(inner, nil) // writes without telling Redis
	rename(t, alone, "new")
	alone.Close()
	second := cached(t, inner, o)
	for range 50 {
		if got := nameOf(t, second); got != "new" {
			t.Fatalf("read %q; want new", got)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestWhatCantBeHeardIsNotAnswered(t *testing.T) {
	deaf := &deafened{Store: local(t)}
	store := cached(t, deaf, cachedstore.Options{Poll: 10 * time.Millisecond})
	committer := commit.New(store, nil)
	rename(t, committer, "old")
	committer.Close()
	eventually(t, "the cache never answered", func() bool { nameOf(t, store); hits, _ := store.Counts(); return hits > 0 })
	deaf.close()
	behind := commit.New(deaf.Store, nil) // another server
	defer behind.Close()
	rename(t, behind, "new")
	eventually(t, "a deaf server went on answering from its cache", func() bool { return nameOf(t, store) == "new" })
}

// deafened is a store whose log can't be read.
type deafened struct {
	casegraph.Store
	mu   sync.Mutex
	deaf bool
}

func (d *deafened) close() { d.mu.Lock(); d.deaf = true; d.mu.Unlock() }

func (d *deafened) Events(ctx context.Context, after casegraph.Seq, n int) ([]casegraph.Event, casegraph.Seq, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.deaf {
		return nil, 0, fmt.Errorf("deaf")
	}
	return d.Store.Events(ctx, after, n)
}

// A read that began before a write and ends after it must not put the old
// record back.
func TestAFillNeverReplacesANewerRecord(t *testing.T) {
	slow := &gated{Store: local(t)}
	store := cached(t, slow, cachedstore.Options{})
	committer := commit.New(store, nil)
	defer committer.Close()
	rename(t, committer, "old")
	eventually(t, "the cache never answered", func() bool { nameOf(t, store); hits, _ := store.Counts(); return hits > 0 })
	rename(t, committer, "older") // drops the record, so that the next read goes to the store
	release, held := slow.hold()
	read := make(chan string)
	go func() { read <- nameOf(t, store) }()
	<-held // it has read the old name
	rename(t, committer, "new")
	release()
	<-read
	if got := nameOf(t, store); got != "new" {
		t.Errorf("read %q; want new", got)
	}
}

// gated is a store whose next read waits behind the store, with its answer.
type gated struct {
	casegraph.Store
	mu   sync.Mutex
	gate chan struct{}
	held chan struct{}
}

func (g *gated) hold() (release func(), held <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate := make(chan struct{})
	g.gate, g.held = gate, make(chan struct{})
	return func() { close(gate) }, g.held
}

func (g *gated) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	nodes, err := g.Store.Nodes(ctx, r)
	g.wait()
	return nodes, err
}

func (g *gated) wait() {
	g.mu.Lock()
	gate, held := g.gate, g.held
	g.gate = nil
	g.mu.Unlock()
	if gate != nil {
		close(held)
		<-gate
	}
}
