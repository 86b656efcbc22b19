package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Node(ctx context.Context, id casegraph.ID, asOf *api.Moment) (casegraph.Node, error) {
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	return one[casegraph.Node](ctx, r.Resolver, moment, id)
}

func (r query) Nodes(ctx context.Context, ids []casegraph.ID) ([]casegraph.Node, error) {
	if len(ids) > casegraph.MaxPage {
		return nil, casegraph.BadInput("ids: at most %d", casegraph.MaxPage)
	}
	return each[casegraph.Node](ctx, r.Resolver, ids, func(id casegraph.ID) casegraph.ID { return id })
}
