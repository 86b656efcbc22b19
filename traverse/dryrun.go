package traverse

import (
	"context"
	"math"

	"casegraph"
)

// Forecast is what a traversal would cost, found without doing it: hop by hop,
// a few nodes are looked at, and a few links of each.
type Forecast struct {
	// Most is a bound: as long as the graph stays as it is, and whatever time it
	// takes, it costs no more.
	Most Cost
	// Likely is an estimate, as if all nodes of a hop were like those looked at.
	Likely Cost
	// Hubs are those met among the nodes looked at.
	Hubs int
	// MayStop are the reasons, but for DEPTH, for which it may stop at a node:
	// for another it does not, unless time ends it or, among very many ways, the
	// listing of paths.
	MayStop []Reason
}

// How much of a hop is looked at.
const (
	soundedNodes = 200
	soundedLinks = 20
)

// sounding goes out from some nodes as a traversal would, but looks at little.
type sounding struct {
	*reader
	// moments are those at which the traversal reads each list; 0 is now.
	moments []casegraph.Seq
	hops    int // to go
	// request is what the traversal asks of the nodes of a hop, from 1, by a
	// rule; its cap is how many links of one node it reads.
	request func(hop int) (casegraph.LinkRequest, linkRule)
	// maxNodes and maxLinks are the traversal's budget.
	maxNodes, maxLinks int
	// few is how many nodes of a hop are read first, and then again as many as
	// were read at least; 0 if a thousand are read at a time.
	few int

	levels []level
	seen   map[casegraph.ID]bool
	hubs   int
	// unknown hubs, and longer lists than are read, may be among what was not
	// looked at.
	mayBeHubs, mayBeCut bool
}

// level is the nodes of a hop whose lists would be read.
type level struct {
	most   int // nodes
	links  int // read of those looked at, at most
	others int // nodes that were not looked at, at most
	cap    int // of links that are read of each
	// likely nodes and links read of them
	likely, likelyLinks float64
}

// sound looks around. The last of the levels is only met.
func (s *sounding) sound(ctx context.Context, from []casegraph.ID) error {
	s.seen = map[casegraph.ID]bool{}
	for _, id := range from {
		s.seen[id] = true
	}
	next := level{most: len(from), likely: float64(len(from))}
	for hop := 1; hop <= s.hops && next.most > 0; hop++ {
		now := next
		looked := from[:min(len(from), soundedNodes)]
		now.others = now.most - len(looked)
		met, left, err := s.look(ctx, hop, looked, &now)
		if err != nil {
			return err
		}
		s.levels = append(s.levels, now)
		next = level{most: len(met) + left + min(now.others, s.maxNodes)*now.cap}
		if hops := now.links - left; hops > 0 {
			next.likely = now.likelyLinks * float64(len(met)) / float64(hops)
		}
		next.likely = min(next.likely, max(0, float64(s.maxNodes)-s.likelyNodes()))
		from = met
	}
	s.levels = append(s.levels, next)
	return nil
}

// look reads a few links of a few nodes: the nodes that they lead to for the
// first time, and how many links there may be besides.
func (s *sounding) look(ctx context.Context, hop int, ids []casegraph.ID, now *level) (met []casegraph.ID, left int, err error) {
	request, rule := s.request(hop)
	now.cap = request.Cap * len(s.moments)
	limited := request.HubLimits.Default > 0 || len(request.HubLimits.ByClass) > 0
	if now.others > 0 {
		s.mayBeHubs, s.mayBeCut = s.mayBeHubs || limited, true
	}
	few, guess := request, 0
	few.Cap = min(request.Cap, soundedLinks)
	for _, few.AsOf = range s.moments {
		var pages map[casegraph.ID]casegraph.LinkPage
		if len(ids) > 0 {
			if pages, err = rule.read(ctx, ids, few, s.raw); err != nil {
				return nil, 0, err
			}
		}
		for _, id := range ids {
			page := pages[id]
			if page.Hub {
				s.hubs++
				continue
			}
			links := s.linksOf(&page, few.AsOf, request.Cap)
			now.links += links
			guess += max(len(page.Hops), min(links, page.Degree))
			left += links - len(page.Hops)
			for i := range page.Hops {
				if far := page.Hops[i].Far; !s.seen[far] {
					s.seen[far] = true
					met = append(met, far)
				}
			}
		}
	}
	if len(ids) > 0 {
		now.likelyLinks = now.likely * float64(guess) / float64(len(ids))
	}
	return met, left, nil
}

