package resolvers

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// NameInputs gives errors of validation, which know a place in the document
// alone, the path of the input that stands there.
func NameInputs(doc *ast.QueryDocument, errs gqlerror.List) {
	for _, err := range errs {
		if len(err.Path) == 0 && len(err.Locations) > 0 {
			err.Path = place(err.Locations[0]).inDocument(doc)
		}
	}
}

// place is where an input may stand. Its methods give the path of the input
// that does, nil for none.
type place gqlerror.Location

func (p place) inDocument(doc *ast.QueryDocument) ast.Path {
	for _, op := range doc.Operations {
		for _, variable := range op.VariableDefinitions {
			if path := p.inValue(ast.Path{ast.PathName("variable"), ast.PathName(variable.Variable)}, variable.DefaultValue); path != nil {
				return path
			}
		}
		if path := p.inDirectives(op.Directives); path != nil {
			return path
		}
		if path := p.inSelections(op.SelectionSet); path != nil {
			return path
		}
	}
	for _, fragment := range doc.Fragments {
		if path := p.inSelections(fragment.SelectionSet); path != nil {
			return path
		}
	}
	return nil
}

func (p place) inSelections(set ast.SelectionSet) (path ast.Path) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if path = p.inArguments(selection.Arguments); path == nil {
				if path = p.inDirectives(selection.Directives); path == nil {
					path = p.inSelections(selection.SelectionSet)
				}
			}
		case *ast.InlineFragment:
			if path = p.inDirectives(selection.Directives); path == nil {
				path = p.inSelections(selection.SelectionSet)
			}
		case *ast.FragmentSpread:
			path = p.inDirectives(selection.Directives)
		}
		if path != nil {
			return path
		}
	}
	return nil
}

func (p place) inDirectives(directives ast.DirectiveList) ast.Path {
	for _, directive := range directives {
		if path := p.inArguments(directive.Arguments); path != nil {
			return path
		}
	}
	return nil
}

func (p place) inArguments(arguments ast.ArgumentList) ast.Path {
	for _, argument := range arguments {
		path := ast.Path{ast.PathName(argument.Name)}
		if p.is(argument.Position) {
			return path
		}
		if path = p.inValue(path, argument.Value); path != nil {
			return path
		}
	}
	return nil
}

func (p place) inValue(path ast.Path, value *ast.Value) ast.Path {
	if value == nil {
		return nil
	}
	if p.is(value.Position) {
		return path
	}
	for i, child := range value.Children {
		within := append(path[:len(path):len(path)], ast.PathIndex(i))
		if value.Kind == ast.ObjectValue {
			within[len(path)] = ast.PathName(child.Name)
		}
		if p.is(child.Position) {
			return within
		}
		if found := p.inValue(within, child.Value); found != nil {
			return found
		}
	}
	return nil
}

func (p place) is(position *ast.Position) bool {
	return position != nil && position.Line == p.Line && position.Column == p.Column
}
