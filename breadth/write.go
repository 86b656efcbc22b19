package breadth

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// State tells what came of writing a value.
type State uint8

// The states. Only Done has written something.
const (
	Done        State = iota
	Null              // the value is null
	MarshalNull       // the marshaler made a value null
	Reported          // null, and its error is told, or none
	Required          // null where an interceptor forbade it
)

// Writer is the answer under way.
type Writer struct {
	run  *run
	buf  []byte
	path []step
	base context.Context // of the field of the root
	late []lateError

	marshalling bool // a marshaler is at work
}

// step is one of a path. It holds no pointer, so that pushing one is cheap
// while the garbage collector runs.
type step struct {
	frame int32
	field int32 // of the frame's plan, or index
	index int32
}

// index marks a step into a list.
const index = -1

// lateError comes from a marshaler; as in gqlgen it counts only if what the
// marshaler wrote stays.
type lateError struct {
	at  int // in buf
	ctx context.Context
	err error
}

// Write appends to the answer, for marshalers.
func (w *Writer) Write(b []byte) (int, error) { w.buf = append(w.buf, b...); return len(b), nil }

// WriteString is Write.
func (w *Writer) WriteString(s string) (int, error) { w.buf = append(w.buf, s...); return len(s), nil }

func (w *Writer) truncate(mark int) {
	w.buf = w.buf[:mark]
	for len(w.late) > 0 && w.late[len(w.late)-1].at >= mark {
		w.late = w.late[:len(w.late)-1]
	}
}

// failLate writes null for a value whose marshaler failed, and began at mark.
func (w *Writer) failLate(mark int, ctx context.Context, err error) {
	w.late = append(w.late, lateError{mark, ctx, err})
	w.buf = append(w.buf, "null"...)
}

func (w *Writer) tellLate() {
	for _, l := range w.late {
		graphql.AddError(l.ctx, l.err)
	}
}

// settle writes null where that may stand; false: the parent must be null.
func (w *Writer) settle(t *ast.Type, st State) bool {
	switch {
	case st == Done:
		return true
	case st == Required:
		return false
	case !t.NonNull:
		w.buf = append(w.buf, "null"...)
		return true
	case st == Null:
		graphql.AddInvalidNullError(w.context(), t.String())
	case st == MarshalNull:
		graphql.AddInvalidNullFromMarshaler(w.context(), t.String())
	}
	return false
}

// marshal lets a value write itself.
func (w *Writer) marshal(m graphql.Marshaler) State {
	if m == nil {
		return Null
	}
	w.marshalling = true
	m.MarshalGQL(w)
	w.marshalling = false
	return Done
}

// raised is a panic that ends the whole response.
type raised struct{ fault any }

// reportPanic makes a panic the error of the place being written.
func (w *Writer) reportPanic(fault any) {
	if _, ok := fault.(raised); ok {
		panic(fault)
	}
	if w.marshalling && w.run.options.RaiseMarshalPanics {
		panic(raised{fault})
	}
	ctx := w.context()
	w.run.opCtx.Error(ctx, w.run.opCtx.Recover(ctx, fault))
}

// context is that of the place being written, made only for errors and for
// what gqlgen's own code writes.
func (w *Writer) context() context.Context {
	ctx := w.base
	for _, s := range w.path {
		if s.field == index {
			i := int(s.index)
			ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i})
			continue
		}
		f := w.run.frames[s.frame]
		pf := &f.plan.fields[s.field]
		fc := &graphql.FieldContext{Object: f.plan.object.name, Field: pf.collected, IsMethod: pf.def.isMethod, IsResolver: pf.def.isResolver}
		if made := f.columns[s.field].fc; made != nil {
			fc.Args, fc.Child = made.Args, made.Child
		}
		ctx = graphql.WithFieldContext(ctx, fc)
	}
	return ctx
}

// object writes one object, or nothing when it must be null. All fields are
// visited even so, that each error is told.
func (r *run) object(f *frame, i int) State {
	mark, ok := len(r.buf), true
	r.buf = append(r.buf, '{')
	for k := 0; k < len(f.plan.fields); {
		var fine bool
		k, fine = r.fields(f, i, k, len(f.plan.fields))
		ok = ok && fine
	}
	if !ok {
		r.truncate(mark)
		return Reported
	}
	r.buf = append(r.buf, '}')
	return Done
}

// fields writes some fields of an object; false: the object must be null. A
// panic becomes the error of the field at fault and ends it: next is the field
// to go on with.
func (r *run) fields(f *frame, i, from, to int) (next int, ok bool) {
	depth, mark := len(r.path), 0
	defer func() {
		if fault := recover(); fault != nil {
			pf := &f.plan.fields[next]
			r.truncate(mark)
			r.path = append(r.path[:depth], step{frame: f.id, field: int32(next)})
			r.reportPanic(fault)
			ok = r.settle(pf.typ, Reported) && ok
			r.path = r.path[:depth]
			next++
		}
	}()
	ok = true
	for next = from; next < to; next++ {
		pf := &f.plan.fields[next]
		r.buf = append(r.buf, pf.key...)
		if mark = len(r.buf); pf.def == nil {
			continue
		}
		ok = r.field(f, next, i) && ok
	}
	return next, ok
}

