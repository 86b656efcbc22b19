package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// region is a part of the graph in the making: the nodes that were met, each
// under a number, and the links between them. Whole lists of links are read,
// each node's once. A hub gives none unless the question names it.
type region struct {
	reader
	rule   linkRule
	limits casegraph.HubLimits
	// request holds the filters that are the same for all nodes.
	request casegraph.LinkRequest
	// enters tells whether a hop may be followed.
	enters func(hop *casegraph.Hop) bool
	where  Where
	// budget and maxLinks are how many nodes and links to meet at most; spent
	// is set when they or the time ended the reading.
	budget, maxLinks int
	spent            bool

	number     map[casegraph.ID]int32
	nodes      []spot // in the order in which they were met
	joints     []joint
	cutLists   map[casegraph.LinkID]bool // links of nodes whose list was cut
	boundaries []Boundary
}

// spot is a node of a region.
type spot struct {
	id    casegraph.ID
	class casegraph.Class
	// degree counts the links of the kinds asked for; -1 if not known.
	degree int
	named  bool // by the question
	read   bool // its links were
	more   bool // than a list holds
	hub    bool
}

// joint is a link of a region, by the numbers of its ends.
type joint struct {
	from, to int32
	link     *casegraph.Link
}

// far is the joint's other end.
func (j *joint) far(near int32) int32 {
	if j.from == near {
		return j.to
	}
	return j.from
}

func newRegion(g Graph, maxNodes, maxLinks int) region {
	return region{reader: reader{graph: g}, budget: maxNodes, maxLinks: maxLinks, number: make(map[casegraph.ID]int32, 64)}
}

// name meets nodes that the question names, each once, and gives their
// numbers. What they are is not known before demandNamed.
func (r *region) name(ids ...casegraph.ID) []int32 {
	numbers := make([]int32, len(ids))
	for i, id := range ids {
		n, met := r.number[id]
		if !met {
			n = r.meet(id, "")
			r.nodes[n].named = true
		}
		numbers[i] = n
	}
	return numbers
}

// demandNamed refuses a question that names what the asker may not see, be it
// to go there or not.
func (r *region) demandNamed(ctx context.Context, inputs ...named) error {
	nodes, err := r.demand(ctx, r.request.Mask, inputs...)
	if err != nil {
		return err
	}
	for i := range r.nodes {
		r.nodes[i].class = nodes[r.nodes[i].id].Class()
	}
	return nil
}

func (r *region) meet(id casegraph.ID, class casegraph.Class) int32 {
	n := int32(len(r.nodes))
	r.number[id] = n
	r.nodes = append(r.nodes, spot{id: id, class: class, degree: -1})
	return n
}

func (r *region) cut(n int32, reason Reason) {
	node := &r.nodes[n]
	r.boundaries = append(r.boundaries, Boundary{Node: node.id, Reason: reason, Degree: node.degree})
	switch reason {
	case Hub:
		node.hub = true
	case Budget:
		r.spent = true
	}
}

