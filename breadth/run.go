package breadth

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

type (
	// run answers fields of the root: wave by wave it gets what is asked, then it
	// writes it.
	run struct {
		*operation
		Writer
		root   *frame
		frames []*frame
		calls  []job // of the wave
		raised *raised
	}
	// frame holds all objects of one type at one place of the query.
	frame struct {
		plan    *node
		objs    any // *[]O
		n       int
		columns []column // by field of plan
		up      *column  // the field that gave the objects, nil at the root
		over    *frame   // its frame
		via     *planField
		ctx     context.Context
		id      int32
	}
	// column holds the values of one field for all objects of a frame.
	column struct {
		vals     any     // *[]O of the frame for a field of the object, else []V
		starts   []int32 // by object: where its values start in slots
		slots    []int32
		others   []any
		kids     []*frame // by kid of the field
		fc       *graphql.FieldContext
		ctx      context.Context // of the call, after the field interceptors
		err      error           // of all objects
		errs     []error         // or by object
		badArg   bool
		replaced map[int]graphql.Marshaler // by an interceptor; nil: null
		required []bool                    // by object: an interceptor marked it as non-null
	}
)

func (o *operation) newRun(buf []byte) *run {
	r := &run{operation: o, Writer: Writer{buf: buf}}
	r.run = r
	r.root = r.newFrame(o.plan.root, nil, nil, nil, 1)
	objs := r.root.objs.(*[]*Root)
	*objs, r.root.n = append(*objs, &Root{}), 1
	return r
}

func (r *run) newFrame(n *node, over *frame, up *column, via *planField, hint int) *frame {
	f := &frame{plan: n, objs: n.object.newObjs(hint), columns: make([]column, len(n.fields)),
		over: over, up: up, via: via, id: int32(len(r.frames))}
	r.frames = append(r.frames, f)
	return f
}

func (c *column) errAt(i int) error {
	if c.err != nil || c.errs == nil {
		return c.err
	}
	return c.errs[i]
}

// resolveRoot gets all that is asked below one field of the root.
func (r *run) resolveRoot(k int) {
	r.calls = r.calls[:0]
	first := len(r.frames)
	r.visit(r.root, k)
	for {
		for i := first; i < len(r.frames); i++ { // grows: what objects hold belongs to this wave
			for k := range r.frames[i].plan.fields {
				r.visit(r.frames[i], k)
			}
		}
		first = len(r.frames)
		if len(r.calls) == 0 {
			return
		}
		r.resolve(r.calls)
		for i := range r.calls {
			if j := &r.calls[i]; j.column.err == nil && j.field.def.collect != nil {
				r.collect(j.frame, j.field, j.column)
			}
		}
		r.calls = r.calls[:0]
	}
}

// visit notes a field's call for this wave, or collects what its objects hold.
func (r *run) visit(f *frame, k int) {
	pf, c := &f.plan.fields[k], &f.columns[k]
	switch {
	case pf.def == nil || pf.def.foreign != nil:
	case pf.def.resolve != nil:
		r.calls = append(r.calls, job{run: r, frame: f, field: pf, column: c})
	default:
		c.vals = f.objs
		if pf.def.collect != nil {
			r.collect(f, pf, c)
		}
	}
}

func (r *run) collect(f *frame, pf *planField, c *column) {
	c.starts, c.kids = make([]int32, f.n), make([]*frame, len(pf.kids))
	c.slots = make([]int32, 0, 2*f.n)
	pf.def.collect(&Sink{run: r, frame: f, column: c, field: pf}, c.vals)
}

// resolve makes the calls of one wave, side by side.
func (r *run) resolve(calls []job) {
	for i := range calls { // on this goroutine, as frames keep their context
		calls[i].prepare()
	}
	var wg sync.WaitGroup
	for i := range calls[1:] {
		wg.Go(calls[i+1].resolve)
	}
	calls[0].resolve()
	wg.Wait()
}

// context is that of the field that gave the frame's objects. Its path is
// without the indices of lists.
func (f *frame) context() context.Context {
	switch {
	case f.ctx != nil:
	case f.up.ctx != nil:
		f.ctx = f.up.ctx
	default:
		f.ctx = graphql.WithFieldContext(f.over.context(), &graphql.FieldContext{Object: f.over.plan.object.name, Field: f.via.collected})
	}
	return f.ctx
}
