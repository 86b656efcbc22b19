package resolvers_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"casegraph"
	"casegraph/graph"
	"casegraph/resolvers"
)

// The price of an operation is the sum of its fields, lists counting their
// page size.
func TestPrice(t *testing.T) {
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	for query, price := range map[string]int{
		`{ viewer { id name } }`:                                         12,
		`{ cases { nodes { id } } }`:                                     10 + 20*(1+1),
		`{ cases(first: 100) { totalCount } }`:                           10 + 100,
		`{ cases(last: 5) { nodes { id } } }`:                            10 + 5*2,
		`{ cases { nodes { objects { nodes { id } } } } }`:               10 + 20*(1+1+20*2),
		`query($n: Int = 7) { cases(first: $n) { nodes { id } } }`:       10 + 7*2,
		`{ nodes(ids: ["a", "b", "c"]) { id } }`:                         10 + 3,
		`{ lookup(values: ["a", "b"]) { value } }`:                       10 + 2,
		`{ expand(from: ["a"]) { nodes { distance } } }`:                 10 + 20*2,
		`{ expand(from: ["a"], maxNodes: 1000) { nodes { distance } } }`: 10 + 100*2,
		`{ ...A ...A } fragment A on Query { viewer { id } }`:            2 * 11,
		`{ cases(first: 1000000) { nodes { id } } }`:                     10 + 100*2,
		`{ views(first: 2) { nodes { id count { value } } } }`:           10 + 2*(1+1+100+1),
		`{ __typename }`:                                 0,
		`{ __schema { types { name } } }`:                2000,
		`{ viewer { ... { id } ... on User { name } } }`: 12,
		`{ account(id: "a") { identifiers(first: 2) { edges { evidence { id } } } } }`: 10 + 1 + 2*(1+1+5),
		`mutation { revokeApiKey(input: {keyId: "key_a"}) { key { id } } }`:            12,
	} {
		doc, errs := gqlparser.LoadQueryWithRules(schema, query, nil)
		if errs != nil {
			t.Fatalf("%s: %v", query, errs)
		}
		variables := map[string]any{}
		for _, v := range doc.Operations[0].VariableDefinitions {
			variables[v.Variable], _ = v.DefaultValue.Value(nil)
		}
		if got, err := resolvers.CheckPrice(doc, doc.Operations[0], variables); err != nil || got != price {
			t.Errorf("%s costs %d, not %d (%v)", query, got, price, err)
		}
	}
}

// Whatever can be parsed is measured or refused, in time that its length bounds.
func FuzzCheckShape(f *testing.F) {
	for _, seed := range []string{
		`{ viewer { name } }`,
		`query A($n: Int) @skip(if: true) { a: cases(first: $n) { ...F ... on CaseConnection { totalCount } } } fragment F on CaseConnection { ...F }`,
		`{ __schema { types { fields { args { type { ofType { name } } } } } } }`,
		strings.Repeat("{a", 40) + strings.Repeat("}", 40),
		`{ ...A } fragment A on Q { ...B ...B } fragment B on Q { ...C ...C } fragment C on Q { a }`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, resolvers.MaxTokens)
		if err != nil {
			return
		}
		if err := resolvers.CheckShape(doc); err != nil {
			if code := casegraph.CodeOf(err); code != casegraph.CodeTooLarge && code != casegraph.CodeBadInput {
				t.Errorf("refused as %s: %v", code, err)
			}
		}
	})
}
