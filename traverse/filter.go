package traverse

import (
	"context"
	"maps"
	"slices"

	"casegraph"
)

// Listed is a graph that lists nodes, too; every casegraph.Store is one.
type Listed interface {
	Graph
	List(ctx context.Context, r casegraph.ListRequest) (casegraph.ListPage, error)
	Count(ctx context.Context, r casegraph.ListRequest) (int, error)
}

// Bounds of a filter's conditions on the graph. Past any of them a filter is
// refused, and the error tells what it would have taken.
const (
	// MostFilterNodes is for how many nodes such a condition may hold, and how
	// many are looked at one by one.
	MostFilterNodes = casegraph.MaxFilterValues
	// MostFilterLinks is how many links are read for one condition.
	MostFilterLinks = casegraph.MaxLinkCap
	// MostScored is of how many nodes the related cases are scored.
	MostScored = 25
	// MostScoredNodes is how many nodes are met around each of these.
	MostScoredNodes = 1000
)

// Filter gives the filter of a list with its conditions on the graph turned into
// the ids for which they hold. What a condition holds for is worked out from
// what the request's mask shows. Those that ask something of each node look at
// the nodes for which the conditions beside and around them hold. No limits are
// the default ones.
func Filter(ctx context.Context, g Listed, r casegraph.ListRequest, limits *casegraph.HubLimits, now casegraph.Time) (casegraph.Filter, error) {
	if err := r.Filter.CheckAsked(); err != nil || !r.Filter.AsksGraph() {
		return r.Filter, err
	}
	s := &filtering{reader: reader{graph: g}, list: g, kind: r.Kind, mask: r.Mask, now: now}
	var err error
	if s.limits, err = hubLimitsOf(limits); err != nil {
		return r.Filter, err
	}
	return s.filter(ctx, r.Filter, nil)
}

type filtering struct {
	reader
	list Listed
	kind casegraph.Kind
	mask casegraph.Mask
	now  casegraph.Time
	// limits say past which degree an identifier connects nobody.
	limits casegraph.HubLimits
}

// filter works a filter out that is only asked where others hold.
func (s *filtering) filter(ctx context.Context, f casegraph.Filter, within []casegraph.Filter) (casegraph.Filter, error) {
	if !f.AsksGraph() {
		return f, nil
	}
	whole := casegraph.Filter{Path: f.Path, Op: f.Op, Value: f.Value, Or: slices.Clone(f.Or)}
	within = slices.Clip(within)
	hold := func(part casegraph.Filter) {
		whole.And, within = append(whole.And, part), append(within, part)
	}
	if f.Path != "" {
		within = append(within, casegraph.Filter{Path: f.Path, Op: f.Op, Value: f.Value})
	}
	asked := slices.Clone(f.And)
	if f.Graph != nil {
		asked = append(asked, casegraph.Filter{Graph: f.Graph})
	}
	slices.SortStableFunc(asked, func(a, b casegraph.Filter) int { return effort(&a) - effort(&b) })
	for _, part := range asked {
		worked, err := s.part(ctx, part, within)
		if err != nil {
			return f, err
		}
		hold(worked)
	}
	for i, part := range f.Or {
		var err error
		if whole.Or[i], err = s.filter(ctx, part, within); err != nil {
			return f, err
		}
	}
	if f.Not != nil {
		part, err := s.filter(ctx, *f.Not, within)
		if err != nil {
			return f, err
		}
		whole.Not = &part
	}
	return whole, nil
}

func (s *filtering) part(ctx context.Context, part casegraph.Filter, within []casegraph.Filter) (casegraph.Filter, error) {
	if part.Graph == nil || len(part.And) > 0 || len(part.Or) > 0 || part.Not != nil || part.Path != "" {
		return s.filter(ctx, part, within)
	}
	ids, err := s.holds(ctx, part.Graph, within)
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return casegraph.Filter{Path: "id", Op: casegraph.OpIn, Value: list}, err
}

// effort orders conditions: what is known without reading nodes comes first, as it
// narrows what others look at.
func effort(f *casegraph.Filter) int {
	switch g := f.Graph; {
	case !f.AsksGraph():
		return 0
	case g == nil:
		return 2
	case g.Related != nil && g.Related.MinScore != nil:
		return 4
	case g.Related != nil || g.Degree != nil:
		return 3
	}
	return 1
}

// holds are the nodes for which a condition holds, at least those within.
func (s *filtering) holds(ctx context.Context, g *casegraph.GraphCondition, within []casegraph.Filter) ([]casegraph.ID, error) {
	switch {
	case g.Degree != nil:
		return s.byDegree(ctx, g, within)
	case g.Related != nil && g.Related.MinScore != nil:
		return s.scored(ctx, *g.Related.MinScore, within)
	case g.Related != nil:
		return s.linked(ctx, within)
	case g.ConnectedTo != "":
		return s.connected(ctx, g)
	}
	return s.sharing(ctx, g)
}

