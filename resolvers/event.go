package resolvers

import (
	"cmp"
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

// eventPage is which events of timelines are asked for.
type eventPage struct {
	paging
	filter *api.EventFilter
}

// timeline reads a page of the events about each parent, in one call.
func timeline[P casegraph.Node](ctx context.Context, r *Resolver, parents []P, first *int, after *casegraph.Cursor,
	last *int, before *casegraph.Cursor, filter *api.EventFilter) ([]*api.EventConnection, error) {
	return timelineWith(ctx, r, parents, eventPage{paging{first, last, after, before}, filter}, nil)
}

// timelineWith reads the events about each parent and about what is with it,
// since when it is, as one list.
func timelineWith[P casegraph.Node](ctx context.Context, r *Resolver, parents []P, page eventPage, with map[casegraph.ID][]companion) ([]*api.EventConnection, error) {
	name := listName("timeline", page.filter, with != nil)
	request, err := timelineRequest(r, name, parents, page)
	if err != nil {
		return nil, err
	}
	for _, companions := range with {
		for _, c := range companions {
			request.IDs = append(request.IDs, c.id)
		}
	}
	request.IDs = distinct(request.IDs)
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
		mine := slices.Clone(events[id])
		for _, c := range with[id] {
			for _, e := range events[c.id] {
				if e.Seq >= c.since && !marks(&e, id) { // which the parent's own events tell
					mine = append(mine, e)
				}
			}
		}
		slices.SortFunc(mine, func(a, b casegraph.Event) int { return cmp.Compare(b.Seq, a.Seq) })
		size := request.First - 1
		more := len(mine) > size
		if request.OldestFirst {
			mine = mine[max(0, len(mine)-size):]
		} else {
			mine = mine[:min(size, len(mine))]
		}
		mine = slices.DeleteFunc(mine, func(e casegraph.Event) bool { return hidden[e.Seq] })
		c := &api.EventConnection{Edges: make([]*api.EventEdge, len(mine))}
		for j := range mine {
			show(&mine[j], mask(ctx))
			c.Edges[j] = &api.EventEdge{Node: &mine[j], Seal: func() casegraph.Cursor {
				return seal(r, name, eventPlace{Node: id, Seq: mine[j].Seq})
			}}
		}
		if request.OldestFirst {
			bound(c, more, page.before != nil)
		} else {
			bound(c, page.after != nil, more)
		}
		connections[i] = c
	}
	return connections, nil
}

// timelineRequest asks for one event more than the page has, which tells whether
// the log goes on.
func timelineRequest[P casegraph.Node](r *Resolver, name string, parents []P, p eventPage) (request casegraph.TimelineRequest, err error) {
	request.IDs = distinct(idsOf(parents))
	size, argument := p.first, "first"
	if request.OldestFirst = p.last != nil; request.OldestFirst {
		if size, argument = p.last, "last"; p.first != nil {
			return request, casegraph.BadInput("last: give either first or last")
		}
	}
	if request.First, err = pageSize(argument, size); err != nil {
		return request, err
	}
	request.First++
	if request.EventFilter, err = p.filter.Filter(); err != nil {
		return request, err
	}
	if moment := momentOf(parents); moment != 0 {
		request.Before = moment + 1
	}
	for argument, cursor := range map[string]*casegraph.Cursor{"after": p.after, "before": p.before} {
		place, err := open[eventPlace](r, argument, name, cursor)
		switch {
		case err != nil:
			return request, err
		case place == nil:
		case len(request.IDs) != 1 || request.IDs[0] != place.Node:
			return request, casegraph.BadInput("%s: the cursor belongs to another node's list", argument)
		case argument == "after":
			request.Before = place.Seq
		default:
			request.After = place.Seq
		}
	}
	return request, nil
}

// companion is a node that is with another since an event.
type companion struct {
	id    casegraph.ID
	since casegraph.Seq
}

// maxCompanions is how many objects of a case are in its timeline.
const maxCompanions = 100

