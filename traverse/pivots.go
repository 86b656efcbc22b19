package traverse

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"casegraph"
)

// PivotsQuery asks which of the neighbours of some nodes are worth going on
// from.
type PivotsQuery struct {
	// From are the nodes whose neighbours are asked about, 1 to MaxStarts. They
	// are never cut as hubs: the asker named them.
	From []casegraph.ID
	// Expanded are further nodes that the asker went on from already, at most
	// MostNodes. Neither these nor From are suggested.
	Expanded []casegraph.ID
	// Kinds are the links to follow; none are DefaultKinds, with their rule for
	// SHOWS.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to suggest; none are all.
	NodeKinds []casegraph.Kind
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees, hubs and the order of HAS links are today's.
	AsOf casegraph.Seq
	// HubLimits say past which degree a node is no pivot; nil are
	// DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// First is how many to suggest, up to MostPivots; 0 is 10.
	First int
	// MaxNodes is how many neighbours to weigh at most, up to MostWeighed; 0 is
	// DefaultWeighed.
	MaxNodes int
	// Time is how long to explore.
	Time Time
	// Now is the time that ages, and whether marks have expired, are counted
	// from; 0 leaves ages out, and no mark has expired.
	Now casegraph.Time
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// Bounds of a PivotsQuery.
const (
	MostPivots     = 100
	DefaultWeighed = 200
	MostWeighed    = 2_000
	// PivotLinks is how many links of a neighbour are looked at, the newest, for
	// risk marks at their far ends.
	PivotLinks = 20
)

// Pivots are the neighbours worth going on from.
type Pivots struct {
	// Pivots come highest score first, then by id.
	Pivots []Pivot
	// More is set if there are others than were asked for.
	More bool
	// Boundaries are the neighbours that are hubs, and where it was cut off.
	Boundaries []Boundary
	// Complete is set if neither the budget nor a list's length left one out,
	// and there are no others than were asked for.
	Complete bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// Pivot is a neighbour that was not gone on from, and what speaks for it.
type Pivot struct {
	ID casegraph.ID
	// Score is the sum of the four parts, each from 0 to 1.
	Score float64
	// Rarity is 1/log2(n), n being its Degree.
	Rarity float64
	// Risk is 1 if it is marked as known bad and 0.5 as suspicious. Without a
	// mark of its own it has half of the worst among its neighbours'. Trusted,
	// it has none.
	Risk float64
	// Recency halves with each year since the last of Links was seen; 0.5 if
	// that is not known.
	Recency float64
	// Money is what was paid over Links, and the amount of a transaction, as a
	// part of the most that any of the neighbours has in the same currency; of
	// several currencies the one of which it is the greatest part.
	Money float64
	// Degree counts its links of the kinds asked for, Unseen those that are not
	// known to lead to nodes that were gone on from: at least 1.
	Degree, Unseen int
	// Marked is the node whose mark Risk is of; "" for none.
	Marked casegraph.ID
	// Paid is the amount that Money is of; "" for none.
	Paid     casegraph.Decimal
	Currency string
	// Links join it to the nodes asked about, newest first.
	Links []*casegraph.Link
}

// SuggestPivots ranks the neighbours of some nodes that were not gone on from
// and have links that lead on.
func SuggestPivots(ctx context.Context, g Graph, q PivotsQuery) (Pivots, error) {
	s := &pivotSearch{query: q, reader: reader{graph: g, asOf: q.AsOf}, cuts: cuts{hubs: map[casegraph.ID]bool{}},
		expanded: map[casegraph.ID]bool{}, number: map[casegraph.ID]int{}}
	if err := s.prepare(); err != nil {
		return Pivots{}, err
	}
	if _, err := s.demand(ctx, q.Mask, named{"from", s.query.From}); err != nil {
		return Pivots{}, err
	}
	if q.DryRun {
		forecast, err := s.dryRun(ctx)
		return Pivots{Forecast: forecast, Cost: s.cost}, err
	}
	if err := s.meet(ctx); err != nil {
		return Pivots{}, err
	}
	if err := s.look(ctx); err != nil {
		return Pivots{}, err
	}
	nodes, err := s.read(ctx)
	if err != nil {
		return Pivots{}, err
	}
	answer := Pivots{Pivots: s.rank(nodes), Boundaries: s.boundaries}
	if len(answer.Pivots) > s.query.First {
		answer.Pivots, answer.More = answer.Pivots[:s.query.First], true
	}
	answer.Complete = complete(s.boundaries) && !answer.More
	answer.Cost = s.cost
	return answer, nil
}

type pivotSearch struct {
	reader
	cuts
	query    PivotsQuery
	rule     linkRule
	limits   casegraph.HubLimits
	expanded map[casegraph.ID]bool
	met      []neighbour
	number   map[casegraph.ID]int // of the neighbours met
}

// neighbour is a node that may be a pivot.
type neighbour struct {
	id     casegraph.ID
	links  []*casegraph.Link // that it was met by
	degree int
	unseen int
	far    []casegraph.ID // of its newest links
	pivot  bool           // it was looked at, is no hub and leads on
}

func (s *pivotSearch) prepare() (err error) {
	q := &s.query
	if q.From, err = distinct("from", q.From); err != nil {
		return err
	}
	if len(q.Expanded) > MostNodes {
		return casegraph.BadInput("expanded: at most %d nodes", MostNodes)
	}
	for _, id := range append(slices.Clone(q.From), q.Expanded...) {
		s.expanded[id] = true
	}
	if s.rule, err = ruleOf(q.Kinds); err != nil {
		return err
	}
	if err = checkNodeKinds(q.NodeKinds); err != nil {
		return err
	}
	if err = checkWindow(q.Since, q.Until); err != nil {
		return err
	}
	if q.First, err = within("first", q.First, 10, MostPivots); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultWeighed, MostWeighed); err != nil {
		return err
	}
	if s.limits, err = hubLimitsOf(q.HubLimits); err != nil {
		return err
	}
	return s.setTime(q.Time)
}

func (s *pivotSearch) request(cap int) casegraph.LinkRequest {
	return casegraph.LinkRequest{Since: s.query.Since, Until: s.query.Until, Cap: cap, Mask: s.query.Mask}
}

// meet finds the neighbours, in the order of From and of its links.
func (s *pivotSearch) meet(ctx context.Context) error {
	request := s.request(casegraph.MaxLinkCap)
	request.FarKinds = s.query.NodeKinds
	pages, err := s.rule.read(ctx, s.query.From, request, s.links)
	if err == errLate {
		return s.stop(ctx, s.query.From[0])
	}
	if err != nil {
		return err
	}
	for _, id := range s.query.From {
		page := pages[id]
		if page.More {
			s.cut(id, Page, page.Degree)
		}
		for i := range page.Hops {
			if !s.take(&page.Hops[i]) {
				s.cut(id, Budget, page.Degree)
				return nil
			}
		}
	}
	return nil
}

// take takes note of a neighbour; it tells whether the budget allowed it.
func (s *pivotSearch) take(hop *casegraph.Hop) bool {
	if s.expanded[hop.Far] {
		return true
	}
	n, met := s.number[hop.Far]
	if !met {
		if len(s.met) == s.query.MaxNodes {
			return false
		}
		n = len(s.met)
		s.number[hop.Far] = n
		s.met = append(s.met, neighbour{id: hop.Far})
	}
	s.met[n].links = append(s.met[n].links, hop.Link)
	return true
}

// stop ends the search before a node.
func (s *pivotSearch) stop(ctx context.Context, id casegraph.ID) error {
	request := s.request(0)
	request.IDs, request.Kinds, request.FarKinds = []casegraph.ID{id}, s.rule.plain, s.query.NodeKinds
	pages, err := s.degrees(ctx, request)
	if err == nil {
		s.cut(id, Budget, pages[id].Degree)
	}
	return err
}

// look reads the neighbours' own links.
func (s *pivotSearch) look(ctx context.Context) error {
	ids := make([]casegraph.ID, len(s.met))
	for i := range s.met {
		ids[i] = s.met[i].id
	}
	for some := range slices.Chunk(ids, chunk) {
		request := s.request(PivotLinks)
		request.HubLimits = s.limits
		pages, err := s.rule.read(ctx, some, request, s.links)
		if err == errLate {
			if !s.spent {
				return s.stop(ctx, s.query.From[0])
			}
			return nil
		}
		if err != nil {
			return err
		}
		for _, id := range some {
			s.lookAt(&s.met[s.number[id]], pages[id])
		}
	}
	return nil
}

func (s *pivotSearch) lookAt(n *neighbour, page casegraph.LinkPage) {
	if page.Hub {
		s.cut(n.id, Hub, page.Degree)
		return
	}
	back := map[casegraph.LinkID]bool{}
	for _, link := range n.links {
		if s.rule.allows(n.id, link.Kind) {
			back[link.LinkID] = true
		}
	}
	for i := range page.Hops {
		hop := &page.Hops[i]
		n.far = append(n.far, hop.Far)
		if s.expanded[hop.Far] {
			back[hop.Link.LinkID] = true
		}
	}
	n.degree, n.unseen = page.Degree, page.Degree-len(back)
	n.pivot = n.unseen > 0
}

// read reads the pivots and their neighbours, whose marks are looked at,
// whether there is time or not.
func (s *pivotSearch) read(ctx context.Context) (map[casegraph.ID]casegraph.Node, error) {
	var ids []casegraph.ID
	seen := map[casegraph.ID]bool{}
	add := func(id casegraph.ID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for i := range s.met {
		if n := &s.met[i]; n.pivot {
			add(n.id)
			for _, far := range n.far {
				add(far)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	s.cost.StoreCalls++
	return s.graph.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: s.asOf, Mask: s.query.Mask})
}

// rank scores the pivots.
func (s *pivotSearch) rank(nodes map[casegraph.ID]casegraph.Node) []Pivot {
	var pivots []Pivot
	var purses []purse
	most := purse{}
	for i := range s.met {
		n := &s.met[i]
		if !n.pivot || nodes[n.id] == nil {
			continue
		}
		slices.SortFunc(n.links, compareNewest)
		p := Pivot{ID: n.id, Degree: n.degree, Unseen: n.unseen, Links: n.links, Rarity: rarityOf(n.degree),
			Recency: recencyOf(n.links[0].LastSeen, s.query.Now)}
		p.Risk, p.Marked = riskNear(n, nodes, s.query.Now)
		money := purseOf(n.links, nodes[n.id])
		most.most(money)
		pivots, purses = append(pivots, p), append(purses, money)
	}
	for i := range pivots {
		p := &pivots[i]
		p.Money, p.Paid, p.Currency = purses[i].share(most)
		p.Score = p.Rarity + p.Risk + p.Recency + p.Money
	}
	slices.SortFunc(pivots, func(a, b Pivot) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.ID), string(b.ID)))
	})
	return pivots
}

