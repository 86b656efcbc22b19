package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// PathsQuery asks for the shortest ways between two sides.
type PathsQuery struct {
	// From and To are the ends: 1 to MaxStarts nodes on either side. The ends
	// are never cut as hubs.
	From, To []casegraph.ID
	// MaxLength is how many hops a path may have, 1 to MaxPathLength; 0 is 6.
	MaxLength int
	// MaxPaths is how many paths to give at most, up to MostPaths; 0 is 10.
	MaxPaths int
	// Kinds are the links to follow; none are DefaultKinds and, out of those
	// ends that are objects but no accounts, SHOWS.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to pass through; none are all.
	NodeKinds []casegraph.Kind
	// Direction tells whether each hop goes along its link (OUT), against it
	// (IN), or either way; "" is either.
	Direction casegraph.Direction
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// HubLimits say past which degree, counted over Kinds and both directions,
	// no path passes through a node; nil are DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// MaxNodes is how many nodes to meet at most, the ends included; 0 is
	// DefaultSearchNodes.
	MaxNodes int
	// Evidence is how many sightings to read for each HAS link; 0 reads none.
	Evidence int
	Mask     casegraph.Mask
}

// Bounds of a PathsQuery.
const (
	MaxPathLength = 8
	MostPaths     = 100
)

// PathsAnswer is the shortest ways between two sides.
type PathsAnswer struct {
	// Found is set if there is a path; Length is its hops, 0 where the two
	// sides share a node.
	Found  bool
	Length int
	// Paths are all of that length, ordered by their nodes' ids, as many as
	// were asked for; More is set if there are others.
	Paths []Path
	More  bool
	// Boundaries are where the search was cut off: hubs, nodes with more links
	// than a list holds, and where the budget ended.
	Boundaries []Boundary
	// Complete is set if these are all the shortest paths that pass through no
	// hub: neither the budget, nor a list's length, nor MaxPaths cut any off.
	Complete bool
	Cost     Cost
}

// Paths finds the shortest ways between two sides, searching from both. It
// reads whole lists of links, so that no cap can hide a shorter way.
func Paths(ctx context.Context, g Graph, q PathsQuery) (PathsAnswer, error) {
	s := &pathSearch{query: q, reader: reader{graph: g}, cuts: cuts{hubs: map[casegraph.ID]bool{}}}
	if err := s.prepare(); err != nil {
		return PathsAnswer{}, err
	}
	if err := s.demand(ctx, append(slices.Clone(s.query.From), s.query.To...), q.Mask); err != nil {
		return PathsAnswer{}, err
	}
	met, length, err := s.search(ctx)
	if err != nil {
		return PathsAnswer{}, err
	}
	answer := PathsAnswer{Found: len(met) > 0, Length: length, Paths: s.list(met, length), Boundaries: s.boundaries}
	if len(answer.Paths) > s.query.MaxPaths {
		answer.Paths, answer.More = answer.Paths[:s.query.MaxPaths], true
	}
	var sightings []sighting
	for i := range answer.Paths {
		sightings = pathSightings(sightings, &answer.Paths[i])
	}
	if err := s.evidence(ctx, sightings, q.Evidence); err != nil {
		return PathsAnswer{}, err
	}
	answer.Complete = complete(s.boundaries) && !answer.More
	answer.Cost = s.cost
	return answer, nil
}

type pathSearch struct {
	reader
	cuts
	query             PathsQuery
	forward, backward flood
}

func (s *pathSearch) prepare() (err error) {
	q := &s.query
	if q.From, err = distinct("from", q.From); err != nil {
		return err
	}
	if q.To, err = distinct("to", q.To); err != nil {
		return err
	}
	if q.MaxLength, err = within("maxLength", q.MaxLength, 6, MaxPathLength); err != nil {
		return err
	}
	if q.MaxPaths, err = within("maxPaths", q.MaxPaths, 10, MostPaths); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultSearchNodes, MostSearchNodes); err != nil {
		return err
	}
	if s.budget = q.MaxNodes - len(q.From) - len(q.To); s.budget < 0 {
		return casegraph.BadInput("maxNodes: less than the nodes to begin at")
	}
	if err = checkNodeKinds(q.NodeKinds); err != nil {
		return err
	}
	if err = checkWindow(q.Since, q.Until); err != nil {
		return err
	}
	if err = checkEvidence(q.Evidence); err != nil {
		return err
	}
	rule, err := ruleOf(q.Kinds)
	if err != nil {
		return err
	}
	limits, err := hubLimitsOf(q.HubLimits)
	if err != nil {
		return err
	}
	s.forward = s.flood(rule, limits, q.From, q.Direction)
	s.backward = s.flood(rule, limits, q.To, reverse(q.Direction))
	return nil
}

func reverse(d casegraph.Direction) casegraph.Direction {
	switch d {
	case casegraph.DirectionOut:
		return casegraph.DirectionIn
	case casegraph.DirectionIn:
		return casegraph.DirectionOut
	}
	return d
}

