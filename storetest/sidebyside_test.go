package storetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"path/filepath"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/testservers"
)

// TestBothStoresAnswerAlike makes random changes in both stores side by side
// and asks both the same random questions. There is no difference, the order
// of every answer included.
func TestBothStoresAnswerAlike(t *testing.T) {
	for _, seed := range []int64{1, 2, 3} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { sideBySide(t, rand.New(rand.NewSource(seed))) })
	}
}

const (
	rounds    = 12 // of changes, each followed by questions
	questions = 8
	nodesEach = 8 // of each kind, to meet often
)

func sideBySide(t *testing.T, random *rand.Rand) {
	ctx := context.Background()
	stores := map[string]casegraph.Store{"local": openLocal(t), "neo4j": openNeo4j(t)}
	committers := map[string]*commit.Committer{}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, store := range stores {
		committers[name] = commit.New(store, func() time.Time { return now })
		t.Cleanup(committers[name].Close)
	}
	for range rounds {
		now = now.Add(time.Minute)
		seed := random.Int63()
		compare(t, "the results of changes", func(name string) (any, error) {
			results, err := committers[name].DoAll(ctx, randomChanges(rand.New(rand.NewSource(seed))))
			var told []string
			for _, r := range results {
				told = append(told, fmt.Sprint(r.Seq, r.Changed, casegraph.CodeOf(r.Err) == casegraph.CodeInternal && r.Err != nil, r.Err != nil))
			}
			return told, err
		})
		for range questions {
			what, ask := randomQuestion(random)
			compare(t, what, func(name string) (any, error) { return ask(ctx, stores[name]) })
		}
	}
	for seq := casegraph.Seq(0); ; seq++ {
		more := false
		compare(t, fmt.Sprint("event ", seq+1), func(name string) (any, error) {
			events, last, err := stores[name].Events(ctx, seq, 1)
			more = len(events) > 0
			return []any{events, last}, err
		})
		if !more {
			return
		}
	}
}

// compare asks both stores and shows the first difference.
func compare(t *testing.T, what string, ask func(name string) (any, error)) {
	t.Helper()
	local, localErr := ask("local")
	neo4j, neo4jErr := ask("neo4j")
	if casegraph.CodeOf(localErr) != casegraph.CodeOf(neo4jErr) {
		t.Fatalf("%s: local: %v; neo4j: %v", what, localErr, neo4jErr)
	}
	a, _ := json.Marshal(local)
	b, _ := json.Marshal(neo4j)
	if string(a) != string(b) {
		t.Fatalf("%s:\nlocal %.4000s\nneo4j %.4000s", what, a, b)
	}
}

func openLocal(t *testing.T) casegraph.Store {
	t.Helper()
	store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	return migrated(t, store, err)
}

