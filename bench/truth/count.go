package main

import (
	"context"

	"casegraph"
)

// count checks how many nodes of a kind there are.
func (c *checks) count(ctx context.Context, g *graph, what string, kind casegraph.Kind, want int) {
	n, err := g.Count(ctx, casegraph.ListRequest{Kind: kind})
	if !c.failed(what, err) {
		c.equal(what, n, want)
	}
}

// allIDs lists the nodes of a kind.
func allIDs(ctx context.Context, g *graph, kind casegraph.Kind) ([]casegraph.ID, error) {
	var ids []casegraph.ID
	request := casegraph.ListRequest{Kind: kind, First: casegraph.MaxPage}
	for {
		page, err := g.List(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			ids = append(ids, n.Head().ID)
		}
		if !page.More {
			return ids, nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
		request.After = &place
	}
}

// links reads all links of nodes in one direction.
func links(ctx context.Context, g *graph, ids []casegraph.ID, direction casegraph.Direction, kinds ...casegraph.LinkKind) (map[casegraph.ID]casegraph.LinkPage, error) {
	all := make(map[casegraph.ID]casegraph.LinkPage, len(ids))
	const batch = 1000
	for begin := 0; begin < len(ids); begin += batch {
		pages, err := g.Links(ctx, casegraph.LinkRequest{IDs: ids[begin:min(begin+batch, len(ids))],
			Direction: direction, Kinds: kinds, Cap: casegraph.MaxLinkCap})
		if err != nil {
			return nil, err
		}
		for id, page := range pages {
			all[id] = page
		}
	}
	return all, nil
}

// linkCounts counts the links of each kind, each once at its beginning, and
// SHOWS links by the identifier's kind as well.
func linkCounts(ctx context.Context, g *graph) (counts map[casegraph.LinkKind]int, shows map[casegraph.IdentifierKind]int, err error) {
	counts, shows = map[casegraph.LinkKind]int{}, map[casegraph.IdentifierKind]int{}
	for _, kind := range casegraph.Kinds() {
		if !kind.IsObject() && kind != casegraph.KindCase {
			continue
		}
		ids, err := allIDs(ctx, g, kind)
		if err != nil {
			return nil, nil, err
		}
		pages, err := links(ctx, g, ids, casegraph.DirectionOut)
		if err != nil {
			return nil, nil, err
		}
		for _, page := range pages {
			for _, hop := range page.Hops {
				counts[hop.Link.Kind]++
				if hop.Link.Kind == casegraph.LinkShows {
					shows[hop.FarClass.IdentifierKind()]++
				}
			}
		}
	}
	return counts, shows, nil
}

// attribute is the filter "path equals value".
func attribute(path string, value any) casegraph.Filter {
	return casegraph.Filter{Path: path, Op: casegraph.OpEq, Value: value}
}