// linksOf is how many links of a list are read at most. Today's degree says
// nothing of a past moment.
func (s *sounding) linksOf(page *casegraph.LinkPage, asOf casegraph.Seq, most int) int {
	if !page.More {
		return len(page.Hops)
	}
	if asOf == 0 && page.Degree <= most {
		return page.Degree
	}
	s.mayBeCut = true
	return most
}

// raw reads links as they are, those that were refused among them: the store
// reads them too.
func (s *sounding) raw(ctx context.Context, request casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	pages, err := s.graph.Links(ctx, request)
	s.cost.StoreCalls++
	s.cost.Nodes += len(pages)
	for _, page := range pages {
		s.cost.Links += len(page.Hops)
	}
	return pages, err
}

func (s *sounding) likelyNodes() (n float64) {
	for i := range s.levels {
		n += s.levels[i].likely
	}
	return n
}

// extent is how far a traversal goes.
type extent struct {
	met   int // nodes, those of the last hop included
	read  int // nodes whose lists are read
	links int // that are read
	lists int // readings, each of some nodes
}

// lists is in how many readings so many nodes of a hop are read at most.
func (s *sounding) lists(nodes int) (n int) {
	for read := 0; read < nodes; n++ {
		if s.few == 0 {
			read += chunk
		} else {
			read += min(max(s.few, read), chunk)
		}
	}
	return n
}

// most is how far it may go.
func (s *sounding) most() extent {
	var e extent
	others := s.maxNodes
	for i, l := range s.levels {
		most := min(l.most, s.maxNodes)
		e.met = min(e.met+most, s.maxNodes)
		if i < len(s.levels)-1 {
			e.read = e.met
			e.links += l.links + min(l.others, others)*l.cap
			others -= min(l.others, others)
			e.lists += s.lists(most)
		}
	}
	return e
}

// likely is how far it is likely to go in so many hops.
func (s *sounding) likely(hops int) extent {
	var e extent
	var met, links float64
	for i, l := range s.levels[:min(hops+1, len(s.levels))] {
		met += l.likely
		e.met = int(met + 0.5)
		if i < min(hops, len(s.levels)-1) && l.likely > 0 {
			links += l.likelyLinks
			e.read = e.met
			e.lists += min(s.lists(int(l.likely)+1), 2+int(l.likely)/chunk)
		}
	}
	e.links = int(links + 0.5)
	return e
}

// forecast tells what it comes to. price is the cost of an extent; worst counts
// all that may happen, else what usually does.
func (s *sounding) forecast(hops int, price func(e extent, worst bool) Cost) *Forecast {
	f := &Forecast{Most: price(s.most(), true), Likely: price(s.likely(hops), false), Hubs: s.hubs}
	f.Likely = Cost{StoreCalls: min(f.Likely.StoreCalls, f.Most.StoreCalls), Nodes: min(f.Likely.Nodes, f.Most.Nodes), Links: min(f.Likely.Links, f.Most.Links)}
	met, links := 0, 0
	for _, l := range s.levels {
		met, links = met+l.most, links+l.links+min(l.others, s.maxNodes)*l.cap
	}
	for _, one := range []struct {
		reason Reason
		may    bool
	}{{Hub, s.hubs > 0 || s.mayBeHubs}, {Budget, met > s.maxNodes || links > s.maxLinks}, {Page, s.mayBeCut}} {
		if one.may {
			f.MayStop = append(f.MayStop, one.reason)
		}
	}
	return f
}

// calls are what one reading of lists takes: two if the rule parts the nodes,
// each with one for the sums of a past moment.
func calls(rule *linkRule, asOf casegraph.Seq) int {
	n := 1
	if len(rule.showing) > 0 {
		n = 2
	}
	if asOf != 0 {
		n *= 2
	}
	return n
}

// unless is n, or 0 if that is not counted.
func unless(not bool, n int) int {
	if not {
		return 0
	}
	return n
}