func openNeo4j(t *testing.T) casegraph.Store {
	t.Helper()
	server := testservers.Neo4j(t)
	store, err := neo4jstore.Open(context.Background(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	return migrated(t, store, err)
}

func migrated(t *testing.T, store casegraph.Store, err error) casegraph.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return store
}

// idOf is one of a few nodes of a kind; identifiers are of two kinds.
func idOf(kind casegraph.Kind, n int) casegraph.ID {
	if kind == casegraph.KindIdentifier {
		return casegraph.IdentifierID(identifierKind(n), fmt.Sprint("value ", n))
	}
	return casegraph.ID(fmt.Sprintf("%sn%d", kind.Prefix(), n))
}

func identifierKind(n int) casegraph.IdentifierKind {
	return []casegraph.IdentifierKind{"email", "tax-id"}[n%2]
}

var linkable = map[casegraph.LinkKind][2][]casegraph.Kind{
	casegraph.LinkContains:  {{casegraph.KindCase}, {casegraph.KindAccount, casegraph.KindTransaction, casegraph.KindSession}},
	casegraph.LinkRelatesTo: {{casegraph.KindCase}, {casegraph.KindCase}},
	casegraph.LinkOf:        {{casegraph.KindTransaction, casegraph.KindSession}, {casegraph.KindAccount}},
	casegraph.LinkShows:     {{casegraph.KindTransaction, casegraph.KindSession, casegraph.KindAccount}, {casegraph.KindIdentifier}},
	casegraph.LinkPaid:      {{casegraph.KindAccount}, {casegraph.KindAccount}},
	casegraph.LinkRelated:   {{casegraph.KindAccount}, {casegraph.KindAccount}},
	casegraph.LinkAbout:     {{casegraph.KindComment}, {casegraph.KindCase}},
}

var kindsUsed = []casegraph.Kind{casegraph.KindCase, casegraph.KindAccount, casegraph.KindTransaction, casegraph.KindSession, casegraph.KindIdentifier, casegraph.KindComment}

func pick[T any](random *rand.Rand, from []T) T { return from[random.Intn(len(from))] }

// randomChanges writes a few nodes and links, each change on its own. Nodes
// that a link needs are written with it.
func randomChanges(random *rand.Rand) []commit.Change {
	var changes []commit.Change
	for range 1 + random.Intn(8) {
		kind := pick(random, casegraph.LinkKinds())
		ends, ok := linkable[kind]
		if !ok {
			continue
		}
		from := randomNode(random, pick(random, ends[0]))
		to := randomNode(random, pick(random, ends[1]))
		link := casegraph.Link{LinkID: casegraph.LinkID{From: from.Head().ID, Kind: kind, To: to.Head().ID, Key: pick(random, []string{"", "", "k", "ö"})},
			FirstSeen: casegraph.Time(random.Intn(5)), LastSeen: casegraph.Time(5 + random.Intn(5)), Count: int64(1 + random.Intn(3))}
		if random.Intn(2) == 0 {
			link.LinkProps = casegraph.LinkProps{Role: "evidence", Source: "s", Raw: []string{"raw"}, Amount: "1.50"}
		}
		changes = append(changes, writing([]casegraph.Node{from, to}, link, random.Intn(4) == 0))
	}
	return changes
}

func randomNode(random *rand.Rand, kind casegraph.Kind) casegraph.Node {
	n := random.Intn(nodesEach)
	head := casegraph.Header{ID: idOf(kind, n)}
	object := casegraph.Object{Header: head, Source: "s", ReferenceID: fmt.Sprint(n % 3), At: casegraph.Time(random.Intn(3)), Note: randomText(random),
		Status: pick(random, []string{"", "open", "Open", "closed"})}
	object.Fields, _ = casegraph.ParseFields([]byte(pick(random, []string{`{}`, `{"a":1}`, `{"a":"x"}`, `{"a":{"b":[1,2]}}`, `{"a":1.5,"t":true}`})))
	switch kind {
	case casegraph.KindCase:
		return &casegraph.Case{Header: head, Number: fmt.Sprint("C-", n), Title: randomText(random), Status: "Open", Restricted: random.Intn(3) == 0}
	case casegraph.KindAccount:
		return &casegraph.Account{Object: object, Name: randomText(random)}
	case casegraph.KindTransaction:
		return &casegraph.Transaction{Object: object, Amount: casegraph.Decimal(fmt.Sprint(random.Intn(100)))}
	case casegraph.KindSession:
		return &casegraph.Session{Object: object}
	case casegraph.KindComment:
		return &casegraph.Comment{Header: head, Body: randomText(random)}
	}
	return &casegraph.Identifier{Header: head, IdentifierKind: identifierKind(n), Value: fmt.Sprint("value ", n)}
}

var words = []string{"smith", "smyth", "müller", "muller", "lee", "日本", "x1", "fraud", "frau"}

func randomText(random *rand.Rand) string {
	text := ""
	for range random.Intn(3) {
		text += pick(random, words) + " "
	}
	return text
}

func writing(nodes []casegraph.Node, link casegraph.Link, end bool) commit.Change {
	var c commit.Change
	var events []commit.Event
	seen := map[casegraph.ID]bool{}
	for _, n := range nodes {
		if !seen[n.Head().ID] {
			seen[n.Head().ID] = true
			c.Needs.Nodes = append(c.Needs.Nodes, n.Head().ID)
			events = append(events, commit.Event{Name: "node.written", Subject: n.Head().ID})
		}
	}
	if link.Kind == casegraph.LinkOf || link.Kind == casegraph.LinkShows {
		c.Needs.Evidence = []casegraph.ID{link.From}
	} else {
		c.Needs.Links = []casegraph.LinkID{link.LinkID}
	}
	c.Decide = func(*commit.View) (*commit.Writes, error) {
		w := &commit.Writes{Events: events}
		for _, n := range nodes[:len(c.Needs.Nodes)] {
			w.Nodes = append(w.Nodes, n.Clone())
		}
		if end {
			w.Ends = []casegraph.LinkID{link.LinkID}
		} else {
			w.Links = []casegraph.Link{link}
		}
		return w, nil
	}
	return c
}

// randomQuestion is one question of a store, with random arguments.
func randomQuestion(random *rand.Rand) (string, func(context.Context, casegraph.Store) (any, error)) {
	var mask casegraph.Mask
	if random.Intn(2) == 0 {
		mask = casegraph.Mask{RestrictedCases: true, IdentifierKinds: []casegraph.IdentifierKind{"tax-id"}}
	}
	var ids []casegraph.ID
	for range 1 + random.Intn(8) {
		ids = append(ids, idOf(pick(random, kindsUsed), random.Intn(nodesEach)))
	}
	moment := casegraph.Seq(random.Intn(2) * random.Intn(200)) // half of them of today
	switch random.Intn(7) {
	case 0:
		return fmt.Sprint("nodes as of ", moment), func(ctx context.Context, s casegraph.Store) (any, error) {
			nodes, err := s.Nodes(ctx, casegraph.NodesRequest{IDs: ids, Mask: mask, AsOf: moment})
			told := map[casegraph.ID]any{}
			for id, n := range nodes {
				told[id] = []any{n, *n.Head()}
			}
			return told, err
		}
	case 1, 2:
		r := casegraph.LinkRequest{IDs: ids, Mask: mask, AsOf: moment, Cap: 1 + random.Intn(6), Direction: pick(random, []casegraph.Direction{"", casegraph.DirectionOut, casegraph.DirectionIn}),
			Since: casegraph.Time(random.Intn(2) * random.Intn(9)), Until: casegraph.Time(random.Intn(2) * random.Intn(9)), HubLimits: casegraph.HubLimits{Default: random.Intn(2) * random.Intn(9)}}
		for range random.Intn(3) {
			r.Kinds = append(r.Kinds, pick(random, casegraph.LinkKinds()))
		}
		for range random.Intn(2) {
			r.FarKinds = append(r.FarKinds, pick(random, kindsUsed))
		}
		return fmt.Sprintf("links %+v", r), func(ctx context.Context, s casegraph.Store) (any, error) { return s.Links(ctx, r) }
	case 3:
		r := casegraph.ListRequest{Kind: pick(random, kindsUsed), OrderBy: pick(random, []casegraph.OrderBy{"", casegraph.ByAt, casegraph.ByUpdated}),
			Descending: random.Intn(2) == 0, Backward: random.Intn(2) == 0, First: 1 + random.Intn(6), Mask: mask}
		if random.Intn(2) == 0 {
			r.Filter = casegraph.Filter{Path: pick(random, []string{"status", "fields.a", "note", "fields.a.b"}), Op: pick(random, []casegraph.Op{casegraph.OpEq, casegraph.OpGte, casegraph.OpLt}), Value: pick(random, []any{"open", "x", int64(1), 1.5})}
		}
		return fmt.Sprintf("list %+v", r), func(ctx context.Context, s casegraph.Store) (any, error) {
			page, err := s.List(ctx, r)
			count, countErr := s.Count(ctx, r)
			return []any{page, count, countErr == nil}, err
		}
	case 4:
		r := casegraph.SearchRequest{Mask: mask, First: 1 + random.Intn(9)}
		for range 1 + random.Intn(2) {
			r.Words = append(r.Words, []string{pick(random, words), pick(random, words)})
		}
		variants := []string{pick(random, words), "smth", "muler", "frau", pick(random, words)}
		return fmt.Sprintf("search %+v", r), func(ctx context.Context, s casegraph.Store) (any, error) {
			found, err := s.Search(ctx, r)
			if err != nil {
				return nil, err
			}
			terms, err := s.Terms(ctx, variants)
			return []any{found, terms}, err
		}
	case 5:
		var pairs []casegraph.Pair
		for range 1 + random.Intn(5) {
			pairs = append(pairs, casegraph.Pair{Account: idOf(casegraph.KindAccount, random.Intn(nodesEach)), Identifier: idOf(casegraph.KindIdentifier, random.Intn(nodesEach))})
		}
		limit := 1 + random.Intn(4)
		return fmt.Sprint("evidence of ", pairs), func(ctx context.Context, s casegraph.Store) (any, error) {
			found, err := s.Evidence(ctx, casegraph.EvidenceRequest{Pairs: pairs, Limit: limit, AsOf: moment})
			told := map[string][]*casegraph.Link{}
			for pair, links := range found {
				told[fmt.Sprint(pair)] = links
			}
			return told, err
		}
	}
	keys := []casegraph.Key{{Reference: fmt.Sprint(random.Intn(3))}, {Kind: casegraph.KindAccount, Source: "s", Reference: "1"}, {Reference: "C-1"}}
	before := casegraph.Seq(random.Intn(60))
	return fmt.Sprint("keys and timelines of ", ids), func(ctx context.Context, s casegraph.Store) (any, error) {
		found, err := s.Resolve(ctx, keys)
		if err != nil {
			return nil, err
		}
		timelines, err := s.Timeline(ctx, casegraph.TimelineRequest{IDs: ids, Before: before, First: 3})
		return []any{found[keys[0]], found[keys[1]], found[keys[2]], timelines}, err
	}
}
