package traverse

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"casegraph"
)

// ComponentQuery asks for all that hangs together with a node.
type ComponentQuery struct {
	// Of is the node asked about. It is never cut as a hub.
	Of casegraph.ID
	// Kinds are the links to follow, in either direction; none are
	// DefaultKinds. They are the same at every node, so that it does not
	// matter which node of a component one asks about.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to meet; none are all.
	NodeKinds []casegraph.Kind
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// HubLimits say past which degree a node belongs to no component; nil are
	// DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees and hubs are today's.
	AsOf casegraph.Seq
	// MaxNodes is how many nodes to meet at most, hubs included, up to
	// MostComponentNodes; 0 is DefaultSearchNodes.
	MaxNodes int
	// MaxLinks is how many links between them, up to MostSearchLinks; 0 is
	// DefaultSearchLinks.
	MaxLinks int
	// Time is how long to explore.
	Time Time
	// List is how many nodes, bridges and cut nodes to give at most, up to
	// MostListed; 0 is 100.
	List int
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// Bounds of a ComponentQuery.
const (
	MostComponentNodes = 50_000
	MostListed         = 1_000
	// MostListedLinks is how many links between the listed nodes are given.
	MostListedLinks = 5_000
)

// Component is what hangs together with a node when hubs are cut out.
type Component struct {
	// Size and LinkCount count the nodes and the links between them, without
	// hubs; ByKind parts the nodes.
	Size, LinkCount int
	ByKind          []KindCount
	// FirstSeen and LastSeen are when the first and the last of the links were
	// seen; 0 if that is known of none.
	FirstSeen, LastSeen casegraph.Time
	// Nodes are the nearest nodes, in the order in which they were met, and
	// Links those between them, in theirs.
	Nodes []Met
	Links []*casegraph.Link
	// Bridges are the links without which it would fall apart, those first
	// that part most from most, then by what they join; CutNodes the nodes
	// without which it would, those first that part most from the largest
	// part, then by id. There are BridgeCount and CutNodeCount of them. All
	// are empty unless Complete: what was not read may join what they part.
	Bridges                   []Bridge
	CutNodes                  []CutNode
	BridgeCount, CutNodeCount int
	// Boundaries are the hubs around it, nodes with more links than a list
	// holds, and where the budget ended.
	Boundaries []Boundary
	// Complete is set if neither the budget nor a list's length left any of it
	// out; how much of it is listed does not matter.
	Complete bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// KindCount is how many nodes of a kind there are; identifiers of each kind of
// identifiers apart.
type KindCount struct {
	Kind           casegraph.Kind
	IdentifierKind casegraph.IdentifierKind
	Count          int
}

// Bridge is a link without which a component would fall in two. A link beside
// another between the same nodes is none.
type Bridge struct {
	Link *casegraph.Link
	// CutsOff is how many nodes it parts from the one asked about.
	CutsOff int
}

// CutNode is a node without which a component would fall apart.
type CutNode struct {
	ID casegraph.ID
	// Parts is how many parts would be left, at least 2; CutsOff how many
	// nodes lie in all but the largest.
	Parts, CutsOff int
}

// ComponentOf finds what hangs together with a node, over whole lists of links
// and through no hub.
func ComponentOf(ctx context.Context, g Graph, q ComponentQuery) (Component, error) {
	s := &componentSearch{query: q}
	if err := s.prepare(g); err != nil {
		return Component{}, err
	}
	if err := s.demandNamed(ctx, named{"of", []casegraph.ID{q.Of}}); err != nil {
		return Component{}, err
	}
	if q.DryRun {
		forecast, err := s.dryRun(ctx)
		return Component{Forecast: forecast, Cost: s.cost}, err
	}
	if err := s.search(ctx); err != nil {
		return Component{}, err
	}
	answer := Component{Boundaries: s.boundaries, Complete: complete(s.boundaries)}
	s.leaveHubs()
	s.count(&answer)
	s.list(&answer)
	if answer.Complete {
		s.part(&answer)
	}
	answer.Cost = s.cost
	return answer, nil
}

type componentSearch struct {
	region
	query ComponentQuery
	hops  []int // to each node
	// members are the nodes without hubs, the one asked about first, and
	// within the joints between them.
	members []int32
	within  []joint
}

func (s *componentSearch) prepare(g Graph) (err error) {
	q := &s.query
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultSearchNodes, MostComponentNodes); err != nil {
		return err
	}
	if q.MaxLinks, err = within("maxLinks", q.MaxLinks, DefaultSearchLinks, MostSearchLinks); err != nil {
		return err
	}
	if q.List, err = within("list", q.List, 100, MostListed); err != nil {
		return err
	}
	if err = checkNodeKinds(q.NodeKinds); err != nil {
		return err
	}
	if err = checkWindow(q.Since, q.Until); err != nil {
		return err
	}
	s.region = newRegion(g, q.MaxNodes, q.MaxLinks)
	if err = s.setTime(q.Time); err != nil {
		return err
	}
	s.asOf = q.AsOf
	if s.rule, err = ruleOf(q.Kinds); err != nil {
		return err
	}
	s.rule.showing = nil
	if s.limits, err = hubLimitsOf(q.HubLimits); err != nil {
		return err
	}
	s.request = casegraph.LinkRequest{Since: q.Since, Until: q.Until, Mask: q.Mask}
	s.enters = func(hop *casegraph.Hop) bool {
		return len(q.NodeKinds) == 0 || slices.Contains(q.NodeKinds, hop.FarClass.Kind()) || hop.Far == q.Of
	}
	s.name(q.Of)
	return nil
}

// search goes out hop by hop until nothing is left, or the budget ends it.
func (s *componentSearch) search(ctx context.Context) error {
	hops := 0
	for begin := 0; begin < len(s.nodes); hops++ {
		var level []int32
		for n := begin; n < len(s.nodes); n++ {
			level = append(level, int32(n))
			s.hops = append(s.hops, hops)
		}
		if err := s.read(ctx, level); err != nil {
			return err
		}
		begin += len(level)
	}
	return nil
}

// leaveHubs keeps the nodes that are no hubs, numbers them anew, and the joints
// between them.
func (s *componentSearch) leaveHubs() {
	place := make([]int32, len(s.nodes))
	for n := range s.nodes {
		if place[n] = -1; !s.nodes[n].hub {
			place[n] = int32(len(s.members))
			s.members = append(s.members, int32(n))
		}
	}
	s.within = s.joints[:0]
	for _, j := range s.joints {
		if j.from, j.to = place[j.from], place[j.to]; j.from >= 0 && j.to >= 0 {
			s.within = append(s.within, j)
		}
	}
}

func (s *componentSearch) member(i int32) *spot { return &s.nodes[s.members[i]] }

func (s *componentSearch) count(c *Component) {
	c.Size, c.LinkCount = len(s.members), len(s.within)
	counts := map[KindCount]int{}
	for i := range s.members {
		class := s.member(int32(i)).class
		counts[KindCount{Kind: class.Kind(), IdentifierKind: class.IdentifierKind()}]++
	}
	for kind, n := range counts {
		kind.Count = n
		c.ByKind = append(c.ByKind, kind)
	}
	slices.SortFunc(c.ByKind, func(a, b KindCount) int {
		return cmp.Or(cmp.Compare(slices.Index(casegraph.Kinds(), a.Kind), slices.Index(casegraph.Kinds(), b.Kind)),
			strings.Compare(string(a.IdentifierKind), string(b.IdentifierKind)))
	})
	for _, j := range s.within {
		c.LastSeen = max(c.LastSeen, j.link.LastSeen)
		if first := j.link.FirstSeen; first != 0 && (c.FirstSeen == 0 || first < c.FirstSeen) {
			c.FirstSeen = first
		}
	}
}

func (s *componentSearch) list(c *Component) {
	listed := min(len(s.members), s.query.List)
	for _, n := range s.members[:listed] {
		c.Nodes = append(c.Nodes, Met{ID: s.nodes[n].id, Distance: s.hops[n]})
	}
	for _, j := range s.within {
		if max(j.from, j.to) < int32(listed) && len(c.Links) < MostListedLinks {
			c.Links = append(c.Links, j.link)
		}
	}
}

// part finds where the component would fall apart.
func (s *componentSearch) part(c *Component) {
	p := partition(len(s.members), s.within)
	size := len(s.members)
	for _, bridge := range p.bridges {
		c.Bridges = append(c.Bridges, Bridge{Link: s.within[bridge.joint].link, CutsOff: bridge.beyond})
	}
	for _, cut := range p.cuts {
		c.CutNodes = append(c.CutNodes, CutNode{ID: s.member(cut.node).id, Parts: cut.parts, CutsOff: size - 1 - cut.largest})
	}
	smaller := func(b Bridge) int { return min(b.CutsOff, size-b.CutsOff) }
	slices.SortFunc(c.Bridges, func(a, b Bridge) int {
		return cmp.Or(cmp.Compare(smaller(b), smaller(a)), compareLinkIDs(a.Link.LinkID, b.Link.LinkID))
	})
	slices.SortFunc(c.CutNodes, func(a, b CutNode) int {
		return cmp.Or(cmp.Compare(b.CutsOff, a.CutsOff), strings.Compare(string(a.ID), string(b.ID)))
	})
	c.BridgeCount, c.CutNodeCount = len(c.Bridges), len(c.CutNodes)
	c.Bridges, c.CutNodes = c.Bridges[:min(len(c.Bridges), s.query.List)], c.CutNodes[:min(len(c.CutNodes), s.query.List)]
}

func compareLinkIDs(a, b casegraph.LinkID) int {
	return cmp.Or(strings.Compare(string(a.From), string(b.From)), strings.Compare(string(a.To), string(b.To)),
		cmp.Compare(a.Kind.Number(), b.Kind.Number()), strings.Compare(a.Key, b.Key))
}