func (r caseFields) Timeline(ctx context.Context, parents []*casegraph.Case, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor,
	filter *api.EventFilter, objects *bool) ([]*api.EventConnection, error) {
	if objects == nil || !*objects {
		return timeline(ctx, r.Resolver, parents, first, after, last, before, filter)
	}
	if last != nil {
		return nil, casegraph.BadInput("last: not with objects")
	}
	pages, err := r.Store.Links(ctx, casegraph.LinkRequest{IDs: distinct(idsOf(parents)), AsOf: momentOf(parents), Direction: casegraph.DirectionOut,
		Kinds: []casegraph.LinkKind{casegraph.LinkContains}, Cap: maxCompanions, Mask: mask(ctx)})
	if err != nil {
		return nil, err
	}
	with := map[casegraph.ID][]companion{}
	for id, page := range pages {
		for _, hop := range page.Hops {
			with[id] = append(with[id], companion{hop.Far, hop.Link.Recorded})
		}
	}
	return timelineWith(ctx, r.Resolver, parents, eventPage{paging{first: first, after: after, before: before}, filter}, with)
}

// marks tells whether an event tells of the mark of a link at the node.
func marks(e *casegraph.Event, id casegraph.ID) bool {
	return slices.ContainsFunc(e.Links, func(l casegraph.LinkChange) bool {
		return l.Change == casegraph.LinkMarked && (l.From == id || l.To == id)
	})
}

// show makes an event's changes what people read, without those of fields for
// whoever sees none, and names the comment that changed about a case. The
// store's own stay as they are.
func show(e *casegraph.Event, m casegraph.Mask) {
	if e.Name == "case.comment-edited" || e.Name == "case.comment-deleted" {
		e.Links = slices.Clone(e.Links)
		for _, id := range e.Touched {
			if kind, _ := casegraph.KindOf(id); kind == casegraph.KindComment {
				e.Links = append(e.Links, casegraph.LinkChange{From: id, Kind: casegraph.LinkAbout, To: e.Subject, Change: "CHANGED"})
			}
		}
	}
	e.Changes = slices.Clone(e.Changes)
	if m.HidesFields() {
		e.Changes = slices.DeleteFunc(e.Changes, isOfFields)
	}
	for i := range e.Changes {
		e.Changes[i] = e.Changes[i].Shown()
	}
	e.Links = slices.Clone(e.Links)
	for i := range e.Links {
		l := &e.Links[i]
		l.Changes = slices.Clone(l.Changes)
		for j := range l.Changes {
			l.Changes[j] = l.Changes[j].Shown()
		}
	}
}

func (r event) Subject(ctx context.Context, events []*casegraph.Event) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Subject })
}

func (r event) Actor(ctx context.Context, events []*casegraph.Event) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, events, func(e *casegraph.Event) casegraph.ID { return e.Actor })
}

// tellOfTheHidden are the events that tell of nothing but links to what the
// asker may not see, between cases or that were marked: that there is something would be seen by them.
// A page without them may be shorter than asked for.
func (r *Resolver) tellOfTheHidden(ctx context.Context, timelines map[casegraph.ID][]casegraph.Event) (map[casegraph.Seq]bool, error) {
	hidden := map[casegraph.Seq]bool{}
	if m := mask(ctx); !m.RestrictedCases && len(m.IdentifierKinds) == 0 {
		return hidden, nil
	}
	var told []*casegraph.Event
	var ends []casegraph.ID
	for _, events := range timelines {
		for i := range events {
			if e := &events[i]; len(e.Changes) == 0 && len(e.Links) > 0 && !slices.ContainsFunc(e.Links, tellsMore) {
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

// tellsMore tells whether an event says more than that there is the link: one
// between cases, or one that was marked, is all that its event is about.
func tellsMore(l casegraph.LinkChange) bool {
	return l.Kind != casegraph.LinkRelatesTo && l.Change != casegraph.LinkMarked
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
