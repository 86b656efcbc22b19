package breadth

import (
	"context"
	"fmt"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
)

// job is a field of a frame whose resolver is to be called.
type job struct {
	run    *run
	frame  *frame
	field  *planField
	column *column
}

// panicked is what the server's RecoverFunc made of a panic, while its stack
// was there to be seen.
type panicked struct{ error }

// prepare decodes the arguments.
func (j *job) prepare() {
	// What is wrong with them is told for each object when the answer is written.
	ctx := j.frame.context()
	if j.takesArguments() {
		ctx = graphql.WithFreshResponseContext(ctx)
	}
	j.column.fc, j.column.err = j.field.def.context(j.run.ec, ctx, j.field.collected)
	j.column.badArg = j.column.err != nil
}

func (j *job) takesArguments() bool { return len(j.field.collected.Definition.Arguments) > 0 }

// resolve calls the resolver.
func (j *job) resolve() {
	if j.column.err != nil {
		return
	}
	if j.run.slots != nil {
		j.run.slots <- struct{}{}
		defer func() { <-j.run.slots }()
	}
	j.field.def.resolve(j)
}

// call makes one call, of n parents. What it panics with becomes its error.
func (j *job) call(ctx context.Context, parents any, n int, next graphql.Resolver) (value any, err error) {
	defer j.recover(ctx, &err)
	outer := ctx
	resolve := func(ctx context.Context) (any, error) {
		return j.run.opCtx.ResolverMiddleware(ctx, func(ctx context.Context) (any, error) {
			j.column.ctx = below(ctx, outer)
			return next(ctx)
		})
	}
	around := j.run.options.AroundBatch
	if around == nil {
		return resolve(ctx)
	}
	call := Call{Object: j.field.def.object, Field: j.field.def.name, Path: graphql.GetFieldContext(ctx).Path(), Parents: parents, N: n}
	err = around(ctx, call, func(ctx context.Context) (failed error) {
		value, failed = resolve(ctx)
		return failed
	})
	return value, err
}

// below is the context for what is below a call: it has the values that
// interceptors gave, but ends with the context around them, as they may cancel
// theirs once the call is over.
func below(inner, outer context.Context) context.Context {
	if inner.Done() == outer.Done() {
		return inner
	}
	return valued{Context: outer, values: context.WithoutCancel(inner)}
}

// valued has the values of another context.
type valued struct {
	context.Context
	values context.Context
}

func (v valued) Value(key any) any { return v.values.Value(key) }

// recover, deferred, makes a panic the error of a call.
func (j *job) recover(ctx context.Context, err *error) {
	if fault := recover(); fault != nil {
		*err = panicked{j.run.opCtx.RecoverFunc(ctx, fault)}
	}
}

// batches calls a batch resolver for all objects, in as many calls as the
// size of a batch demands.
func batches[O, V any](j *job, objs []O, call func(ctx context.Context, objs []O) ([]V, error)) []V {
	ctx := graphql.WithFieldContext(j.frame.context(), j.column.fc)
	size := j.run.options.BatchSize
	if size <= 0 || len(objs) <= size {
		values, err := batch(j, ctx, objs, call)
		if errs, ok := err.(graphql.BatchErrorList); ok {
			j.column.errs = errs
		} else {
			j.column.err = err
		}
		return values
	}
	all := make([]V, len(objs))
	for at := 0; at < len(objs); at += size {
		end := min(at+size, len(objs))
		values, err := batch(j, ctx, objs[at:end], call)
		copy(all[at:end], values)
		if err != nil {
			j.failed(at, end, len(objs), err)
		}
	}
	return all
}

// batch is one call. Its error is a graphql.BatchErrorList with one for each
// parent, or that of all parents.
func batch[O, V any](j *job, ctx context.Context, objs []O, call func(ctx context.Context, objs []O) ([]V, error)) (values []V, err error) {
	defer j.recover(ctx, &err) // of Errors
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	result, err := j.call(ctx, objs, len(objs), func(ctx context.Context) (any, error) { return call(ctx, objs) })
	errs, single := err.(graphql.BatchErrors)
	if err != nil && !single {
		return nil, err
	}
	var list graphql.BatchErrorList
	if single {
		list = errs.Errors()
	}
	values, ok := result.([]V)
	if !ok {
		return nil, fmt.Errorf("unexpected type %T from middleware/directive chain, should be %T", result, values)
	}
	what, n := "results", len(values)
	if n == len(objs) && single {
		what, n = "errors", len(list)
	}
	if n != len(objs) {
		return nil, fmt.Errorf("batch resolver %s.%s returned %d %s for %d parents", j.field.def.object, j.field.def.name, n, what, len(objs))
	}
	if single {
		return values, list
	}
	return values, nil
}

// failed notes the error of a call for some of n objects.
func (j *job) failed(from, to, n int, err error) {
	if j.column.errs == nil {
		j.column.errs = make([]error, n)
	}
	if errs, ok := err.(graphql.BatchErrorList); ok {
		copy(j.column.errs[from:to], errs)
		return
	}
	for i := from; i < to; i++ {
		j.column.errs[i] = err
	}
}

// singly calls a resolver of one object for each.
func singly[V any](j *job, n int, call func(ctx context.Context, i int, fc *graphql.FieldContext) (V, error)) []V {
	values := make([]V, n)
	fc, err := j.column.fc, error(nil)
	for i := range values {
		if err := j.run.base.Err(); err != nil {
			j.failed(i, n, n, err)
			break
		}
		if i > 0 { // an interceptor may have changed it
			if fc, err = j.field.def.context(j.run.ec, j.frame.context(), j.field.collected); err != nil {
				j.failed(i, i+1, n, err)
				continue
			}
		}
		ctx := graphql.WithFieldContext(j.frame.context(), fc)
		result, err := j.call(ctx, nil, 1, func(ctx context.Context) (any, error) { return call(ctx, i, fc) })
		if fc.NonNull {
			j.require(i, n)
		}
		if err == nil {
			err = keep(j, values, i, result)
		}
		if err != nil {
			j.failed(i, i+1, n, err)
		}
	}
	return values
}

// keep notes what a call gave, or what an interceptor gave in its place.
func keep[V any](j *job, values []V, i int, result any) error {
	switch result := result.(type) {
	case nil:
		j.replace(i, nil)
	case V:
		values[i] = result
	case graphql.Marshaler:
		j.replace(i, result)
	default:
		return fmt.Errorf("unexpected type %T from middleware/directive chain, should be %s", result, reflect.TypeFor[V]())
	}
	return nil
}

func (j *job) replace(i int, m graphql.Marshaler) {
	if j.column.replaced == nil {
		j.column.replaced = map[int]graphql.Marshaler{}
	}
	j.column.replaced[i] = m
}

func (j *job) require(i, n int) {
	if j.column.required == nil {
		j.column.required = make([]bool, n)
	}
	j.column.required[i] = true
}
