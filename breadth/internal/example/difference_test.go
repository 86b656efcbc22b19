package example_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph/breadth"
	"casegraph/breadth/difftest"
	"casegraph/breadth/internal/example"
)

var (
	from = flag.Int("from", 0, "the number of the first random document that both executors answer")
	to   = flag.Int("documents", usualDocuments, "the number after the last")
	seed = flag.Uint64("seed", 1, "which random documents")
)

// random is what is asked over the example's schema.
func random(schema *ast.Schema) *difftest.Documents {
	return &difftest.Documents{
		Schema:    schema,
		Mutations: 5,
		Literals: map[string][]string{
			"ID":   {`"a1"`, `"a2"`, `"a4"`, `"a7"`, `"a13"`, `"a30"`, `"d3"`, `"d8"`, `"d21"`, `"c2"`, `"c9"`, `"c14"`, `"c77"`, `"zz"`},
			"Time": {`"2020-01-01T00:00:00Z"`, `"bad"`},
		},
		Never: []string{"Account.worst"}, // gqlgen's executor does not live through it
		Rare:  []string{"Query.now", "Query.mustAccount", "Query.accounts", "Query.search", "Query.cases", "Query.expand", "Mutation.mustRename"},
	}
}

// What a batch resolver's panic does to its other parents is told in other
// words: gqlgen calls it a result of the wrong type.
var batchPanic = regexp.MustCompile(`^batch resolver \S+ returned unexpected result type \(index \d+\)$`)

func normal(message string) string {
	return batchPanic.ReplaceAllString(message, panicked)
}

const panicked = "a panic"

func recovered(context.Context, any) error { return errors.New(panicked) }

// executors are gqlgen's and breadth's over the same data.
func executors(faults *difftest.Faults, o breadth.Options) *difftest.Executors {
	r := &example.Resolver{Data: example.NewData(faults)}
	x := &difftest.Executors{
		Want:   executor.New(example.NewExecutableSchema(example.NewConfig(r))),
		Got:    executor.New(example.NewBreadthFirstSchema(example.NewConfig(r), o)),
		Normal: normal,
		Reset:  func() { r.Data = example.NewData(faults) },
	}
	x.Want.SetRecoverFunc(recovered)
	x.Got.SetRecoverFunc(recovered)
	return x
}

// Both executors answer random documents alike, to the byte; their errors are
// the same, in whatever order.
func TestDifference(t *testing.T) {
	documents := random(example.NewExecutableSchema(example.Config{}).Schema())
	blocks := difftest.Blocks{Seed: *seed, From: *from, To: *to, Block: func(t *testing.T, source *rand.Rand, n int, s *difftest.Summary) {
		faults := &difftest.Faults{Seed: source.Uint64(), OneIn: 5 + source.IntN(100)}
		if source.IntN(4) == 0 {
			faults = nil
		}
		executors(faults, breadth.Options{BatchSize: source.IntN(4)}).Compare(t, documents, source, n, s)
	}}
	blocks.Run(t)
}