// connected are the nodes around one. A hub leads nowhere but to and from itself.
func (s *filtering) connected(ctx context.Context, g *casegraph.GraphCondition) ([]casegraph.ID, error) {
	const field = "filter.connectedTo"
	if _, err := s.demand(ctx, s.mask, named{field + ".id", []casegraph.ID{g.ConnectedTo}}); err != nil {
		return nil, err
	}
	rule, err := ruleOf(g.Kinds)
	if err != nil {
		return nil, err
	}
	budget := MostFilterLinks
	near, err := s.around(ctx, field, &budget, rule, casegraph.LinkRequest{IDs: []casegraph.ID{g.ConnectedTo}})
	if err != nil {
		return nil, err
	}
	found := maps.Clone(near)
	if g.Within == 2 {
		farther, err := s.around(ctx, field, &budget, rule, casegraph.LinkRequest{IDs: slices.Sorted(maps.Keys(near)), HubLimits: s.limits})
		if err != nil {
			return nil, err
		}
		maps.Copy(found, farther)
	}
	delete(found, g.ConnectedTo)
	return s.ofKind(field, found)
}

// sharing are the nodes with an identifier of another node's. Of a case they are
// those of all that it contains. Hubs are not shared.
func (s *filtering) sharing(ctx context.Context, g *casegraph.GraphCondition) ([]casegraph.ID, error) {
	const field = "filter.sharesIdentifierWith"
	of := g.SharesIdentifierWith
	if _, err := s.demand(ctx, s.mask, named{field + ".id", []casegraph.ID{of}}); err != nil {
		return nil, err
	}
	budget := MostFilterLinks
	follow := func(ids map[casegraph.ID]bool, r casegraph.LinkRequest, kinds ...casegraph.LinkKind) (map[casegraph.ID]bool, error) {
		r.IDs = slices.Sorted(maps.Keys(ids))
		return s.around(ctx, field, &budget, linkRule{plain: kinds}, r)
	}
	has := map[casegraph.ID]bool{of: true}
	kind, _ := casegraph.KindOf(of)
	var err error
	if kind == casegraph.KindCase {
		if has, err = follow(has, casegraph.LinkRequest{Direction: casegraph.DirectionOut}, casegraph.LinkContains); err != nil {
			return nil, err
		}
	}
	shown := has
	if kind != casegraph.KindIdentifier {
		if shown, err = follow(has, casegraph.LinkRequest{Direction: casegraph.DirectionOut}, casegraph.LinkShows, casegraph.LinkHas); err != nil {
			return nil, err
		}
	}
	if shown, err = s.ofIdentifierKinds(ctx, shown, g.IdentifierKinds); err != nil {
		return nil, err
	}
	found, err := follow(shown, casegraph.LinkRequest{Direction: casegraph.DirectionIn, HubLimits: s.limits}, casegraph.LinkHas)
	if err == nil && s.kind == casegraph.KindCase {
		var objects map[casegraph.ID]bool
		if objects, err = follow(shown, casegraph.LinkRequest{Direction: casegraph.DirectionIn, HubLimits: s.limits}, casegraph.LinkShows); err == nil {
			maps.Copy(objects, found)
			found, err = follow(objects, casegraph.LinkRequest{Direction: casegraph.DirectionIn}, casegraph.LinkContains)
		}
	}
	if err != nil {
		return nil, err
	}
	delete(found, of)
	return s.ofKind(field, found)
}

func (s *filtering) ofIdentifierKinds(ctx context.Context, ids map[casegraph.ID]bool, kinds []casegraph.IdentifierKind) (map[casegraph.ID]bool, error) {
	if len(kinds) == 0 {
		return ids, nil
	}
	nodes, err := s.graph.Nodes(ctx, casegraph.NodesRequest{IDs: slices.Sorted(maps.Keys(ids)), Mask: s.mask})
	kept := map[casegraph.ID]bool{}
	for id, n := range nodes {
		kept[id] = slices.Contains(kinds, n.Class().IdentifierKind())
	}
	maps.DeleteFunc(kept, func(_ casegraph.ID, keep bool) bool { return !keep })
	return kept, err
}

// around are the far ends of nodes' links, if these are few enough: their number
// is known before they are read.
func (s *filtering) around(ctx context.Context, field string, budget *int, rule linkRule, r casegraph.LinkRequest) (map[casegraph.ID]bool, error) {
	far := map[casegraph.ID]bool{}
	if len(r.IDs) == 0 {
		return far, nil
	}
	r.Mask, r.Cap = s.mask, 1
	counts, err := rule.read(ctx, r.IDs, r, s.count)
	if err != nil {
		return nil, err
	}
	var open []casegraph.ID
	needed := 0
	for _, id := range r.IDs {
		if page := counts[id]; !page.Hub && page.Degree > 0 {
			open, needed = append(open, id), needed+page.Degree
		}
	}
	if needed > *budget {
		return nil, tooDear("%s: would read %d links more, and at most %d are read in all: ask for less around it", field, needed, MostFilterLinks)
	}
	if *budget -= needed; len(open) == 0 {
		return far, nil
	}
	r.Cap = casegraph.MaxLinkCap
	pages, err := rule.read(ctx, open, r, s.ask)
	for _, page := range pages {
		for _, hop := range page.Hops {
			far[hop.Far] = true
		}
	}
	return far, err
}

