package resolvers

import (
	"context"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/auth"
)

func (r query) Viewer(ctx context.Context) (*casegraph.User, error) {
	user, err := one[*casegraph.User](ctx, r.Resolver, 0, AskerOf(ctx).ID)
	if err == nil && user == nil {
		err = &casegraph.Error{Code: casegraph.CodeUnauthenticated, Message: "sign in first"}
	}
	return user, err
}

func (r query) User(ctx context.Context, id *casegraph.ID, email *string) (*casegraph.User, error) {
	if email != nil {
		kept := strings.ToLower(strings.TrimSpace(*email))
		email = &kept
	}
	return find[*casegraph.User](ctx, r.Resolver, 0, casegraph.KindUser, id, "email", email, nil)
}

func (r query) Users(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.UserFilter, order *api.OrderBy) (*api.UserConnection, error) {
	return list[*casegraph.User](ctx, r.Resolver, casegraph.KindUser, filter.Filter(), order, paging{first, last, after, before})
}

func (r query) BrowserSessions(ctx context.Context) ([]*auth.BrowserSession, error) {
	return r.Access.Sessions(ctx, AskerOf(ctx))
}
