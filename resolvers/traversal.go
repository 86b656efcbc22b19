package resolvers

import (
	"context"
	"time"

	"casegraph"
	"casegraph/api"
	"casegraph/traverse"
)

// expandList names the cursors of expansions; the question that each belongs
// to stands in the cursor itself.
var expandList = listName("expand")

func (r query) Expand(ctx context.Context, from []casegraph.ID, depth *int, kinds []casegraph.LinkKind, nodeKinds []casegraph.Kind,
	where *api.NodeFilters, direction *casegraph.Direction, since, until *casegraph.Time, perNode *int, limits *api.HubLimits, maxNodes, maxLinks, maxMilliseconds *int,
	asOf *api.Moment, after *casegraph.Cursor, dryRun *bool) (*api.Expansion, error) {
	if err := positive(count{"depth", depth}, count{"perNode", perNode}, count{"maxNodes", maxNodes}, count{"maxLinks", maxLinks},
		count{"maxMilliseconds", maxMilliseconds}); err != nil {
		return nil, err
	}
	cursor, err := open[traverse.Cursor](r.Resolver, "after", expandList, after)
	if err != nil {
		return nil, err
	}
	hubs, err := r.hubLimits(ctx, limits)
	if err != nil {
		return nil, err
	}
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	q := traverse.ExpandQuery{From: from, AsOf: moment, After: cursor, Depth: or(depth), Kinds: kinds, NodeKinds: nodeKinds, Where: where.Where(), Direction: or(direction),
		Since: or(since), Until: or(until), PerNode: or(perNode), HubLimits: hubs, MaxNodes: or(maxNodes),
		MaxLinks: or(maxLinks), Time: r.time(maxMilliseconds), Now: casegraph.TimeOf(r.Now()), DryRun: or(dryRun), Mask: mask(ctx)}
	answer, err := traverse.Expand(ctx, r.Store, q)
	if err != nil {
		return nil, err
	}
	ids := make([]casegraph.ID, len(answer.Nodes))
	for i, met := range answer.Nodes {
		ids[i] = met.ID
	}
	nodes, err := r.nodesThen(ctx, moment, ids)
	if err != nil {
		return nil, err
	}
	e := &api.Expansion{Boundaries: r.boundaries(moment, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast),
		Nodes: expanded(answer.Nodes, nodes), Links: make([]*casegraph.Link, len(answer.Links))}
	for i, step := range answer.Links {
		e.Links[i] = step.Link
	}
	if answer.Changed {
		e.ChangedSince = cursor.Since
	}
	return e, nil
}

func (r query) Paths(ctx context.Context, from, to []casegraph.ID, mode *api.PathMode, maxLength, maxPaths *int, avoid, through []casegraph.ID,
	throughHubs *bool, kinds []casegraph.LinkKind, nodeKinds []casegraph.Kind, direction *casegraph.Direction, where *api.NodeFilters, since, until *casegraph.Time,
	limits *api.HubLimits, maxNodes, maxLinks, maxMilliseconds *int, asOf *api.Moment, dryRun *bool) (*api.Paths, error) {
	if err := positive(count{"maxLength", maxLength}, count{"maxPaths", maxPaths}, count{"maxNodes", maxNodes}, count{"maxLinks", maxLinks},
		count{"maxMilliseconds", maxMilliseconds}); err != nil {
		return nil, err
	}
	hubs, err := r.hubLimitsUnless(ctx, or(throughHubs), limits)
	if err != nil {
		return nil, err
	}
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	answer, err := traverse.Paths(ctx, r.Store, traverse.PathsQuery{From: from, To: to, AsOf: moment, Mode: traverse.PathMode(or(mode)),
		MaxLength: or(maxLength), MaxPaths: or(maxPaths), Avoid: avoid, Through: through, Kinds: kinds, NodeKinds: nodeKinds,
		Direction: or(direction), Where: where.Where(), Since: or(since), Until: or(until), HubLimits: hubs, MaxNodes: or(maxNodes), MaxLinks: or(maxLinks),
		Time: r.time(maxMilliseconds), Evidence: traverse.DefaultEvidence, DryRun: or(dryRun), Mask: mask(ctx)})
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for _, path := range answer.Paths {
		ids = append(ids, path.Nodes...)
	}
	nodes, err := r.nodesThen(ctx, moment, ids)
	if err != nil {
		return nil, err
	}
	p := &api.Paths{Boundaries: r.boundaries(moment, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast),
		Paths: make([]*api.Path, len(answer.Paths))}
	if answer.Found {
		p.Length = &answer.Length
	}
	for i := range answer.Paths {
		p.Paths[i] = &api.Path{Nodes: along(&answer.Paths[i], nodes), Hops: steps(&answer.Paths[i])}
		if traverse.PathMode(or(mode)) == traverse.Cheapest {
			p.Paths[i].Cost = &answer.Paths[i].Cost
		}
	}
	return p, nil
}

