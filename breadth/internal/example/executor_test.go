package example_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"casegraph/breadth"
	"casegraph/breadth/difftest"
	"casegraph/breadth/internal/example"
)

// server is an executor over data without faults, unless a test makes some.
type server struct {
	*executor.Executor
	*example.Resolver
}

func newServer(o breadth.Options) *server {
	s := &server{Resolver: &example.Resolver{Data: example.NewData(nil)}}
	s.Executor = cached(example.NewBreadthFirstSchema(example.NewConfig(s.Resolver), o))
	s.SetRecoverFunc(recovered)
	return s
}

func (s *server) run(t testing.TB, ctx context.Context, query string) *graphql.Response {
	t.Helper()
	op, errs := s.CreateOperationContext(graphql.StartOperationTrace(ctx), &graphql.RawParams{Query: query})
	if errs != nil {
		t.Fatal(errs)
	}
	op.DisableIntrospection = false
	respond, ctx := s.DispatchOperation(ctx, op)
	return respond(ctx)
}

// told are the errors as "path: message", in their order.
func told(r *graphql.Response) []string {
	list := []string{}
	for _, err := range r.Errors {
		list = append(list, err.Path.String()+": "+err.Message)
	}
	return list
}

func check[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s:\n%s\nnot\n%s", what, g, w)
	}
}

// recorder records the calls of resolvers.
type recorder struct {
	mu    sync.Mutex
	calls []string
}

func (r *recorder) around(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
	r.mu.Lock()
	r.calls = append(r.calls, fmt.Sprintf("%s %s.%s of %d", call.Path, call.Object, call.Field, call.N))
	r.mu.Unlock()
	return next(ctx)
}

func (r *recorder) sorted() string {
	slices.Sort(r.calls)
	return strings.Join(r.calls, "; ")
}

const twoLevels = `{ accounts(first: 3) { devices(first: 2) { accounts(first: 2) { score } } } }`

// A resolver is called once for all objects at its place, whatever lists lie above.
func TestOneCallAPlace(t *testing.T) {
	var r recorder
	newServer(breadth.Options{AroundBatch: r.around}).run(t, t.Context(), twoLevels)
	check(t, "calls", r.sorted(), "accounts Query.accounts of 1; accounts.devices Account.devices of 3; "+
		"accounts.devices.accounts Device.accounts of 6; accounts.devices.accounts.score Account.score of 12")
}

// Objects of several types at one place, and objects that others hold, join the same wave.
func TestPlacesOfAbstractTypes(t *testing.T) {
	var r recorder
	newServer(breadth.Options{AroundBatch: r.around}).run(t, t.Context(),
		`{ cases(first: 4) { edges { node { subjects { ... on Account { score } ... on Device { primary { id } } } } } } }`)
	check(t, "calls", r.sorted(), "cases Query.cases of 1; cases.edges.node.subjects Case.subjects of 4; "+
		"cases.edges.node.subjects.primary Device.primary of 4; cases.edges.node.subjects.score Account.score of 4")
}

func TestBatchSize(t *testing.T) {
	var r recorder
	whole := newServer(breadth.Options{}).run(t, t.Context(), twoLevels)
	parts := newServer(breadth.Options{AroundBatch: r.around, BatchSize: 5}).run(t, t.Context(), twoLevels)
	check(t, "data", string(parts.Data), string(whole.Data))
	check(t, "calls", r.sorted(), "accounts Query.accounts of 1; accounts.devices Account.devices of 3; "+
		"accounts.devices.accounts Device.accounts of 1; accounts.devices.accounts Device.accounts of 5; "+
		"accounts.devices.accounts.score Account.score of 2; accounts.devices.accounts.score Account.score of 5; accounts.devices.accounts.score Account.score of 5")
}

// The error of a call is that of all its parents, and of no others.
func TestErrorOfACall(t *testing.T) {
	refused := func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
		if parents, ok := call.Parents.([]*example.Account); ok && call.Field == "owner" && parents[0].ID == "a1" {
			return errors.New("refused")
		}
		return next(ctx)
	}
	const query = `{ accounts(first: 3) { owner { id } } }`
	for size, want := range map[int][]string{
		0: {"accounts[0].owner: refused", "accounts[1].owner: refused", "accounts[2].owner: refused"},
		2: {"accounts[0].owner: refused", "accounts[1].owner: refused"},
	} {
		check(t, fmt.Sprint("batches of ", size), told(newServer(breadth.Options{AroundBatch: refused, BatchSize: size}).run(t, t.Context(), query)), want)
	}
}

