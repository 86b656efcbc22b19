package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Account(ctx context.Context, id *casegraph.ID, reference, source *string, asOf *api.Moment) (*casegraph.Account, error) {
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	return find[*casegraph.Account](ctx, r.Resolver, moment, casegraph.KindAccount, id, "referenceId", reference, source)
}

func (r query) Accounts(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.AccountFilter, order *api.OrderBy) (*api.AccountConnection, error) {
	return list[*casegraph.Account](ctx, r.Resolver, casegraph.KindAccount, filter.Filter(), order, paging{first, last, after, before})
}

func (r account) Inquiries(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.InquiryConnection, error) {
	return across[*casegraph.Inquiry](ctx, r.Resolver, accounts, whatIsOf(casegraph.KindInquiry), first, after)
}

func (r account) Reports(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.ReportConnection, error) {
	return across[*casegraph.Report](ctx, r.Resolver, accounts, whatIsOf(casegraph.KindReport), first, after)
}

func (r account) Transactions(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.TransactionConnection, error) {
	return across[*casegraph.Transaction](ctx, r.Resolver, accounts, whatIsOf(casegraph.KindTransaction), first, after)
}

func (r account) Sessions(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.SessionConnection, error) {
	return across[*casegraph.Session](ctx, r.Resolver, accounts, whatIsOf(casegraph.KindSession), first, after)
}

func (r account) Identifiers(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.IdentifierConnection, error) {
	return across[*casegraph.Identifier](ctx, r.Resolver, accounts,
		linkList{Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkHas}}, first, after)
}

func (r account) Cases(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, accounts, casesWith, first, after)
}

func (r account) Relations(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	between := []casegraph.LinkKind{casegraph.LinkPaid, casegraph.LinkRelated, casegraph.LinkSameAs}
	return links(ctx, r.Resolver, accounts, between, nil, first, after)
}

func (r account) Links(ctx context.Context, accounts []*casegraph.Account, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, accounts, kinds, direction, first, after)
}

func (r account) Timeline(ctx context.Context, accounts []*casegraph.Account, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, accounts, first, after, last, before, filter)
}
