package difftest

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// Shrink makes a document that fails smaller, as long as it fails: it leaves
// out selections, arguments, directives and fragments one by one.
// fails must be false for documents that are not valid.
func Shrink(d Document, fails func(Document) bool) Document {
	for {
		smaller, ok := smaller(d, fails)
		if !ok {
			return d
		}
		d = smaller
	}
}

func smaller(d Document, fails func(Document) bool) (Document, bool) {
	for cut := 0; ; cut++ {
		doc, err := parser.ParseQuery(&ast.Source{Input: d.Query})
		if err != nil {
			return d, false
		}
		c := &cutter{left: cut}
		c.document(doc)
		if c.left >= 0 {
			return d, false // nothing is left to cut
		}
		try := Document{Query: used(doc), Variables: maps.Clone(d.Variables)}
		maps.DeleteFunc(try.Variables, func(name string, _ any) bool { return uses(try.Query, `\$`, name) == 0 })
		if fails(try) {
			return try, true
		}
	}
}

// used is the text of a document without the fragments and variables that
// nothing in it uses.
func used(doc *ast.QueryDocument) string {
	for {
		text := format(doc)
		before := len(doc.Fragments)
		doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool { return uses(text, `\.\.\. ?`, f.Name) == 0 })
		if len(doc.Fragments) == before {
			break
		}
	}
	text := format(doc)
	for _, op := range doc.Operations {
		op.VariableDefinitions = slices.DeleteFunc(op.VariableDefinitions, func(v *ast.VariableDefinition) bool { return uses(text, `\$`, v.Variable) == 1 })
	}
	return format(doc)
}

// uses counts a name behind its mark.
func uses(text, mark, name string) int {
	return len(regexp.MustCompile(mark+name+`\b`).FindAllString(text, -1))
}

func format(doc *ast.QueryDocument) string {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatQueryDocument(doc)
	return text.String()
}

// cutter makes the one cut whose turn it is.
type cutter struct{ left int }

func (c *cutter) turn() bool {
	c.left--
	return c.left == -1
}

func cut[S ~[]E, E any](c *cutter, list S) S {
	for i := range list {
		if c.turn() {
			return slices.Delete(list, i, i+1)
		}
	}
	return list
}

func (c *cutter) document(doc *ast.QueryDocument) {
	doc.Fragments = cut(c, doc.Fragments)
	for _, op := range doc.Operations {
		op.SelectionSet = c.selections(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		f.SelectionSet = c.selections(f.SelectionSet)
	}
}

func (c *cutter) selections(set ast.SelectionSet) ast.SelectionSet {
	if len(set) > 1 {
		set = cut(c, set)
	}
	for i, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			s.Arguments, s.Directives = cut(c, s.Arguments), cut(c, s.Directives)
			s.SelectionSet = c.selections(s.SelectionSet)
		case *ast.InlineFragment:
			if c.turn() { // what it holds in its place
				return slices.Replace(set, i, i+1, s.SelectionSet...)
			}
			s.Directives = cut(c, s.Directives)
			s.SelectionSet = c.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			s.Directives = cut(c, s.Directives)
		}
		if c.left < 0 {
			return set
		}
	}
	return set
}