// The error of one parent is its own alone.
func TestErrorOfAParent(t *testing.T) {
	s := newServer(breadth.Options{})
	s.Data = example.NewData(&difftest.Faults{Seed: 5, OneIn: 1})
	r := s.run(t, t.Context(), `{ maybeAccounts(first: 9) { owner { id } } }`)
	if n := len(r.Errors); n == 0 || n > 5 {
		t.Errorf("%d of 6 parents have an error: %v", n, told(r))
	}
}

// pointerErrors are errors whose nil pointer panics.
type pointerErrors struct{ list []error }

func (e *pointerErrors) Error() string   { return "pointer" }
func (e *pointerErrors) Errors() []error { return e.list }

// Errors that can't be had are a panic of their call, on whichever goroutine it is.
func TestErrorsThatPanic(t *testing.T) {
	for _, size := range []int{0, 1} {
		s := newServer(breadth.Options{BatchSize: size, AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
			if err := next(ctx); err != nil || call.Field != "owner" {
				return err
			}
			return (*pointerErrors)(nil)
		}})
		r := s.run(t, t.Context(), `{ accounts(first: 2) { score owner { id } spends } }`)
		check(t, "data", string(r.Data), `{"accounts":[{"score":10,"owner":null,"spends":"10.01"},{"score":20,"owner":null,"spends":"20.02"}]}`)
		check(t, "errors", told(r), []string{"accounts[0].owner: " + panicked, "accounts[1].owner: " + panicked})
	}
}

// What an AroundBatch cancels behind it ends nothing below; its values are there.
func TestAroundBatchThatCancels(t *testing.T) {
	type key struct{}
	lacking := 0
	s := newServer(breadth.Options{AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
		if call.Field != "accounts" && ctx.Value(key{}) == nil {
			lacking++
		}
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, key{}, call.Field), time.Minute)
		defer cancel()
		return next(ctx)
	}})
	r := s.run(t, t.Context(), `{ accounts(first: 2) { devices(first: 1) { primary { id score } } } }`)
	check(t, "errors", told(r), []string{})
	check(t, "calls without the values from above", lacking, 0)
}

// An interceptor of the root's fields may call on once more: the last answer stands, or both.
func TestAroundRootFieldsTwice(t *testing.T) {
	s := newServer(breadth.Options{})
	s.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		first := next(ctx)
		again := next(ctx)
		switch graphql.GetRootFieldContext(ctx).Field.Alias {
		case "first":
			return first
		case "both":
			return graphql.Array{first, again}
		}
		return again
	})
	for _, kind := range []string{"query", "mutation"} {
		name, args := "account", `id: "a1"`
		if kind == "mutation" {
			name, args = "rename", `id: "a1", name: "x"`
		}
		r := s.run(t, t.Context(), fmt.Sprintf(`%s { %s(%s) { id owner { id } } first: %[2]s(%[3]s) { id } both: %[2]s(%[3]s) { id } }`, kind, name, args))
		check(t, "data", string(r.Data), `{"`+name+`":{"id":"a1","owner":{"id":"a0"}},"first":{"id":"a1"},"both":[{"id":"a1"},{"id":"a1"}]}`)
	}
}

// An AroundBatch that neither calls on nor fails is at fault.
func TestAroundBatchWithoutNext(t *testing.T) {
	s := newServer(breadth.Options{AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
		if call.Field == "owner" {
			return nil
		}
		return next(ctx)
	}})
	r := s.run(t, t.Context(), `{ account(id: "a1") { owner { id } } }`)
	check(t, "errors", told(r), []string{"account.owner: unexpected type <nil> from middleware/directive chain, should be []*example.Account"})
}

