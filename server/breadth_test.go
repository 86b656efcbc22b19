package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
	"casegraph/breadth"
	"casegraph/bulk"
	"casegraph/demo"
	"casegraph/figures"
	"casegraph/graph"
	"casegraph/resolvers"
)

// A field that breadth leaves to gqlgen takes all below it along, one object
// after another, and no answer shows it: this is where it is noticed.
func TestForeignFields(t *testing.T) {
	schema := graph.NewBreadthFirstSchema(graph.Config{}, breadth.Options{})
	want := []string{"Query.__schema", "Query.__type"}
	if got := schema.(*breadth.Executor).Foreign(); !slices.Equal(got, want) {
		t.Errorf("gqlgen resolves %v, not %v alone", got, want)
	}
}

// configuration is that of the server's schema over a store.
func (f *fixture) configuration(store casegraph.Store) graph.Config {
	return graph.Config{Resolvers: &resolvers.Resolver{Workflows: resolvers.NewWorkflows(), Store: store, Committer: f.committer, Signer: f.auth.Signer, Access: f.auth, Figures: figures.New(store),
		Now: now, NewID: f.newID, Bulks: bulk.New(store, f.committer, f.auth, resolvers.RoleLimits{}.Of, now)}}
}

// newExecutor runs operations as the server does, without HTTP.
func newExecutor(schema graphql.ExecutableSchema) *executor.Executor {
	e := executor.New(schema)
	e.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	e.SetErrorPresenter(resolvers.Present)
	e.SetRecoverFunc(resolvers.Recover)
	return e
}

// run runs an operation as one of the demo's people.
func (f *fixture) run(e *executor.Executor, user casegraph.ID, query string, variables map[string]any) *graphql.Response {
	f.t.Helper()
	ctx := resolvers.WithAsker(graphql.StartOperationTrace(f.t.Context()), f.asker(user))
	op, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if errs != nil {
		f.t.Fatalf("%s\n%v", query, errs)
	}
	op.DisableIntrospection = false
	respond, ctx := e.DispatchOperation(ctx, op)
	return respond(ctx)
}

func decode(t testing.TB, variables string) map[string]any {
	t.Helper()
	var values map[string]any
	decoder := json.NewDecoder(strings.NewReader(variables))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// A share of live queries is answered by both executors, and nothing differs.
func TestComparison(t *testing.T) {
	f := newFixture(t, localStore(t))
	compared := &breadth.Comparison{Share: 1}
	e := newExecutor(graph.NewBreadthFirstSchema(f.configuration(f.store), breadth.Options{Compare: compared}))
	queries := int64(0)
	for _, o := range operations(t) {
		if !strings.HasPrefix(o.Query, "mutation") {
			queries++
		}
		f.run(e, o.user(), o.Query, decode(t, o.Variables))
	}
	if same, different, failed := compared.Counts(); same != queries || different != 0 || failed != 0 {
		t.Errorf("of %d queries %d are the same, %d differ and %d failed", queries, same, different, failed)
	}
}

// Answers that are written at the same time do not mix, though their memory is
// used again and again.
func TestAnswersSideBySide(t *testing.T) {
	f := newFixture(t, localStore(t))
	var alone [][]byte
	var bodies [][]byte
	for _, o := range operations(t) {
		if strings.HasPrefix(o.Query, "mutation") {
			continue
		}
		body, err := json.Marshal(map[string]any{"query": o.Query, "variables": json.RawMessage(o.Variables)})
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body)
		response := f.send(demo.Ben, body)
		alone = append(alone, response.Body.Bytes())
		if told := response.Header().Get("Content-Length"); told != strconv.Itoa(response.Body.Len()) {
			t.Errorf("%s: told of %s bytes, sent %d", o.Name, told, response.Body.Len())
		}
	}
	var wg sync.WaitGroup
	for first := range 4 {
		wg.Go(func() {
			for i := range 2 * len(bodies) {
				k := (first*5 + i) % len(bodies)
				if got := f.send(demo.Ben, bodies[k]).Body.Bytes(); !bytes.Equal(got, alone[k]) {
					t.Errorf("%s\nnot\n%s", got, alone[k])
				}
			}
		})
	}
	wg.Wait()
}

type placeKey struct{}

// places counts the calls of resolvers by place, and theirs to the store by
// place and method.
type places struct {
	casegraph.Store
	mu        sync.Mutex
	resolvers map[string]int
	store     map[string]int
}

func (p *places) around(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
	p.mu.Lock()
	p.resolvers[call.Object+" "+call.Path.String()]++
	p.mu.Unlock()
	return next(context.WithValue(ctx, placeKey{}, call.Path.String()))
}

func (p *places) count(ctx context.Context, method string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.store[ctx.Value(placeKey{}).(string)+": "+method]++
}

func (p *places) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	p.count(ctx, "Nodes")
	return p.Store.Nodes(ctx, r)
}

func (p *places) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	p.count(ctx, "Links")
	return p.Store.Links(ctx, r)
}

func (p *places) Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	p.count(ctx, "Evidence")
	return p.Store.Evidence(ctx, r)
}

func (p *places) Timeline(ctx context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	p.count(ctx, "Timeline")
	return p.Store.Timeline(ctx, r)
}

// Every ready operation calls a relation's resolver once a level, for all
// parents, and that calls the store once a method.
func TestOneCallARelationAndLevel(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			p := &places{Store: f.store, resolvers: map[string]int{}, store: map[string]int{}}
			e := newExecutor(graph.NewBreadthFirstSchema(f.configuration(p), breadth.Options{AroundBatch: p.around}))
			for _, o := range operations(t) {
				f.run(e, o.user(), o.Query, decode(t, o.Variables))
				if len(p.resolvers) == 0 {
					t.Errorf("%s was left to gqlgen", o.Name)
				}
				for place, n := range p.resolvers {
					if many := strings.Fields(place)[0]; n > 1 && !strings.HasSuffix(many, "Connection") { // totalCount is in memory
						t.Errorf("%s: %s is resolved %d times", o.Name, place, n)
					}
				}
				for call, n := range p.store {
					if below := strings.Contains(call, "."); below && n > 1 {
						t.Errorf("%s: %s is called %d times", o.Name, call, n)
					}
				}
				clear(p.resolvers)
				clear(p.store)
			}
		})
	}
}

// What a page costs does not depend on how long it is, whichever way down its
// elements one goes.
func TestLongerPagesCostNoMore(t *testing.T) {
	const below = `{ number assignee { name } objects(first: $n) { edges { by { name } node { __typename ... on Account {
		inquiries(first: $n) { edges { node { accounts { nodes { id } } } } } identifiers(first: $n) { edges { node { degree { accounts } } evidence { id } } } } } } }
		timeline(first: $n) { edges { node { actor { name } } } } }`
	queries := map[string]string{
		"edges": `query($n: Int!) { cases(first: $n) { edges { node ` + below + ` } } }`,
		"nodes": `query($n: Int!) { cases(first: $n) { nodes ` + below + ` } }`,
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			e := newExecutor(graph.NewBreadthFirstSchema(f.configuration(f.store), breadth.Options{}))
			var costs []map[string]int
			for _, query := range queries {
				for _, n := range []int{3, 50} {
					f.store.counted()
					if r := f.run(e, demo.Ana, query, map[string]any{"n": n}); len(r.Errors) > 0 {
						t.Fatal(r.Errors)
					}
					costs = append(costs, f.store.counted())
				}
			}
			for _, cost := range costs[1:] {
				if !maps.Equal(cost, costs[0]) {
					t.Errorf("the same questions cost %v", costs)
					break
				}
			}
		})
	}
}
