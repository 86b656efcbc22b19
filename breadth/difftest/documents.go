package difftest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Documents makes random valid documents over a schema.
type Documents struct {
	Schema *ast.Schema
	// Literals are what an input may be, in GraphQL's own writing. They are
	// looked up for an argument as "Type.field.argument" and ".argument", and then
	// for a scalar by its name. Enums, lists and input objects need none.
	Literals map[string][]string
	// Rare are fields asked for one time in twenty: those that make the whole
	// answer null too often, or cost too much. "Type.field".
	Rare []string
	// Never are fields never asked for.
	Never []string
	// Mutations is how many documents in a hundred are mutations.
	Mutations int
}

// Document is one operation.
type Document struct {
	Query     string
	Variables map[string]any
	valid     *ast.QueryDocument // Query, validated, or nil
}

// otherwise is the document with what was skipped included, and the other way round.
func (d Document) otherwise() Document {
	d.Variables = maps.Clone(d.Variables)
	for _, name := range []string{condition, otherwise} {
		d.Variables[name] = d.Variables[name] != true
	}
	return d
}

// The bounds of a document. Lists multiply, so they are what an answer's size hangs on.
const (
	maxFields    = 80
	maxDepth     = 8
	oneInRare    = 20
	literalNull  = "null"
	condition    = "b"
	otherwise    = "c"
	maxArguments = 3 // in a list
)

// Next is a random valid document.
func (d *Documents) Next(random *rand.Rand) Document {
	for {
		w := &writer{Documents: d, random: random, variables: map[string]any{}}
		doc := w.document()
		var errs gqlerror.List
		if doc.valid, errs = gqlparser.LoadQueryWithRules(d.Schema, doc.Query, rules.NewDefaultRules()); errs == nil {
			return doc
		}
	}
}

// writer writes one document.
type writer struct {
	*Documents
	random    *rand.Rand
	fragments []string
	declared  []string
	variables map[string]any
	names     int
	fields    int
}

func (w *writer) document() Document {
	keyword, root := "query", w.Schema.Query
	if w.Schema.Mutation != nil && w.random.IntN(100) < w.Mutations {
		keyword, root = "mutation", w.Schema.Mutation
	}
	selections := w.selections(root, 4+w.random.IntN(maxDepth-3))
	selections += " t:__typename @skip(if: $" + condition + ") u:__typename @include(if: $" + otherwise + ")" // uses both
	declared := append([]string{"$" + condition + ": Boolean!", "$" + otherwise + ": Boolean!"}, w.declared...)
	w.variables[condition], w.variables[otherwise] = w.oneIn(2), w.oneIn(2)
	return Document{
		Query:     keyword + "(" + strings.Join(declared, ", ") + ") {" + selections + " }" + strings.Join(w.fragments, ""),
		Variables: w.variables,
	}
}

func (w *writer) oneIn(n int) bool { return w.random.IntN(n) == 0 }

func (w *writer) name(prefix string) string {
	w.names++
	return fmt.Sprint(prefix, w.names)
}

func (w *writer) selections(of *ast.Definition, depth int) string {
	var b strings.Builder
	for range 2 + w.random.IntN(4) {
		b.WriteString(w.selection(of, depth))
	}
	return b.String()
}

func (w *writer) selection(of *ast.Definition, depth int) string {
	kind := w.random.IntN(12)
	switch {
	case kind == 0 || len(of.Fields) == 0 && depth <= 0:
		return " __typename" + w.directive()
	case kind < 3 && depth > 0 || len(of.Fields) == 0:
		on := w.condition(of)
		return fmt.Sprintf(" ... on %s%s {%s }", on.Name, w.directive(), w.selections(on, depth-1))
	case kind == 3 && depth > 0:
		on, name := w.condition(of), w.name("F")
		w.fragments = append(w.fragments, fmt.Sprintf(" fragment %s on %s {%s }", name, on.Name, w.selections(on, depth-1)))
		return " ..." + name + w.directive()
	case kind == 4:
		return " ..." + w.directive() + " {" + w.selections(of, depth-1) + " }"
	}
	field := w.field(of, of.Fields[w.random.IntN(len(of.Fields))], depth)
	if field == "" {
		return " __typename"
	}
	if w.oneIn(8) { // again, to be merged
		return field + field
	}
	return field
}

