package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// Bounds of the searches that read whole lists of links.
const (
	DefaultSearchNodes = 5_000
	MostSearchNodes    = 20_000
	DefaultSearchLinks = 200_000
	MostSearchLinks    = 500_000
)

// flood goes out from some nodes breadth first over whole lists of links, and
// keeps every shortest way by which it came to a node. A hub gives no links
// unless the flood begins at it.
type flood struct {
	*reader
	*cuts
	rule   linkRule
	limits casegraph.HubLimits
	// request holds the filters that are the same at each level.
	request casegraph.LinkRequest
	// enters tells whether a hop may be followed.
	enters func(hop *casegraph.Hop) bool

	depth    int
	distance map[casegraph.ID]int
	degree   map[casegraph.ID]int // of the nodes whose links were read
	// came holds the links from nodes that lie one hop nearer, in the order in
	// which they were read.
	came     map[casegraph.ID][]arrival
	frontier []reached // the nodes at the depth reached, in the order they were met
}

// reached is a node of the frontier.
type reached struct {
	id    casegraph.ID
	class casegraph.Class
}

// arrival is a link to a node from one that lies nearer to the beginning.
type arrival struct {
	near casegraph.ID
	link *casegraph.Link
}

// cuts are where a search was cut off.
type cuts struct {
	budget     int // how many nodes may still be met
	linkBudget int // how many links may still be followed
	spent      bool
	hubs       map[casegraph.ID]bool
	boundaries []Boundary
}

func (c *cuts) cut(id casegraph.ID, reason Reason, degree int) {
	c.boundaries = append(c.boundaries, Boundary{Node: id, Reason: reason, Degree: degree})
	switch reason {
	case Hub:
		c.hubs[id] = true
	case Budget:
		c.spent = true
	}
}

// start puts the flood at its beginning.
func (f *flood) start(ids []casegraph.ID) {
	f.request.Cap = casegraph.MaxLinkCap
	f.distance = make(map[casegraph.ID]int, 64)
	f.degree = make(map[casegraph.ID]int, 64)
	f.came = make(map[casegraph.ID][]arrival, 64)
	for _, id := range ids {
		f.distance[id] = 0
		f.frontier = append(f.frontier, reached{id: id})
	}
}

// chunk is how many nodes' lists are read at once. It bounds what is read in
// vain when the budget ends.
const chunk = 1_000

// level goes one hop further, from those nodes of the frontier that are not
// kept back.
func (f *flood) level(ctx context.Context, keep func(id casegraph.ID) bool) error {
	from := make([]casegraph.ID, 0, len(f.frontier))
	for _, node := range f.frontier {
		if !f.hubs[node.id] && !keep(node.id) {
			from = append(from, node.id)
		}
	}
	f.frontier = nil
	f.depth++
	for ids := range slices.Chunk(from, chunk) {
		if f.spent {
			return nil
		}
		if err := f.spread(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

func (f *flood) spread(ctx context.Context, ids []casegraph.ID) error {
	request, rule := f.request, f.rule
	if f.depth > 1 {
		request.HubLimits = f.limits
		rule.showing = nil
	}
	pages, err := rule.read(ctx, ids, request, f.links)
	if err == errLate {
		return f.stop(ctx, ids[0])
	}
	if err != nil {
		return err
	}
	for _, id := range ids {
		page := pages[id]
		f.degree[id] = page.Degree
		if page.Hub {
			f.cut(id, Hub, page.Degree)
			continue
		}
		if page.More {
			f.cut(id, Page, page.Degree)
		}
		if !f.take(id, page.Hops) {
			f.cut(id, Budget, page.Degree)
			return nil
		}
	}
	return nil
}

// stop ends the flood before a node.
func (f *flood) stop(ctx context.Context, id casegraph.ID) error {
	request := f.request
	request.IDs, request.Kinds = []casegraph.ID{id}, f.rule.plain
	pages, err := f.degrees(ctx, request)
	if err == nil {
		f.cut(id, Budget, pages[id].Degree)
	}
	return err
}

// take follows a node's links; it tells whether the budget allowed them all.
func (f *flood) take(id casegraph.ID, hops []casegraph.Hop) bool {
	for i := range hops {
		hop := &hops[i]
		if !f.enters(hop) {
			continue
		}
		distance, known := f.distance[hop.Far]
		if f.linkBudget == 0 && (!known || distance == f.depth) {
			return false
		}
		if !known {
			if f.budget == 0 {
				return false
			}
			f.budget--
			distance = f.depth
			f.distance[hop.Far] = distance
			f.frontier = append(f.frontier, reached{hop.Far, hop.FarClass})
		}
		if distance == f.depth {
			f.linkBudget--
			f.came[hop.Far] = append(f.came[hop.Far], arrival{near: id, link: hop.Link})
		}
	}
	return true
}
