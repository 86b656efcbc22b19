package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// pathSearch looks for paths hop by hop. For each length it reads as much from
// both sides as paths of that length can pass, and then lists them, until none
// that is longer can be wanted.
type pathSearch struct {
	region
	query    PathsQuery
	from, to side
	// ends are the joints of each node, as of the last reading.
	ends  ends
	found []way
	steps int // that may still be taken
}

// side is one end of the search. All nodes less than depth hops from it have
// been read, except hubs.
type side struct {
	begin []int32
	back  bool // hops lead to it
	depth int
	// distance counts the hops from the side to each node, over what was read;
	// -1 for none.
	distance []int8
}

func (s *pathSearch) prepare(g Graph) (err error) {
	if err = s.query.prepare(); err != nil {
		return err
	}
	q := &s.query
	s.region = newRegion(g, q.MaxNodes, q.MaxLinks)
	if err = s.setTime(q.Time); err != nil {
		return err
	}
	s.asOf = q.AsOf
	if s.rule, err = ruleOf(q.Kinds); err != nil {
		return err
	}
	if s.limits, err = hubLimitsOf(q.HubLimits); err != nil {
		return err
	}
	s.request = casegraph.LinkRequest{Since: q.Since, Until: q.Until, Mask: q.Mask}
	s.enters, s.where = s.mayEnter, q.Where
	s.from, s.to = side{begin: s.name(q.From...)}, side{begin: s.name(q.To...), back: true}
	s.name(q.Through...)
	if len(s.nodes) > q.MaxNodes {
		return casegraph.BadInput("maxNodes: less than the nodes that are named")
	}
	s.steps = mostSteps
	return nil
}

func (s *pathSearch) mayEnter(hop *casegraph.Hop) bool {
	if len(s.query.Avoid) > 0 && slices.Contains(s.query.Avoid, hop.Far) {
		return false
	}
	if len(s.query.NodeKinds) == 0 || slices.Contains(s.query.NodeKinds, hop.FarClass.Kind()) {
		return true
	}
	far, met := s.number[hop.Far]
	return met && s.nodes[far].named
}

// leads tells whether the hop out of a node by a joint goes the wanted way.
func (s *pathSearch) leads(near int32, j *joint) bool {
	switch s.query.Direction {
	case casegraph.DirectionOut:
		return j.from == near
	case casegraph.DirectionIn:
		return j.to == near
	}
	return true
}

func (s *pathSearch) search(ctx context.Context) error {
	for length := 0; length <= s.query.MaxLength; length++ {
		if err := s.reach(ctx, length); err != nil {
			return err
		}
		if s.meet(length) {
			if err := s.judge(ctx, length); err != nil {
				return err
			}
			if err := s.walk(ctx, length); err != nil {
				return err
			}
		}
		if s.spent || s.enough(length) {
			break
		}
	}
	return nil
}

// enough tells whether no path of more hops can be wanted: as a hop costs 1 or
// more, it would come after all that were found.
func (s *pathSearch) enough(length int) bool {
	if s.query.Mode == Shortest {
		return len(s.found) > 0
	}
	wanted := s.query.wanted()
	return len(s.found) >= wanted && s.found[wanted-1].cost < int32(length+1)*hopCost
}

// reach reads until all paths of a length lie in what was read. All named
// nodes are read before the first look: some links are followed out of one
// end only.
func (s *pathSearch) reach(ctx context.Context, length int) error {
	if length == 1 {
		named := make([]int32, len(s.nodes))
		for n := range named {
			named[n] = int32(n)
		}
		if err := s.read(ctx, named); err != nil {
			return err
		}
		s.from.depth, s.to.depth = 1, 1
		s.look()
	}
	for s.from.depth+s.to.depth < length && !s.spent {
		side, next := &s.from, s.next(&s.from)
		if other := s.next(&s.to); len(other) < len(next) {
			side, next = &s.to, other
		}
		if err := s.read(ctx, next); err != nil {
			return err
		}
		side.depth++
		if len(next) > 0 {
			s.look()
		}
	}
	return nil
}

// next are the nodes that a side would read to go one hop farther.
func (s *pathSearch) next(from *side) []int32 {
	var next []int32
	for n := range s.nodes {
		if int(from.distance[n]) == from.depth && !s.nodes[n].read && !s.nodes[n].hub {
			next = append(next, int32(n))
		}
	}
	return next
}

