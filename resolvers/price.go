package resolvers

import (
	"encoding/json"
	"math"

	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
	"casegraph/traverse"
)

// MaxPrice is how much one operation may cost: a page of 100 with 50 each, of
// which five fields are asked, is within it.
const MaxPrice = 30_000

// The prices of single fields, where they are not 1 and what lies within.
const (
	introspectionPrice = 2_000 // however much of the schema is read
	rootPrice          = 10    // a call to the store, or several
	viewCountPrice     = 100   // of a view: it may look at all there is
	figuresRows        = 100   // of caseAnalytics, however many come
)

// CheckPrice refuses an operation that may cost too much. A field costs 1 and
// what lies within it; a list, its page size times that. A traversal counts a
// tenth of its budget, as it takes few calls for many nodes; one that lists only
// some of what it met what it lists, or a hundredth of its budget.
func CheckPrice(doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any) (int, error) {
	p := pricing{fragments: doc.Fragments, variables: variables, known: map[string]float64{}}
	price := p.set(op.SelectionSet, true)
	if price > MaxPrice {
		return 0, &casegraph.Error{Code: casegraph.CodeTooLarge,
			Message: tooDear(price)}
	}
	return int(price), nil
}

func tooDear(price float64) string {
	text := "more than a billion"
	if price < 1e9 {
		text = decimal(int64(math.Ceil(price)))
	}
	return "the operation may cost " + text + " and at most " + decimal(MaxPrice) +
		" is allowed: ask for smaller pages or for less in them"
}

func decimal(n int64) string { text, _ := json.Marshal(n); return string(text) }

type pricing struct {
	fragments ast.FragmentDefinitionList
	variables map[string]any
	known     map[string]float64 // by fragment
}

func (p *pricing) set(set ast.SelectionSet, root bool) float64 {
	var price float64
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			price += p.field(selection, root)
		case *ast.InlineFragment:
			price += p.set(selection.SelectionSet, root)
		case *ast.FragmentSpread:
			price += p.fragment(selection.Name, root)
		}
	}
	return price
}

func (p *pricing) fragment(name string, root bool) float64 {
	price, known := p.known[name]
	if !known {
		if definition := p.fragments.ForName(name); definition != nil {
			price = p.set(definition.SelectionSet, root)
		}
		p.known[name] = price
	}
	return price
}

func (p *pricing) field(field *ast.Field, root bool) float64 {
	switch field.Name {
	case "__typename":
		return 0
	case "__schema", "__type":
		return introspectionPrice
	}
	price := 1.0
	switch {
	case root:
		price = rootPrice
	case field.Name == "count" && field.ObjectDefinition != nil && field.ObjectDefinition.Name == "View":
		price = viewCountPrice
	}
	return price + p.times(field)*p.set(field.SelectionSet, false)
}

// times is how often what lies within a field may come.
func (p *pricing) times(field *ast.Field) float64 {
	arguments := field.ArgumentMap(p.variables)
	for _, size := range []string{"first", "last"} {
		if n, given := wholeNumber(arguments[size]); given {
			return min(max(1, n), casegraph.MaxPage) // more is refused by the field
		}
	}
	if n, given := wholeNumber(arguments["list"]); given {
		met, _ := wholeNumber(arguments["maxNodes"])
		return max(1, min(n, traverse.MostListed), min(met, traverse.MostComponentNodes)/100)
	}
	if n, given := wholeNumber(arguments["maxNodes"]); given {
		return min(max(10, n), traverse.MostSearchNodes) / 10
	}
	if field.Name == "caseAnalytics" {
		return figuresRows
	}
	for _, list := range []string{"ids", "values"} {
		if values, given := arguments[list].([]any); given {
			return max(1, float64(len(values)))
		}
	}
	if field.Definition != nil && field.Definition.Arguments.ForName("last") != nil {
		return casegraph.DefaultPage
	}
	return 1
}

func wholeNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}
