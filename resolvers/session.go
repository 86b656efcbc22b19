package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Session(ctx context.Context, id *casegraph.ID, reference, source *string) (*casegraph.Session, error) {
	return find[*casegraph.Session](ctx, r.Resolver, 0, casegraph.KindSession, id, "referenceId", reference, source)
}

func (r query) Sessions(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.SessionFilter, order *api.OrderBy) (*api.SessionConnection, error) {
	return list[*casegraph.Session](ctx, r.Resolver, casegraph.KindSession, filter.Filter(), order, paging{first, last, after, before})
}

func (r session) Accounts(ctx context.Context, sessions []*casegraph.Session, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return across[*casegraph.Account](ctx, r.Resolver, sessions, ownersOf, first, after)
}

func (r session) Identifiers(ctx context.Context, sessions []*casegraph.Session, first *int, after *casegraph.Cursor) ([]*api.IdentifierConnection, error) {
	return across[*casegraph.Identifier](ctx, r.Resolver, sessions, shownBy, first, after)
}

func (r session) Cases(ctx context.Context, sessions []*casegraph.Session, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, sessions, casesWith, first, after)
}

func (r session) Links(ctx context.Context, sessions []*casegraph.Session, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, sessions, kinds, direction, first, after)
}

func (r session) Timeline(ctx context.Context, sessions []*casegraph.Session, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, sessions, first, after, last, before, filter)
}
