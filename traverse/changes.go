package traverse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"casegraph"
)

// ChangesQuery asks what changed around some nodes between two moments.
type ChangesQuery struct {
	// Of are the nodes, 1 to MaxStarts. They are never cut as hubs.
	Of []casegraph.ID
	// From and To are the moments, by numbers of the log; To is no earlier.
	From, To casegraph.Seq
	// Depth is how many hops around the nodes to look, 1 or 2; 0 is 1. With 1
	// the nodes' own links are compared, with 2 also those of whatever they
	// were linked to at either moment.
	Depth int
	// Kinds are the links to compare and follow; none are DefaultKinds, with
	// their rule for SHOWS.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to meet; none are all.
	NodeKinds []casegraph.Kind
	// HubLimits say past which degree a node's links are not compared; nil are
	// DefaultHubLimits. Degrees are today's.
	HubLimits *casegraph.HubLimits
	// MaxNodes is how many nodes to compare at most, up to MostChangedNodes; 0
	// is DefaultMaxNodes.
	MaxNodes int
	// Time is how long to explore.
	Time Time
	// First is how many changes to give, up to MaxPage; 0 is DefaultPage.
	First int
	// After goes on behind what was given before.
	After *ChangesCursor
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// MostChangedNodes is how many nodes a ChangesQuery may compare.
const MostChangedNodes = 1_000

// ChangesCursor is a place in a list of changes. It is plain data: whoever
// hands it out signs it.
type ChangesCursor struct {
	// To is the later moment that was asked about, so that the list stays as
	// it was.
	To casegraph.Seq `json:"t"`
	// Node, or Link, is the last that was given.
	Node  casegraph.ID      `json:"n,omitempty"`
	Link  *casegraph.LinkID `json:"l,omitempty"`
	Query string            `json:"q"`
}

// Changes are what changed around some nodes: what of an answer at the later
// moment differs from the same at the earlier one.
type Changes struct {
	// Nodes are those that were recorded or changed, by their ids; Links those
	// that began, ended or are told differently, by their ends, kind and key,
	// behind all nodes. An identifier is a value and never among Nodes.
	Nodes []ChangedNode
	Links []ChangedLink
	// Next goes on behind them; nil if there are no more.
	Next *ChangesCursor
	// Boundaries are where the look ended: hubs, nodes with more links than a
	// list holds, whose links are not compared, and where the budget ended.
	Boundaries []Boundary
	// Complete is set if neither the budget nor a list's length left any out.
	Complete bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// ChangedNode is a node at both moments; Before is nil if it was not recorded
// by then.
type ChangedNode struct{ Before, After casegraph.Node }

// ChangedLink is a link at both moments; nil where it did not hold.
type ChangedLink struct{ Before, After *casegraph.Link }

// id is the link's name.
func (c *ChangedLink) id() casegraph.LinkID {
	if c.Before != nil {
		return c.Before.LinkID
	}
	return c.After.LinkID
}

// ChangesAround compares what was recorded around nodes by two moments.
func ChangesAround(ctx context.Context, g Graph, q ChangesQuery) (Changes, error) {
	c := &comparison{query: q, reader: reader{graph: g}}
	if err := c.prepare(); err != nil {
		return Changes{}, err
	}
	if _, err := c.demand(ctx, c.query.Mask, named{"of", c.query.Of}); err != nil {
		return Changes{}, err
	}
	if q.DryRun {
		forecast, err := c.dryRun(ctx)
		return Changes{Forecast: forecast, Cost: c.cost}, err
	}
	for _, id := range c.query.Of {
		c.meet(id)
	}
	begin := 0
	for hop := 1; hop <= c.query.Depth && begin < len(c.nodes) && !c.spent; hop++ {
		end := len(c.nodes)
		if err := c.compareLinks(ctx, hop, c.nodes[begin:end]); err != nil {
			return Changes{}, err
		}
		begin = end
	}
	answer := Changes{Boundaries: c.boundaries, Complete: complete(c.boundaries)}
	nodes, err := c.compareNodes(ctx)
	if err != nil {
		return Changes{}, err
	}
	c.page(&answer, nodes)
	answer.Cost = c.cost
	return answer, nil
}

// comparison is Changes in the making.
type comparison struct {
	reader
	query  ChangesQuery
	rule   linkRule
	limits casegraph.HubLimits
	digest string

	nodes      []casegraph.ID // in the order in which they were met
	met        map[casegraph.ID]bool
	compared   map[casegraph.LinkID]bool
	links      []ChangedLink
	boundaries []Boundary
	spent      bool
}

func (c *comparison) prepare() (err error) {
	q := &c.query
	if q.Of, err = distinct("of", q.Of); err != nil {
		return err
	}
	if q.From < 1 || q.From > q.To {
		return casegraph.BadInput("to: must not lie before from")
	}
	if q.Depth, err = within("depth", q.Depth, 1, 2); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultMaxNodes, MostChangedNodes); err != nil {
		return err
	}
	if len(q.Of) > q.MaxNodes {
		return casegraph.BadInput("maxNodes: less than the nodes that are named")
	}
	if q.First, err = within("first", q.First, casegraph.DefaultPage, casegraph.MaxPage); err != nil {
		return err
	}
	if err = checkNodeKinds(q.NodeKinds); err != nil {
		return err
	}
	if err = c.setTime(q.Time); err != nil {
		return err
	}
	if c.rule, err = ruleOf(q.Kinds); err != nil {
		return err
	}
	if c.limits, err = hubLimitsOf(q.HubLimits); err != nil {
		return err
	}
	if c.digest = q.digest(); q.After != nil && (q.After.Query != c.digest || q.After.To != q.To) {
		return casegraph.BadInput("after: the cursor belongs to another question")
	}
	c.met, c.compared = map[casegraph.ID]bool{}, map[casegraph.LinkID]bool{}
	return nil
}

// digest names the list of changes; how much of it is looked at and given may
// differ from one page to the next.
func (q *ChangesQuery) digest() string {
	text, err := json.Marshal([]any{q.Of, q.From, q.Depth, inOrder(q.Kinds), q.NodeKinds, q.HubLimits})
	if err != nil {
		panic(err) // plain values
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

func (c *comparison) meet(id casegraph.ID) bool {
	switch {
	case c.met[id]:
		return true
	case len(c.nodes) == c.query.MaxNodes:
		return false
	}
	c.met[id] = true
	c.nodes = append(c.nodes, id)
	return true
}

// compareLinks compares the links of the nodes that were met at a hop.
func (c *comparison) compareLinks(ctx context.Context, hop int, ids []casegraph.ID) error {
	request := casegraph.LinkRequest{FarKinds: c.query.NodeKinds, Cap: casegraph.MaxLinkCap, Mask: c.query.Mask}
	if hop > 1 {
		request.HubLimits = c.limits
	}
	var pages [2]map[casegraph.ID]casegraph.LinkPage
	for i, moment := range []casegraph.Seq{c.query.From, c.query.To} {
		var err error
		c.asOf = moment
		if pages[i], err = c.rule.read(ctx, ids, request, c.reader.links); err == errLate {
			return c.stop(ctx, ids[0])
		}
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !c.compare(id, pages[0][id], pages[1][id]) {
			c.cut(id, Budget, pages[1][id].Degree)
			return nil
		}
	}
	return nil
}

// stop ends the look before a node.
func (c *comparison) stop(ctx context.Context, id casegraph.ID) error {
	pages, err := c.rule.read(ctx, []casegraph.ID{id}, casegraph.LinkRequest{FarKinds: c.query.NodeKinds, Mask: c.query.Mask}, c.degrees)
	if err == nil {
		c.cut(id, Budget, pages[id].Degree)
	}
	return err
}

func (c *comparison) cut(id casegraph.ID, reason Reason, degree int) {
	c.boundaries = append(c.boundaries, Boundary{Node: id, Reason: reason, Degree: degree})
	c.spent = c.spent || reason == Budget
}

// compare compares a node's links; it tells whether the budget allowed to meet
// all that they lead to.
func (c *comparison) compare(id casegraph.ID, before, after casegraph.LinkPage) bool {
	if before.Hub || after.Hub {
		c.cut(id, Hub, after.Degree)
		return true
	}
	if before.More || after.More {
		c.cut(id, Page, after.Degree)
		return true
	}
	then := make(map[casegraph.LinkID]*casegraph.Link, len(before.Hops))
	for i := range before.Hops {
		then[before.Hops[i].Link.LinkID] = before.Hops[i].Link
	}
	for i := range after.Hops {
		link := after.Hops[i].Link
		c.add(ChangedLink{Before: then[link.LinkID], After: link})
		delete(then, link.LinkID)
	}
	for _, link := range then {
		c.add(ChangedLink{Before: link})
	}
	for _, hops := range [][]casegraph.Hop{after.Hops, before.Hops} {
		for i := range hops {
			if !c.meet(hops[i].Far) {
				return false
			}
		}
	}
	return true
}

// add keeps a link if it differs and was not met from its other end.
func (c *comparison) add(link ChangedLink) {
	if id := link.id(); !c.compared[id] {
		c.compared[id] = true
		if link.Before == nil || link.After == nil || !toldAlike(*link.Before, *link.After) {
			c.links = append(c.links, link)
		}
	}
}

// toldAlike tells whether two versions of a link say the same.
func toldAlike(a, b casegraph.Link) bool {
	a.AsOf, a.Recorded, b.AsOf, b.Recorded = 0, 0, 0, 0
	return reflect.DeepEqual(a, b)
}

// compareNodes finds the nodes that differ, by their ids.
func (c *comparison) compareNodes(ctx context.Context) ([]ChangedNode, error) {
	var then [2]map[casegraph.ID]casegraph.Node
	for i, moment := range []casegraph.Seq{c.query.From, c.query.To} {
		var err error
		then[i], err = c.graph.Nodes(ctx, casegraph.NodesRequest{IDs: c.nodes, AsOf: moment, Mask: c.query.Mask})
		c.cost.StoreCalls++
		if err != nil {
			return nil, err
		}
	}
	var changed []ChangedNode
	for _, id := range slices.Sorted(slices.Values(c.nodes)) {
		before, after := then[0][id], then[1][id]
		if after != nil && (before == nil || before.Head().Version != after.Head().Version) {
			changed = append(changed, ChangedNode{Before: before, After: after})
		}
	}
	return changed, nil
}

// page takes the wanted part of the list: all nodes, then all links.
func (c *comparison) page(answer *Changes, nodes []ChangedNode) {
	slices.SortFunc(c.links, func(a, b ChangedLink) int { return compareLinkIDs(a.id(), b.id()) })
	links, after := c.links, c.query.After
	if after != nil {
		nodes = slices.DeleteFunc(nodes, func(n ChangedNode) bool {
			return after.Link != nil || strings.Compare(string(n.After.Head().ID), string(after.Node)) <= 0
		})
	}
	if after != nil && after.Link != nil {
		links = slices.DeleteFunc(links, func(l ChangedLink) bool { return compareLinkIDs(l.id(), *after.Link) <= 0 })
	}
	answer.Nodes = nodes[:min(len(nodes), c.query.First)]
	answer.Links = links[:min(len(links), c.query.First-len(answer.Nodes))]
	if len(answer.Nodes) == len(nodes) && len(answer.Links) == len(links) {
		return
	}
	answer.Next = &ChangesCursor{To: c.query.To, Query: c.digest}
	if n := len(answer.Links); n > 0 {
		last := answer.Links[n-1].id()
		answer.Next.Link = &last
	} else {
		answer.Next.Node = answer.Nodes[len(answer.Nodes)-1].After.Head().ID
	}
}