func (r query) Component(ctx context.Context, of casegraph.ID, kinds []casegraph.LinkKind, nodeKinds []casegraph.Kind,
	since, until *casegraph.Time, limits *api.HubLimits, maxNodes, maxLinks, maxMilliseconds, list *int, asOf *api.Moment, dryRun *bool) (*api.Component, error) {
	if err := positive(count{"maxNodes", maxNodes}, count{"maxLinks", maxLinks}, count{"maxMilliseconds", maxMilliseconds},
		count{"list", list}); err != nil {
		return nil, err
	}
	hubs, err := r.hubLimits(ctx, limits)
	if err != nil {
		return nil, err
	}
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	answer, err := traverse.ComponentOf(ctx, r.Store, traverse.ComponentQuery{Of: of, AsOf: moment, Kinds: kinds, NodeKinds: nodeKinds,
		Since: or(since), Until: or(until), HubLimits: hubs, MaxNodes: or(maxNodes), MaxLinks: or(maxLinks),
		Time: r.time(maxMilliseconds), List: or(list), DryRun: or(dryRun), Mask: mask(ctx)})
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for _, met := range answer.Nodes {
		ids = append(ids, met.ID)
	}
	for _, cut := range answer.CutNodes {
		ids = append(ids, cut.ID)
	}
	nodes, err := r.nodesThen(ctx, moment, ids)
	if err != nil {
		return nil, err
	}
	c := &api.Component{Size: answer.Size, LinkCount: answer.LinkCount, FirstSeen: answer.FirstSeen, LastSeen: answer.LastSeen,
		Nodes: expanded(answer.Nodes, nodes), Links: answer.Links, Boundaries: r.boundaries(moment, answer.Boundaries),
		Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast)}
	for _, n := range answer.ByKind {
		c.ByKind = append(c.ByKind, &api.KindCount{Kind: n.Kind, IdentifierKind: unlessZero(string(n.IdentifierKind)), Count: n.Count})
	}
	if answer.Complete {
		part(c, &answer, nodes)
	}
	return c, nil
}

// part says where a component would fall apart.
func part(c *api.Component, answer *traverse.Component, nodes map[casegraph.ID]casegraph.Node) {
	c.BridgeCount, c.CutNodeCount = &answer.BridgeCount, &answer.CutNodeCount
	c.Bridges, c.CutNodes = make([]*api.Bridge, len(answer.Bridges)), []*api.CutNode{}
	for i, bridge := range answer.Bridges {
		c.Bridges[i] = &api.Bridge{Link: bridge.Link, CutsOff: bridge.CutsOff}
	}
	for _, cut := range answer.CutNodes {
		if n := nodes[cut.ID]; n != nil {
			c.CutNodes = append(c.CutNodes, &api.CutNode{Node: n, Parts: cut.Parts, CutsOff: cut.CutsOff})
		}
	}
}

