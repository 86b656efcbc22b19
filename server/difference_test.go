package server_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
	"casegraph/breadth"
	"casegraph/breadth/difftest"
	"casegraph/demo"
	"casegraph/graph"
	"casegraph/resolvers"
)

var (
	from = flag.Int("from", 0, "the number of the first random document that both executors answer")
	to   = flag.Int("documents", usualDocuments, "the number after the last")
	seed = flag.Uint64("seed", 1, "which random documents")
)

// executors are gqlgen's and breadth's over one store.
func (f *fixture) executors(store casegraph.Store, user casegraph.ID, o breadth.Options) *difftest.Executors {
	asker := f.asker(user)
	config := f.configuration(store)
	return &difftest.Executors{
		Want:    newExecutor(graph.NewExecutableSchema(config)),
		Got:     newExecutor(graph.NewBreadthFirstSchema(config, o)),
		Context: func() context.Context { return resolvers.WithAsker(f.t.Context(), asker) },
	}
}

// asked is what random documents ask of the demo.
func asked(schema *ast.Schema) *difftest.Documents {
	ids := []string{quoted(demo.Case(1)), quoted(demo.Case(2)), quoted(demo.Case(5)), quoted(demo.Account("P-1001")), quoted(demo.Account("P-1002")),
		quoted(demo.Account("M-3001")), quoted(demo.Ben), `"idn_6r0qdf8dycheattwyqekred5rw"`, `"cmt_00000000000000000000000004"`, `"act_none"`}
	return &difftest.Documents{
		Schema: schema,
		Literals: map[string][]string{
			"ID":           ids,
			"Time":         seldom(`"bad"`, `"2026-11-01T00:00:00Z"`, `"2026-11-22T00:00:00Z"`),
			"Cursor":       seldom(`"made up"`, `null`),
			"Decimal":      {`"1000"`, `"12.5"`},
			"JSONScalar":   {`"Open"`, `80`, `true`},
			".number":      {`"CASE-1"`, `"CASE-3"`, `"CASE-5"`},
			".referenceId": {`"P-1001"`, `"P-1002"`, `"M-3001"`},
			".source":      {`null`},
			".kind":        {`"email"`, `"phone"`},
			".value":       {`"petra.novak@example.com"`, `"+491701234567"`},
			".values":      {`"CASE-1"`, `"P-1001"`, `"petra"`},
			".query":       {`"petra"`, `"employee"`, `"…"`},
			".first":       seldom(`101`, `1`, `2`, `3`, `5`),
			// Not so little time that it may be spent in one executor and not in the other.
			".maxMilliseconds": seldom(`25001`, `null`, `20000`),
			".last":            {`null`, `null`, `2`},
		},
		Rare: []string{"Query.expand", "Query.paths", "Query.relatedCases", "Query.search"},
	}
}

// seldom is one of the usual, and one time in twenty the other.
func seldom(other string, usual ...string) []string {
	all := []string{other}
	for len(all) < 20 {
		all = append(all, usual[len(all)%len(usual)])
	}
	return all
}

func quoted(id casegraph.ID) string { return `"` + string(id) + `"` }

// Both executors answer random documents over the server's schema alike, to the
// byte, on a store whose calls fail and whose nodes lack half the time.
func TestDifference(t *testing.T) {
	quiet(t)
	f := newFixture(t, localStore(t))
	documents := asked(graph.NewExecutableSchema(graph.Config{}).Schema())
	blocks := difftest.Blocks{Seed: *seed, From: *from, To: *to, Block: func(t *testing.T, source *rand.Rand, n int, s *difftest.Summary) {
		store := &faulty{Store: f.store.Store, faults: &difftest.Faults{Seed: source.Uint64()}, oneIn: 20 + source.IntN(300)}
		if source.IntN(2) == 0 {
			store.faults = nil
		}
		user := []casegraph.ID{demo.Ana, demo.Ben, demo.Vera}[source.IntN(3)]
		x := f.executors(store, user, breadth.Options{Parallel: source.IntN(4), BatchSize: source.IntN(4)})
		x.Compare(t, documents, source, n, s)
	}}
	blocks.Run(t)
}

