package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/traverse"
)

// changesList names the cursors of changes; the question that each belongs to
// stands in the cursor itself.
var changesList = listName("changes")

func (r query) Changes(ctx context.Context, of []casegraph.ID, from api.Moment, to *api.Moment, depth *int, kinds []casegraph.LinkKind,
	nodeKinds []casegraph.Kind, limits *api.HubLimits, maxNodes, maxMilliseconds, first *int, after *casegraph.Cursor, dryRun *bool) (*api.Changes, error) {
	if err := positive(count{"depth", depth}, count{"maxNodes", maxNodes}, count{"maxMilliseconds", maxMilliseconds}, count{"first", first}); err != nil {
		return nil, err
	}
	cursor, err := open[traverse.ChangesCursor](r.Resolver, "after", changesList, after)
	if err != nil {
		return nil, err
	}
	q := traverse.ChangesQuery{Of: of, Depth: or(depth), Kinds: kinds, NodeKinds: nodeKinds, MaxNodes: or(maxNodes),
		Time: r.time(maxMilliseconds), First: or(first), After: cursor, DryRun: or(dryRun), Mask: mask(ctx)}
	if q.HubLimits, err = r.hubLimits(ctx, limits); err != nil {
		return nil, err
	}
	if q.From, q.To, err = r.between(ctx, from, to, cursor); err != nil {
		return nil, err
	}
	answer, err := traverse.ChangesAround(ctx, r.Store, q)
	if err != nil {
		return nil, err
	}
	c := &api.Changes{FromEvent: q.From, ToEvent: q.To, Boundaries: r.boundaries(q.To, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast),
		Links: make([]*api.ChangedLink, len(answer.Links))}
	if c.Nodes, err = r.changedNodes(ctx, answer.Nodes); err != nil {
		return nil, err
	}
	for i, link := range answer.Links {
		c.Links[i] = &api.ChangedLink{Before: bare(q.Mask, link.Before), After: bare(q.Mask, link.After)}
	}
	if answer.Next != nil {
		c.Cursor = new(seal(r.Resolver, changesList, *answer.Next))
	}
	return c, nil
}

// between are the numbers of two moments. The later one is by default now, or
// what was now when the cursor was given.
func (r *Resolver) between(ctx context.Context, from api.Moment, to *api.Moment, cursor *traverse.ChangesCursor) (first, last casegraph.Seq, err error) {
	if first, err = r.moment(ctx, "from", &from); err != nil {
		return 0, 0, err
	}
	switch {
	case to != nil:
		last, err = r.moment(ctx, "to", to)
	case cursor != nil:
		last = cursor.To
	default:
		_, last, err = r.Store.Events(ctx, 0, 1)
	}
	return first, last, err
}

// changedNodes are the nodes without the comments that the asker may not see.
func (r *Resolver) changedNodes(ctx context.Context, nodes []traverse.ChangedNode) ([]*api.ChangedNode, error) {
	seen := map[casegraph.ID]casegraph.Node{}
	for _, n := range nodes {
		seen[n.After.Head().ID] = n.After
	}
	if err := r.hideComments(ctx, seen, nil); err != nil {
		return nil, err
	}
	var comments []*casegraph.Comment
	for _, n := range nodes {
		if c, ok := n.After.(*casegraph.Comment); ok {
			comments = append(comments, c)
		}
	}
	deleted, err := r.deleted(ctx, comments)
	if err != nil {
		return nil, err
	}
	list := make([]*api.ChangedNode, 0, len(nodes))
	for _, n := range nodes {
		if deleted[n.After.Head().ID] {
			n.Before, n.After = emptied(n.Before), emptied(n.After)
		}
		if seen[n.After.Head().ID] != nil {
			if mask(ctx).HidesFields() {
				n.Before, n.After = withoutFields(n.Before), withoutFields(n.After)
			}
			list = append(list, &api.ChangedNode{Before: n.Before, After: n.After})
		}
	}
	return list, nil
}