func (e *expansion) dryRun(ctx context.Context) (*Forecast, error) {
	q := &e.query
	s := sounding{reader: &e.reader, moments: []casegraph.Seq{q.AsOf}, hops: q.Depth, maxNodes: q.MaxNodes, maxLinks: q.MaxLinks, few: q.few(),
		request: func(hop int) (casegraph.LinkRequest, linkRule) {
			request := casegraph.LinkRequest{Cap: q.PerNode, Direction: q.Direction, FarKinds: q.NodeKinds, Since: q.Since, Until: q.Until, Mask: q.Mask}
			if hop > 1 {
				request.HubLimits = e.limits
			} else if q.After != nil && q.After.After != nil {
				request.After = map[casegraph.ID]casegraph.LinkCursor{q.After.Node: *q.After.After}
			}
			return request, e.rule
		}}
	if err := s.sound(ctx, q.From); err != nil {
		return nil, err
	}
	return s.forecast(q.Depth, func(x extent, worst bool) Cost {
		list, given := calls(&e.rule, q.AsOf), 0
		if q.After != nil {
			given = q.After.Given.Links
		}
		again := unless(given == 0, 1+given/casegraph.MaxLinkCap)
		degrees := min(list, 1+unless(!worst, list))
		return Cost{
			StoreCalls: e.demanded + x.lists*(list+unless(len(q.Where) == 0, 1)) + degrees + unless(q.Evidence == 0, 1) + again*list,
			Nodes:      x.read + unless(!worst, x.met) + unless(worst, x.met-x.read) + again,
			Links:      x.links + unless(!worst, x.met) + q.Evidence*min(x.links, q.MaxLinks) + unless(given == 0, given+1),
		}
	}), nil
}

func (s *pathSearch) dryRun(ctx context.Context) (*Forecast, error) {
	q := &s.query
	named := make([]casegraph.ID, len(s.nodes))
	for n := range s.nodes {
		named[n] = s.nodes[n].id
	}
	// Both sides go half the way, or one of them all.
	hops := max(1, q.MaxLength-1)
	look := s.sounding(hops, named)
	if err := look.sound(ctx, named); err != nil {
		return nil, err
	}
	if s.limited() {
		look.mayBeHubs = look.mayBeHubs || look.levels[len(look.levels)-1].most > 0
	}
	return look.forecast(1+max(0, q.MaxLength-1)/2, func(x extent, worst bool) Cost {
		list, past := calls(&s.rule, q.AsOf), calls(&linkRule{}, q.AsOf)
		lists := list + x.lists*past + unless(len(q.Where) == 0, x.lists+1)
		lengths := 1 + q.MaxLength + x.met/chunk
		counted := unless(!worst, x.met+1) + unless(worst, x.met-x.read)
		return Cost{
			StoreCalls: s.demanded + lists + unless(!worst, q.MaxLength*past+q.MaxLength+(lengths+1)*past) + 1,
			Nodes:      x.read + counted,
			Links:      x.links + unless(!worst, x.met+1+q.wanted()*q.MaxLength*q.Evidence),
		}
	}), nil
}

// limited tells whether any node may be a hub.
func (r *region) limited() bool { return r.limits.Default > 0 || len(r.limits.ByClass) > 0 }

// sounding looks around a region's named nodes.
func (r *region) sounding(hops int, named []casegraph.ID) sounding {
	return sounding{reader: &r.reader, moments: []casegraph.Seq{r.asOf}, hops: hops, maxNodes: r.budget, maxLinks: r.maxLinks,
		request: func(hop int) (casegraph.LinkRequest, linkRule) {
			request, rule := r.request, r.rule
			request.Cap = casegraph.MaxLinkCap
			if hop > 1 {
				request.HubLimits, rule.showing = r.limits, nil
			}
			return request, rule
		}}
}

func (s *componentSearch) dryRun(ctx context.Context) (*Forecast, error) {
	look := s.sounding(MaxDepth, []casegraph.ID{s.query.Of})
	if err := look.sound(ctx, []casegraph.ID{s.query.Of}); err != nil {
		return nil, err
	}
	beyond := look.levels[len(look.levels)-1].most > 0
	if beyond {
		look.mayBeHubs, look.mayBeCut = look.mayBeHubs || s.limited(), true
		look.levels[len(look.levels)-1].most = look.maxNodes + 1
	}
	past := calls(&s.rule, s.asOf)
	return look.forecast(MaxDepth, func(x extent, worst bool) Cost {
		c := Cost{StoreCalls: s.demanded + x.lists*past, Nodes: x.read, Links: x.links}
		if worst {
			c = Cost{StoreCalls: c.StoreCalls + past, Nodes: c.Nodes + 1, Links: c.Links + 1}
			if beyond { // a call for each, if they hang together as a chain
				c.StoreCalls, c.Nodes = c.StoreCalls+s.budget*past, s.budget+1
				c.Links += s.budget * casegraph.MaxLinkCap
			}
		}
		return c
	}), nil
}