func (r query) SuggestPivots(ctx context.Context, from, expanded []casegraph.ID, kinds []casegraph.LinkKind, nodeKinds []casegraph.Kind,
	since, until *casegraph.Time, limits *api.HubLimits, first, maxNodes, maxMilliseconds *int, asOf *api.Moment, dryRun *bool) (*api.PivotSuggestions, error) {
	if err := positive(count{"first", first}, count{"maxNodes", maxNodes}, count{"maxMilliseconds", maxMilliseconds}); err != nil {
		return nil, err
	}
	hubs, err := r.hubLimits(ctx, limits)
	if err != nil {
		return nil, err
	}
	moment, err := r.moment(ctx, "asOf", asOf)
	if err != nil {
		return nil, err
	}
	answer, err := traverse.SuggestPivots(ctx, r.Store, traverse.PivotsQuery{From: from, Expanded: expanded, AsOf: moment, Kinds: kinds,
		NodeKinds: nodeKinds, Since: or(since), Until: or(until), HubLimits: hubs, First: or(first), MaxNodes: or(maxNodes),
		Time: r.time(maxMilliseconds), Now: casegraph.TimeOf(r.Now()), DryRun: or(dryRun), Mask: mask(ctx)})
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for i := range answer.Pivots {
		ids = append(ids, answer.Pivots[i].ID, answer.Pivots[i].Marked)
	}
	nodes, err := r.nodesThen(ctx, moment, ids)
	if err != nil {
		return nil, err
	}
	s := &api.PivotSuggestions{Boundaries: r.boundaries(moment, answer.Boundaries), Complete: answer.Complete, Cost: answer.Cost, Forecast: api.ForecastOf(answer.Forecast)}
	for i := range answer.Pivots {
		if p := &answer.Pivots[i]; nodes[p.ID] != nil {
			s.Pivots = append(s.Pivots, &api.Pivot{Node: nodes[p.ID], Score: p.Score, Rarity: p.Rarity, Risk: p.Risk, Recency: p.Recency,
				Money: p.Money, Degree: p.Degree, Unseen: p.Unseen, Marked: nodes[p.Marked], Paid: p.Paid, Currency: unlessZero(p.Currency), Links: p.Links})
		}
	}
	return s, nil
}

// expanded are the nodes that were met and are still there.
func expanded(met []traverse.Met, nodes map[casegraph.ID]casegraph.Node) []*api.ExpandedNode {
	list := make([]*api.ExpandedNode, 0, len(met))
	for _, one := range met {
		if n := nodes[one.ID]; n != nil {
			list = append(list, &api.ExpandedNode{Node: n, Distance: one.Distance})
		}
	}
	return list
}

// along are a path's nodes.
func along(path *traverse.Path, nodes map[casegraph.ID]casegraph.Node) []casegraph.Node {
	list := make([]casegraph.Node, len(path.Nodes))
	for i, id := range path.Nodes {
		list[i] = nodes[id]
	}
	return list
}

func steps(path *traverse.Path) []*api.PathHop {
	hops := make([]*api.PathHop, len(path.Hops))
	for i, hop := range path.Hops {
		hops[i] = &api.PathHop{FromID: hop.Near, ToID: hop.Far, Links: hop.Links, Evidence: hop.Evidence,
			Cost: unlessZero(hop.Cost), Accounts: unlessZero(hop.Accounts)}
	}
	return hops
}

func (r *Resolver) boundaries(moment casegraph.Seq, from []traverse.Boundary) []*api.Boundary {
	list := make([]*api.Boundary, len(from))
	for i, b := range from {
		list[i] = &api.Boundary{NodeID: b.Node, Reason: api.BoundaryReason(b.Reason), Degree: b.Degree, AsOf: moment}
		if b.Next != nil {
			list[i].Cursor = new(seal(r, expandList, *b.Next))
		}
	}
	return list
}

func (r boundary) Node(ctx context.Context, boundaries []*api.Boundary) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, boundaries, func(b *api.Boundary) casegraph.ID { return b.NodeID })
}

// time is how long a traversal may explore. More than it may ever is refused by
// the traversal.
func (r *Resolver) time(maxMilliseconds *int) traverse.Time {
	limit := traverse.Time{Most: traverse.DefaultTime, Clock: r.Now}
	if maxMilliseconds != nil {
		limit.Most = time.Duration(min(*maxMilliseconds, int(traverse.MostTime.Milliseconds())+1)) * time.Millisecond
	}
	return limit
}

// count is an argument that counts something.
type count struct {
	name string
	n    *int
}

// positive refuses 0, which would pass for an argument that was not given; the
// upper bounds are the traversal's own.
func positive(counts ...count) error {
	for _, c := range counts {
		if c.n != nil && *c.n < 1 {
			return casegraph.BadInput("%s: at least 1", c.name)
		}
	}
	return nil
}

// unlessZero is null for 0.
func unlessZero[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// or is what a pointer points to, or nothing.
func or[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}
