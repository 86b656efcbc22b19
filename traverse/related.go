package traverse

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"casegraph"
)

// RelatedQuery asks which cases have something to do with a node.
type RelatedQuery struct {
	// Of is a case, or any other node.
	Of casegraph.ID
	// MaxLength is how many hops away a case may be, 1 to MaxRelatedLength; 0
	// is MaxRelatedLength: case, object, account, identifier, account, object,
	// case.
	MaxLength int
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees, hubs and the order of HAS links are today's.
	AsOf casegraph.Seq
	// HubLimits say past which degree an identifier proves nothing; nil are
	// DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// First is how many cases to give, up to MostRelated; 0 is 20.
	First int
	// MaxNodes is how many nodes to meet at most; 0 is MostSearchNodes.
	MaxNodes int
	// MaxLinks is how many links to follow at most, up to MostSearchLinks; 0 is
	// DefaultSearchLinks.
	MaxLinks int
	// Time is how long to explore.
	Time Time
	// Now is the time that ages are counted from; 0 leaves them out.
	Now casegraph.Time
	// Evidence is how many sightings to read for each HAS link; 0 reads none.
	Evidence int
	Mask     casegraph.Mask
}

// Bounds of a RelatedQuery.
const (
	MaxRelatedLength = 6
	MostRelated      = 100
	// MostReasonPaths is how many shortest paths to a case are weighed, the
	// first in the order of their nodes' ids.
	MostReasonPaths = 100
)

// Related is the cases that have something to do with a node.
type Related struct {
	// Cases come highest score first, then by id.
	Cases []RelatedCase
	// More is set if there are others than were asked for.
	More bool
	// Boundaries are where the search was cut off.
	Boundaries []Boundary
	// Complete is set if neither the budget nor a list's length left a case
	// out, and there are no others than were asked for.
	Complete bool
	Cost     Cost
}

// RelatedCase is a case and why it may belong to the node asked about.
type RelatedCase struct {
	ID casegraph.ID
	// Distance is the hops of the shortest path to it.
	Distance int
	// Score is the sum of the reasons' scores, added in their order.
	Score float64
	// Reasons come highest score first, then in the order of their paths.
	Reasons []RelatedReason
}

// RelatedKinds are the links that lead from case to case: a case contains
// objects, they are of accounts, accounts have identifiers, and so back.
func RelatedKinds() []casegraph.LinkKind {
	return []casegraph.LinkKind{casegraph.LinkContains, casegraph.LinkRelatesTo, casegraph.LinkOf, casegraph.LinkHas}
}

// RelatedCases finds the cases within some hops over RelatedKinds, either way,
// through no hub and through no other case: that two cases both touch a third
// says nothing of the two. Each case comes with its reasons: its shortest
// paths, one for each thing that is shared.
func RelatedCases(ctx context.Context, g Graph, q RelatedQuery) (Related, error) {
	s := &relatedSearch{query: q, reader: reader{graph: g, asOf: q.AsOf}, cuts: cuts{hubs: map[casegraph.ID]bool{}}}
	if err := s.prepare(); err != nil {
		return Related{}, err
	}
	if _, err := s.demand(ctx, q.Mask, named{"of", []casegraph.ID{q.Of}}); err != nil {
		return Related{}, err
	}
	if err := s.search(ctx); err != nil {
		return Related{}, err
	}
	cases := s.weigh()
	answer := Related{Boundaries: s.boundaries}
	if len(cases) > s.query.First {
		cases, answer.More = cases[:s.query.First], true
	}
	answer.Cases = cases
	if err := s.sight(ctx, cases); err != nil {
		return Related{}, err
	}
	answer.Complete = complete(s.boundaries) && !answer.More
	answer.Cost = s.cost
	return answer, nil
}

type relatedSearch struct {
	reader
	cuts
	query RelatedQuery
	flood flood
}