// count reads degrees as they are told, of links too that somebody refused.
func (s *filtering) count(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	s.cost.StoreCalls++
	return s.graph.Links(ctx, r)
}

// ofKind are the nodes of the list's kind, in order.
func (s *filtering) ofKind(field string, found map[casegraph.ID]bool) ([]casegraph.ID, error) {
	var ids []casegraph.ID
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if kind, _ := casegraph.KindOf(id); kind == s.kind {
			ids = append(ids, id)
		}
	}
	if len(ids) > MostFilterNodes {
		return nil, tooDear("%s: holds for %d nodes, and at most %d are allowed: name kinds, or fewer hops", field, len(ids), MostFilterNodes)
	}
	return ids, nil
}

// byDegree looks at each node within.
func (s *filtering) byDegree(ctx context.Context, g *casegraph.GraphCondition, within []casegraph.Filter) ([]casegraph.ID, error) {
	ids, err := s.candidates(ctx, "filter.degree", MostFilterNodes, within)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	pages, err := s.count(ctx, casegraph.LinkRequest{IDs: ids, Kinds: inOrder(g.Kinds), DegreeOnly: true, Mask: s.mask})
	return slices.DeleteFunc(ids, func(id casegraph.ID) bool {
		n := pages[id].Degree
		return (g.Degree.AtLeast != nil && n < *g.Degree.AtLeast) || (g.Degree.AtMost != nil && n > *g.Degree.AtMost)
	}), err
}

// linked are the cases to which another is linked, or the accounts in a case.
func (s *filtering) linked(ctx context.Context, within []casegraph.Filter) ([]casegraph.ID, error) {
	ids, err := s.candidates(ctx, "filter.hasRelatedCase", MostFilterNodes, within)
	if err != nil {
		return nil, err
	}
	r := casegraph.LinkRequest{IDs: ids, Kinds: []casegraph.LinkKind{casegraph.LinkRelatesTo}, Cap: 20, Mask: s.mask}
	if s.kind != casegraph.KindCase {
		r.Kinds, r.Direction = []casegraph.LinkKind{casegraph.LinkContains}, casegraph.DirectionIn
	}
	found := map[casegraph.ID]bool{}
	for len(r.IDs) > 0 {
		pages, err := s.count(ctx, r)
		if err != nil {
			return nil, err
		}
		r.IDs, r.After = nil, map[casegraph.ID]casegraph.LinkCursor{}
		for id, page := range pages {
			switch hops := page.Hops; {
			case len(standing(hops)) > 0:
				found[id] = true
			case page.More: // all these were refused
				r.IDs, r.After[id] = append(r.IDs, id), hops[len(hops)-1].Cursor()
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// scored are the nodes within of which a related case has a score.
func (s *filtering) scored(ctx context.Context, least float64, within []casegraph.Filter) ([]casegraph.ID, error) {
	const field = "filter.hasRelatedCase.minScore"
	ids, err := s.candidates(ctx, field, MostScored, within)
	if err != nil {
		return nil, err
	}
	var found []casegraph.ID
	for _, id := range ids {
		answer, err := RelatedCases(ctx, s.graph, RelatedQuery{Of: id, First: 1, MaxNodes: MostScoredNodes, MaxLinks: MostFilterLinks, HubLimits: &s.limits, Now: s.now, Mask: s.mask})
		switch {
		case err != nil:
			return nil, err
		case len(answer.Nodes) > 0 && answer.Nodes[0].Score >= least:
			found = append(found, id)
		case !complete(answer.Boundaries):
			return nil, tooDear("%s: around %s lie more than %d nodes or %d links", field, id, MostScoredNodes, MostFilterLinks)
		}
	}
	return found, nil
}

// candidates are the nodes within, if they are few enough to look at each.
func (s *filtering) candidates(ctx context.Context, field string, most int, within []casegraph.Filter) ([]casegraph.ID, error) {
	r := casegraph.ListRequest{Kind: s.kind, Filter: casegraph.Filter{And: within}, OrderBy: casegraph.ByCreated, First: casegraph.MaxPage, Mask: s.mask}
	var ids []casegraph.ID
	for {
		page, err := s.list.List(ctx, r)
		if err != nil {
			return nil, err
		}
		s.cost.StoreCalls++
		for _, n := range page.Nodes {
			ids = append(ids, n.Head().ID)
		}
		switch {
		case len(ids) > most || page.More && len(ids) == most:
			there, err := s.list.Count(ctx, r)
			if err != nil {
				return nil, err
			}
			return nil, tooDear("%s: would look at %d nodes, and at most %d are looked at: add conditions that fewer nodes satisfy", field, there, most)
		case !page.More:
			return ids, nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], r.OrderBy)
		r.After = &place
	}
}

func tooDear(format string, args ...any) error {
	known := casegraph.BadInput(format, args...).(*casegraph.Error)
	return &casegraph.Error{Code: casegraph.CodeTooLarge, Field: known.Field, Message: known.Message}
}
