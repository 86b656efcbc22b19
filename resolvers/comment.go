package resolvers

import (
	"context"

	"casegraph"
)

func (r comment) Author(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.AuthorID })
}

func (r comment) Case(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.CaseID })
}
