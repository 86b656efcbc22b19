package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/traverse"
)

func (r query) RelatedCases(ctx context.Context, of casegraph.ID, maxLength *int, since, until *casegraph.Time, limits *api.HubLimits,
	refused *bool, first, maxNodes, maxLinks, maxMilliseconds *int, asOf *api.Moment, dryRun *bool) (*api.RelatedCases, error) {
	q := traverse.RelatedQuery{Of: of, Since: or(since), Until: or(until), Refused: or(refused), DryRun: or(dryRun)}
	answer, nodes, err := r.related(ctx, traverse.RelatedCases, q, relatedLimits{maxLength, first, maxNodes, maxLinks, maxMilliseconds, limits, asOf})
	if err != nil {
		return nil, err
	}
	rc := &api.RelatedCases{Boundaries: r.boundaries(answer.AsOf, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast)}
	for i := range answer.Nodes {
		found := &answer.Nodes[i]
		if c, ok := nodes[found.ID].(*casegraph.Case); ok {
			rc.Cases = append(rc.Cases, &api.RelatedCase{Case: c, Decision: found.Decision, Score: found.Score, Distance: found.Distance, Reasons: reasons(found, nodes)})
		}
	}
	return rc, nil
}

func (r query) LinkedAccounts(ctx context.Context, account casegraph.ID, maxLength *int, kinds []casegraph.LinkKind, since, until *casegraph.Time,
	limits *api.HubLimits, refused *bool, first, maxNodes, maxLinks, maxMilliseconds *int, asOf *api.Moment, dryRun *bool) (*api.LinkedAccounts, error) {
	q := traverse.RelatedQuery{Of: account, Kinds: kinds, Since: or(since), Until: or(until), Refused: or(refused), DryRun: or(dryRun)}
	answer, nodes, err := r.related(ctx, traverse.LinkedAccounts, q, relatedLimits{maxLength, first, maxNodes, maxLinks, maxMilliseconds, limits, asOf})
	if err != nil {
		return nil, err
	}
	la := &api.LinkedAccounts{Boundaries: r.boundaries(answer.AsOf, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast)}
	for i := range answer.Nodes {
		found := &answer.Nodes[i]
		if a, ok := nodes[found.ID].(*casegraph.Account); ok {
			la.Accounts = append(la.Accounts, &api.LinkedAccount{Account: a, Decision: found.Decision, Score: found.Score, Distance: found.Distance, Reasons: reasons(found, nodes)})
		}
	}
	return la, nil
}

// relatedLimits are the arguments that bound a search for what is related.
type relatedLimits struct {
	maxLength, first, maxNodes, maxLinks, maxMilliseconds *int
	hubs                                                  *api.HubLimits
	asOf                                                  *api.Moment
}

// relatedAnswer is an answer and the moment that it is of.
type relatedAnswer struct {
	traverse.Related
	AsOf casegraph.Seq
}

// related asks, and reads all nodes of the answer.
func (r query) related(ctx context.Context, ask func(context.Context, traverse.Graph, traverse.RelatedQuery) (traverse.Related, error),
	q traverse.RelatedQuery, l relatedLimits) (answer relatedAnswer, nodes map[casegraph.ID]casegraph.Node, err error) {
	if err = positive(count{"maxLength", l.maxLength}, count{"first", l.first}, count{"maxNodes", l.maxNodes}, count{"maxLinks", l.maxLinks},
		count{"maxMilliseconds", l.maxMilliseconds}); err != nil {
		return answer, nil, err
	}
	if q.HubLimits, err = r.hubLimits(ctx, l.hubs); err != nil {
		return answer, nil, err
	}
	if q.AsOf, err = r.moment(ctx, "asOf", l.asOf); err != nil {
		return answer, nil, err
	}
	q.MaxLength, q.First, q.MaxNodes, q.MaxLinks, q.Time = or(l.maxLength), or(l.first), or(l.maxNodes), or(l.maxLinks), r.time(l.maxMilliseconds)
	q.Now, q.Evidence, q.Mask = casegraph.TimeOf(r.Now()), traverse.DefaultEvidence, mask(ctx)
	answer.AsOf = q.AsOf
	if answer.Related, err = ask(ctx, r.Store, q); err != nil {
		return answer, nil, err
	}
	var ids []casegraph.ID
	for i := range answer.Nodes {
		ids = append(ids, answer.Nodes[i].ID)
		for _, reason := range answer.Nodes[i].Reasons {
			ids = append(ids, reason.Path.Nodes...)
		}
	}
	nodes, err = r.nodesThen(ctx, q.AsOf, ids)
	return answer, nodes, err
}

func reasons(of *traverse.RelatedNode, nodes map[casegraph.ID]casegraph.Node) []*api.RelatedReason {
	list := make([]*api.RelatedReason, len(of.Reasons))
	for i := range of.Reasons {
		reason := &of.Reasons[i]
		list[i] = &api.RelatedReason{Score: reason.Score, Rarity: reason.Rarity, Recency: reason.Recency,
			Nearness: reason.Nearness, Nodes: along(&reason.Path, nodes), Hops: steps(&reason.Path)}
	}
	return list
}

func (r mutation) DecideRelation(ctx context.Context, input cases.DecideInput) (*api.DecidePayload, error) {
	change, err := cases.Decide(AskerOf(ctx), input)
	answer, _, err := do[cases.DecideAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	found, err := r.nodes(ctx, []casegraph.ID{answer.OneID, answer.OtherID})
	return &api.DecidePayload{One: found[answer.OneID], Other: found[answer.OtherID], Outcome: answer.Outcome}, err
}
