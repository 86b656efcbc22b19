package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

// commentsOf are the comments about a case.
var commentsOf = linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkAbout}}

// Comments lists those of each case and of the cases that were merged into it,
// as one list: one call for the links of all and one for the comments.
func (r caseFields) Comments(ctx context.Context, parents []*casegraph.Case, first *int, after *casegraph.Cursor) ([]*api.CommentConnection, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	place, err := open[linkPlace](r.Resolver, "after", listName(commentsOf), after)
	if err != nil {
		return nil, err
	}
	request := casegraph.LinkRequest{AsOf: momentOf(parents), Direction: commentsOf.Direction, Kinds: commentsOf.Kinds, Cap: size, Mask: mask(ctx)}
	for _, c := range parents {
		request.IDs = append(append(request.IDs, c.ID), c.MergedFrom...)
	}
	request.IDs = distinct(request.IDs)
	if place != nil {
		if len(distinct(idsOf(parents))) != 1 || parents[0].ID != place.Node {
			return nil, casegraph.BadInput("after: the cursor belongs to another node's list")
		}
		request.After = map[casegraph.ID]casegraph.LinkCursor{}
		for _, id := range request.IDs {
			request.After[id] = place.Link
		}
	}
	read, err := r.Store.Links(ctx, request)
	if err != nil {
		return nil, err
	}
	pages := map[casegraph.ID]casegraph.LinkPage{}
	var ids []casegraph.ID
	for _, c := range parents {
		lists := []casegraph.LinkPage{read[c.ID]}
		for _, id := range c.MergedFrom {
			lists = append(lists, read[id])
		}
		page := request.Join(lists)
		pages[c.ID] = page
		for i := range page.Hops {
			ids = append(ids, page.Hops[i].Far)
		}
	}
	found := map[casegraph.ID]casegraph.Node{}
	if !onlyCounts(ctx) {
		if found, err = r.nodesThen(ctx, request.AsOf, ids, idsOf(parents)...); err != nil {
			return nil, err
		}
	}
	return connect(r.Resolver, parents, commentsOf, after, pages, func(hop *casegraph.Hop) (*casegraph.Comment, bool) {
		c, ok := found[hop.Far].(*casegraph.Comment)
		return c, ok
	}), nil
}

func (r comment) Author(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.AuthorID })
}

func (r comment) Case(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.CaseID })
}
