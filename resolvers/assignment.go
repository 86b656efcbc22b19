package resolvers

import (
	"context"
	"errors"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/intake"
)

// giving makes a change that opens a case, or brings one into a queue, and has a
// policy give it to somebody in the same commit. If the queue changes meanwhile
// all is read anew.
func giving[A any](ctx context.Context, r *Resolver, input any, c intake.Case, make func() (commit.Change, error)) (A, error) {
	var err error
	if c.HubLimits, err = r.hubLimits(ctx, nil); err != nil {
		var none A
		return none, err
	}
	c.Mask = mask(ctx)
	for {
		change, err := make()
		if err == nil {
			var in *cases.Intake
			if in, err = intake.Read(ctx, r.Store, c); err == nil {
				change = in.Give(change)
			}
		}
		answer, _, err := do[A](ctx, r, input, change, err)
		if !errors.Is(err, cases.ErrMoved) || ctx.Err() != nil {
			return answer, err
		}
	}
}

// coming is a case that comes into a queue, as intake needs to know it.
func (r *Resolver) coming(ctx context.Context, id, queue casegraph.ID) (intake.Case, error) {
	c, err := one[*casegraph.Case](ctx, r, 0, id)
	coming := intake.Case{ID: id, QueueID: queue}
	if err != nil || c == nil || c.TemplateID == "" {
		return coming, err
	}
	flow, err := r.workflow(ctx, "templateId", c.TemplateID)
	if err == nil {
		coming.Template = flow.Template
	}
	return coming, err
}
