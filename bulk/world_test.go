package bulk_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/bulk"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/testservers"
)

// stores are the engines, each empty.
var stores = map[string]func(testing.TB) casegraph.Store{
	"local": func(t testing.TB) casegraph.Store {
		store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
		return opened(t, store, err)
	},
	"neo4j": func(t testing.TB) casegraph.Store {
		at := testservers.Neo4j(t)
		store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
		return opened(t, store, err)
	},
}

func opened(t testing.TB, store casegraph.Store, err error) casegraph.Store {
	t.Helper()
	if err == nil {
		t.Cleanup(func() { store.Close() })
		err = store.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// clock stands still unless it is told.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a store with three people and a queue that gives its cases to them
// in turn.
type world struct {
	testing.TB
	store     casegraph.Store
	clock     *clock
	committer *commit.Committer
	people    people
	queue     casegraph.ID
	reader    *bulk.Runner
}

// people are those who may sign in.
type people map[casegraph.ID]cases.Asker

func (p people) Asker(_ context.Context, id casegraph.ID) (cases.Asker, error) {
	if asker, ok := p[id]; ok {
		return asker, nil
	}
	return cases.Asker{}, &casegraph.Error{Code: casegraph.CodeUnauthenticated, Message: "sign in"}
}

var (
	ana = cases.Asker{ID: "usr_ana", Role: casegraph.RoleAdmin}
	ben = cases.Asker{ID: "usr_ben", Role: casegraph.RoleInvestigator, Mask: casegraph.Mask{RestrictedCases: true}}
	eve = cases.Asker{ID: "usr_eve", Role: casegraph.RoleInvestigator, Mask: casegraph.Mask{RestrictedCases: true}}
)

func newWorld(t testing.TB, store casegraph.Store) *world {
	w := &world{TB: t, store: store, clock: &clock{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}, people: people{}}
	w.reader = w.newRunner(store)
	w.committer = w.newCommitter(store)
	for _, by := range []cases.Asker{ana, ben, eve} {
		w.people[by.ID] = by
		user := &casegraph.User{Name: string(by.ID), Email: string(by.ID) + "@bank.example", Role: by.Role}
		user.ID = by.ID
		w.do(commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{by.ID}}, Decide: func(*commit.View) (*commit.Writes, error) {
			return &commit.Writes{Nodes: []casegraph.Node{user}, Events: []commit.Event{{Name: "user.created", Subject: by.ID}}}, nil
		}}, nil)
	}
	turns := &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin}}
	made, err := cases.Answer[cases.QueueAnswer](w.do(cases.CreateQueue(ana, cases.CreateQueueInput{Name: "In turn", Assignment: turns}, newID)))
	if err != nil {
		t.Fatal(err)
	}
	w.queue = made.QueueID
	return w
}

func newID(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, time.Now()) }

// newCommitter is another server's.
func (w *world) newCommitter(store casegraph.Store) *commit.Committer {
	c := commit.New(store, w.clock.now)
	w.Cleanup(c.Close)
	return c
}

// newRunner is another server's.
func (w *world) newRunner(store casegraph.Store) *bulk.Runner {
	return bulk.New(store, w.newCommitter(store), w.people, func(casegraph.Role) *casegraph.HubLimits { return nil }, w.clock.now)
}

func (w *world) do(change commit.Change, err error) commit.Result {
	w.Helper()
	if err == nil {
		var result commit.Result
		if result, err = w.committer.Do(w.Context(), change); err == nil {
			return result
		}
	}
	w.Fatal(err)
	return commit.Result{}
}

// open opens so many cases, each fifth of which is restricted and each seventh
// at its end.
func (w *world) open(n int) []casegraph.ID {
	w.Helper()
	ids := make([]casegraph.ID, n)
	for i := range ids {
		made, err := cases.Answer[cases.CreateAnswer](w.do(cases.Create(ana, cases.CreateInput{Title: fmt.Sprint(i), Restricted: i%5 == 4}, cases.General, newID)))
		if err != nil {
			w.Fatal(err)
		}
		ids[i] = made.CaseID
		if i%7 == 6 {
			for _, status := range []string{cases.StatusInReview, cases.StatusResolved} {
				w.do(cases.SetStatus(ana, cases.SetStatusInput{CaseID: ids[i], Status: status}, cases.General))
			}
		}
	}
	return ids
}

