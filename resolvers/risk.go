package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
)

func (r mutation) MarkRisk(ctx context.Context, input cases.MarkRiskInput) (*api.RiskPayload, error) {
	change, err := cases.MarkRisk(AskerOf(ctx), input)
	return r.changeRisk(ctx, input, change, err)
}

func (r mutation) ClearRisk(ctx context.Context, input cases.ClearRiskInput) (*api.RiskPayload, error) {
	change, err := cases.ClearRisk(AskerOf(ctx), input)
	return r.changeRisk(ctx, input, change, err)
}

func (r mutation) changeRisk(ctx context.Context, input any, change commit.Change, err error) (*api.RiskPayload, error) {
	answer, _, err := do[cases.RiskAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	n, err := one[casegraph.Node](ctx, r.Resolver, 0, answer.NodeID)
	return &api.RiskPayload{Node: n, Outcome: answer.Outcome}, err
}

func (r riskMark) By(ctx context.Context, marks []*casegraph.RiskMark) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, marks, func(m *casegraph.RiskMark) casegraph.ID { return m.By })
}

func (r riskMark) Expired(_ context.Context, marks []*casegraph.RiskMark) ([]bool, error) {
	now := casegraph.TimeOf(r.Now())
	expired := make([]bool, len(marks))
	for i, mark := range marks {
		expired[i] = !mark.Counts(now)
	}
	return expired, nil
}
