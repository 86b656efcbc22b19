package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// ExpandQuery asks for what is around some nodes.
type ExpandQuery struct {
	// From are the nodes to begin at, 1 to MaxStarts; none if After is set.
	// They are never cut as hubs: the asker named them.
	From []casegraph.ID
	// After goes on at a boundary of an earlier answer to the same question:
	// the expansion begins at its node alone, behind its link.
	After *Cursor
	// Depth is how many hops to go, 1 to MaxDepth; 0 is 1.
	Depth int
	// Kinds are the links to follow; none are DefaultKinds, with their rule
	// for SHOWS. With SHOWS named, an identifier's degree counts its evidence.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to meet; none are all.
	NodeKinds []casegraph.Kind
	// Where keeps, of some kinds, the nodes that satisfy a filter.
	Where Where
	// Direction is which of a node's links to follow; "" is both.
	Direction casegraph.Direction
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees, hubs and the order of HAS links are today's.
	AsOf casegraph.Seq
	// PerNode is how many links one node gives at most, the newest; 0 is 50.
	PerNode int
	// HubLimits say past which degree nothing is followed out of a node; nil
	// are DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// MaxNodes and MaxLinks are the budget, the beginning included; 0 is
	// DefaultMaxNodes and DefaultMaxLinks.
	MaxNodes, MaxLinks int
	// Time is how long to explore.
	Time Time
	// Evidence is how many sightings to read for each HAS link; 0 reads none.
	Evidence int
	// Now is when it is asked, which its cursors tell later.
	Now casegraph.Time
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// Bounds of an ExpandQuery.
const (
	MaxDepth        = 6
	DefaultMaxNodes = 200
	MostNodes       = 5_000
	DefaultMaxLinks = 1_000
	MostLinks       = 20_000
)

// Expansion is what is around some nodes.
type Expansion struct {
	// Nodes come in the order in which they were met: breadth first, and each
	// node's links in their total order.
	Nodes []Met
	// Links come in the order in which they were followed, each once.
	Links []Step
	// Boundaries are where it stopped, in the order of Nodes.
	Boundaries []Boundary
	// Complete is set if neither the budget nor PerNode left anything out.
	Complete bool
	// Changed is set if it goes on behind links that are no longer those which
	// were given: some came, ended, or were seen anew since After.Since.
	Changed bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// Met is a node and how many hops it lies from the nearest beginning.
type Met struct {
	ID       casegraph.ID
	Distance int
}

// Step is a link as it was followed, from the nearer end to the farther.
type Step struct {
	Near, Far casegraph.ID
	Link      *casegraph.Link
	// Evidence are the sightings behind a HAS link, newest first. Other links
	// are evidence themselves.
	Evidence []*casegraph.Link
}

// Expand goes out from nodes, breadth first. The links of a level's nodes are
// read some nodes at a call, so that few are read which the budget has no room
// for; under the default kinds objects that are no accounts take a call of their
// own. One more call finds the degrees of the nodes it stopped at, and one looks
// again at the links before After.
func Expand(ctx context.Context, g Graph, q ExpandQuery) (Expansion, error) {
	e := &expansion{query: q, reader: reader{graph: g, asOf: q.AsOf, givesRefused: true}}
	if err := e.prepare(); err != nil {
		return Expansion{}, err
	}
	if err := e.begin(ctx); err != nil {
		return Expansion{}, err
	}
	if q.DryRun {
		forecast, err := e.dryRun(ctx)
		return Expansion{Forecast: forecast, Cost: e.cost}, err
	}
	for depth := 1; depth <= e.query.Depth && e.done < len(e.nodes) && !e.spent; depth++ {
		if err := e.level(ctx, depth); err != nil {
			return Expansion{}, err
		}
	}
	if err := e.noteChange(ctx); err != nil {
		return Expansion{}, err
	}
	boundaries, err := e.boundaries(ctx)
	if err != nil {
		return Expansion{}, err
	}
	if err := e.sight(ctx); err != nil {
		return Expansion{}, err
	}
	return Expansion{Nodes: e.nodes, Links: e.links, Boundaries: boundaries, Complete: complete(boundaries), Changed: e.changed, Cost: e.cost}, nil
}

// expansion is an Expansion in the making.
type expansion struct {
	reader
	query  ExpandQuery
	rule   linkRule
	limits casegraph.HubLimits
	digest string

	nodes []Met
	place map[casegraph.ID]int // of a node in nodes
	links []Step
	taken map[placed]bool
	ends  []placed // of links
	// done is how many of the nodes have had their links taken; where one was
	// left with some untaken, stops says why, in the order of the nodes.
	done  int
	stops []stop
	spent bool
	// changed is set if what lies before After is not what was given.
	changed bool
}

// placed is a link's name with the places of its ends for their ids: short to
// compare.
type placed struct {
	from, to int
	kind     casegraph.LinkKind
	key      string
}

type stop struct {
	place  int
	reason Reason
	degree int
	at     listPlace
}

// prepare checks the query and puts the defaults in.
func (e *expansion) prepare() (err error) {
	q := &e.query
	if q.After != nil {
		if len(q.From) > 0 {
			return casegraph.BadInput("from: give either from or after")
		}
		q.From = []casegraph.ID{q.After.Node}
	}
	if q.From, err = distinct("from", q.From); err != nil {
		return err
	}
	if q.Depth, err = within("depth", q.Depth, 1, MaxDepth); err != nil {
		return err
	}
	if q.PerNode, err = within("perNode", q.PerNode, casegraph.DefaultLinkCap, casegraph.MaxLinkCap); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultMaxNodes, MostNodes); err != nil {
		return err
	}
	if q.MaxLinks, err = within("maxLinks", q.MaxLinks, DefaultMaxLinks, MostLinks); err != nil {
		return err
	}
	if err = e.setTime(q.Time); err != nil {
		return err
	}
	if len(q.From) > q.MaxNodes {
		return casegraph.BadInput("maxNodes: less than the nodes to begin at")
	}
	if q.Direction == "" {
		q.Direction = casegraph.DirectionBoth
	}
	if err = checkNodeKinds(q.NodeKinds); err != nil {
		return err
	}
	if err = q.Where.check(q.Mask); err != nil {
		return err
	}
	if err = checkWindow(q.Since, q.Until); err != nil {
		return err
	}
	if err = checkEvidence(q.Evidence); err != nil {
		return err
	}
	if e.rule, err = ruleOf(q.Kinds); err != nil {
		return err
	}
	if len(q.Kinds) > 0 {
		q.Kinds = e.rule.plain
	}
	if e.limits, err = hubLimitsOf(q.HubLimits); err != nil {
		return err
	}
	if e.digest = q.digest(); q.After != nil && (q.After.Query != e.digest || (q.After.After != nil) != (q.After.Given.Links > 0)) {
		return casegraph.BadInput("after: the cursor belongs to another question")
	}
	return nil
}

func (e *expansion) begin(ctx context.Context) error {
	asked := named{"from", e.query.From}
	if e.query.After != nil {
		asked.field = "after"
	}
	if _, err := e.demand(ctx, e.query.Mask, asked); err != nil {
		return err
	}
	size := min(e.query.MaxNodes, DefaultMaxNodes)
	e.nodes = make([]Met, 0, size)
	e.place = make(map[casegraph.ID]int, size)
	e.links = make([]Step, 0, size)
	e.taken = make(map[placed]bool, size)
	e.ends = make([]placed, 0, size)
	e.stops = make([]stop, 0, size)
	for _, id := range e.query.From {
		e.meet(id, 0)
	}
	return nil
}

func (e *expansion) meet(id casegraph.ID, distance int) {
	e.place[id] = len(e.nodes)
	e.nodes = append(e.nodes, Met{ID: id, Distance: distance})
}

// level takes the links of the nodes of a level.
func (e *expansion) level(ctx context.Context, depth int) error {
	from, nodes, links := e.done, len(e.nodes), len(e.links)
	for e.done < nodes && !e.spent {
		most := e.query.few()
		if read := e.done - from; read > 0 {
			likely := min(roomFor(e.query.MaxNodes-len(e.nodes), read, len(e.nodes)-nodes), roomFor(e.query.MaxLinks-len(e.links), read, len(e.links)-links))
			most = min(max(most, read, likely), chunk)
		}
		if err := e.some(ctx, depth, e.done, min(e.done+most, nodes)); err != nil {
			return err
		}
	}
	return nil
}

// few is how many nodes of a level are read first: they can't spend the budget
// but if they have a good part of the links that one node may give.
func (q *ExpandQuery) few() int { return min(max(16, 4*q.MaxNodes/q.PerNode), chunk) }

// roomFor is how many nodes a budget is likely to have room for, if so many read
// took so much.
func roomFor(budget, read, took int) int {
	if took == 0 {
		return chunk
	}
	return budget*read/took + 1
}

// some takes the links of the nodes from one place to another.
func (e *expansion) some(ctx context.Context, depth, from, to int) error {
	request := casegraph.LinkRequest{Cap: e.query.PerNode}
	if depth == 1 {
		if after := e.query.After; after != nil && after.After != nil {
			request.After = map[casegraph.ID]casegraph.LinkCursor{after.Node: *after.After}
		}
	} else {
		request.HubLimits = e.limits
	}
	pages, err := e.read(ctx, e.ids(from, to), request, e.reader.links)
	if err == nil {
		err = e.sift(ctx, e.query.Where, e.query.Mask, pages, func(id casegraph.ID) bool { _, met := e.place[id]; return met })
	}
	if err == errLate {
		e.spent = true
		return nil
	}
	if err != nil {
		return err
	}
	for ; e.done < to && !e.spent; e.done++ {
		e.take(e.done, depth, pages[e.nodes[e.done].ID])
	}
	return nil
}

func (e *expansion) ids(from, to int) []casegraph.ID {
	ids := make([]casegraph.ID, 0, to-from)
	for _, met := range e.nodes[from:to] {
		ids = append(ids, met.ID)
	}
	return ids
}

// read reads by the query's filters; what is followed depends on the node.
func (e *expansion) read(ctx context.Context, ids []casegraph.ID, request casegraph.LinkRequest,
	by linkReader) (map[casegraph.ID]casegraph.LinkPage, error) {
	request.Direction, request.FarKinds, request.Mask = e.query.Direction, e.query.NodeKinds, e.query.Mask
	request.Since, request.Until = e.query.Since, e.query.Until
	return e.rule.read(ctx, ids, request, by)
}

// take takes a node's links until the budget is spent.
func (e *expansion) take(place, depth int, page casegraph.LinkPage) {
	if page.Hub {
		e.stops = append(e.stops, stop{place: place, reason: Hub, degree: page.Degree})
		return
	}
	for i := range page.Hops {
		hop := &page.Hops[i]
		if !e.left[hop.Far] && !hop.Link.Refused() && !e.follow(place, depth, hop) {
			e.spent = true
			e.stops = append(e.stops, stop{place, Budget, page.Degree, e.before(place, page.Hops, i)})
			return
		}
	}
	if page.More {
		e.stops = append(e.stops, stop{place, Page, page.Degree, e.before(place, page.Hops, len(page.Hops))})
	}
}

// follow adds a link, and the node it leads to if that is new; it tells
// whether the budget allowed it.
func (e *expansion) follow(place, depth int, hop *casegraph.Hop) bool {
	far, known := e.place[hop.Far]
	if !known {
		far = len(e.nodes)
	}
	ends := placed{place, far, hop.Link.Kind, hop.Link.Key}
	if !hop.Out {
		ends.from, ends.to = far, place
	}
	if known && e.taken[ends] {
		return true
	}
	if len(e.links) == e.query.MaxLinks || (!known && len(e.nodes) == e.query.MaxNodes) {
		return false
	}
	if !known {
		e.meet(hop.Far, depth)
	}
	e.taken[ends] = true
	e.ends = append(e.ends, ends)
	e.links = append(e.links, Step{Near: e.nodes[place].ID, Far: hop.Far, Link: hop.Link})
	return true
}

// sight reads the evidence of the links.
func (e *expansion) sight(ctx context.Context) error {
	sightings := make([]sighting, len(e.links))
	for i := range e.links {
		sightings[i] = sighting{link: e.links[i].Link, into: &e.links[i].Evidence}
	}
	return e.evidence(ctx, sightings, e.query.Evidence)
}

// boundaries are the nodes where it stopped and that have links which are not
// in the answer.
func (e *expansion) boundaries(ctx context.Context) ([]Boundary, error) {
	pages, err := e.read(ctx, e.ids(e.done, len(e.nodes)), casegraph.LinkRequest{}, e.reader.degrees)
	if err != nil {
		return nil, err
	}
	for place := e.done; place < len(e.nodes); place++ {
		reason := Budget
		if e.nodes[place].Distance == e.query.Depth {
			reason = Depth
		}
		e.stops = append(e.stops, stop{place, reason, pages[e.nodes[place].ID].Degree, e.before(place, nil, 0)})
	}
	shown := e.shown()
	e.stops = slices.DeleteFunc(e.stops, func(s stop) bool {
		// A past moment's degree is not known: there may be more than today's.
		left := e.query.AsOf != 0 && (s.reason == Page || s.reason == Budget)
		return s.degree <= shown[s.place] && !left
	})
	boundaries, cursors := make([]Boundary, len(e.stops)), make([]Cursor, len(e.stops))
	for i, s := range e.stops {
		cursors[i] = e.cursor(s.place, s.at)
		boundaries[i] = Boundary{Node: cursors[i].Node, Reason: s.reason, Degree: s.degree, Next: &cursors[i]}
	}
	return boundaries, nil
}

// shown counts, for each node, the links of the answer that its degree counts.
func (e *expansion) shown() []int {
	shown := make([]int, len(e.nodes))
	for _, link := range e.ends {
		from, to := e.nodes[link.from].ID, e.nodes[link.to].ID
		if e.counts(from, link.kind, to, casegraph.DirectionIn) {
			shown[link.from]++
		}
		if e.counts(to, link.kind, from, casegraph.DirectionOut) {
			shown[link.to]++
		}
	}
	return shown
}

// counts tells whether a node's degree counts a link to a far node, unless
// only the links of the other direction are asked for.
func (e *expansion) counts(id casegraph.ID, kind casegraph.LinkKind, far casegraph.ID, other casegraph.Direction) bool {
	if e.query.Direction == other || !e.rule.allows(id, kind) {
		return false
	}
	if len(e.query.NodeKinds) == 0 {
		return true
	}
	farKind, _ := casegraph.KindOf(far)
	return slices.Contains(e.query.NodeKinds, farKind)
}
