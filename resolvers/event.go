package resolvers

import (
	"context"
	"slices"

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
	if moment := momentOf(parents); moment != 0 {
		request.Before = moment + 1
	}
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
	hidden, err := r.tellOfTheHidden(ctx, events)
	if err != nil {
		return nil, err
	}
	connections := make([]*api.EventConnection, len(parents))
	for i, parent := range parents {
		id := parent.Head().ID
		mine := events[id]
		more := len(mine) > size
		mine = slices.DeleteFunc(slices.Clone(mine[:min(size, len(mine))]), func(e casegraph.Event) bool { return hidden[e.Seq] })
		c := &api.EventConnection{Edges: make([]*api.EventEdge, len(mine))}
		for j := range mine {
			show(&mine[j], mask(ctx))
			c.Edges[j] = &api.EventEdge{Node: &mine[j], Seal: func() casegraph.Cursor {
				return seal(r, name, eventPlace{Node: id, Seq: mine[j].Seq})
			}}
		}
		bound(c, after != nil, more)
		connections[i] = c
	}
	return connections, nil
}

// show makes an event's changes what people read, without those of fields for
// whoever sees none. The store's own stay as they are.
func show(e *casegraph.Event, m casegraph.Mask) {
	e.Changes = slices.Clone(e.Changes)
	if m.HidesFields() {
		e.Changes = slices.DeleteFunc(e.Changes, isOfFields)
	}
	for i := range e.Changes {
		e.Changes[i] = e.Changes[i].Shown()
	}
}

func (r event) Subject(ctx context.Context, events []*casegraph.Event) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Subject })
}

func (r event) Actor(ctx context.Context, events []*casegraph.Event) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Actor })
}

// tellOfTheHidden are the events that tell of nothing but a case's links to
// what the asker may not see: that there is something would be seen by them.
// A page without them may be shorter than asked for.
func (r *Resolver) tellOfTheHidden(ctx context.Context, timelines map[casegraph.ID][]casegraph.Event) (map[casegraph.Seq]bool, error) {
	hidden := map[casegraph.Seq]bool{}
	if m := mask(ctx); !m.RestrictedCases {
		return hidden, nil
	}
	var told []*casegraph.Event
	var ends []casegraph.ID
	for _, events := range timelines {
		for i := range events {
			if e := &events[i]; len(e.Changes) == 0 && len(e.Links) > 0 && ofCases(e.Links) {
				told = append(told, e)
				for _, link := range e.Links {
					ends = append(ends, link.From, link.To)
				}
			}
		}
	}
	if len(told) == 0 {
		return hidden, nil
	}
	seen, err := r.nodes(ctx, ends)
	if err != nil {
		return nil, err
	}
	for _, e := range told {
		hidden[e.Seq] = !slices.ContainsFunc(e.Links, func(l casegraph.LinkChange) bool { return seen[l.From] != nil && seen[l.To] != nil })
	}
	return hidden, nil
}

// ofCases tells whether all links are between cases, which alone may be hidden
// at their far end.
func ofCases(links []casegraph.LinkChange) bool {
	return !slices.ContainsFunc(links, func(l casegraph.LinkChange) bool { return l.Kind != casegraph.LinkRelatesTo })
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
