package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r query) Transaction(ctx context.Context, id *casegraph.ID, reference, source *string) (*casegraph.Transaction, error) {
	return find[*casegraph.Transaction](ctx, r.Resolver, 0, casegraph.KindTransaction, id, "referenceId", reference, source)
}

func (r query) Transactions(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.TransactionFilter, order *api.OrderBy) (*api.TransactionConnection, error) {
	return list[*casegraph.Transaction](ctx, r.Resolver, casegraph.KindTransaction, filter.Filter(), order, paging{first, last, after, before})
}

func (r transaction) Accounts(ctx context.Context, transactions []*casegraph.Transaction, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return across[*casegraph.Account](ctx, r.Resolver, transactions, ownersOf, first, after)
}

func (r transaction) Identifiers(ctx context.Context, transactions []*casegraph.Transaction, first *int, after *casegraph.Cursor) ([]*api.IdentifierConnection, error) {
	return across[*casegraph.Identifier](ctx, r.Resolver, transactions, shownBy, first, after)
}

func (r transaction) Cases(ctx context.Context, transactions []*casegraph.Transaction, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return across[*casegraph.Case](ctx, r.Resolver, transactions, casesWith, first, after)
}

func (r transaction) Links(ctx context.Context, transactions []*casegraph.Transaction, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	return links(ctx, r.Resolver, transactions, kinds, direction, first, after)
}

func (r transaction) Timeline(ctx context.Context, transactions []*casegraph.Transaction, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timeline(ctx, r.Resolver, transactions, first, after, last, before, filter)
}
