package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/identity"
	"casegraph/traverse"
)

func (r query) Identifier(ctx context.Context, id *casegraph.ID, kind, value *string) (*casegraph.Identifier, error) {
	switch {
	case id != nil && (kind != nil || value != nil), id == nil && (kind == nil || value == nil):
		return nil, casegraph.BadInput("id: give either id, or kind and value")
	case id != nil:
		return one[*casegraph.Identifier](ctx, r.Resolver, 0, *id)
	}
	if identity.ValidKind(identity.Kind(*kind)) != nil {
		return nil, casegraph.BadInput("kind: %s", identity.KindRule)
	}
	normal, err := identity.Normalise(identity.Kind(*kind), *value, r.Identity)
	if err != nil {
		return nil, casegraph.BadInput("value: %v", err)
	}
	return one[*casegraph.Identifier](ctx, r.Resolver, 0, identifierID(normal))
}

func identifierID(v identity.Value) casegraph.ID {
	return casegraph.IdentifierID(casegraph.IdentifierKind(v.Kind), v.Canonical)
}

var accountsWith = linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkHas}}

// degrees reads how many accounts have each identifier, in one call.
func (r *Resolver) degrees(ctx context.Context, ids []casegraph.ID) (map[casegraph.ID]casegraph.LinkPage, error) {
	return r.hops(ctx, 0, ids, accountsWith, new(1), nil)
}

func (r identifier) Degree(ctx context.Context, identifiers []*casegraph.Identifier) ([]*api.Degree, error) {
	pages, err := r.degrees(ctx, idsOf(identifiers))
	if err != nil {
		return nil, err
	}
	limits := traverse.HubLimits(r.usualLimits(ctx))
	degrees := make([]*api.Degree, len(identifiers))
	for i, n := range identifiers {
		degrees[i] = &api.Degree{Accounts: pages[n.ID].Degree, HubLimit: limits.Of(n.Class())}
	}
	return degrees, nil
}

func (r identifier) Accounts(ctx context.Context, identifiers []*casegraph.Identifier, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return across[*casegraph.Account](ctx, r.Resolver, identifiers, accountsWith, first, after)
}

func (r identifier) Objects(ctx context.Context, identifiers []*casegraph.Identifier, first *int, after *casegraph.Cursor) ([]*api.ObjectConnection, error) {
	return across[api.Object](ctx, r.Resolver, identifiers,
		linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkShows}}, first, after)
}

func (r identifier) Links(ctx context.Context, identifiers []*casegraph.Identifier, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, identifiers, kinds, direction, first, after)
}

func (r identifier) Timeline(ctx context.Context, identifiers []*casegraph.Identifier, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, identifiers, first, after, last, before, filter)
}

func (r identifierEdge) Evidence(ctx context.Context, edges []*api.IdentifierEdge, first *int) ([][]*casegraph.Link, error) {
	list := make([]*casegraph.Link, len(edges))
	for i, edge := range edges {
		list[i] = edge.Hop.Link
	}
	return r.evidence(ctx, list, first)
}
