package breadth

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// operation is one operation being answered.
type operation struct {
	*Executor
	opCtx *graphql.OperationContext
	ec    any
	plan  *plan
	slots chan struct{} // one for each resolver that may run; nil: no limit
}

// inOrder answers the fields of the root one after another, as a mutation demands.
func (o *operation) inOrder(ctx context.Context) *graphql.Response {
	r := o.newRun(o.buffer(ctx))
	ok := true
	r.buf = append(r.buf, '{')
	for k := range r.root.plan.fields {
		ok = r.rootField(ctx, k) && ok
		r.raise()
	}
	if !ok {
		return &graphql.Response{Data: o.done(ctx, append(r.buf[:0], "null"...))}
	}
	r.tellLate()
	return &graphql.Response{Data: o.done(ctx, append(r.buf, '}'))}
}

// sideBySide answers the fields of a query each on its own goroutine. Each has
// a response context of its own, so that errors come in the order of the
// document and not of the clock.
func (o *operation) sideBySide(ctx context.Context) *graphql.Response {
	fields := o.plan.root.fields
	runs, contexts, oks := make([]*run, len(fields)), make([]context.Context, len(fields)), make([]bool, len(fields))
	var wg sync.WaitGroup
	for k := range fields {
		runs[k], contexts[k] = o.newRun(nil), graphql.WithFreshResponseContext(ctx)
		wg.Go(func() { oks[k] = runs[k].rootField(contexts[k], k) })
	}
	wg.Wait()
	ok, response := true, &graphql.Response{}
	for k, r := range runs {
		r.raise()
		ok = ok && oks[k]
	}
	buf := append(o.buffer(ctx), '{')
	for k, r := range runs {
		if ok {
			r.tellLate()
			buf = append(buf, r.buf...)
		}
		response.Errors = append(response.Errors, graphql.GetErrors(contexts[k])...)
		keepExtensions(ctx, contexts[k])
	}
	if !ok {
		buf = append(buf[:0], "null"...)
	} else {
		buf = append(buf, '}')
	}
	response.Data = o.done(ctx, buf)
	return response
}

// keepExtensions registers the extensions of one field's response for the whole.
func keepExtensions(ctx, field context.Context) {
	for name, value := range graphql.GetExtensions(field) {
		if graphql.GetExtension(ctx, name) == nil {
			graphql.RegisterExtension(ctx, name, value)
		}
	}
}

// rootField answers one field of the root; false: the data must be null.
func (r *run) rootField(ctx context.Context, k int) (ok bool) {
	pf := &r.root.plan.fields[k]
	if pf.def == nil {
		r.buf = append(r.buf, pf.key...)
		return true
	}
	mark := len(r.buf) + len(pf.key)
	defer func() { // of an interceptor: it would end the program
		if fault := recover(); fault != nil {
			if whole, is := fault.(raised); is {
				r.raised = &whole
				return
			}
			r.buf = append(r.buf[:mark-len(pf.key)], pf.key...)
			r.path = append(r.path[:0], step{frame: r.root.id, field: int32(k)})
			r.reportPanic(fault)
			ok = r.settle(pf.typ, Reported)
			r.path = r.path[:0]
		}
	}()
	r.base = ctx
	var own *written
	called := false
	ctx = graphql.WithRootFieldContext(ctx, &graphql.RootFieldContext{Object: pf.collected.Name, Field: pf.collected})
	m := r.opCtx.RootResolverMiddleware(ctx, func(ctx context.Context) graphql.Marshaler {
		if called { // once more: it starts anew
			if own != nil {
				own.bytes = bytes.Clone(own.bytes)
			}
			r.truncate(mark - len(pf.key))
			r.root.columns[k] = column{}
		}
		called = true
		r.base, r.root.ctx = ctx, ctx
		r.resolveRoot(k)
		_, ok := r.fields(r.root, 0, k, k+1)
		switch {
		case !ok && !pf.typ.NonNull:
			return graphql.RequiredNull
		case !ok || !pf.typ.NonNull && string(r.buf[mark:]) == "null":
			return graphql.Null
		}
		own = &written{r.buf[mark:]}
		return own
	})
	if own != nil && m == graphql.Marshaler(own) {
		return true
	}
	if own != nil {
		own.bytes = bytes.Clone(own.bytes) // m may write it yet
	}
	r.buf = append(r.buf[:mark-len(pf.key)], pf.key...)
	switch m {
	case nil, graphql.Null, graphql.RequiredNull:
		r.buf = append(r.buf, "null"...)
		return !pf.typ.NonNull && m != graphql.RequiredNull
	}
	return r.marshal(m) == Done
}

// raise panics on the goroutine of the request with what ends the response.
func (r *run) raise() {
	if r.raised != nil {
		panic(r.raised.fault)
	}
}

// written is a value that stands in the answer already.
type written struct{ bytes []byte }

func (v *written) MarshalGQL(w io.Writer) { _, _ = w.Write(v.bytes) }
