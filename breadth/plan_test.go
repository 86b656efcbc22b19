package breadth

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// planner is an executor of a schema of one field, and its operations.
func planner(t *testing.T, o Options) (*Executor, func(query string, variables map[string]any) *graphql.OperationContext) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `directive @mine on FIELD | QUERY
		type Query { n: Int }`})
	types := NewTypes(schema)
	NewType[*Root](types, "Query", []string{"Query"}).Add(Var("n", func(*Root) int { return 1 }, Int))
	e := Wrap(nil, types, func(ctx context.Context) (context.Context, any) { return ctx, nil }, o).(*Executor)
	return e, func(query string, variables map[string]any) *graphql.OperationContext {
		doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
		if errs != nil {
			t.Fatal(errs)
		}
		return &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: variables}
	}
}

// A plan is made once for an operation and what its conditions are.
func TestPlanIsKept(t *testing.T) {
	e, operation := planner(t, Options{})
	op := operation(`query($a: Boolean!, $b: Boolean!, $c: Boolean!) { n @skip(if: $a) ... @include(if: $b) { m: n } ...F } fragment F on Query { o: n @include(if: $c) }`, nil)
	plans := map[*plan]bool{}
	for i := range 16 {
		op := &graphql.OperationContext{Doc: op.Doc, Operation: op.Operation, Variables: map[string]any{"a": i&1 > 0, "b": i&2 > 0, "c": i&4 > 0}}
		p := e.plan(op)
		plans[p] = true
		want := 0
		for _, there := range []bool{i&1 == 0, i&2 > 0, i&4 > 0} {
			if there {
				want++
			}
		}
		if got := len(p.root.fields); got != want {
			t.Errorf("%v: %d fields, not %d", op.Variables, got, want)
		}
	}
	if len(plans) != 8 {
		t.Errorf("%d plans for 8 sets of values", len(plans))
	}
}

// Plans take bounded memory, however many operations come by.
func TestPlansAreBounded(t *testing.T) {
	e, operation := planner(t, Options{Plans: 3})
	for range 10 {
		e.plan(operation(`{ n }`, nil))
	}
	if n, m := e.plans.byValues.Len(), e.plans.conditions.Len(); n != 3 || m != 3 {
		t.Errorf("%d plans and %d conditions are kept, not 3", n, m)
	}
}

// What breadth can't do, it leaves whole.
func TestNoPlan(t *testing.T) {
	e, operation := planner(t, Options{})
	for query, planned := range map[string]bool{
		`{ n }`:                  true,
		`{ n @skip(if: false) }`: true,
		`{ n @mine }`:            false,
		`query @mine { n }`:      false,
		`{ ...F } fragment F on Query { n @mine }`:         false,
		`query($a: Boolean = true) { n @include(if: $a) }`: false, // without a value here
	} {
		if got := e.plan(operation(query, nil)) != nil; got != planned {
			t.Errorf("%s: planned %v", query, got)
		}
	}
}