func (s *relatedSearch) prepare() (err error) {
	q := &s.query
	if q.MaxLength, err = within("maxLength", q.MaxLength, MaxRelatedLength, MaxRelatedLength); err != nil {
		return err
	}
	if q.First, err = within("first", q.First, 20, MostRelated); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, MostSearchNodes, MostSearchNodes); err != nil {
		return err
	}
	if q.MaxLinks, err = within("maxLinks", q.MaxLinks, DefaultSearchLinks, MostSearchLinks); err != nil {
		return err
	}
	if err = s.setTime(q.Time); err != nil {
		return err
	}
	if err = checkWindow(q.Since, q.Until); err != nil {
		return err
	}
	if err = checkEvidence(q.Evidence); err != nil {
		return err
	}
	limits, err := hubLimitsOf(q.HubLimits)
	if err != nil {
		return err
	}
	s.budget, s.linkBudget = q.MaxNodes-1, q.MaxLinks
	s.flood = flood{reader: &s.reader, cuts: &s.cuts, rule: linkRule{plain: RelatedKinds()}, limits: limits,
		request: casegraph.LinkRequest{Since: q.Since, Until: q.Until, Mask: q.Mask},
		enters:  func(*casegraph.Hop) bool { return true }}
	s.flood.start([]casegraph.ID{q.Of})
	return nil
}

// search floods from the node. Nothing but cases can be met on the last hop,
// and those are not around identifiers.
func (s *relatedSearch) search(ctx context.Context) error {
	for s.flood.depth < s.query.MaxLength && len(s.flood.frontier) > 0 && !s.spent {
		last := s.flood.depth+1 == s.query.MaxLength
		if last {
			s.flood.request.FarKinds = []casegraph.Kind{casegraph.KindCase}
		}
		keep := func(id casegraph.ID) bool {
			kind, _ := casegraph.KindOf(id)
			return id != s.query.Of && (kind == casegraph.KindCase || last && kind == casegraph.KindIdentifier)
		}
		if err := s.flood.level(ctx, keep); err != nil {
			return err
		}
	}
	return nil
}

// weigh scores the cases that were met.
func (s *relatedSearch) weigh() []RelatedCase {
	var cases []RelatedCase
	var ways []map[string][]Path // by what they share
	for id, distance := range s.flood.distance {
		if kind, _ := casegraph.KindOf(id); kind == casegraph.KindCase && id != s.query.Of {
			cases = append(cases, RelatedCase{ID: id, Distance: distance})
		}
	}
	slices.SortFunc(cases, func(a, b RelatedCase) int { return strings.Compare(string(a.ID), string(b.ID)) })
	meeting := map[string]int{}
	for _, c := range cases {
		w := weave{}
		w.toward(&s.flood, []casegraph.ID{c.ID})
		shared := map[string][]Path{}
		for _, path := range w.paths([]casegraph.ID{s.query.Of}, c.Distance, MostReasonPaths) {
			key := sharedKey(path)
			shared[key] = append(shared[key], path)
		}
		for key := range shared {
			meeting[key]++
		}
		ways = append(ways, shared)
	}
	for i := range cases {
		for key, paths := range ways[i] {
			cases[i].Reasons = append(cases[i].Reasons, s.reason(paths, meeting[key]+1))
		}
		cases[i].add()
	}
	slices.SortFunc(cases, func(a, b RelatedCase) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.ID), string(b.ID)))
	})
	return cases
}

// add puts the reasons in order and adds their scores up.
func (c *RelatedCase) add() {
	slices.SortFunc(c.Reasons, func(a, b RelatedReason) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), slices.Compare(a.Path.Nodes, b.Path.Nodes))
	})
	for _, reason := range c.Reasons {
		c.Score += reason.Score
	}
}

func (s *relatedSearch) sight(ctx context.Context, cases []RelatedCase) error {
	var all []sighting
	for i := range cases {
		for j := range cases[i].Reasons {
			all = pathSightings(all, &cases[i].Reasons[j].Path)
		}
	}
	return s.evidence(ctx, all, s.query.Evidence)
}
