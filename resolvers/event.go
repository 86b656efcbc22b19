package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
)

// eventPlace is a place in a node's timeline.
type eventPlace struct {
	Node casegraph.ID  `json:"n"`
	Seq  casegraph.Seq `json:"s"`
}

// timeline reads the newest events about each parent, in one call.
func timeline[P casegraph.Node](ctx context.Context, r *Resolver, parents []P, first *int, after *casegraph.Cursor) ([]*api.EventConnection, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	name := listName("timeline")
	place, err := open[eventPlace](r, "after", name, after)
	if err != nil {
		return nil, err
	}
	// One more than the page tells whether the log goes on.
	request := casegraph.TimelineRequest{IDs: distinct(idsOf(parents)), First: size + 1}
	if place != nil {
		if len(request.IDs) != 1 || request.IDs[0] != place.Node {
			return nil, casegraph.BadInput("after: the cursor belongs to another node's list")
		}
		request.Before = place.Seq
	}
	events, err := r.Store.Timeline(ctx, request)
	if err != nil {
		return nil, err
	}
	connections := make([]*api.EventConnection, len(parents))
	for i, parent := range parents {
		id := parent.Head().ID
		mine := events[id]
		more := len(mine) > size
		mine = mine[:min(size, len(mine))]
		c := &api.EventConnection{Edges: make([]*api.EventEdge, len(mine))}
		for j := range mine {
			c.Edges[j] = &api.EventEdge{Node: &mine[j], Seal: func() casegraph.Cursor {
				return seal(r, name, eventPlace{Node: id, Seq: mine[j].Seq})
			}}
		}
		bound(c, after != nil, more)
		connections[i] = c
	}
	return connections, nil
}

func (r event) Subject(ctx context.Context, events []*casegraph.Event) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Subject })
}

func (r event) Actor(ctx context.Context, events []*casegraph.Event) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Actor })
}

// Links leaves out the links whose ends the asker may not see: the log tells
// everything, its readers see what they may.
func (r event) Links(ctx context.Context, events []*casegraph.Event) ([][]*casegraph.LinkChange, error) {
	var ends []casegraph.ID
	for _, e := range events {
		for i := range e.Links {
			ends = append(ends, e.Links[i].From, e.Links[i].To)
		}
	}
	seen, err := r.nodes(ctx, ends)
	if err != nil {
		return nil, err
	}
	results := make([][]*casegraph.LinkChange, len(events))
	for i, e := range events {
		for j := range e.Links {
			change := &e.Links[j]
			if seen[change.From] != nil && seen[change.To] != nil {
				results[i] = append(results[i], change)
			}
		}
	}
	return results, nil
}
