package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Report(ctx context.Context, id *casegraph.ID, reference, source *string) (*casegraph.Report, error) {
	return find[*casegraph.Report](ctx, r.Resolver, 0, casegraph.KindReport, id, "referenceId", reference, source)
}

func (r query) Reports(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.ReportFilter, order *api.OrderBy) (*api.ReportConnection, error) {
	return list[*casegraph.Report](ctx, r.Resolver, casegraph.KindReport, filter.Filter(), order, paging{first, last, after, before})
}

func (r report) Accounts(ctx context.Context, reports []*casegraph.Report, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return across[*casegraph.Account](ctx, r.Resolver, reports, ownersOf, first, after)
}

func (r report) Identifiers(ctx context.Context, reports []*casegraph.Report, first *int, after *casegraph.Cursor) ([]*api.IdentifierConnection, error) {
	return across[*casegraph.Identifier](ctx, r.Resolver, reports, shownBy, first, after)
}

func (r report) Cases(ctx context.Context, reports []*casegraph.Report, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, reports, casesWith, first, after)
}

func (r report) Links(ctx context.Context, reports []*casegraph.Report, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, reports, kinds, direction, first, after)
}

func (r report) Timeline(ctx context.Context, reports []*casegraph.Report, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, reports, first, after, last, before, filter)
}