// condition is a type that objects of a type may also be of.
func (w *writer) condition(of *ast.Definition) *ast.Definition {
	types := []*ast.Definition{of}
	for _, possible := range w.Schema.GetPossibleTypes(of) {
		types = append(append(types, possible), w.Schema.GetImplements(possible)...)
	}
	return types[w.random.IntN(len(types))]
}

func (w *writer) directive() string {
	variable := []string{condition, otherwise}[w.random.IntN(2)]
	switch w.random.IntN(12) {
	case 0:
		return " @skip(if: $" + variable + ")"
	case 1:
		return " @include(if: $" + variable + ")"
	case 2:
		return " @include(if: true)"
	}
	return ""
}

// field is a field, or "" for one that is not asked for now.
func (w *writer) field(of *ast.Definition, f *ast.FieldDefinition, depth int) string {
	typ, name := w.Schema.Types[f.Type.Name()], of.Name+"."+f.Name
	composite := typ.IsCompositeType()
	switch {
	case strings.HasPrefix(f.Name, "__"), composite && (depth <= 0 || w.fields >= maxFields),
		slices.Contains(w.Never, name), slices.Contains(w.Rare, name) && !w.oneIn(oneInRare):
		return ""
	}
	w.fields++
	arguments := w.arguments(name, f.Arguments)
	text := " "
	if arguments != "" || w.oneIn(4) {
		text += w.name("k") + ": "
	}
	text += f.Name + arguments + w.directive()
	if composite {
		text += " {" + w.selections(typ, depth-1) + " }"
	}
	return text
}

func (w *writer) arguments(field string, list ast.ArgumentDefinitionList) string {
	var given []string
	for _, a := range list {
		if a.Type.NonNull && a.DefaultValue == nil || w.oneIn(2) {
			given = append(given, a.Name+": "+w.argument(field, a))
		}
	}
	if given == nil {
		return ""
	}
	return "(" + strings.Join(given, ", ") + ")"
}

// argument is a literal, or a variable that has its value.
func (w *writer) argument(field string, a *ast.ArgumentDefinition) string {
	literal := w.literal(a.Type, w.Literals[field+"."+a.Name], w.Literals["."+a.Name])
	if !w.oneIn(4) {
		return literal
	}
	value, err := valueOf(literal)
	if err != nil {
		return literal
	}
	name := w.name("v")
	w.declared = append(w.declared, "$"+name+": "+a.Type.String())
	w.variables[name] = value
	return "$" + name
}

// valueOf is what a literal means.
func valueOf(literal string) (any, error) {
	doc, err := gqlparser.LoadQueryWithRules(literals, "{ f(a: "+literal+") }", &rules.Rules{})
	if err != nil {
		return nil, err
	}
	return doc.Operations[0].SelectionSet[0].(*ast.Field).Arguments[0].Value.Value(nil)
}

var literals = gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { f(a: Int): Int }"})

func (w *writer) literal(t *ast.Type, known ...[]string) string {
	if !t.NonNull && w.oneIn(8) {
		return literalNull
	}
	if t.Elem != nil {
		elements := make([]string, w.random.IntN(maxArguments+1))
		for i := range elements {
			elements[i] = w.literal(t.Elem, known...)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	}
	for _, texts := range append(known, w.Literals[t.Name()]) {
		if len(texts) > 0 {
			return texts[w.random.IntN(len(texts))]
		}
	}
	switch def := w.Schema.Types[t.Name()]; def.Kind {
	case ast.Enum:
		return def.EnumValues[w.random.IntN(len(def.EnumValues))].Name
	case ast.InputObject:
		return w.object(def)
	}
	return w.scalar(t.Name())
}

func (w *writer) object(def *ast.Definition) string {
	var fields []string
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil || w.oneIn(4) && !strings.Contains(f.Type.String(), def.Name) {
			fields = append(fields, f.Name+": "+w.literal(f.Type, w.Literals[def.Name+"."+f.Name]))
		}
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

func (w *writer) scalar(name string) string {
	switch name {
	case "Int":
		return fmt.Sprint(w.random.IntN(7))
	case "Float":
		return []string{"0.25", "1e21", "7", "-0.000001"}[w.random.IntN(4)]
	case "Boolean":
		return fmt.Sprint(w.oneIn(2))
	}
	return `"text"`
}