// No more resolvers run side by side than may; without a limit all of a wave do.
func TestParallel(t *testing.T) {
	const query = `{ a: account(id: "a1") { devices { id } owner { id } score spends } b: account(id: "a2") { devices { id } owner { id } score } }`
	for limit, want := range map[int]int64{1: 1, 3: 3} {
		var running, most atomic.Int64
		s := newServer(breadth.Options{Parallel: limit, AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
			now := running.Add(1)
			defer running.Add(-1)
			for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
			}
			return next(ctx)
		}})
		s.run(t, t.Context(), query)
		if most.Load() > want {
			t.Errorf("%d run at once, not at most %d", most.Load(), want)
		}
	}
	meeting := make(chan struct{})
	var together atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s := newServer(breadth.Options{AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
		var give, take chan struct{}
		switch call.Field { // each waits for the other
		case "owner":
			give = meeting
		case "score":
			take = meeting
		default:
			return next(ctx)
		}
		select {
		case give <- struct{}{}:
			together.Add(1)
		case <-take:
			together.Add(1)
		case <-ctx.Done():
		}
		return next(ctx)
	}})
	s.run(t, ctx, `{ account(id: "a1") { owner { id } score } }`)
	if together.Load() != 2 {
		t.Error("the resolvers of one wave do not run side by side")
	}
}

// What is cancelled calls no further resolvers: no wave, no batch, no parent.
func TestCancelled(t *testing.T) {
	for name, c := range map[string]struct {
		query, at, want string
		size            int
	}{
		"waves":   {twoLevels, "devices", "accounts Query.accounts of 1; accounts.devices Account.devices of 3", 0},
		"batches": {twoLevels, "score", "accounts Query.accounts of 1; accounts.devices Account.devices of 3; accounts.devices.accounts Device.accounts of 6; accounts.devices.accounts.score Account.score of 6", 6},
		"parents": {`{ accounts(first: 3) { slow } }`, "slow", "accounts Query.accounts of 1; accounts.slow Account.slow of 1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			var r recorder
			s := newServer(breadth.Options{BatchSize: c.size, AroundBatch: func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
				if call.Field == c.at {
					defer cancel()
				}
				return r.around(ctx, call, next)
			}})
			response := s.run(t, ctx, c.query)
			check(t, "calls", r.sorted(), c.want)
			if !slices.ContainsFunc(response.Errors, func(err *gqlerror.Error) bool { return errors.Is(err, context.Canceled) }) {
				t.Errorf("%v", told(response))
			}
		})
	}
}

// Errors come in the order of the document, whichever resolver is first, and
// those of a list in its order.
func TestErrorsInOrder(t *testing.T) {
	fail := func(ctx context.Context, call breadth.Call, next func(context.Context) error) error {
		if call.Field == "score" || call.Field == "owner" || call.Field == "slow" {
			return errors.New(call.Field)
		}
		return next(ctx)
	}
	r := newServer(breadth.Options{AroundBatch: fail}).run(t, t.Context(),
		`{ b: maybeAccounts(first: 3) { slow owner { id } } a: account(id: "a1") { score owner { id } } }`)
	check(t, "errors", told(r), []string{"b[0].slow: slow", "b[0].owner: owner", "b[2].slow: slow", "b[2].owner: owner", "a.score: score", "a.owner: owner"})
	check(t, "data", string(r.Data), `{"b":[{"slow":null,"owner":null},null,{"slow":null,"owner":null}],"a":null}`)
}

// A field of the root can be denied, replaced and wrapped, and what it registers is kept.
func TestAroundRootFields(t *testing.T) {
	s := newServer(breadth.Options{})
	s.AroundRootFields(func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		field := graphql.GetRootFieldContext(ctx).Field
		graphql.RegisterExtension(ctx, field.Alias, field.Name)
		switch field.Alias {
		case "denied":
			graphql.AddErrorf(ctx, "denied")
			return graphql.Null
		case "replaced":
			return graphql.MarshalString("else")
		case "wrapped":
			return graphql.Array{next(ctx), graphql.True}
		case "panics":
			panic("an interceptor")
		}
		return next(ctx)
	})
	r := s.run(t, t.Context(), `{ whole: case(id: "c1") { id } denied: case(id: "c1") { id } replaced: case(id: "c1") { id }
		wrapped: case(id: "c1") { id } panics: case(id: "c1") { id } }`)
	check(t, "data", string(r.Data), `{"whole":{"id":"c1"},"denied":null,"replaced":"else","wrapped":[{"id":"c1"},true],"panics":null}`)
	check(t, "errors", told(r), []string{": denied", "panics: " + panicked})
	extensions, _ := json.Marshal(r.Extensions)
	check(t, "extensions", string(extensions), `{"denied":"case","panics":"case","replaced":"case","whole":"case","wrapped":"case"}`)
}

