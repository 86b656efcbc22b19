package difftest

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// Shrink makes a document that fails smaller, as long as it fails: it leaves
// out selections, arguments, directives, fragments and variables one by one.
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
		var text strings.Builder
		formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatQueryDocument(doc)
		try := Document{Query: text.String(), Variables: maps.Clone(d.Variables)}
		for name := range try.Variables {
			if !strings.Contains(try.Query, "$"+name) {
				delete(try.Variables, name)
			}
		}
		if fails(try) {
			return try, true
		}
	}
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
		op.VariableDefinitions = cut(c, op.VariableDefinitions)
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
