package resolvers

import (
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
)

// Bounds of a document, checked before it is validated: what comes later takes
// time that grows faster than the document.
const (
	MaxTokens       = 15_000
	MaxDepth        = 15     // fields within fields
	MaxNesting      = 30     // selections within selections: fields and inline fragments
	MaxAliases      = 100    // in the whole document
	MaxRootFields   = 20     // of one operation
	MaxSpreads      = 200    // of fragments, in the whole document
	MaxDirectives   = 50     // in the whole document
	MaxFields       = 1_000  // written in the whole document
	MaxFieldsSpread = 10_000 // of one operation, each fragment counted where it is spread
	maxNestedLists  = 3      // lists within lists of introspection
)

// CheckShape refuses a parsed document that is out of bounds, or has numbers
// that would lose digits. It takes time that grows with the document alone.
func CheckShape(doc *ast.QueryDocument) error {
	s := shape{fragments: doc.Fragments, measured: map[string]*measure{}}
	for _, op := range doc.Operations {
		for _, variable := range op.VariableDefinitions {
			if err := checkLiteral("variable."+variable.Variable, variable.DefaultValue); err != nil {
				return err
			}
		}
		if err := s.directed(op.Directives); err != nil {
			return err
		}
		m, err := s.set(op.SelectionSet, 1)
		switch {
		case err != nil:
			return err
		case m.width > MaxRootFields:
			return tooLarge("at most %d root fields an operation", MaxRootFields)
		case m.fields > MaxFieldsSpread:
			return tooLarge("at most %d fields an operation, fragments included", MaxFieldsSpread)
		case m.depth > MaxDepth:
			return errDepth
		case m.lists > maxNestedLists:
			return tooLarge("introspection lists nest at most %d deep", maxNestedLists)
		}
	}
	for _, fragment := range doc.Fragments {
		if _, err := s.fragment(fragment.Name, 1); err != nil {
			return err
		}
	}
	return s.check()
}

func tooLarge(format string, args ...any) error {
	known := casegraph.BadInput(format, args...).(*casegraph.Error)
	return &casegraph.Error{Code: casegraph.CodeTooLarge, Message: "the document is too large: " + known.Message}
}

var errDepth = tooLarge("fields nest at most %d deep, %d with the inline fragments between them", MaxDepth, MaxNesting)

// measure is how large a selection is, its fragments spread out.
type measure struct {
	width  int // fields at its top
	fields int
	depth  int
	lists  int // introspection lists within each other
}

type shape struct {
	fragments                            ast.FragmentDefinitionList
	measured                             map[string]*measure // by fragment; nil while it is being measured
	aliases, spreads, directives, fields int
}

func (s *shape) check() error {
	switch {
	case s.aliases > MaxAliases:
		return tooLarge("at most %d aliases", MaxAliases)
	case s.spreads > MaxSpreads:
		return tooLarge("at most %d spreads of fragments", MaxSpreads)
	case s.directives > MaxDirectives:
		return tooLarge("at most %d directives", MaxDirectives)
	case s.fields > MaxFields:
		return tooLarge("at most %d fields", MaxFields)
	}
	return nil
}

func (s *shape) set(set ast.SelectionSet, depth int) (measure, error) {
	var whole measure
	if depth > MaxNesting {
		return whole, errDepth
	}
	for _, selection := range set {
		part, err := s.selection(selection, depth)
		if err != nil {
			return whole, err
		}
		whole.width += part.width
		whole.fields = min(whole.fields+part.fields, MaxFieldsSpread+1)
		whole.depth = max(whole.depth, part.depth)
		whole.lists = max(whole.lists, part.lists)
		if err := s.check(); err != nil {
			return whole, err
		}
	}
	return whole, nil
}

func (s *shape) selection(selection ast.Selection, depth int) (measure, error) {
	switch selection := selection.(type) {
	case *ast.Field:
		return s.field(selection, depth)
	case *ast.InlineFragment:
		if err := s.directed(selection.Directives); err != nil {
			return measure{}, err
		}
		return s.set(selection.SelectionSet, depth+1)
	case *ast.FragmentSpread:
		s.spreads++
		if err := s.directed(selection.Directives); err != nil {
			return measure{}, err
		}
		return s.fragment(selection.Name, depth)
	}
	return measure{}, nil
}

// directed counts directives and looks at what they are given.
func (s *shape) directed(directives ast.DirectiveList) error {
	s.directives += len(directives)
	for _, directive := range directives {
		if err := checkArguments(directive.Arguments); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) field(field *ast.Field, depth int) (measure, error) {
	s.fields++
	if err := s.directed(field.Directives); err != nil {
		return measure{}, err
	}
	if err := checkArguments(field.Arguments); err != nil {
		return measure{}, err
	}
	if field.Alias != "" && field.Alias != field.Name {
		s.aliases++
	}
	within, err := s.set(field.SelectionSet, depth+1)
	m := measure{width: 1, fields: within.fields + 1, depth: within.depth + 1, lists: within.lists}
	switch field.Name {
	case "fields", "interfaces", "possibleTypes", "inputFields":
		if len(field.Arguments) == 0 || field.Arguments.ForName("includeDeprecated") != nil {
			m.lists++
		}
	}
	return m, err
}

// fragment measures a fragment once, however often it is spread.
func (s *shape) fragment(name string, depth int) (measure, error) {
	if m, known := s.measured[name]; known {
		if m == nil {
			return measure{}, casegraph.BadInput("the fragment %.100q spreads itself", name)
		}
		return *m, nil
	}
	definition := s.fragments.ForName(name)
	if definition == nil {
		return measure{}, nil // validation says so
	}
	s.measured[name] = nil
	if err := s.directed(definition.Directives); err != nil {
		return measure{}, err
	}
	m, err := s.set(definition.SelectionSet, depth+1)
	s.measured[name] = &m
	return m, err
}
