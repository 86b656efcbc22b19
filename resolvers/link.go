package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

func (r link) From(ctx context.Context, links []*casegraph.Link) ([]casegraph.Node, error) {
	ids := make([]casegraph.ID, len(links))
	for i, l := range links {
		ids[i] = l.From
	}
	return r.must(ctx, momentOf(links), ids)
}

func (r link) To(ctx context.Context, links []*casegraph.Link) ([]casegraph.Node, error) {
	ids := make([]casegraph.ID, len(links))
	for i, l := range links {
		ids[i] = l.To
	}
	return r.must(ctx, momentOf(links), ids)
}

func (r link) By(ctx context.Context, links []*casegraph.Link) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, links, func(l *casegraph.Link) casegraph.ID { return l.By })
}

func (r link) Transaction(ctx context.Context, links []*casegraph.Link) ([]*casegraph.Transaction, error) {
	return each[*casegraph.Transaction](ctx, r.Resolver, links, func(l *casegraph.Link) casegraph.ID { return l.TransactionID })
}

func (r link) Evidence(ctx context.Context, links []*casegraph.Link, first *int) ([][]*casegraph.Link, error) {
	return r.evidence(ctx, links, first)
}

// Mark reads the marks of links. Who was given a link sees both its ends, and so
// may see its mark.
func (r link) Mark(ctx context.Context, links []*casegraph.Link) ([]*casegraph.LinkMark, error) {
	ids := make([]casegraph.ID, len(links))
	for i, l := range links {
		ids[i] = casegraph.MarkID(l.LinkID)
	}
	marks := make([]*casegraph.LinkMark, len(links))
	if len(ids) == 0 {
		return marks, nil
	}
	found, err := r.Store.Nodes(ctx, casegraph.NodesRequest{IDs: distinct(ids), AsOf: momentOf(links), Mask: casegraph.Mask{SeesMarks: true}})
	for i, id := range ids {
		marks[i], _ = found[id].(*casegraph.LinkMark)
	}
	return marks, err
}

func (r linkEdge) Far(ctx context.Context, edges []*api.LinkEdge) ([]casegraph.Node, error) {
	ids := make([]casegraph.ID, len(edges))
	for i, edge := range edges {
		ids[i] = edge.Hop.Far
	}
	return r.must(ctx, momentOf(edges), ids)
}

// evidence reads the SHOWS links behind HAS links, in one call; other links
// have none behind them.
func (r *Resolver) evidence(ctx context.Context, links []*casegraph.Link, first *int) ([][]*casegraph.Link, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	pairs := casegraph.Pairs(links)
	results := make([][]*casegraph.Link, len(links))
	if len(pairs) == 0 {
		return results, nil
	}
	found, err := r.Store.Evidence(ctx, casegraph.EvidenceRequest{Pairs: pairs, Limit: size, AsOf: momentOf(links)})
	if err != nil {
		return nil, err
	}
	for i, l := range links {
		if l.Kind == casegraph.LinkHas {
			results[i] = found[l.Pair()]
		}
	}
	return results, nil
}