// Field interceptors see each call: a plain resolver's value can be replaced
// and marked as one that may not be null.
func TestAroundFields(t *testing.T) {
	s := newServer(breadth.Options{})
	s.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) {
		field := graphql.GetFieldContext(ctx).Field
		switch field.Alias {
		case "nothing":
			return nil, nil
		case "required":
			graphql.MarkNonNull(ctx)
			return nil, nil
		case "marshaler":
			return graphql.MarshalString("else"), nil
		case "wrong":
			return 7, nil
		}
		return next(context.WithValue(ctx, server{}, field.Alias))
	})
	r := s.run(t, t.Context(), `{ a: account(id: "a1") { nothing: slow marshaler: slow wrong: slow as: slow } b: account(id: "a1") { required: slow } nothing: case(id: "c1") { id } }`)
	check(t, "data", string(r.Data), `{"a":{"nothing":null,"marshaler":"else","wrong":null,"as":"slow slow"},"b":null,"nothing":null}`)
	check(t, "errors", told(r), []string{"a.wrong: unexpected type int from middleware/directive chain, should be *string",
		"b.required: cannot return null for non-null field Account.slow (String): the field was marked non-null at runtime and resolved to nil"})
}

// A panic is the error of its place alone, wherever it comes from.
func TestPanics(t *testing.T) {
	s := newServer(breadth.Options{})
	s.Data = example.NewData(&difftest.Faults{Seed: 1})
	for name, query := range map[string]string{
		"a promoted field": `{ maybeAccounts(first: 50) { id initials } }`,
		"a method":         `{ nodes(ids: ["d0","d1","d2","d3","d4","d5","d6","d7","d8","d9","d10","d11","d12","d13","d14","d15","d16","d17","d18","d19"]) { id ... on Device { os { old } } } }`,
	} {
		r := s.run(t, t.Context(), query)
		if len(r.Errors) == 0 || !strings.HasPrefix(string(r.Data), `{"`) || r.Errors[0].Message != panicked {
			t.Errorf("%s: %s %v", name, r.Data, told(r))
		}
	}
}

// A marshaler's panic is its field's; or it ends the response, as with gqlgen.
func TestPanicOfAMarshaler(t *testing.T) {
	for raise, want := range map[bool]string{false: "balance", true: "panic"} {
		s := newServer(breadth.Options{RaiseMarshalPanics: raise})
		got := func() (got string) {
			defer func() {
				if recover() != nil {
					got = "panic"
				}
			}()
			r := s.run(t, t.Context(), `{ b: account(id: "a1") { tags } a: account(id: "a1") { id worst } }`)
			check(t, "data", string(r.Data), `{"b":{"tags":["#x","#t1"]},"a":{"id":"a1","worst":null}}`)
			return strings.TrimSuffix(r.Errors[0].Path.String(), "worst") + "balance"
		}()
		if !strings.HasSuffix(got, want) {
			t.Errorf("raise %v: %s", raise, got)
		}
	}
}

// What is not breadth's is gqlgen's: subscriptions, @defer, and nothing else.
func TestLeftToGqlgen(t *testing.T) {
	for query, want := range map[string]bool{
		`subscription { ticks(n: 2) { assignee { id } } }`:                                true,
		`{ account(id: "a1") { id ... @defer { owner { id } } } }`:                        true,
		`{ account(id: "a1") { owner @skip(if: false) { id } } __schema { __typename } }`: false,
		`mutation { rename(id: "a1", name: "x") { owner { id } } }`:                       false,
	} {
		var r recorder
		newServer(breadth.Options{AroundBatch: r.around}).run(t, t.Context(), query)
		if left := len(r.calls) == 0; left != want {
			t.Errorf("%s: left to gqlgen: %v", query, left)
		}
	}
	schema := example.NewBreadthFirstSchema(example.Config{}, breadth.Options{})
	check(t, "foreign fields", schema.(*breadth.Executor).Foreign(), []string{"Account.motto", "Query.__schema", "Query.__type"})
}

