package breadth

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Types are the tables of a schema's object types.
type Types struct {
	ast    *ast.Schema
	byName map[string]*object
}

// NewTypes has no tables yet.
func NewTypes(s *ast.Schema) *Types { return &Types{ast: s, byName: map[string]*object{}} }

// object is one object type, backed by some Go type.
type object struct {
	name      string
	satisfies []string // its own name and those of its interfaces
	fields    map[string]*Field
	newObjs   func(n int) any // *[]O
}

// Type is the table of one object type, whose values are of the Go type O: a
// pointer to a struct, or an interface.
type Type[O comparable] struct{ *object }

// Root is the object of the query and the mutation.
type Root struct{}

// NewType adds the table of an object type. satisfies are its own name and
// those of its interfaces and unions.
func NewType[O comparable](t *Types, name string, satisfies []string) Type[O] {
	o := &object{name: name, satisfies: satisfies, fields: map[string]*Field{},
		newObjs: func(n int) any { objs := make([]O, 0, n); return &objs }}
	t.byName[name] = o
	return Type[O]{o}
}

// Add adds fields.
func (o *object) Add(fields ...*Field) {
	for _, f := range fields {
		o.fields[f.name], f.object = f, o.name
	}
}

func (t *Types) foreign() []string {
	var names []string
	for _, o := range t.byName {
		for _, f := range o.fields {
			if f.foreign != nil {
				names = append(names, o.name+"."+f.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// possible are the object types that a type of the schema may be.
func (t *Types) possible(name string) []*object {
	var objects []*object
	for _, d := range t.ast.GetPossibleTypes(t.ast.Types[name]) {
		if o := t.byName[d.Name]; o != nil && !slices.Contains(objects, o) {
			objects = append(objects, o)
		}
	}
	return objects
}

// Field is one field of an object type, with its Go types erased.
type Field struct {
	object, name string
	context      ContextFunc[any]
	isMethod     bool
	isResolver   bool
	plain        bool // one resolver call an object, with its kind of errors
	untyped      bool // a nil value is nil for gqlgen before it is marshalled

	// One of resolve and foreign, or none: then the value is in the object.
	resolve func(j *job)
	foreign func(ctx context.Context, ec any, f graphql.CollectedField, objs any, i int) graphql.Marshaler

	// One of leaf and collect. vals are the frame's objects, or what resolve got.
	leaf    func(w *Writer, t *ast.Type, vals any, i int) State
	collect func(s *Sink, vals any)
	deep    bool // leaf uses the path
}

// ContextFunc is gqlgen's generated fieldContext function: it decodes arguments.
type ContextFunc[EC any] func(ec EC, ctx context.Context, f graphql.CollectedField) (*graphql.FieldContext, error)

func (c ContextFunc[EC]) erase() ContextFunc[any] {
	return func(ec any, ctx context.Context, f graphql.CollectedField) (*graphql.FieldContext, error) {
		return c(ec.(EC), ctx, f)
	}
}

// Var is a field read from the object's own memory.
func Var[O, V any](name string, get func(O) V, out Out[V]) *Field {
	f := &Field{name: name, untyped: out.untyped, deep: out.deep}
	if out.leaf != nil {
		f.leaf = func(w *Writer, t *ast.Type, vals any, i int) State {
			return out.leaf(w, t, get((*vals.(*[]O))[i]))
		}
		return f
	}
	f.collect = func(s *Sink, vals any) {
		objs := *vals.(*[]O)
		for i := 0; i < len(objs); {
			i = s.guarded(i, len(objs), func(i int) { out.collect(s, get(objs[i])) })
		}
	}
	return f
}

// Method is a field that a method of the object gives, which takes nothing and can't fail.
func Method[O, V any](name string, get func(O) V, out Out[V]) *Field {
	f := Var(name, get, out)
	f.isMethod = true
	return f
}

// Batch is a field whose resolver takes all parents at once.
func Batch[EC, O, V any](name string, c ContextFunc[EC],
	call func(ctx context.Context, ec EC, objs []O, fc *graphql.FieldContext) ([]V, error), out Out[V],
) *Field {
	f := resolved(name, c, out)
	f.isMethod, f.isResolver = true, true
	f.resolve = func(j *job) {
		objs := *j.frame.objs.(*[]O)
		j.column.vals = batches(j, objs, func(ctx context.Context, objs []O) ([]V, error) {
			return call(ctx, j.run.ec.(EC), objs, j.column.fc)
		})
	}
	return f
}

// Each is a field with a call an object, one after another; isResolver tells a
// resolver from a method of the object.
func Each[EC, O, V any](name string, c ContextFunc[EC], isResolver bool,
	call func(ctx context.Context, ec EC, obj O, fc *graphql.FieldContext) (V, error), out Out[V],
) *Field {
	f := resolved(name, c, out)
	f.isMethod, f.isResolver, f.plain = true, isResolver, true
	f.resolve = func(j *job) {
		objs := *j.frame.objs.(*[]O)
		j.column.vals = singly(j, len(objs), func(ctx context.Context, i int, fc *graphql.FieldContext) (V, error) {
			return call(ctx, j.run.ec.(EC), objs[i], fc)
		})
	}
	return f
}

func resolved[EC, V any](name string, c ContextFunc[EC], out Out[V]) *Field {
	f := &Field{name: name, context: c.erase(), untyped: out.untyped, deep: out.deep}
	if out.leaf != nil {
		f.leaf = func(w *Writer, t *ast.Type, vals any, i int) State { return out.leaf(w, t, vals.([]V)[i]) }
		return f
	}
	f.collect = func(s *Sink, vals any) {
		for i, v := range vals.([]V) {
			if s.begin(i) {
				out.collect(s, v)
			}
		}
	}
	return f
}

// Foreign is a field that gqlgen's own generated function resolves and
// marshals, with all below it.
func Foreign[EC, O any](name string, call func(ctx context.Context, ec EC, f graphql.CollectedField, obj O) graphql.Marshaler) *Field {
	return &Field{name: name, deep: true, foreign: func(ctx context.Context, ec any, f graphql.CollectedField, objs any, i int) graphql.Marshaler {
		return call(ctx, ec.(EC), f, (*objs.(*[]O))[i])
	}}
}
