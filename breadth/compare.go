package breadth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Comparison has a share of the queries answered by gqlgen's executor as well,
// and counts those that it answers differently: other data, or other errors,
// in whatever order. Clients get breadth's answer, once both are there. What
// changes in between looks like a difference, so one is counted only if it
// stays when both answer again.
type Comparison struct {
	// Share is the share of queries, from 0 to 1.
	Share float64
	// Differs, if not nil, is told of each difference, in the context of the operation.
	Differs func(ctx context.Context)

	same, different, failed atomic.Int64
}

// Counts are how many answers were the same and how many different, and of how
// many queries gqlgen's executor panicked.
func (c *Comparison) Counts() (same, different, failed int64) {
	return c.same.Load(), c.different.Load(), c.failed.Load()
}

// chosen tells whether an operation is compared.
func (c *Comparison) chosen(op *ast.OperationDefinition) bool {
	return c != nil && op.Operation == ast.Query && rand.Float64() < c.Share
}

// answer answers a query by both executors.
func (c *Comparison) answer(ctx context.Context, e *Executor, p *plan) *graphql.Response {
	opCtx := graphql.GetOperationContext(ctx)
	response := e.answer(ctx, opCtx, p)
	same, err := c.alike(ctx, e, outcomeOf(ctx, response))
	if err == nil && !same {
		again := withoutBuffer(graphql.WithFreshResponseContext(ctx))
		same, err = c.alike(ctx, e, outcomeOf(again, e.answer(again, opCtx, p)))
	}
	switch {
	case err != nil:
		c.failed.Add(1)
	case same:
		c.same.Add(1)
	default:
		c.different.Add(1)
		if c.Differs != nil {
			c.Differs(ctx)
		}
	}
	return response
}

// alike tells whether gqlgen's executor answers as breadth did.
func (c *Comparison) alike(ctx context.Context, e *Executor, got outcome) (same bool, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("gqlgen's executor panicked: %v", fault)
		}
	}()
	fresh := graphql.WithFreshResponseContext(ctx)
	want := outcomeOf(fresh, e.ExecutableSchema.Exec(fresh)(fresh))
	return bytes.Equal(want.data, got.data) && slices.Equal(want.errors, got.errors), nil
}

// outcome is a response in a form to be compared.
type outcome struct {
	data   []byte
	errors []string // as JSON, sorted
}

func outcomeOf(ctx context.Context, r *graphql.Response) outcome {
	o := outcome{data: r.Data}
	for _, err := range append(slices.Clone(r.Errors), graphql.GetErrors(ctx)...) {
		text, _ := json.Marshal(err) // what can't be told is equal to what can't be told
		o.errors = append(o.errors, string(text))
	}
	slices.Sort(o.errors)
	return o
}
