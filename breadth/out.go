package breadth

import (
	"fmt"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Out says how values of V leave: as JSON (leaf), or as objects of the next
// level (collect).
type Out[V any] struct {
	leaf    func(w *Writer, t *ast.Type, v V) State
	collect func(s *Sink, v V)
	deep    bool // leaf uses the path
	untyped bool // V is an interface
}

// Obj is an object; nil is null.
func Obj[O comparable](t Type[O]) Out[O] {
	return Out[O]{untyped: isInterface[O](), collect: func(s *Sink, v O) {
		var none O
		if v == none {
			s.Null()
			return
		}
		Put(s, t, v)
	}}
}

// Struct is an object held by value.
func Struct[T any](t Type[*T]) Out[T] {
	return Out[T]{collect: func(s *Sink, v T) { Put(s, t, &v) }}
}

// Structs is a list of objects held by value.
func Structs[T any](t Type[*T]) Out[[]T] {
	return Out[[]T]{collect: func(s *Sink, v []T) {
		s.length(v == nil, len(v))
		for i := range v {
			Put(s, t, &v[i])
		}
	}}
}

// Abstract is an interface or union; the generated function tells which type
// of the schema a value is of.
func Abstract[V any](collect func(s *Sink, v V)) Out[V] {
	return Out[V]{collect: collect, untyped: true}
}

// Pointer is a pointer to a list, an interface or another pointer. As with
// gqlgen nil is null without an error, even where null may not stand.
func Pointer[V any](e Out[V]) Out[*V] {
	if e.collect != nil {
		return Out[*V]{collect: func(s *Sink, v *V) {
			if v == nil {
				s.SilentNull()
				return
			}
			e.collect(s, *v)
		}}
	}
	return Out[*V]{deep: e.deep, leaf: func(w *Writer, t *ast.Type, v *V) State {
		if v == nil {
			return Reported
		}
		return e.leaf(w, t, *v)
	}}
}

// List is a list of objects or of enum values.
func List[E any](e Out[E]) Out[[]E] {
	if e.collect == nil {
		return leaves(e, true)
	}
	return Out[[]E]{collect: func(s *Sink, v []E) {
		s.length(v == nil, len(v))
		for i := range v {
			e.collect(s, v[i])
		}
	}}
}

// Scalars is a list of scalars; as with gqlgen the path of an error in it ends
// at the field.
func Scalars[E any](e Out[E]) Out[[]E] { return leaves(e, false) }

func leaves[E any](e Out[E], indexed bool) Out[[]E] {
	return Out[[]E]{deep: true, leaf: func(w *Writer, t *ast.Type, v []E) State {
		if v == nil && !t.NonNull {
			return Null
		}
		mark, ok := len(w.buf), true
		w.buf = append(w.buf, '[')
		for i := range v {
			if i > 0 {
				w.buf = append(w.buf, ',')
			}
			if !indexed {
				ok = w.settle(t.Elem, e.leaf(w, t.Elem, v[i])) && ok
				continue
			}
			w.path = append(w.path, step{field: index, index: int32(i)})
			ok = w.settle(t.Elem, guarded(w, t.Elem, e, v[i])) && ok
			w.path = w.path[:len(w.path)-1]
		}
		if !ok {
			w.truncate(mark)
			return Reported
		}
		w.buf = append(w.buf, ']')
		return Done
	}}
}

// guarded writes a value of a list whose elements panic by themselves.
func guarded[E any](w *Writer, t *ast.Type, e Out[E], v E) (st State) {
	mark, depth := len(w.buf), len(w.path)
	defer func() {
		if fault := recover(); fault != nil {
			w.truncate(mark)
			w.path = w.path[:depth]
			w.reportPanic(fault)
			st = Reported
		}
	}()
	return e.leaf(w, t, v)
}

// Put hands an object on to the next level.
func Put[O comparable](s *Sink, t Type[O], v O) {
	k, f := s.kid(t.object)
	objs := f.objs.(*[]O)
	s.column.slots = append(s.column.slots, int32(k), int32(len(*objs)))
	*objs = append(*objs, v)
	f.n++
}

// Sink takes the values of one field of one frame.
type Sink struct {
	run    *run
	frame  *frame
	column *column
	field  *planField
	hint   int
}

// The slots of a column: for an object its kid and its index there, for a list
// its length and its elements, or one of these.
const (
	slotNull   = -1 // null, or a nil list
	slotSilent = -2 // null whose error is told, or none
	slotPanic  = -3 // and an index in others: the error of a panic
	slotOther  = -4 // and an index in others: a graphql.Marshaler
)

// Null takes a null.
func (s *Sink) Null() { s.column.slots = append(s.column.slots, slotNull) }

// SilentNull takes a null that is no error, wherever it stands.
func (s *Sink) SilentNull() { s.column.slots = append(s.column.slots, slotSilent) }

// Other takes a value of an abstract type that is none of the schema's types:
// it marshals itself, or is an error.
func (s *Sink) Other(abstract string, v any) {
	if _, ok := v.(graphql.Marshaler); ok {
		s.other(slotOther, v)
		return
	}
	s.panicked(fmt.Errorf("unexpected type %T; non-generated variants of %s must implement graphql.Marshaler", v, abstract))
}

func (s *Sink) panicked(fault any) {
	s.other(slotPanic, s.run.opCtx.RecoverFunc(s.frame.context(), fault))
}

func (s *Sink) other(kind int32, v any) {
	s.column.slots = append(s.column.slots, kind, int32(len(s.column.others)))
	s.column.others = append(s.column.others, v)
}

// begin tells whether object i has a value.
func (s *Sink) begin(i int) bool {
	c := s.column
	c.starts[i] = int32(len(c.slots))
	if c.errAt(i) != nil {
		return false
	}
	if v, replaced := c.replaced[i]; replaced {
		if v == nil {
			s.Null()
		} else {
			s.other(slotOther, v)
		}
		return false
	}
	return true
}

// guarded collects the values of the objects from one on. A panic becomes the
// value of the object at fault, and ends it: it gives the object to go on with.
func (s *Sink) guarded(from, n int, collect func(i int)) (next int) {
	defer func() {
		if fault := recover(); fault != nil {
			s.column.slots = s.column.slots[:s.column.starts[next]]
			s.panicked(fault)
			next++
		}
	}()
	for next = from; next < n; next++ {
		s.begin(next)
		collect(next)
	}
	return next
}

func (s *Sink) length(null bool, n int) {
	if s.hint = n; null {
		n = slotNull
	}
	s.column.slots = append(s.column.slots, int32(n))
}

// kid is the frame of the field's objects of one type, and its place.
func (s *Sink) kid(o *object) (int, *frame) {
	for k, kid := range s.field.kids {
		if kid.object != o {
			continue
		}
		if s.column.kids[k] == nil {
			s.column.kids[k] = s.run.newFrame(kid.node(s.run.operation, s.field), s.frame, s.column, s.field, max(s.hint, s.frame.n))
		}
		return k, s.column.kids[k]
	}
	panic(fmt.Sprintf("breadth: %s.%s can't be of type %s", s.field.def.object, s.field.def.name, o.name))
}

func isInterface[V any]() bool { return reflect.TypeFor[V]().Kind() == reflect.Interface }