// compareNewest orders links whichever ends they share.
func compareNewest(a, b *casegraph.Link) int {
	return cmp.Or(cmp.Compare(b.LastSeen, a.LastSeen), strings.Compare(string(a.From), string(b.From)),
		strings.Compare(string(a.To), string(b.To)), cmp.Compare(a.Kind.Number(), b.Kind.Number()), strings.Compare(a.Key, b.Key))
}

// weightOf is how bad a mark is that counts.
func weightOf(n casegraph.Node, now casegraph.Time) (weight float64, marked bool) {
	if n == nil || !n.Head().Risk.Counts(now) {
		return 0, false
	}
	switch n.Head().Risk.Level {
	case casegraph.RiskKnownBad:
		return 1, true
	case casegraph.RiskSuspicious:
		return 0.5, true
	}
	return 0, true
}

// riskNear is a pivot's own mark, or half of the worst of its neighbours'; of
// equals the one of the lowest id.
func riskNear(n *neighbour, nodes map[casegraph.ID]casegraph.Node, now casegraph.Time) (risk float64, marked casegraph.ID) {
	if weight, own := weightOf(nodes[n.id], now); own {
		return weight, n.id
	}
	for _, far := range n.far {
		weight, _ := weightOf(nodes[far], now)
		if half := weight / 2; half > risk || half == risk && half > 0 && far < marked {
			risk, marked = half, far
		}
	}
	return risk, marked
}