// A mutation's fields run one after another, each with all below it.
func TestMutationsInOrder(t *testing.T) {
	var r recorder
	s := newServer(breadth.Options{AroundBatch: r.around})
	response := s.run(t, t.Context(), `mutation { a: rename(id: "a3", name: "A") { name devices { id } } b: rename(id: "a3", name: "B") { name score } }`)
	check(t, "calls", strings.Join(r.calls, "; "), "a Mutation.rename of 1; a.devices Account.devices of 1; b Mutation.rename of 1; b.score Account.score of 1")
	check(t, "data", string(response.Data), `{"a":{"name":"A","devices":[{"id":"d3"},{"id":"d4"},{"id":"d5"}]},"b":{"name":"B","score":30}}`)
}

// An operation takes a goroutine a call and a field of the root, none an element.
func TestGoroutines(t *testing.T) {
	s := newServer(breadth.Options{})
	made := func() uint64 {
		sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	for query, most := range map[string]uint64{
		`{ expand(id: "a1") { nodes { id } links { from } } }`:                                                      0,
		`{ maybeAccounts(first: 50) { tags devices(first: 50) { id installed { name } } owner { id } } }`:           1,
		`{ a: maybeAccounts(first: 50) { owner { id } score } b: maybeAccounts(first: 50) { owner { id } score } }`: 4,
	} {
		s.run(t, t.Context(), query)
		fewest := uint64(math.MaxUint64) // others of the program may make some as well
		for range 20 {
			before := made()
			s.run(t, t.Context(), query)
			fewest = min(fewest, made()-before)
		}
		if fewest > most {
			t.Errorf("%s: %d goroutines, not at most %d", query, fewest, most)
		}
	}
}

// An answer lies in the memory lent to it, and the next one in the same.
func TestBuffer(t *testing.T) {
	s := newServer(breadth.Options{})
	for range 3 {
		ctx, buffer := breadth.WithBuffer(t.Context())
		r := s.run(t, ctx, `{ a: account(id: "a1") { id } b: account(id: "a2") { id } }`)
		check(t, "data", string(r.Data), `{"a":{"id":"a1"},"b":{"id":"a2"}}`)
		buffer.Release()
	}
}

// A share of the queries is answered by both, and differences that stay are counted.
func TestComparison(t *testing.T) {
	for name, c := range map[string]struct {
		share            float64
		query            string
		lies             int // how many of breadth's answers are others
		same, diff, fail int64
	}{
		"the same":            {1, `{ account(id: "a1") { name } }`, 0, 1, 0, 0},
		"the same errors":     {1, `{ a: case(id: "x") { id } b: case(id: "y") { id } }`, 0, 1, 0, 0},
		"it stays different":  {1, `{ account(id: "a1") { name } }`, 2, 0, 1, 0},
		"the data changed":    {1, `{ account(id: "a1") { name } }`, 1, 1, 0, 0},
		"gqlgen panics":       {1, `{ account(id: "a1") { worst } }`, 0, 0, 0, 1},
		"not of the share":    {0, `{ account(id: "a1") { name } }`, 2, 0, 0, 0},
		"mutations never are": {1, `mutation { rename(id: "a1", name: "x") { id } }`, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			toldOf := 0
			compared := &breadth.Comparison{Share: c.share, Differs: func(context.Context) { toldOf++ }}
			lies := c.lies
			s := newServer(breadth.Options{Compare: compared, AroundBatch: func(ctx context.Context, _ breadth.Call, next func(context.Context) error) error {
				if lies > 0 {
					lies--
					return errors.New("a lie")
				}
				return next(ctx)
			}})
			ctx, buffer := breadth.WithBuffer(t.Context())
			defer buffer.Release()
			r := s.run(t, ctx, c.query)
			if name == "the data changed" { // a second answer does not lie over the first
				check(t, "data", string(r.Data), `{"account":null}`)
			}
			same, diff, fail := compared.Counts()
			check(t, "counts", []int64{same, diff, fail, int64(toldOf)}, []int64{c.same, c.diff, c.fail, c.diff})
		})
	}
}
