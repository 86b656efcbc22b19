package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"casegraph"
	"casegraph/api"
	"casegraph/traverse"
)

// paging is where a page of a list begins and how long it is.
type paging struct {
	first, last   *int
	after, before *casegraph.Cursor
}

// list reads a page of the nodes of one kind.
func list[T casegraph.Node](ctx context.Context, r *Resolver, kind casegraph.Kind, filter casegraph.Filter, order *api.OrderBy, p paging) (*api.Connection[T], error) {
	request := casegraph.ListRequest{Kind: kind, Filter: filter, OrderBy: casegraph.ByCreated, Descending: true, Mask: mask(ctx)}
	if order != nil {
		request.OrderBy, request.Descending = order.By.Attribute(), order.Direction != api.Ascending
	}
	if err := checkFilter(ctx, &filter); err != nil {
		return nil, err
	}
	return pageOf[T](ctx, r, request, p)
}

// pageOf reads a page of a list that the asker may ask for.
func pageOf[T casegraph.Node](ctx context.Context, r *Resolver, request casegraph.ListRequest, p paging) (*api.Connection[T], error) {
	name := listName(request.Kind, request.Filter, request.OrderBy, request.Descending)
	err := p.put(r, name, &request)
	if err != nil {
		return nil, err
	}
	if request.Filter, err = r.worked(ctx, request); err != nil {
		return nil, err
	}
	c := &api.Connection[T]{Count: func(ctx context.Context) (int, error) { return r.Store.Count(ctx, request) }}
	if onlyCounts(ctx) {
		return c, nil
	}
	page, err := r.Store.List(ctx, request)
	if err != nil {
		return nil, err
	}
	c.Edges = make([]*api.Edge[T], len(page.Nodes))
	for i, n := range page.Nodes {
		if request.Mask.HidesFields() {
			n = withoutFields(n)
		}
		c.Edges[i] = &api.Edge[T]{Node: n.(T), Seal: func() casegraph.Cursor {
			return seal(r, name, casegraph.PlaceOf(n, request.OrderBy))
		}}
	}
	if request.Backward {
		bound(c, page.More, p.before != nil)
	} else {
		bound(c, p.after != nil, page.More)
	}
	return c, nil
}

// worked is a request's filter without conditions on the graph: with the ids for
// which they hold.
func (r *Resolver) worked(ctx context.Context, request casegraph.ListRequest) (casegraph.Filter, error) {
	limits, err := r.hubLimits(ctx, nil)
	if err != nil {
		return request.Filter, err
	}
	return traverse.Filter(ctx, r.Store, request, limits, casegraph.TimeOf(r.Now()))
}

// put writes the paging into a request.
func (p *paging) put(r *Resolver, name string, request *casegraph.ListRequest) (err error) {
	size, argument := p.first, "first"
	if p.last != nil {
		if p.first != nil {
			return casegraph.BadInput("last: give either first or last")
		}
		size, argument, request.Backward = p.last, "last", true
	}
	if request.First, err = pageSize(argument, size); err != nil {
		return err
	}
	if request.After, err = open[casegraph.Place](r, "after", name, p.after); err != nil {
		return err
	}
	request.Before, err = open[casegraph.Place](r, "before", name, p.before)
	return err
}

// onlyCounts tells whether nothing is asked of a list but how long it is: then
// its elements need not be read.
func onlyCounts(ctx context.Context) bool {
	list := graphql.GetFieldContext(ctx).Field
	asked := graphql.CollectFieldsCtx(ctx, []string{list.Definition.Type.Name()})
	return !slices.ContainsFunc(asked, func(f graphql.CollectedField) bool {
		return f.Name != "totalCount" && f.Name != "__typename"
	})
}

// asks tells whether a part of the list is asked for.
func asks(ctx context.Context, name string) bool {
	list := graphql.GetFieldContext(ctx).Field
	asked := graphql.CollectFieldsCtx(ctx, []string{list.Definition.Type.Name()})
	return slices.ContainsFunc(asked, func(f graphql.CollectedField) bool { return f.Name == name })
}

// bound says whether a list goes on around a page.
func bound[T any](c *api.Connection[T], before, behind bool) {
	c.PageInfo = casegraph.PageInfo{HasPreviousPage: before, HasNextPage: behind}
	if n := len(c.Edges); n > 0 {
		start, end := c.Edges[0].Cursor(), c.Edges[n-1].Cursor()
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &start, &end
	}
}
