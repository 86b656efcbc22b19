package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

// linkList says which links of a node make a list.
type linkList struct {
	Direction casegraph.Direction
	Kinds     []casegraph.LinkKind
	FarKinds  []casegraph.Kind
}

// linkPlace is a place in a node's list of links.
type linkPlace struct {
	Node casegraph.ID         `json:"n"`
	Link casegraph.LinkCursor `json:"l"`
}

// hops reads a page of the links of each node, in one call.
func (r *Resolver) hops(ctx context.Context, moment casegraph.Seq, ids []casegraph.ID, which linkList, first *int, after *casegraph.Cursor) (map[casegraph.ID]casegraph.LinkPage, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	request := casegraph.LinkRequest{IDs: distinct(ids), AsOf: moment, Direction: which.Direction, Kinds: which.Kinds,
		FarKinds: which.FarKinds, Cap: size, Mask: mask(ctx)}
	place, err := open[linkPlace](r, "after", listName(which), after)
	if err != nil {
		return nil, err
	}
	if place != nil {
		// A cursor lies in one node's list.
		if len(request.IDs) != 1 || request.IDs[0] != place.Node {
			return nil, casegraph.BadInput("after: the cursor belongs to another node's list")
		}
		request.After = map[casegraph.ID]casegraph.LinkCursor{place.Node: place.Link}
	}
	pages, err := r.Store.Links(ctx, request)
	if err != nil || moment == 0 {
		return pages, err
	}
	if _, err = casegraph.SumThen(ctx, r.Store, moment, pages); err != nil {
		return nil, err
	}
	return pages, r.countThen(ctx, request, pages)
}

// countThen counts what lists held at a past moment, where that is asked for: a
// node's degree is today's. Past MaxLinkCap links it stays so.
func (r *Resolver) countThen(ctx context.Context, request casegraph.LinkRequest, pages map[casegraph.ID]casegraph.LinkPage) error {
	if !asks(ctx, "totalCount") {
		return nil
	}
	request.Cap, request.After = casegraph.MaxLinkCap, nil
	whole, err := r.Store.Links(ctx, request)
	for id, all := range whole {
		if page, met := pages[id]; met && !all.More {
			page.Degree = len(all.Hops)
			pages[id] = page
		}
	}
	return err
}

// connect makes each parent's page of links a connection. element gives the
// node of an edge, or false if there is none to show.
func connect[T any, P casegraph.Node](r *Resolver, parents []P, which linkList, after *casegraph.Cursor,
	pages map[casegraph.ID]casegraph.LinkPage, element func(*casegraph.Hop) (T, bool)) []*api.Connection[T] {
	name := listName(which)
	connections := make([]*api.Connection[T], len(parents))
	for i, parent := range parents {
		id := parent.Head().ID
		page := pages[id]
		c := &api.Connection[T]{Edges: make([]*api.Edge[T], 0, len(page.Hops)),
			Count: func(context.Context) (int, error) { return page.Degree, nil }}
		for j := range page.Hops {
			hop := &page.Hops[j]
			node, ok := element(hop)
			if !ok {
				continue
			}
			c.Edges = append(c.Edges, &api.Edge[T]{Node: node, Hop: hop, Seal: func() casegraph.Cursor {
				return seal(r, name, linkPlace{Node: id, Link: hop.Cursor()})
			}})
		}
		bound(c, after != nil, page.More)
		connections[i] = c
	}
	return connections
}

// across reads, for each parent, the nodes at the far ends of its links: one
// call for the links and one for the nodes.
func across[T any, P casegraph.Node](ctx context.Context, r *Resolver, parents []P, which linkList, first *int, after *casegraph.Cursor) ([]*api.Connection[T], error) {
	pages, err := r.hops(ctx, momentOf(parents), idsOf(parents), which, first, after)
	if err != nil {
		return nil, err
	}
	var far []casegraph.ID
	if !onlyCounts(ctx) {
		for _, page := range pages {
			for i := range page.Hops {
				far = append(far, page.Hops[i].Far)
			}
		}
	}
	found, err := r.nodesThen(ctx, momentOf(parents), far, idsOf(parents)...)
	if err != nil {
		return nil, err
	}
	return connect(r, parents, which, after, pages, func(hop *casegraph.Hop) (T, bool) {
		node, ok := found[hop.Far].(T)
		return node, ok
	}), nil
}

// links reads, for each parent, a page of its links.
func links[P casegraph.Node](ctx context.Context, r *Resolver, parents []P, kinds []casegraph.LinkKind, direction *casegraph.Direction, first *int, after *casegraph.Cursor) ([]*api.LinkConnection, error) {
	which := linkList{Kinds: kinds, Direction: casegraph.DirectionBoth}
	if direction != nil {
		which.Direction = *direction
	}
	pages, err := r.hops(ctx, momentOf(parents), idsOf(parents), which, first, after)
	if err != nil {
		return nil, err
	}
	return connect(r, parents, which, after, pages, func(hop *casegraph.Hop) (*casegraph.Link, bool) {
		return hop.Link, true
	}), nil
}

func idsOf[P casegraph.Node](parents []P) []casegraph.ID {
	ids := make([]casegraph.ID, len(parents))
	for i, parent := range parents {
		ids[i] = parent.Head().ID
	}
	return ids
}