func (s *relatedSearch) dryRun(ctx context.Context) (*Forecast, error) {
	q := &s.query
	look := sounding{reader: &s.reader, moments: []casegraph.Seq{q.AsOf}, hops: q.MaxLength, maxNodes: q.MaxNodes, maxLinks: q.MaxLinks,
		request: func(hop int) (casegraph.LinkRequest, linkRule) {
			request := s.flood.request
			if hop > 1 {
				request.HubLimits = s.flood.limits
			}
			if hop == q.MaxLength {
				request.FarKinds = []casegraph.Kind{s.sought.kind}
			}
			return request, s.flood.rule
		}}
	from := []casegraph.ID{q.Of}
	if err := look.sound(ctx, from); err != nil {
		return nil, err
	}
	decisions, err := s.decisions(ctx, 1)
	if err != nil {
		return nil, err
	}
	most := min(decisions.Degree, casegraph.MaxLinkCap)
	if q.AsOf != 0 && decisions.More {
		most = casegraph.MaxLinkCap
	}
	past := calls(&s.flood.rule, q.AsOf)
	return look.forecast(q.MaxLength, func(x extent, worst bool) Cost {
		return Cost{
			StoreCalls: s.demanded + x.lists*past + unless(!worst, past) + 1 + unless(q.Evidence == 0, 1),
			Nodes:      x.read + unless(!worst, 1),
			Links:      x.links + most + unless(!worst, 1+q.Evidence*q.MaxLength*MostReasonPaths*min(q.First, x.met)),
		}
	}), nil
}

func (s *pivotSearch) dryRun(ctx context.Context) (*Forecast, error) {
	q := &s.query
	look := sounding{reader: &s.reader, moments: []casegraph.Seq{q.AsOf}, hops: 2, maxNodes: q.MaxNodes + len(q.From), maxLinks: math.MaxInt,
		request: func(hop int) (casegraph.LinkRequest, linkRule) {
			request := s.request(casegraph.MaxLinkCap)
			if request.FarKinds = q.NodeKinds; hop > 1 {
				request = s.request(PivotLinks)
				request.HubLimits = s.limits
			}
			return request, s.rule
		}}
	if err := look.sound(ctx, q.From); err != nil {
		return nil, err
	}
	// What lies behind the neighbours is not met.
	behind := &look.levels[len(look.levels)-1]
	if len(look.levels) == 3 {
		behind.most, behind.likely = 0, 0
	}
	list := calls(&s.rule, q.AsOf)
	return look.forecast(2, func(x extent, worst bool) Cost {
		return Cost{
			StoreCalls: s.demanded + x.lists*list + unless(!worst, list) + 1,
			Nodes:      x.read + unless(!worst, 1),
			Links:      x.links + unless(!worst, 1),
		}
	}), nil
}

func (c *comparison) dryRun(ctx context.Context) (*Forecast, error) {
	q := &c.query
	look := sounding{reader: &c.reader, moments: []casegraph.Seq{q.From, q.To}, hops: q.Depth, maxNodes: q.MaxNodes, maxLinks: math.MaxInt,
		request: func(hop int) (casegraph.LinkRequest, linkRule) {
			request := casegraph.LinkRequest{FarKinds: q.NodeKinds, Cap: casegraph.MaxLinkCap, Mask: q.Mask}
			if hop > 1 {
				request.HubLimits = c.limits
			}
			return request, c.rule
		}}
	if err := look.sound(ctx, c.query.Of); err != nil {
		return nil, err
	}
	list := calls(&c.rule, q.To)
	return look.forecast(q.Depth, func(x extent, worst bool) Cost {
		return Cost{
			StoreCalls: c.demanded + x.lists*2*list + unless(!worst, list) + 2,
			Nodes:      2*x.read + unless(!worst, 1),
			Links:      x.links + unless(!worst, 1),
		}
	}), nil
}
