package neo4jstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/commit"
	"casegraph/neo4jstore"
	"casegraph/storetest"
	"casegraph/testservers"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store { return open(t) })
}

// open is a migrated store in the test Neo4j, emptied.
func open(t testing.TB) *neo4jstore.Store {
	t.Helper()
	s := connect(t, testservers.Neo4j(t))
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func connect(t testing.TB, server testservers.Neo4jServer) *neo4jstore.Store {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// ask runs a statement of the test's own.
func ask(t *testing.T, server testservers.Neo4jServer, statement string) []any {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(context.WithoutCancel(t.Context()))
	result, err := neo4j.ExecuteQuery(t.Context(), driver, statement, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	var values []any
	for _, record := range result.Records {
		values = append(values, record.Values...)
	}
	return values
}

func TestServersThatMigrateAtOnceMakeOneSchema(t *testing.T) {
	server := testservers.Neo4j(t)
	var all sync.WaitGroup
	for range 4 {
		s := connect(t, server)
		all.Go(func() {
			if err := s.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if logs := ask(t, server, "MATCH (log:Log) RETURN log.schema"); len(logs) != 1 {
		t.Errorf("%d log nodes; want 1", len(logs))
	}
	if pending := ask(t, server, "SHOW INDEXES YIELD name, state WHERE state <> 'ONLINE' RETURN name"); len(pending) > 0 {
		t.Errorf("not ready: %v", pending)
	}
	if err := connect(t, server).Migrate(t.Context()); err != nil {
		t.Errorf("once more: %v", err)
	}
}

// A database of before has its open cases found by who has them and by their
// queue.
func TestOpenCasesOfBeforeAreFound(t *testing.T) {
	server := testservers.Neo4j(t)
	s := open(t)
	c := commit.New(s, nil)
	defer c.Close()
	held := &casegraph.Case{Header: casegraph.Header{ID: "case_a"}, QueueID: "que_a", AssigneeID: "usr_a"}
	_, err := c.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{"case_a"}}, Decide: func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Nodes: []casegraph.Node{held}, Events: []commit.Event{{Name: "case.created", Subject: "case_a"}}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"DROP INDEX case_queue", "DROP INDEX case_holder", "MATCH (n:Case) REMOVE n.queue, n.holder", "MATCH (l:Log) SET l.schema = 1"} {
		ask(t, server, statement)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, value := range map[string]string{"queueId": "que_a", "assigneeId": "usr_a"} {
		open := casegraph.Filter{And: []casegraph.Filter{{Path: path, Op: casegraph.OpEq, Value: value}, {Path: "resolvedAt", Op: casegraph.OpExists, Value: false}}}
		if n, err := s.Count(t.Context(), casegraph.ListRequest{Kind: casegraph.KindCase, Filter: open}); n != 1 || err != nil {
			t.Errorf("%s: %d, %v", path, n, err)
		}
	}
}

func TestASchemaFromTheFutureIsLeftAlone(t *testing.T) {
	server := testservers.Neo4j(t)
	ask(t, server, "CREATE (:Log {id: 1, seq: 0, schema: 99})")
	err := connect(t, server).Migrate(t.Context())
	if err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("got %v; want a refusal that asks for a newer program", err)
	}
}

func TestAWriteBeforeMigrateSaysSo(t *testing.T) {
	_, err := connect(t, testservers.Neo4j(t)).Begin(t.Context(), casegraph.Needs{})
	if err == nil || !strings.Contains(err.Error(), "Migrate") {
		t.Errorf("got %v; want an error that names Migrate", err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	server := testservers.Neo4j(t)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody.Close()
	for _, c := range []struct {
		name    string
		options neo4jstore.Options
		code    casegraph.Code
	}{
		{"no address", neo4jstore.Options{}, casegraph.CodeBadInput},
		{"no such scheme", neo4jstore.Options{URI: "http://127.0.0.1"}, casegraph.CodeBadInput},
		{"nobody listens", neo4jstore.Options{URI: "bolt://" + nobody.Addr().String()}, casegraph.CodeUnavailable},
		{"wrong password", neo4jstore.Options{URI: server.URI, User: server.User, Password: "not-the-password"}, casegraph.CodeInternal},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := neo4jstore.Open(t.Context(), c.options)
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			if casegraph.CodeOf(err) != c.code {
				t.Errorf("code %s; want %s: %v", casegraph.CodeOf(err), c.code, err)
			}
			if strings.Contains(err.Error(), "not-the-password") {
				t.Errorf("tells the password: %v", err)
			}
		})
	}
}

// A writer that waits for the log's lock gives up when nobody waits for it any
// more, and its statement ends at the server.
func TestAContextEndsAWaitingWriter(t *testing.T) {
	server := testservers.Neo4j(t)
	s := connect(t, server)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	holder, err := s.Begin(t.Context(), casegraph.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(ctx, casegraph.Needs{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v; want the context's error", err)
	}
	const waiting = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'log.locked' AND NOT currentQuery CONTAINS 'SHOW' RETURN currentQuery"
	for until := time.Now().Add(10 * time.Second); len(ask(t, server, waiting)) > 0; {
		if time.Now().After(until) {
			t.Fatal("the statement still waits at the server")
		}
	}
	holder.Rollback()
	next, err := s.Begin(t.Context(), casegraph.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	next.Rollback()
}

func TestExpiredValuesAreClearedAway(t *testing.T) {
	server := testservers.Neo4j(t)
	s := connect(t, server)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(1_700_000_000_000)
	c := commit.New(s, func() time.Time { return now })
	defer c.Close()
	write := func(values ...casegraph.Value) {
		t.Helper()
		a := &casegraph.Account{Name: fmt.Sprint(values)}
		a.ID = "act_a"
		_, err := c.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{a.ID}}, Decide: func(*commit.View) (*commit.Writes, error) {
			return &commit.Writes{Nodes: []casegraph.Node{a}, Values: values, Events: []commit.Event{{Name: "account.named", Subject: a.ID}}}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	soon := casegraph.TimeOf(now) + 1
	write(casegraph.Value{Key: "a", ExpiresAt: soon}, casegraph.Value{Key: "b", ExpiresAt: soon}, casegraph.Value{Key: "ever"})
	now = now.Add(time.Second)
	write(casegraph.Value{Key: "c"})
	if keys := ask(t, server, "MATCH (v:Value) RETURN v.key ORDER BY v.key"); fmt.Sprint(keys) != "[c ever]" {
		t.Errorf("kept %v; want [c ever]", keys)
	}
}

// A node that has many more links than are asked for is sorted and cut by
// Neo4j; with a cap past its degree the same request is sorted and cut by
// LinkRequest.Page. Both must be the same list.
func TestBusyNodesAnswerInTheTotalOrder(t *testing.T) {
	s := open(t)
	c := commit.New(s, nil)
	defer c.Close()
	const busy = casegraph.ID("act_busy")
	var change commit.Change
	var writes commit.Writes
	add := func(n casegraph.Node) {
		change.Needs.Nodes = append(change.Needs.Nodes, n.Head().ID)
		writes.Nodes = append(writes.Nodes, n)
		writes.Events = append(writes.Events, commit.Event{Name: "node.created", Subject: n.Head().ID})
	}
	link := func(from casegraph.ID, kind casegraph.LinkKind, to casegraph.ID, key string) {
		seen := casegraph.Time(rand.IntN(4))
		l := casegraph.Link{LinkID: casegraph.LinkID{From: from, Kind: kind, To: to, Key: key}, FirstSeen: seen, LastSeen: seen, Count: 1}
		change.Needs.Links = append(change.Needs.Links, l.LinkID)
		writes.Links = append(writes.Links, l)
	}
	for i, id := range []casegraph.ID{busy, "act_a", "act_b", "act_\U0001F600", "act_\uFFFD"} {
		a := &casegraph.Account{}
		a.ID = id
		add(a)
		k := &casegraph.Case{Restricted: i%2 == 0}
		k.ID = casegraph.ID(fmt.Sprint("case_", i))
		add(k)
		link(k.ID, casegraph.LinkContains, busy, "")
		if id == busy {
			continue
		}
		for _, kind := range []casegraph.LinkKind{casegraph.LinkPaid, casegraph.LinkRelated, casegraph.LinkSameAs} {
			for _, key := range []string{"", "k", "l"} {
				link(busy, kind, id, key)
				link(id, kind, busy, key)
			}
		}
	}
	change.Decide = func(*commit.View) (*commit.Writes, error) { return &writes, nil }
	if _, err := c.Do(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	page := func(r casegraph.LinkRequest) casegraph.LinkPage {
		t.Helper()
		r.IDs = []casegraph.ID{busy}
		pages, err := s.Links(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return pages[busy]
	}
	for name, r := range map[string]casegraph.LinkRequest{
		"all":     {},
		"out":     {Direction: casegraph.DirectionOut},
		"in":      {Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkPaid, casegraph.LinkContains}},
		"since":   {Since: 1},
		"before":  {Since: -1},
		"window":  {Since: 1, Until: 2},
		"until":   {Until: 2},
		"masked":  {Mask: casegraph.Mask{RestrictedCases: true}},
		"cases":   {FarKinds: []casegraph.Kind{casegraph.KindCase}},
		"not all": {FarKinds: []casegraph.Kind{casegraph.KindAccount}, Mask: casegraph.Mask{RestrictedCases: true}},
	} {
		t.Run(name, func(t *testing.T) {
			whole := r
			whole.Cap = casegraph.MaxLinkCap
			want := page(whole)
			var got []casegraph.Hop
			for r.Cap = 1; ; {
				p := page(r)
				got = append(got, p.Hops...)
				if p.Degree != want.Degree || p.More != (len(got) < len(want.Hops)) {
					t.Fatalf("after %d of %d links: degree %d of %d, more is %t", len(got), len(want.Hops), p.Degree, want.Degree, p.More)
				}
				if !p.More {
					break
				}
				r.After = map[casegraph.ID]casegraph.LinkCursor{busy: p.Hops[len(p.Hops)-1].Cursor()}
			}
			if !reflect.DeepEqual(got, want.Hops) {
				t.Errorf("page by page:\n%v\nwant\n%v", places(got), places(want.Hops))
			}
		})
	}
}

func places(hops []casegraph.Hop) []casegraph.LinkCursor {
	var all []casegraph.LinkCursor
	for _, hop := range hops {
		all = append(all, hop.Cursor())
	}
	return all
}
