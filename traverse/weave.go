package traverse

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"casegraph"
)

// Path is a way through the graph.
type Path struct {
	// Nodes are one more than Hops.
	Nodes []casegraph.ID
	Hops  []Hop
	// Cost is the sum of the hops' costs where paths are sought by it, else 0.
	Cost float64
}

// Hop is one step of a path: all links between two nodes that it could take.
type Hop struct {
	Near, Far casegraph.ID
	// Links come newest last seen first, then by kind, those along the path
	// before those against it, then by key.
	Links []*casegraph.Link
	// Evidence are the sightings behind the HAS link, if there is one.
	Evidence []*casegraph.Link
	// Cost is set where paths are sought by it. It is 1, and for a hop to an
	// identifier that the path passes through log2(n × L/20) or 1, whichever is
	// more: n are the Accounts that have the identifier, L is the usual hub
	// limit of its kind.
	Cost     float64
	Accounts int
}

// weave holds the shortest ways between two ends: each node's steps onward.
type weave map[casegraph.ID]map[casegraph.ID][]*casegraph.Link

func (w weave) add(near, far casegraph.ID, link *casegraph.Link) {
	steps := w[near]
	if steps == nil {
		steps = map[casegraph.ID][]*casegraph.Link{}
		w[near] = steps
	}
	for _, have := range steps[far] {
		if have.LinkID == link.LinkID {
			return
		}
	}
	steps[far] = append(steps[far], link)
}

// toward adds all ways by which a flood came from its beginning to the nodes.
func (w weave) toward(f *flood, nodes []casegraph.ID) {
	waiting := slices.Clone(nodes)
	traced := map[casegraph.ID]bool{}
	for len(waiting) > 0 {
		far := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if traced[far] {
			continue
		}
		traced[far] = true
		for _, arrival := range f.came[far] {
			w.add(arrival.near, far, arrival.link)
			waiting = append(waiting, arrival.near)
		}
	}
}

// paths lists the ways of a length from the beginnings, ordered by their
// nodes' ids, at most so many.
func (w weave) paths(begin []casegraph.ID, length, most int) []Path {
	l := lister{weave: w, most: most, onward: map[casegraph.ID][]casegraph.ID{}}
	begin = slices.Clone(begin)
	slices.Sort(begin)
	for _, id := range begin {
		if w[id] != nil {
			l.walk([]casegraph.ID{id}, length)
		}
	}
	return l.found
}

// lister walks a weave in order.
type lister struct {
	weave  weave
	most   int
	onward map[casegraph.ID][]casegraph.ID // sorted, as far as walked
	found  []Path
}

func (l *lister) walk(nodes []casegraph.ID, left int) {
	if len(l.found) == l.most {
		return
	}
	if left == 0 {
		l.found = append(l.found, l.weave.path(slices.Clone(nodes)))
		return
	}
	id := nodes[len(nodes)-1]
	onward, sorted := l.onward[id]
	if !sorted {
		onward = slices.Sorted(maps.Keys(l.weave[id]))
		l.onward[id] = onward
	}
	for _, far := range onward {
		l.walk(append(nodes, far), left-1)
	}
}

func (w weave) path(nodes []casegraph.ID) Path {
	path := Path{Nodes: nodes, Hops: make([]Hop, len(nodes)-1)}
	for i := range path.Hops {
		near, far := nodes[i], nodes[i+1]
		links := slices.Clone(w[near][far])
		slices.SortFunc(links, func(a, b *casegraph.Link) int { return compareParallel(near, a, b) })
		path.Hops[i] = Hop{Near: near, Far: far, Links: links}
	}
	return path
}

// compareParallel orders the links between two nodes.
func compareParallel(near casegraph.ID, a, b *casegraph.Link) int {
	against := func(l *casegraph.Link) int {
		if l.From == near {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(b.LastSeen, a.LastSeen),
		cmp.Compare(a.Kind.Number(), b.Kind.Number()),
		cmp.Compare(against(a), against(b)),
		strings.Compare(a.Key, b.Key))
}

// pathSightings adds where the evidence of a path's HAS links goes.
func pathSightings(all []sighting, path *Path) []sighting {
	for i := range path.Hops {
		hop := &path.Hops[i]
		for _, link := range hop.Links {
			if link.Kind == casegraph.LinkHas {
				all = append(all, sighting{link: link, into: &hop.Evidence})
			}
		}
	}
	return all
}
