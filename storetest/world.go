// Package storetest says what a store must do. Every store, and every
// decorator of one, passes all of it.
package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
)

// Open makes an empty, migrated store that ends with the test.
type Open func(t *testing.T) casegraph.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *world)
	}{
		{"Nodes", testNodes},
		{"Changes", testChanges},
		{"Log", testLog},
		{"Values", testValues},
		{"Links", testLinks},
		{"Sums", testSums},
		{"Past", testPast},
		{"Masks", testMasks},
		{"Lists", testLists},
		{"Filters", testFilters},
		{"Queues", testQueues},
		{"Search", testSearch},
		{"Concurrency", testConcurrency},
		{"Batches", testBatches},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, newWorld(t, open(t))) })
	}
}

// world is a store and a committer over it, with a clock that each change
// moves on by a second.
type world struct {
	*testing.T
	casegraph.Store
	ctx       context.Context
	committer *commit.Committer
	clock     *clock
}

// Began is when a world's clock starts.
var Began = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, store casegraph.Store) *world {
	w := &world{T: t, Store: store, ctx: context.Background(), clock: &clock{now: Began}}
	w.committer = commit.New(store, w.clock.tick)
	t.Cleanup(w.committer.Close)
	return w
}

// clock is the time of the last change.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) tick() time.Time { return c.skip(time.Second) }

func (c *clock) skip(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// now is the time of the last change.
func (w *world) now() casegraph.Time {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	return casegraph.TimeOf(w.clock.now)
}

// with is the same world for a subtest.
func (w *world) with(t *testing.T) *world {
	clone := *w
	clone.T = t
	return &clone
}

func (w *world) run(name string, test func(*world)) {
	w.T.Run(name, func(t *testing.T) { test(w.with(t)) })
}

// write writes nodes and links, each needed and told.
func write(nodes []casegraph.Node, links []casegraph.Link, ends ...casegraph.LinkID) commit.Change {
	var c commit.Change
	var events []commit.Event
	for _, n := range nodes {
		c.Needs.Nodes = append(c.Needs.Nodes, n.Head().ID)
		events = append(events, commit.Event{Name: "node.written", Subject: n.Head().ID})
	}
	need := func(id casegraph.LinkID) {
		if id.Kind == casegraph.LinkOf || id.Kind == casegraph.LinkShows {
			c.Needs.Evidence = append(c.Needs.Evidence, id.From)
		} else {
			c.Needs.Links = append(c.Needs.Links, id)
		}
		if len(nodes) == 0 && len(events) == 0 {
			events = append(events, commit.Event{Name: "node.linked", Subject: id.From})
		}
	}
	for _, l := range links {
		need(l.LinkID)
	}
	for _, id := range ends {
		need(id)
	}
	c.Decide = func(*commit.View) (*commit.Writes, error) {
		var fresh []casegraph.Node
		for _, n := range nodes {
			fresh = append(fresh, n.Clone())
		}
		return &commit.Writes{Nodes: fresh, Links: links, Ends: ends, Events: events}, nil
	}
	return c
}

func (w *world) do(c commit.Change) commit.Result {
	w.Helper()
	result, err := w.committer.Do(w.ctx, c)
	if err != nil {
		w.Fatal(err)
	}
	return result
}

func (w *world) put(nodes ...casegraph.Node) { w.Helper(); w.do(write(nodes, nil)) }

func (w *world) link(links ...casegraph.Link) { w.Helper(); w.do(write(nil, links)) }

func (w *world) end(ids ...casegraph.LinkID) { w.Helper(); w.do(write(nil, nil, ids...)) }

func (w *world) node(id casegraph.ID) casegraph.Node {
	w.Helper()
	nodes, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if err != nil {
		w.Fatal(err)
	}
	return nodes[id]
}

func (w *world) page(id casegraph.ID, r casegraph.LinkRequest) casegraph.LinkPage {
	w.Helper()
	r.IDs = []casegraph.ID{id}
	alone := r // asked first, while nothing is known of the classes
	alone.DegreeOnly = true
	counted, err := w.Links(w.ctx, alone)
	if err != nil {
		w.Fatal(err)
	}
	pages, err := w.Links(w.ctx, r)
	if err != nil {
		w.Fatal(err)
	}
	page := pages[id]
	if only := counted[id]; only.Class != page.Class || only.Degree != page.Degree || only.Hub || only.More || len(only.Hops) > 0 {
		w.Errorf("%v: asked for the degree alone, got %+v", r, only)
	}
	return page
}

// far are the far ids of a page, in order.
func far(p casegraph.LinkPage) []casegraph.ID {
	var ids []casegraph.ID
	for _, hop := range p.Hops {
		ids = append(ids, hop.Far)
	}
	return ids
}

// Names of drawn nodes: short words behind the right prefix.
func account(name string) casegraph.ID     { return casegraph.ID("act_" + name) }
func caseID(name string) casegraph.ID      { return casegraph.ID("case_" + name) }
func transaction(name string) casegraph.ID { return casegraph.ID("txn_" + name) }
func session(name string) casegraph.ID     { return casegraph.ID("ses_" + name) }
func identifier(kind, value string) casegraph.ID {
	return casegraph.IdentifierID(casegraph.IdentifierKind(kind), value)
}

func newAccount(name string) *casegraph.Account {
	return &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: account(name)}}, Name: name}
}

func newCase(name string) *casegraph.Case {
	return &casegraph.Case{Header: casegraph.Header{ID: caseID(name)}, Number: "CASE-" + name, Title: "The case of " + name, Status: "Open"}
}

func newSession(name string) *casegraph.Session {
	return &casegraph.Session{Object: casegraph.Object{Header: casegraph.Header{ID: session(name)}}}
}

func newTransaction(name string) *casegraph.Transaction {
	return &casegraph.Transaction{Object: casegraph.Object{Header: casegraph.Header{ID: transaction(name)}}}
}

// newMark is the mark of a link between two accounts.
func newMark(name string) *casegraph.LinkMark {
	link := between(account(name), casegraph.LinkRelated, account("of "+name), "key")
	return &casegraph.LinkMark{Header: casegraph.Header{ID: casegraph.MarkID(link), Risk: &casegraph.RiskMark{Level: casegraph.RiskTrusted, Reason: "ours", At: 3}},
		Of: link, Tags: []string{"b", "a"}, Note: "note " + name}
}

func newIdentifier(kind, value string) *casegraph.Identifier {
	return &casegraph.Identifier{Header: casegraph.Header{ID: identifier(kind, value)}, IdentifierKind: casegraph.IdentifierKind(kind), Value: value}
}

func between(from casegraph.ID, kind casegraph.LinkKind, to casegraph.ID, key string) casegraph.LinkID {
	return casegraph.LinkID{From: from, Kind: kind, To: to, Key: key}
}

func seen(id casegraph.LinkID, first, last casegraph.Time, count int64) casegraph.Link {
	return casegraph.Link{LinkID: id, FirstSeen: first, LastSeen: last, Count: count}
}

func equal[T comparable](w *world, what string, got, want []T) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func same(w *world, what string, got, want any) {
	w.Helper()
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		w.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