// The ready operations are answered alike, changes too: each executor has a
// store of its own.
func TestDifferenceOfOperations(t *testing.T) {
	one, other := newFixture(t, localStore(t)), newFixture(t, localStore(t))
	for _, f := range []*fixture{one, other} {
		if err := demo.LoadQueues(t.Context(), f.committer); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range operations(t) {
		want, got := one.executors(one.store, o.user(), breadth.Options{}), other.executors(other.store, o.user(), breadth.Options{})
		d := difftest.Document{Query: o.Query, Variables: decode(t, o.Variables)}
		a, b := want.Run(want.Want, d), got.Run(got.Got, d)
		if a.Data != b.Data || !slices.Equal(a.Errors, b.Errors) {
			t.Errorf("%s: gqlgen answers\n%s %s\nand breadth\n%s %s", o.Name, a.Data, a.Errors, b.Data, b.Errors)
		}
		if !bytes.HasPrefix([]byte(a.Data), []byte("{")) {
			t.Errorf("%s: %s %s", o.Name, a.Data, a.Errors)
		}
	}
}

// quiet keeps what thousands of faults tell out of the log.
func quiet(t *testing.T) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
}

// faulty is a store that lacks nodes, and whose calls fail or panic. Which do
// depends on the field that asks and not on its parents, and only calls fail
// that are made for any parents: executors that ask for other parents together
// then meet the same faults. A case without an assignee asks for nothing, so
// whether it meets the fault of another's depends on who is asked for with it.
type faulty struct {
	casegraph.Store
	faults *difftest.Faults
	oneIn  int
}

func (f *faulty) fail(ctx context.Context, method string) error {
	fc := graphql.GetFieldContext(ctx)
	switch {
	case f.faults.Hits(f.oneIn, method, fc.Object, fc.Field.Name):
		return errors.New(method)
	case f.faults.Hits(f.oneIn, "a bound", fc.Object, fc.Field.Name):
		return &casegraph.Error{Code: casegraph.CodeBadInput, Message: "too much", Field: "first"}
	case f.faults.Hits(f.oneIn, "a panic", fc.Object, fc.Field.Name):
		panic(method)
	}
	return nil
}

func (f *faulty) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if graphql.GetFieldContext(ctx).Object == "Query" {
		if err := f.fail(ctx, "Nodes"); err != nil {
			return nil, err
		}
	}
	found, err := f.Store.Nodes(ctx, r)
	for id := range found {
		if f.faults.Hits(f.oneIn, id) {
			delete(found, id)
		}
	}
	return found, err
}

func (f *faulty) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := f.fail(ctx, "Links"); err != nil {
		return nil, err
	}
	return f.Store.Links(ctx, r)
}

func (f *faulty) Groups(ctx context.Context, r casegraph.ListRequest, by string) ([]casegraph.Group, error) {
	if err := f.fail(ctx, "Groups"); err != nil {
		return nil, err
	}
	return f.Store.Groups(ctx, r, by)
}

func (f *faulty) Count(ctx context.Context, r casegraph.ListRequest) (int, error) {
	if err := f.fail(ctx, "Count"); err != nil {
		return 0, err
	}
	return f.Store.Count(ctx, r)
}

func (f *faulty) CountEach(ctx context.Context, r []casegraph.ListRequest, most int) ([]int, error) {
	if err := f.fail(ctx, "CountEach"); err != nil {
		return nil, err
	}
	return f.Store.CountEach(ctx, r, most)
}

func (f *faulty) Timeline(ctx context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	if err := f.fail(ctx, "Timeline"); err != nil {
		return nil, err
	}
	return f.Store.Timeline(ctx, r)
}
