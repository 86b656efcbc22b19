package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/cases"
)

var errDied = errors.New("the server died")

// dying is a store that fails when it is told to, at its worst after it has
// written, so that nobody hears of it.
type dying struct {
	casegraph.Store
	// dies tells whether a call fails: "nodes", "begin", "write" or "written".
	dies func(call string) bool
}

func (d *dying) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if d.dies("nodes") {
		return nil, errDied
	}
	return d.Store.Nodes(ctx, r)
}

func (d *dying) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if d.dies("begin") {
		return nil, errDied
	}
	batch, err := d.Store.Begin(ctx, needs)
	return &dyingBatch{batch, d}, err
}

type dyingBatch struct {
	casegraph.Batch
	of *dying
}

func (b *dyingBatch) Write(ctx context.Context, decided *casegraph.Decided) error {
	if b.of.dies("write") {
		return errDied
	}
	if err := b.Batch.Write(ctx, decided); err != nil {
		return err
	}
	if b.of.dies("written") {
		return errDied
	}
	return nil
}

// A server dies after it has written items, and before it hears that it has.
// Another leaves the bulk alone as long as it may be done, then goes on with the
// next item.
func TestAnotherServerGoesOn(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			ids := w.open(160)
			dead := false
			first := w.newRunner(&dying{Store: w.store, dies: func(call string) bool {
				dead = dead || call == "written" && len(w.told("case.escalated")) > 50
				return dead
			}})
			second := w.newRunner(w.store)
			id := w.start(first, ben, w.escalates(ids))
			for !dead {
				if _, err := first.Round(t.Context()); err != nil && !dead {
					t.Fatal(err)
				}
			}
			if b := w.bulk(id); b.State != casegraph.BulkRunning || b.Left() != 60 {
				t.Fatalf("when the server died: %+v", b)
			}
			w.clock.pass(4 * time.Second)
			if more, err := second.Round(t.Context()); more || err != nil || w.bulk(id).Left() != 60 {
				t.Fatalf("the other server goes on at once: %v, %v", more, err)
			}
			w.clock.pass(2 * time.Second)
			for more := true; more; {
				var err error
				if more, err = second.Round(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			w.holds(id, ids)
		})
	}
}

// Two servers do the same bulks, fail and begin anew: each item is done once.
func TestExactlyOnce(t *testing.T) {
	for name, open := range stores {
		for seed := range uint64(map[string]int{"local": 4, "neo4j": 1}[name]) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				w := newWorld(t, open(t))
				bulks := map[casegraph.ID][]casegraph.ID{}
				for range 2 {
					ids := w.open(120)
					bulks[w.start(w.newRunner(w.store), ben, w.escalates(ids))] = ids
				}
				w.clock.pass(time.Minute) // whose server is gone
				var servers sync.WaitGroup
				for i := range uint64(2) {
					var mu sync.Mutex
					random := rand.New(rand.NewPCG(seed, i))
					store := &dying{Store: w.store, dies: func(call string) bool {
						mu.Lock()
						defer mu.Unlock()
						return random.IntN(map[string]int{"nodes": 15, "begin": 10, "write": 6, "written": 4}[call]) == 0
					}}
					servers.Go(func() {
						r := w.newRunner(store)
						for running := true; running; {
							if _, err := r.Round(t.Context()); err != nil && store.dies("written") {
								r = w.newRunner(store)
							}
							w.clock.pass(time.Second)
							running = false
							for id := range bulks {
								running = running || w.bulk(id).State == casegraph.BulkRunning
							}
						}
					})
				}
				servers.Wait()
				for id, ids := range bulks {
					w.holds(id, ids)
				}
			})
		}
	}
}

// meddling is a store in which somebody changes the queue while a step is made
// ready.
type meddling struct {
	casegraph.Store
	once   sync.Once
	meddle func()
}

func (m *meddling) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if len(needs.Loads) > 0 {
		m.once.Do(m.meddle)
	}
	return m.Store.Begin(ctx, needs)
}

// What changes between the look at an item and its change is looked at anew;
// what stood before it in the same step is not done again.
func TestLookedAtAnew(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	ids := w.open(70)
	alone := &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin}, MemberIDs: []casegraph.ID{eve.ID}}
	r := w.newRunner(&meddling{Store: w.store, meddle: func() {
		w.do(cases.SetQueueAssignment(ana, cases.SetQueueAssignmentInput{QueueID: w.queue, Assignment: alone}))
	}})
	id := w.start(r, ben, w.escalates(ids))
	w.holds(id, ids)
	for i, item := range w.items(id) {
		nodes, err := w.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{item.NodeID}})
		if err != nil {
			t.Fatal(err)
		}
		if has := nodes[item.NodeID].(*casegraph.Case).AssigneeID; item.Outcome == casegraph.ItemDone && has != eve.ID {
			t.Errorf("item %d went to %q by the queue as it was", i, has)
		}
	}
}