// field writes the value of a field, or null; false: the object must be null.
func (r *run) field(f *frame, k, i int) bool {
	pf, c := &f.plan.fields[k], &f.columns[k]
	if pf.def.leaf != nil && !pf.def.deep && pf.def.resolve == nil { // the short way for most
		st := pf.def.leaf(&r.Writer, pf.typ, c.vals, i)
		if st == Done {
			return true
		}
		r.path = append(r.path, step{frame: f.id, field: int32(k)})
		ok := r.settleField(pf, c, i, st)
		r.path = r.path[:len(r.path)-1]
		return ok
	}
	r.path = append(r.path, step{frame: f.id, field: int32(k)})
	ok := r.settleField(pf, c, i, r.value(f, pf, c, i))
	r.path = r.path[:len(r.path)-1]
	return ok
}

// settleField is settle for a field's own value.
func (r *run) settleField(pf *planField, c *column, i int, st State) bool {
	if st == Done {
		return true
	}
	required := c.required != nil && c.required[i]
	if st == Null && (required || pf.typ.NonNull && pf.def.untyped) {
		ctx := r.context()
		graphql.GetFieldContext(ctx).NonNull = required
		graphql.AddInvalidNullError(ctx, "")
		st = Reported
	}
	if required && st == Reported {
		return false
	}
	return r.settle(pf.typ, st)
}

func (r *run) value(f *frame, pf *planField, c *column, i int) State {
	if pf.def.foreign != nil {
		return r.foreign(f, pf, i)
	}
	if err := c.errAt(i); err != nil {
		r.report(pf, c, err)
		return Reported
	}
	if pf.def.leaf == nil {
		_, st := r.slot(c, pf.typ, int(c.starts[i]))
		return st
	}
	if m, replaced := c.replaced[i]; replaced {
		return r.marshal(m)
	}
	return pf.def.leaf(&r.Writer, pf.typ, c.vals, i)
}

// foreign lets gqlgen's own code write a field.
func (r *run) foreign(f *frame, pf *planField, i int) State {
	own := r.path[len(r.path)-1] // gqlgen's code adds it itself
	r.path = r.path[:len(r.path)-1]
	m := pf.def.foreign(r.context(), r.ec, pf.collected, f.objs, i)
	r.path = append(r.path, own)
	switch m {
	case graphql.Null:
		return Reported
	case graphql.RequiredNull:
		return Required
	}
	return r.marshal(m)
}

// slot writes what the slots from pos on say, and gives the position behind them.
func (r *run) slot(c *column, t *ast.Type, pos int) (int, State) {
	n := int(c.slots[pos])
	switch n {
	case slotSilent:
		return pos + 1, Reported
	case slotPanic:
		ctx := r.context()
		r.opCtx.Error(ctx, graphql.ErrorOnPath(ctx, c.others[c.slots[pos+1]].(error)))
		return pos + 2, Reported
	case slotOther:
		return pos + 2, r.marshal(c.others[c.slots[pos+1]].(graphql.Marshaler))
	}
	switch {
	case n == slotNull && (t.Elem == nil || !t.NonNull):
		return pos + 1, Null
	case t.Elem == nil:
		return pos + 2, r.object(c.kids[n], int(c.slots[pos+1]))
	}
	return r.list(c, t, pos+1, max(n, 0)) // as gqlgen: a nil list is empty where null may not stand
}

func (r *run) list(c *column, t *ast.Type, pos, n int) (int, State) {
	mark, ok := len(r.buf), true
	r.buf = append(r.buf, '[')
	for i := range n {
		if i > 0 {
			r.buf = append(r.buf, ',')
		}
		r.path = append(r.path, step{field: index, index: int32(i)})
		var st State
		pos, st = r.slot(c, t.Elem, pos)
		ok = r.settle(t.Elem, st) && ok
		r.path = r.path[:len(r.path)-1]
	}
	if !ok {
		r.truncate(mark)
		return pos, Reported
	}
	r.buf = append(r.buf, ']')
	return pos, Done
}

// report tells the error of one object's field.
func (r *run) report(pf *planField, c *column, err error) {
	if c.badArg { // once more, for this object's path; it tells the error itself
		own := r.path[len(r.path)-1]
		r.path = r.path[:len(r.path)-1]
		_, _ = pf.def.context(r.ec, r.context(), pf.collected)
		r.path = append(r.path, own)
		return
	}
	ctx := r.context()
	at, _ := graphql.BatchParentIndex(ctx)
	if p, ok := err.(panicked); ok {
		graphql.AddBatchError(ctx, int(at), p.error)
		return
	}
	if pf.def.plain {
		r.opCtx.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
		return
	}
	graphql.AddBatchError(ctx, int(at), err)
	if pf.typ.NonNull {
		graphql.AddInvalidNullError(ctx, "")
	}
}