// read reads the links of nodes until the budget ends. Named nodes are read
// apart from others: none of them is a hub, and they show their identifiers.
func (r *region) read(ctx context.Context, nodes []int32) error {
	for some := range slices.Chunk(nodes, chunk) {
		if r.spent {
			return nil
		}
		if err := r.readSome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (r *region) readSome(ctx context.Context, nodes []int32) error {
	request, rule := r.request, r.rule
	request.Cap = casegraph.MaxLinkCap
	if !r.nodes[nodes[0]].named {
		request.HubLimits = r.limits
		rule.showing = nil
	}
	pages, err := rule.read(ctx, r.ids(nodes), request, r.links)
	if err == nil {
		err = r.sift(ctx, r.where, r.request.Mask, pages, func(id casegraph.ID) bool { _, met := r.number[id]; return met })
	}
	if err == errLate {
		return r.stop(ctx, nodes[0])
	}
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if !r.take(n, pages[r.nodes[n].id]) {
			r.cut(n, Budget)
			return nil
		}
	}
	return nil
}

// stop ends the reading before a node.
func (r *region) stop(ctx context.Context, n int32) error {
	if r.nodes[n].degree < 0 {
		if err := r.count(ctx, []int32{n}); err != nil {
			return err
		}
	}
	r.cut(n, Budget)
	return nil
}

func (r *region) ids(nodes []int32) []casegraph.ID {
	ids := make([]casegraph.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = r.nodes[n].id
	}
	return ids
}

// take takes a node's links; it tells whether the budget allowed them all.
func (r *region) take(n int32, page casegraph.LinkPage) bool {
	node := &r.nodes[n]
	node.read, node.degree, node.more = true, page.Degree, page.More
	if page.Hub {
		r.cut(n, Hub)
		return true
	}
	if page.More {
		r.cut(n, Page)
	}
	for i := range page.Hops {
		hop := &page.Hops[i]
		if r.left[hop.Far] || !r.enters(hop) {
			continue
		}
		far, met := r.number[hop.Far]
		if met && r.lists(far, hop.Link) {
			continue
		}
		if len(r.joints) == r.maxLinks || (!met && len(r.nodes) == r.budget) {
			return false
		}
		if !met {
			far = r.meet(hop.Far, hop.FarClass)
		}
		r.join(n, far, hop, page.More)
	}
	return true
}

func (r *region) join(near, far int32, hop *casegraph.Hop, cut bool) {
	if cut {
		if r.cutLists == nil {
			r.cutLists = map[casegraph.LinkID]bool{}
		}
		r.cutLists[hop.Link.LinkID] = true
	}
	if !hop.Out {
		near, far = far, near
	}
	r.joints = append(r.joints, joint{from: near, to: far, link: hop.Link})
}

// lists tells whether a link was taken when this end of it was read.
func (r *region) lists(n int32, link *casegraph.Link) bool {
	node := &r.nodes[n]
	switch {
	case !node.read || node.hub:
		return false
	case node.more:
		return r.cutLists[link.LinkID]
	case link.Kind == casegraph.LinkShows && len(r.rule.showing) > 0:
		return node.named && r.rule.shows(node.id)
	}
	return true
}

// measure reads the degrees of nodes whose links were not read, and finds the
// hubs among them.
func (r *region) measure(ctx context.Context, nodes []int32) error {
	if err := r.count(ctx, nodes); err != nil {
		return err
	}
	for _, n := range nodes {
		node := &r.nodes[n]
		if limit := r.limits.Of(node.class); !node.named && limit > 0 && node.degree > limit {
			r.cut(n, Hub)
		}
	}
	return nil
}

func (r *region) count(ctx context.Context, nodes []int32) error {
	for some := range slices.Chunk(nodes, chunk) {
		request := r.request
		request.IDs, request.Kinds = r.ids(some), r.rule.plain
		pages, err := r.degrees(ctx, request)
		if err != nil {
			return err
		}
		for _, n := range some {
			node := &r.nodes[n]
			node.degree = pages[node.id].Degree
		}
	}
	return nil
}

// ends lists each node's joints.
type ends struct{ first, joints []int32 }

func (e *ends) of(n int32) []int32 { return e.joints[e.first[n]:e.first[n+1]] }

// endsOf puts joints between so many nodes in lists by node, in their order.
func endsOf(nodes int, joints []joint) ends {
	e := ends{first: make([]int32, nodes+2), joints: make([]int32, 2*len(joints))}
	for i := range joints {
		e.first[joints[i].from+2]++
		e.first[joints[i].to+2]++
	}
	for n := 2; n < len(e.first); n++ {
		e.first[n] += e.first[n-1]
	}
	for i := range joints {
		for _, n := range [2]int32{joints[i].from, joints[i].to} {
			e.joints[e.first[n+1]] = int32(i)
			e.first[n+1]++
		}
	}
	return e
}
