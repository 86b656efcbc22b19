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
	n, l, err := r.marked(ctx, answer.NodeID, answer.Link)
	return &api.RiskPayload{Node: n, Link: l, Outcome: answer.Outcome}, err
}

func (r mutation) NoteLink(ctx context.Context, input cases.NoteLinkInput) (*api.NoteLinkPayload, error) {
	change, err := cases.NoteLink(AskerOf(ctx), input)
	answer, _, err := do[cases.NoteLinkAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	_, l, err := r.marked(ctx, "", answer.Link)
	return &api.NoteLinkPayload{Link: l}, err
}

// marked is the node or the link that was marked, as far as the asker may see
// it: the answer to a repeat may be of a time when they could see more.
func (r mutation) marked(ctx context.Context, id casegraph.ID, l *casegraph.Link) (casegraph.Node, *casegraph.Link, error) {
	if l == nil {
		n, err := one[casegraph.Node](ctx, r.Resolver, 0, id)
		return n, nil, err
	}
	ends, err := r.nodes(ctx, []casegraph.ID{l.From, l.To})
	if err != nil || ends[l.From] == nil || ends[l.To] == nil {
		return nil, nil, err
	}
	return nil, bare(mask(ctx), l), nil
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