// look finds how far all nodes lie from both sides.
func (s *pathSearch) look() {
	s.ends = endsOf(len(s.nodes), s.joints)
	s.from.distance = s.distances(&s.from)
	s.to.distance = s.distances(&s.to)
}

func (s *pathSearch) distances(from *side) []int8 {
	distance := make([]int8, len(s.nodes))
	for n := range distance {
		distance[n] = -1
	}
	waiting := make([]int32, 0, len(s.nodes))
	for _, n := range from.begin {
		distance[n] = 0
		waiting = append(waiting, n)
	}
	for ; len(waiting) > 0; waiting = waiting[1:] {
		near := waiting[0]
		if distance[near] == MaxPathLength || (distance[near] > 0 && s.blocks(near)) {
			continue
		}
		for _, i := range s.ends.of(near) {
			j := &s.joints[i]
			far := j.far(near)
			leads := s.leads(near, j)
			if from.back {
				leads = s.leads(far, j)
			}
			if leads && distance[far] < 0 {
				distance[far] = distance[near] + 1
				waiting = append(waiting, far)
			}
		}
	}
	return distance
}

// blocks tells whether no path passes through a node.
func (s *pathSearch) blocks(n int32) bool {
	return s.nodes[n].hub || slices.Contains(s.from.begin, n) || slices.Contains(s.to.begin, n)
}

// meet tells whether there may be paths of so many hops.
func (s *pathSearch) meet(length int) bool {
	if length == 0 {
		s.look()
	}
	return slices.ContainsFunc(s.to.begin, func(n int32) bool { return s.lies(n, length) })
}

// lies tells whether a node may lie on a path of so many hops.
func (s *pathSearch) lies(n int32, length int) bool {
	from, to := s.from.distance[n], s.to.distance[n]
	return from >= 0 && to >= 0 && int(from)+int(to) <= length
}

// judge finds the hubs, and what the costs need, among the nodes that paths of
// a length may pass and whose links were not read.
func (s *pathSearch) judge(ctx context.Context, length int) error {
	var unknown []int32
	for n := range s.nodes {
		node := &s.nodes[n]
		if node.degree >= 0 || node.named || !s.lies(int32(n), length) {
			continue
		}
		if s.limits.Of(node.class) > 0 || (s.query.Mode == Cheapest && node.class.IdentifierKind() != "") {
			unknown = append(unknown, int32(n))
		}
	}
	return s.measure(ctx, unknown)
}

// walk lists the paths of up to a length.
func (s *pathSearch) walk(ctx context.Context, length int) error {
	w, err := s.walks(ctx, length)
	if err == errLate {
		return s.stop(ctx, s.from.begin[0])
	}
	if err != nil {
		return err
	}
	found, err := w.list(ctx, s.query.wanted(), s.query.Mode == Shortest, &s.steps, s.late)
	if err != nil {
		return err
	}
	s.found = found
	if s.steps > 0 {
		return nil
	}
	return s.stop(ctx, w.numbers[w.stopped])
}

// paths are the ways found, with all links of each hop.
func (s *pathSearch) paths() []Path {
	paths := make([]Path, len(s.found))
	for i := range s.found {
		paths[i] = s.path(&s.found[i])
	}
	return paths
}

func (s *pathSearch) path(w *way) Path {
	nodes := w.nodes[:w.count]
	path := Path{Nodes: s.ids(nodes), Hops: make([]Hop, len(nodes)-1)}
	if s.query.Mode == Cheapest {
		path.Cost = float64(w.cost) / hopCost
	}
	for i := range path.Hops {
		near, far := nodes[i], nodes[i+1]
		hop := &path.Hops[i]
		hop.Near, hop.Far, hop.Links = s.nodes[near].id, s.nodes[far].id, s.between(near, far)
		if s.query.Mode == Cheapest {
			s.price(hop, far)
		}
	}
	return path
}

// price shows what a hop costs, and why.
func (s *pathSearch) price(hop *Hop, far int32) {
	hop.Cost = float64(s.costInto(far)) / hopCost
	if s.isPassed(far) {
		hop.Accounts = s.nodes[far].degree
	}
}

// between are the links by which a hop may go.
func (s *pathSearch) between(near, far int32) []*casegraph.Link {
	var links []*casegraph.Link
	for _, i := range s.ends.of(near) {
		if j := &s.joints[i]; j.far(near) == far && s.leads(near, j) {
			links = append(links, j.link)
		}
	}
	id := s.nodes[near].id
	slices.SortFunc(links, func(a, b *casegraph.Link) int { return compareParallel(id, a, b) })
	return links
}
