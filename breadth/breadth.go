// Package breadth executes GraphQL operations breadth first over the code that
// gqlgen generates: a resolver is called once for all objects at one place of
// a query, and the answer is written in one pass.
//
// It wraps gqlgen's ExecutableSchema at Exec alone, so parsing, validation,
// variables, complexity and every extension stay gqlgen's. Package plugin
// generates the tables that it reads. Subscriptions, @defer and executable
// directives other than @skip and @include are left to gqlgen's own executor,
// and so are, one by one, the fields that the tables can't express: see
// Executor.Foreign.
package breadth

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Options say how an Executor works. The zero value is a good one.
type Options struct {
	// Parallel is how many resolvers one operation runs side by side at most;
	// 0 means as many as there are to run.
	Parallel int
	// BatchSize is how many parents a batch resolver gets at once at most; 0
	// means all of them. Several batches of one place run one after another.
	BatchSize int
	// RaiseMarshalPanics lets a panic in a marshaler's MarshalGQL end the whole
	// response, as gqlgen does. Else it is the error of its field alone.
	RaiseMarshalPanics bool
	// Plans is how many plans of operations are kept; 0 means 1000.
	Plans int
	// AroundBatch, if not nil, is called around each call of a resolver: for
	// traces, metrics and policy. It must call next once, or give an error,
	// which is then the error of all the call's parents.
	AroundBatch func(ctx context.Context, call Call, next func(context.Context) error) error
	// Compare, if not nil, has a share of the queries answered by gqlgen's
	// executor too.
	Compare *Comparison
}

// Call is one call of a resolver.
type Call struct {
	// Object and Field are the names of the type and its field in the schema.
	Object, Field string
	// Path leads to the field, without the indices of lists.
	Path ast.Path
	// Parents is the []*T that a batch resolver gets; nil for a resolver of one object.
	Parents any
	// N is the number of parents.
	N int
}

// Executor is an ExecutableSchema whose operations run breadth first.
type Executor struct {
	graphql.ExecutableSchema
	types   *Types
	begin   Begin
	options Options
	plans   plans
}

// Begin gives the context and gqlgen's execution context of one operation.
type Begin func(context.Context) (context.Context, any)

// Wrap executes the operations of es breadth first. Generated code calls it.
func Wrap(es graphql.ExecutableSchema, types *Types, begin Begin, o Options) graphql.ExecutableSchema {
	e := &Executor{ExecutableSchema: es, types: types, begin: begin, options: o, plans: newPlans(o.Plans)}
	if events, ok := es.(graphql.ExecutableSchemaWithEventContext); ok {
		return &withEvents{Executor: e, events: events}
	}
	return e
}

// withEvents keeps a method that gqlgen's executor looks for.
type withEvents struct {
	*Executor
	events graphql.ExecutableSchemaWithEventContext
}

func (w *withEvents) ExecWithEventContext(ctx context.Context) graphql.ResponseHandlerWithContext {
	return w.events.ExecWithEventContext(ctx)
}

// Foreign are the fields that gqlgen's generated functions resolve, with all
// below them, one object after another: "Type.field", sorted.
func (e *Executor) Foreign() []string { return e.types.foreign() }

// Exec runs the operation of the context.
func (e *Executor) Exec(ctx context.Context) graphql.ResponseHandler {
	opCtx := graphql.GetOperationContext(ctx)
	p := e.plan(opCtx)
	if p == nil {
		return e.ExecutableSchema.Exec(ctx)
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		if e.options.Compare.chosen(opCtx.Operation) {
			return e.options.Compare.answer(ctx, e, p)
		}
		return e.answer(ctx, opCtx, p)
	}
}

// answer runs an operation by its plan.
func (e *Executor) answer(ctx context.Context, opCtx *graphql.OperationContext, p *plan) *graphql.Response {
	ctx, ec := e.begin(ctx)
	o := &operation{Executor: e, opCtx: opCtx, ec: ec, plan: p}
	if e.options.Parallel > 0 {
		o.slots = make(chan struct{}, e.options.Parallel)
	}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: p.root.object.name})
	if opCtx.Operation.Operation == ast.Query && p.root.resolved > 1 {
		return o.sideBySide(ctx)
	}
	return o.inOrder(ctx)
}
