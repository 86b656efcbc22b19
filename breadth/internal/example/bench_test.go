package example_test

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph/breadth"
	"casegraph/breadth/internal/example"
)

// shape is an operation that is measured.
type shape struct {
	name, query string
	variables   map[string]any
	// The most allocations that breadth may need, and its calls of batch resolvers.
	allocations float64
	calls       int64
}

var shapes = []shape{
	{"expand", `query($id: ID!) { expand(id: $id) { nodes { id label name depth } links { from to kind } cut } }`,
		map[string]any{"id": "a1"}, 200, 0},
	{"casepage", `query($n: Int!) { cases(first: $n) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id title status at
		assignee { id name email } subjects { __typename ... on Account { id name risk } ... on Device { id kind at } }
		related { id } timeline { at text actor { ... on Account { id name } } } } } } }`,
		map[string]any{"n": 20}, 500, 4},
	{"nested", `{ maybeAccounts(first: 10) { id name devices(first: 5) { id kind accounts(first: 3) { id name email at } }
		cases(first: 3) { edges { node { id title assignee { id name owner { id name } } } } } } }`, nil, 500, 5},
	{"small", `query($id: ID!) { account(id: $id) { id name email risk at tags } }`, map[string]any{"id": "a1"}, 100, 0},
}

// cached is an executor as servers have it: a document is validated once.
func cached(schema graphql.ExecutableSchema) *executor.Executor {
	e := executor.New(schema)
	e.SetQueryCache(lru.New[*ast.QueryDocument](100))
	return e
}

func (s *shape) run(tb testing.TB, e *executor.Executor) {
	ctx, buffer := breadth.WithBuffer(graphql.StartOperationTrace(context.Background()))
	defer buffer.Release()
	op, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: s.query, Variables: s.variables})
	if errs != nil {
		tb.Fatal(errs)
	}
	respond, ctx := e.DispatchOperation(ctx, op)
	if response := respond(ctx); len(response.Errors) > 0 {
		tb.Fatal(response.Errors)
	}
}

// BenchmarkExecutor is an operation whose document is known, without HTTP.
func BenchmarkExecutor(b *testing.B) {
	for _, s := range shapes {
		r := &example.Resolver{Data: example.NewData(nil)}
		for name, schema := range map[string]graphql.ExecutableSchema{
			"gqlgen":  example.NewExecutableSchema(example.NewConfig(r)),
			"breadth": example.NewBreadthFirstSchema(example.NewConfig(r), breadth.Options{}),
		} {
			b.Run(s.name+"/"+name, func(b *testing.B) {
				e := cached(schema)
				s.run(b, e)
				before := r.Calls.Load()
				s.run(b, e)
				calls := r.Calls.Load() - before
				b.ReportAllocs()
				for b.Loop() {
					s.run(b, e)
				}
				b.ReportMetric(float64(calls), "calls/op")
			})
		}
	}
}

// What an operation costs is counted, not timed.
func TestCosts(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			r := &example.Resolver{Data: example.NewData(nil)}
			e := cached(example.NewBreadthFirstSchema(example.NewConfig(r), breadth.Options{}))
			s.run(t, e)
			before := r.Calls.Load()
			s.run(t, e)
			if calls := r.Calls.Load() - before; calls != s.calls {
				t.Errorf("%d calls of batch resolvers, not %d", calls, s.calls)
			}
			if got := testing.AllocsPerRun(20, func() { s.run(t, e) }); got > s.allocations && !raceDetector {
				t.Errorf("%v allocations, not at most %v", got, s.allocations)
			}
		})
	}
}
