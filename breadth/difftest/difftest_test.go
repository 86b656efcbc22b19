package difftest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	interface Node { id: ID! }
	type A implements Node { id: ID! b(n: Int, of: Of, kinds: [Kind!]): B other: Node bad: Int }
	type B implements Node { id: ID! as(n: Int! = 1): [A!]! }
	union Any = A | B
	enum Kind { X Y }
	input Of { n: Int! of: Of kind: Kind }
	type Query { a: A any: Any node(id: ID!): Node never: Int }
	type Mutation { do(of: Of!): A }`})

// Documents are valid, use all that the schema has, and nothing that is never wanted.
func TestDocuments(t *testing.T) {
	d := &Documents{Schema: schema, Never: []string{"Query.never"}, Literals: map[string][]string{"ID": {`"one"`, `"two"`}}, Mutations: 20}
	random := rand.New(rand.NewPCG(1, 2))
	all := ""
	for range 150 {
		doc := d.Next(random)
		if _, errs := gqlparser.LoadQueryWithRules(schema, doc.Query, rules.NewDefaultRules()); errs != nil {
			t.Fatalf("%s\n%v", doc.Query, errs)
		}
		all += doc.Query
	}
	for _, part := range []string{"mutation(", "query(", "... on B", "... on Node", "fragment F1 on", "@skip(if: $b)", "@include(if: $c)", "__typename",
		"kinds: [X", "of: {n: ", "kind: Y", `"one"`, "$v1: ", "n: $v", "n: null", " bad bad"} {
		if !strings.Contains(all, part) {
			t.Errorf("no document has %q", part)
		}
	}
	if strings.Contains(all, "never") {
		t.Error("a document asks for what it never should")
	}
}

// The same seed gives the same documents.
func TestDocumentsOfASeed(t *testing.T) {
	d := &Documents{Schema: schema}
	for range 5 {
		one, other := d.Next(rand.New(rand.NewPCG(7, 0))), d.Next(rand.New(rand.NewPCG(7, 0)))
		if one.Query != other.Query {
			t.Errorf("%s\n%s", one.Query, other.Query)
		}
	}
}

// A failing document is shrunk to what makes it fail.
func TestShrink(t *testing.T) {
	big := Document{Query: `query($b: Boolean!, $n: Int) { any { ... on A @skip(if: $b) { id ...F } ... on B { as(n: 3) { id } } } a { b(n: $n) { id } } }
		fragment F on A { other { ... on A { id bad b(n: $n) { id } } } }`, Variables: map[string]any{"b": false, "n": 1}}
	small := Shrink(big, func(d Document) bool {
		_, errs := gqlparser.LoadQueryWithRules(schema, d.Query, rules.NewDefaultRules())
		return errs == nil && strings.Contains(d.Query, "bad")
	})
	if got := len(strings.Fields(small.Query)); got > 24 || len(small.Variables) > 0 || !strings.Contains(small.Query, "bad") {
		t.Errorf("%d words are left, of variables %v:\n%s", got, small.Variables, small.Query)
	}
}

// Faults depend on names, not on turns, and are as many as asked for.
func TestFaults(t *testing.T) {
	f := &Faults{Seed: 1, OneIn: 10}
	found := map[Fault]int{}
	for i := range 10_000 {
		fault := f.At("field", i)
		if fault != f.At("field", i) {
			t.Fatal("another turn, another fault")
		}
		found[fault]++
	}
	if n := 10_000 - found[None]; n < 800 || n > 1200 || slices.Min([]int{found[Error], found[Coded], found[Nil]}) < n/5 {
		t.Errorf("%v", found)
	}
	var none *Faults
	if none.At("x") != None || none.Hits(1, "x") || !f.Hits(1, "x") {
		t.Error("nil has faults, or one in one is not all")
	}
}