// flood is one side of the search. It reads links of both directions whatever
// it follows, so that both sides agree on what a hub is.
func (s *pathSearch) flood(rule linkRule, limits casegraph.HubLimits, begin []casegraph.ID, direction casegraph.Direction) flood {
	f := flood{reader: &s.reader, cuts: &s.cuts, rule: rule, limits: limits,
		request: casegraph.LinkRequest{Since: s.query.Since, Until: s.query.Until, Mask: s.query.Mask}}
	f.enters = func(hop *casegraph.Hop) bool {
		if (direction == casegraph.DirectionOut && !hop.Out) || (direction == casegraph.DirectionIn && hop.Out) {
			return false
		}
		return len(s.query.NodeKinds) == 0 || slices.Contains(s.query.NodeKinds, hop.FarClass.Kind()) || s.isEnd(hop.Far)
	}
	f.start(begin)
	return f
}

func (s *pathSearch) isEnd(id casegraph.ID) bool {
	return slices.Contains(s.query.From, id) || slices.Contains(s.query.To, id)
}

// search floods from both sides until they meet. It answers the nodes of the
// shortest paths at which they do, and the paths' length.
func (s *pathSearch) search(ctx context.Context) (met []casegraph.ID, length int, err error) {
	for _, id := range s.query.From {
		if slices.Contains(s.query.To, id) {
			met = append(met, id)
		}
	}
	if len(met) > 0 {
		return met, 0, nil
	}
	// Both ends are read before the first look: a link may be followed out of
	// one end only.
	for _, side := range []*flood{&s.forward, &s.backward} {
		if err := side.level(ctx, keepNone); err != nil {
			return nil, 0, err
		}
	}
	for {
		met, length, err = s.meetings(ctx)
		if err != nil || len(met) > 0 {
			return met, length, err
		}
		side := s.smaller()
		if s.spent || len(side.frontier) == 0 || s.forward.depth+s.backward.depth >= s.query.MaxLength {
			return nil, 0, nil
		}
		if err := side.level(ctx, keepNone); err != nil {
			return nil, 0, err
		}
	}
}

func keepNone(casegraph.ID) bool { return false }

// smaller is the side with less to read.
func (s *pathSearch) smaller() *flood {
	if len(s.backward.frontier) < len(s.forward.frontier) {
		return &s.backward
	}
	return &s.forward
}

// meetings are the nodes that both sides have reached and that are no hubs,
// those of the shortest paths only.
func (s *pathSearch) meetings(ctx context.Context) (met []casegraph.ID, length int, err error) {
	common := s.common()
	for length = 1; length <= s.query.MaxLength; length++ {
		var nodes []reached
		for _, node := range common {
			if s.forward.distance[node.id]+s.backward.distance[node.id] == length {
				nodes = append(nodes, node)
			}
		}
		if err := s.findHubs(ctx, nodes); err != nil {
			return nil, 0, err
		}
		for _, node := range nodes {
			if !s.hubs[node.id] {
				met = append(met, node.id)
			}
		}
		if len(met) > 0 {
			return met, length, nil
		}
	}
	return nil, 0, nil
}

// common are the nodes of the frontiers that the other side has reached too.
func (s *pathSearch) common() []reached {
	var common []reached
	for _, node := range s.forward.frontier {
		if _, both := s.backward.distance[node.id]; both {
			common = append(common, node)
		}
	}
	for _, node := range s.backward.frontier {
		if distance, both := s.forward.distance[node.id]; both && distance < s.forward.depth {
			common = append(common, node)
		}
	}
	return common
}

// findHubs marks the hubs among nodes whose links neither side has read.
func (s *pathSearch) findHubs(ctx context.Context, nodes []reached) error {
	limits := map[casegraph.ID]int{}
	var ids []casegraph.ID
	for _, node := range nodes {
		limit := s.forward.limits.Of(node.class)
		if limit > 0 && !s.hubs[node.id] && !s.wasRead(node.id) && !s.isEnd(node.id) {
			limits[node.id] = limit
			ids = append(ids, node.id)
		}
	}
	for ids := range slices.Chunk(ids, chunk) {
		request := s.forward.request
		request.IDs, request.Kinds = ids, s.forward.rule.plain
		pages, err := s.degrees(ctx, request)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if degree := pages[id].Degree; degree > limits[id] {
				s.cut(id, Hub, degree)
			}
		}
	}
	return nil
}

func (s *pathSearch) wasRead(id casegraph.ID) bool {
	_, forward := s.forward.degree[id]
	_, backward := s.backward.degree[id]
	return forward || backward
}

// list lists the paths through the nodes where the sides met, one more than
// asked for if there are so many.
func (s *pathSearch) list(met []casegraph.ID, length int) []Path {
	if len(met) == 0 {
		return nil
	}
	if length == 0 {
		slices.Sort(met)
		paths := make([]Path, len(met))
		for i, id := range met {
			paths[i] = Path{Nodes: []casegraph.ID{id}}
		}
		return paths
	}
	w := weave{}
	w.toward(&s.forward, met)
	w.from(&s.backward, met)
	return w.paths(s.query.From, length, s.query.MaxPaths+1)
}
