package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/bulk"
	"casegraph/cases"
)

func (r query) Bulk(ctx context.Context, id casegraph.ID) (*casegraph.Bulk, error) {
	return r.Bulks.Bulk(ctx, AskerOf(ctx), id)
}

func (r mutation) StartBulk(ctx context.Context, input cases.BulkInput) (*api.BulkPayload, error) {
	name, err := once(ctx, input)
	if err != nil {
		return nil, err
	}
	if input.ViewID != "" {
		// What the bulk did may have taken its nodes out of the view.
		if id, begun, err := r.Bulks.Begun(ctx, name); begun || err != nil {
			return r.bulkPayload(ctx, id, err)
		}
		if input.IDs, err = r.bulkOf(ctx, input); err != nil {
			return nil, err
		}
	}
	id, err := r.Bulks.Start(ctx, AskerOf(ctx), input, name, r.NewID)
	return r.bulkPayload(ctx, id, err)
}

// bulkOf are the nodes of a bulk's view.
func (r *Resolver) bulkOf(ctx context.Context, input cases.BulkInput) ([]casegraph.ID, error) {
	if input.IDs != nil {
		return nil, casegraph.BadInput("viewId: give either ids or viewId")
	}
	ids, more, err := r.ViewIDs(ctx, input.ViewID, cases.MaxBulk)
	switch {
	case err != nil:
		return nil, err
	case more:
		return nil, casegraph.BadInput("viewId: the view has more than %d nodes for you", cases.MaxBulk)
	case len(ids) == 0:
		return nil, casegraph.BadInput("viewId: the view has nothing for you")
	}
	return ids, nil
}

func (r mutation) CancelBulk(ctx context.Context, input api.CancelBulkInput) (*api.BulkPayload, error) {
	change, err := bulk.Cancel(AskerOf(ctx), input.BulkID)
	answer, _, err := do[bulk.Answer](ctx, r.Resolver, input, change, err)
	return r.bulkPayload(ctx, answer.BulkID, err)
}

func (r *Resolver) bulkPayload(ctx context.Context, id casegraph.ID, err error) (*api.BulkPayload, error) {
	if err != nil {
		return nil, err
	}
	b, err := r.Bulks.Bulk(ctx, AskerOf(ctx), id)
	return &api.BulkPayload{Bulk: b}, err
}

func (r bulkFields) By(ctx context.Context, parents []*casegraph.Bulk) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(b *casegraph.Bulk) casegraph.ID { return b.ByID })
}

// Items finds a page by the place of the item before it.
func (r bulkFields) Items(ctx context.Context, parents []*casegraph.Bulk, first *int, after *casegraph.Cursor, outcomes []casegraph.BulkOutcome) ([]*api.BulkItemConnection, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	name := func(b *casegraph.Bulk) string { return listName("bulk", b.ID, outcomes) }
	from := 0
	for _, b := range parents {
		behind, err := open[int](r.Resolver, "after", name(b), after)
		if err != nil {
			return nil, err
		}
		if behind != nil {
			from = *behind + 1
		}
	}
	pages, err := r.Bulks.Items(ctx, parents, from, size+1, outcomes)
	if err != nil {
		return nil, err
	}
	connections := make([]*api.BulkItemConnection, len(parents))
	for i, b := range parents {
		c := &api.BulkItemConnection{}
		for _, item := range pages[i][:min(size, len(pages[i]))] {
			c.Edges = append(c.Edges, &api.BulkItemEdge{Node: &item.BulkItem, Seal: func() casegraph.Cursor { return seal(r.Resolver, name(b), item.At) }})
		}
		bound(c, after != nil, len(pages[i]) > size)
		connections[i] = c
	}
	return connections, nil
}

func (r bulkItem) Node(ctx context.Context, parents []*casegraph.BulkItem) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, parents, func(i *casegraph.BulkItem) casegraph.ID { return i.NodeID })
}
