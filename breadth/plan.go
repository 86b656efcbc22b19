package breadth

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// A plan is made once for an operation and the values of its @skip and @include.
type (
	plan struct {
		root *node
		size atomic.Int64 // of the last answer, in bytes
	}
	// node is what is asked of the objects of one type at one place.
	node struct {
		object   *object
		fields   []planField
		resolved int // how many fields are not __typename
	}
	planField struct {
		key       []byte // ,"alias": and for __typename its value
		def       *Field // nil: __typename
		typ       *ast.Type
		collected graphql.CollectedField
		kids      []*kid
	}
	// kid is one type that a field's objects may have. Its node is made when the
	// first such object is met: a document may name more than there ever is.
	kid struct {
		object *object
		made   atomic.Pointer[node]
	}
)

// plans keeps those used last. An operation is known by its address: the
// executor's query cache gives the same one for the same document.
type plans struct {
	conditions *lru.Cache[*ast.OperationDefinition, conditions]
	byValues   *lru.Cache[planKey, *plan]
}

type planKey struct {
	op     *ast.OperationDefinition
	values string
}

const usualPlans = 1000

func newPlans(size int) plans {
	if size <= 0 {
		size = usualPlans
	}
	c, _ := lru.New[*ast.OperationDefinition, conditions](size) // fails for a size of 0 alone
	p, _ := lru.New[planKey, *plan](size)
	return plans{c, p}
}

// plan is how to answer an operation, or nil if that is left to gqlgen.
func (e *Executor) plan(opCtx *graphql.OperationContext) *plan {
	root := e.root(opCtx.Operation.Operation)
	if root == nil {
		return nil
	}
	c, known := e.plans.conditions.Get(opCtx.Operation)
	if !known {
		c = conditionsOf(opCtx)
		e.plans.conditions.Add(opCtx.Operation, c)
	}
	values, ok := c.values(opCtx.Variables)
	if !ok {
		return nil
	}
	key := planKey{opCtx.Operation, values}
	p, known := e.plans.byValues.Get(key)
	if !known {
		p = &plan{root: e.types.node(opCtx, root, opCtx.Operation.SelectionSet)}
		e.plans.byValues.Add(key, p)
	}
	return p
}

// root is the table of the operation's type, or nil.
func (e *Executor) root(op ast.Operation) *object {
	var d *ast.Definition
	switch op {
	case ast.Query:
		d = e.types.ast.Query
	case ast.Mutation:
		d = e.types.ast.Mutation
	}
	if d == nil {
		return nil
	}
	return e.types.byName[d.Name]
}

// conditions are the variables on which it depends what is asked.
type conditions struct {
	variables []string
	unknown   bool // there are directives other than @skip and @include
}

// values are the variables' values; false: the operation is left to gqlgen.
func (c conditions) values(variables map[string]any) (string, bool) {
	if c.unknown || len(c.variables) == 0 {
		return "", !c.unknown
	}
	var b strings.Builder
	for _, name := range c.variables {
		value, ok := variables[name].(bool)
		if !ok {
			return "", false
		}
		if value {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String(), true
}

func conditionsOf(opCtx *graphql.OperationContext) conditions {
	c := conditions{unknown: len(opCtx.Operation.Directives) > 0}
	c.set(opCtx.Operation.SelectionSet)
	for _, fragment := range opCtx.Doc.Fragments {
		c.set(fragment.SelectionSet)
	}
	return c
}

func (c *conditions) set(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			c.directives(s.Directives)
			c.set(s.SelectionSet)
		case *ast.InlineFragment:
			c.directives(s.Directives)
			c.set(s.SelectionSet)
		case *ast.FragmentSpread:
			c.directives(s.Directives)
		}
	}
}

func (c *conditions) directives(list ast.DirectiveList) {
	for _, d := range list {
		if d.Name != "skip" && d.Name != "include" {
			c.unknown = true
			continue
		}
		v := d.Arguments.ForName("if").Value
		if v.Kind == ast.Variable && !slices.Contains(c.variables, v.Raw) {
			c.variables = append(c.variables, v.Raw)
		}
	}
}

// node says what a selection asks of the objects of one type.
func (t *Types) node(opCtx *graphql.OperationContext, o *object, selections ast.SelectionSet) *node {
	n := &node{object: o}
	seen := map[string]bool{}
	for _, collected := range graphql.CollectFields(opCtx, selections, o.satisfies) {
		if seen[collected.Alias] {
			continue // as gqlgen's FieldSet: the first of a response key is written
		}
		seen[collected.Alias] = true
		key := `,"` + collected.Alias + `":`
		if len(n.fields) == 0 {
			key = key[1:]
		}
		if collected.Name == "__typename" {
			n.fields = append(n.fields, planField{key: []byte(key + `"` + o.name + `"`), collected: collected})
			continue
		}
		n.fields = append(n.fields, t.planField(o, []byte(key), collected))
		n.resolved++
	}
	return n
}

func (t *Types) planField(o *object, key []byte, collected graphql.CollectedField) planField {
	pf := planField{key: key, def: o.fields[collected.Name], collected: collected}
	if pf.def == nil {
		panic("breadth: no table has " + o.name + "." + collected.Name + "; generate it again")
	}
	// The type's own field may be stricter than the interface's that was asked.
	pf.typ = t.ast.Types[o.name].Fields.ForName(collected.Name).Type
	if pf.def.collect != nil {
		for _, possible := range t.possible(pf.typ.Name()) {
			pf.kids = append(pf.kids, &kid{object: possible})
		}
	}
	return pf
}

func (k *kid) node(o *operation, pf *planField) *node {
	n := k.made.Load()
	if n == nil {
		n = o.types.node(o.opCtx, k.object, pf.collected.Selections)
		k.made.Store(n)
	}
	return n
}