// escalates is a bulk whose items are seen if they are done twice: each case is
// handed to the next in turn.
func (w *world) escalates(ids []casegraph.ID) cases.BulkInput {
	return cases.BulkInput{IDs: ids, Do: cases.BulkDo{Escalate: &cases.BulkEscalate{QueueID: w.queue, Note: "Too many."}}}
}

func (w *world) start(r *bulk.Runner, by cases.Asker, in cases.BulkInput) casegraph.ID {
	w.Helper()
	id, err := r.Start(w.Context(), by, in, nil, newID)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) finish(r *bulk.Runner, id casegraph.ID) {
	w.Helper()
	if err := r.Finish(w.Context(), id); err != nil {
		w.Fatal(err)
	}
}

func (w *world) bulk(id casegraph.ID) *casegraph.Bulk {
	w.Helper()
	b, err := w.reader.Bulk(w.Context(), ana, id)
	if err != nil || b == nil {
		w.Fatal(b, err)
	}
	return b
}

// items are all that is told of a bulk, read a few at a time.
func (w *world) items(id casegraph.ID, outcomes ...casegraph.BulkOutcome) []casegraph.BulkItem {
	w.Helper()
	b := w.bulk(id)
	var all []casegraph.BulkItem
	for from := 0; ; {
		pages, err := w.reader.Items(w.Context(), []*casegraph.Bulk{b}, from, 33, outcomes)
		if err != nil {
			w.Fatal(err)
		}
		if len(pages[0]) == 0 {
			return all
		}
		for _, item := range pages[0] {
			all, from = append(all, item.BulkItem), item.At+1
		}
	}
}

// told counts the events of a name about each node.
func (w *world) told(name string) map[casegraph.ID]int {
	w.Helper()
	told := map[casegraph.ID]int{}
	for after := casegraph.Seq(0); ; {
		events, _, err := w.store.Events(w.Context(), after, 1000)
		if err != nil {
			w.Fatal(err)
		}
		if len(events) == 0 {
			return told
		}
		for _, e := range events {
			if after = e.Seq; e.Name == name {
				told[e.Subject]++
			}
		}
	}
}

// holds checks that a bulk of escalations by Ben has done each item once, as it
// tells.
func (w *world) holds(id casegraph.ID, ids []casegraph.ID) {
	w.Helper()
	b, items, told := w.bulk(id), w.items(id), w.told("case.escalated")
	counts := map[casegraph.BulkOutcome]int{}
	for i, item := range items {
		counts[item.Outcome]++
		if i >= len(ids) || item.NodeID != ids[i] {
			w.Fatalf("item %d is of %s", i, item.NodeID)
		}
		want := map[bool]casegraph.BulkOutcome{true: casegraph.ItemRefused, false: casegraph.ItemDone}[i%5 == 4 || i%7 == 6]
		if item.Outcome != want || told[item.NodeID] != map[casegraph.BulkOutcome]int{casegraph.ItemDone: 1}[want] {
			w.Errorf("item %d came out %s (%s), and is told of %d times", i, item.Outcome, item.Message, told[item.NodeID])
		}
		if i%5 == 4 && (item.Code != string(casegraph.CodeNotFound) || item.Field != "caseId") {
			w.Errorf("of what Ben does not see: %+v", item)
		}
	}
	if b.State != casegraph.BulkDone || b.Left() != 0 || len(items) != len(ids) ||
		b.Done != counts[casegraph.ItemDone] || b.Refused != counts[casegraph.ItemRefused] || b.Unchanged != 0 {
		w.Errorf("%d of %d items, and %+v", len(items), len(ids), b)
	}
	refused := w.items(id, casegraph.ItemRefused)
	if len(refused) != b.Refused || slices.ContainsFunc(refused, func(i casegraph.BulkItem) bool { return i.Outcome != casegraph.ItemRefused }) {
		w.Errorf("%d are refused and %d listed so", b.Refused, len(refused))
	}
}
