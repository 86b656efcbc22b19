package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
)

func (r mutation) LinkCases(ctx context.Context, input api.LinkCasesInput) (*api.LinkCasesPayload, error) {
	remember, err := once(ctx, input)
	if err != nil {
		return nil, err
	}
	in := cases.LinkCasesInput{FromID: input.FromID, ToID: input.ToID, Relation: input.Relation, Reason: input.Reason, ExpectedVersion: input.ExpectedVersion}
	result, err := cases.DoLinkCases(ctx, r.Store, r.Committer, AskerOf(ctx), in, remember)
	if err != nil {
		return nil, err
	}
	answer, err := cases.Answer[cases.LinkCasesAnswer](result)
	return r.linked(ctx, answer, err)
}

func (r mutation) UnlinkCases(ctx context.Context, input api.LinkCasesInput) (*api.LinkCasesPayload, error) {
	change, err := cases.UnlinkCases(AskerOf(ctx), cases.LinkCasesInput{FromID: input.FromID, ToID: input.ToID, Relation: input.Relation, Reason: input.Reason, ExpectedVersion: input.ExpectedVersion})
	answer, _, err := do[cases.LinkCasesAnswer](ctx, r.Resolver, input, change, err)
	return r.linked(ctx, answer, err)
}

func (r mutation) linked(ctx context.Context, answer cases.LinkCasesAnswer, err error) (*api.LinkCasesPayload, error) {
	if err != nil {
		return nil, err
	}
	found, err := r.nodes(ctx, []casegraph.ID{answer.FromID, answer.ToID})
	if err != nil {
		return nil, err
	}
	payload := &api.LinkCasesPayload{Outcome: answer.Outcome}
	payload.From, _ = found[answer.FromID].(*casegraph.Case)
	payload.To, _ = found[answer.ToID].(*casegraph.Case)
	return payload, nil
}
