package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Inquiry(ctx context.Context, id *casegraph.ID, reference, source *string) (*casegraph.Inquiry, error) {
	return find[*casegraph.Inquiry](ctx, r.Resolver, 0, casegraph.KindInquiry, id, "referenceId", reference, source)
}

func (r query) Inquiries(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.InquiryFilter, order *api.OrderBy) (*api.InquiryConnection, error) {
	return list[*casegraph.Inquiry](ctx, r.Resolver, casegraph.KindInquiry, filter.Filter(), order, paging{first, last, after, before})
}

func (r inquiry) Accounts(ctx context.Context, inquiries []*casegraph.Inquiry, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return across[*casegraph.Account](ctx, r.Resolver, inquiries, ownersOf, first, after)
}

func (r inquiry) Identifiers(ctx context.Context, inquiries []*casegraph.Inquiry, first *int, after *casegraph.Cursor) ([]*api.IdentifierConnection, error) {
	return across[*casegraph.Identifier](ctx, r.Resolver, inquiries, shownBy, first, after)
}

func (r inquiry) Cases(ctx context.Context, inquiries []*casegraph.Inquiry, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, inquiries, casesWith, first, after)
}

func (r inquiry) Links(ctx context.Context, inquiries []*casegraph.Inquiry, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, inquiries, kinds, direction, first, after)
}

func (r inquiry) Timeline(ctx context.Context, inquiries []*casegraph.Inquiry, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, inquiries, first, after, last, before, filter)
}
