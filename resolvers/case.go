package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Case(ctx context.Context, id *casegraph.ID, number, source *string, asOf *api.Moment) (*casegraph.Case, error) {
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	return find[*casegraph.Case](ctx, r.Resolver, moment, casegraph.KindCase, id, "number", number, source)
}

func (r query) Cases(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.CaseFilter, order *api.OrderBy) (*api.CaseConnection, error) {
	return list[*casegraph.Case](ctx, r.Resolver, casegraph.KindCase, filter.Filter(), order, paging{first, last, after, before})
}

func (r caseFields) Assignee(ctx context.Context, cases []*casegraph.Case) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, cases, func(c *casegraph.Case) casegraph.ID { return c.AssigneeID })
}

func (r caseFields) Creator(ctx context.Context, cases []*casegraph.Case) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, cases, func(c *casegraph.Case) casegraph.ID { return c.CreatorID })
}

func (r caseFields) ResolvedBy(ctx context.Context, cases []*casegraph.Case) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, cases, func(c *casegraph.Case) casegraph.ID { return c.ResolverID })
}

func (r caseFields) Objects(ctx context.Context, cases []*casegraph.Case, kinds []casegraph.Kind, first *int, after *casegraph.Cursor) ([]*api.AttachedConnection, error) {
	return across[api.Object](ctx, r.Resolver, cases,
		linkList{Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkContains}, FarKinds: kinds}, first, after)
}

func (r caseFields) RelatedTo(ctx context.Context, cases []*casegraph.Case, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, cases,
		linkList{Direction: casegraph.DirectionBoth, Kinds: []casegraph.LinkKind{casegraph.LinkRelatesTo}}, first, after)
}

func (r caseFields) Links(ctx context.Context, cases []*casegraph.Case, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, cases, kinds, direction, first, after)
}

func (r attachedEdge) By(ctx context.Context, edges []*api.AttachedEdge) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, edges, func(e *api.AttachedEdge) casegraph.ID { return e.Hop.Link.By })
}
