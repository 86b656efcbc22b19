package traverse

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"casegraph"
)

// RelatedQuery asks which cases have something to do with a node, or which
// accounts with an account.
type RelatedQuery struct {
	// Of is a case, or any other node; of LinkedAccounts it is an account.
	Of casegraph.ID
	// MaxLength is how many hops away they may be, 1 to MaxRelatedLength. For
	// cases 0 is MaxRelatedLength: case, object, account, identifier, account,
	// object, case. For accounts it is 2: account, identifier, account.
	MaxLength int
	// Kinds are the links to follow from account to account, of
	// AccountLinkKinds; none are LinkedKinds. For cases they are RelatedKinds.
	Kinds []casegraph.LinkKind
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees, hubs and the order of HAS links are today's.
	AsOf casegraph.Seq
	// HubLimits say past which degree an identifier proves nothing; nil are
	// DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// Refused gives those as well of which somebody decided that they are not
	// related.
	Refused bool
	// First is how many to give, up to MostRelated; 0 is 20.
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
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// Bounds of a RelatedQuery.
const (
	MaxRelatedLength = 6
	MostRelated      = 100
	// MostReasonPaths is how many shortest paths to one of them are weighed,
	// the first in the order of their nodes' ids.
	MostReasonPaths = 100
)

// Related are the cases, or accounts, that have something to do with a node.
type Related struct {
	// Nodes come highest score first, then by id.
	Nodes []RelatedNode
	// More is set if there are others than were asked for.
	More bool
	// Boundaries are where the search was cut off.
	Boundaries []Boundary
	// Complete is set if neither the budget nor a list's length left one
	// out, and there are no others than were asked for.
	Complete bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// RelatedNode is a case or an account, and why it may belong to the node asked
// about.
type RelatedNode struct {
	ID casegraph.ID
	// Decision is the RELATES or SAME_AS link on which it stands what somebody
	// decided or proposed of the two; nil if there is none.
	Decision *casegraph.Link
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

// AccountLinkKinds are the links that lead from account to account.
func AccountLinkKinds() []casegraph.LinkKind {
	return []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkPaid, casegraph.LinkRelated, casegraph.LinkSameAs}
}

// LinkedKinds are those that LinkedAccounts follows if none are named: that
// somebody paid does not make them one with whoever was paid.
func LinkedKinds() []casegraph.LinkKind {
	return []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkRelated, casegraph.LinkSameAs}
}

// RelatedCases finds the cases within some hops over RelatedKinds, either way,
// through no hub and through no other case: that two cases both touch a third
// says nothing of the two. Each case comes with its reasons: its shortest
// paths, one for each thing that is shared.
func RelatedCases(ctx context.Context, g Graph, q RelatedQuery) (Related, error) {
	q.Kinds = RelatedKinds()
	return related(ctx, g, q, sought{kind: casegraph.KindCase, field: "of", length: MaxRelatedLength})
}

// LinkedAccounts finds the accounts within some hops of an account over Kinds,
// either way, through no hub, each with its reasons, as RelatedCases does. Other
// accounts are passed through.
func LinkedAccounts(ctx context.Context, g Graph, q RelatedQuery) (Related, error) {
	for i, kind := range q.Kinds {
		if !slices.Contains(AccountLinkKinds(), kind) {
			return Related{}, casegraph.BadInput("kinds[%d]: must be HAS, PAID, RELATED or SAME_AS, which lead from account to account", i)
		}
	}
	if q.Kinds = inOrder(q.Kinds); len(q.Kinds) == 0 {
		q.Kinds = LinkedKinds()
	}
	if kind, _ := casegraph.KindOf(q.Of); kind != casegraph.KindAccount {
		return Related{}, casegraph.NoSuch("account", "account", q.Of)
	}
	return related(ctx, g, q, sought{kind: casegraph.KindAccount, field: "account", length: 2, passed: true})
}

// sought is what a relatedSearch looks for.
type sought struct {
	kind   casegraph.Kind
	field  string // the input that names where it begins
	length int    // if no other is asked for
	passed bool   // whether others of the kind are passed through
}

func related(ctx context.Context, g Graph, q RelatedQuery, sought sought) (Related, error) {
	s := &relatedSearch{query: q, sought: sought, reader: reader{graph: g, asOf: q.AsOf}, cuts: cuts{hubs: map[casegraph.ID]bool{}}}
	if err := s.prepare(); err != nil {
		return Related{}, err
	}
	if _, err := s.demand(ctx, q.Mask, named{sought.field, []casegraph.ID{q.Of}}); err != nil {
		return Related{}, err
	}
	if q.DryRun {
		forecast, err := s.dryRun(ctx)
		return Related{Forecast: forecast, Cost: s.cost}, err
	}
	if err := s.search(ctx); err != nil {
		return Related{}, err
	}
	nodes, err := s.decided(ctx, s.weigh())
	if err != nil {
		return Related{}, err
	}
	answer := Related{Boundaries: s.boundaries}
	if len(nodes) > s.query.First {
		nodes, answer.More = nodes[:s.query.First], true
	}
	answer.Nodes = nodes
	if err := s.sight(ctx, nodes); err != nil {
		return Related{}, err
	}
	answer.Complete = complete(s.boundaries) && !answer.More
	answer.Cost = s.cost
	return answer, nil
}

type relatedSearch struct {
	reader
	cuts
	query  RelatedQuery
	sought sought
	flood  flood
}

func (s *relatedSearch) prepare() (err error) {
	q := &s.query
	if q.MaxLength, err = within("maxLength", q.MaxLength, s.sought.length, MaxRelatedLength); err != nil {
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
	s.flood = flood{reader: &s.reader, cuts: &s.cuts, rule: linkRule{plain: q.Kinds}, limits: limits,
		request: casegraph.LinkRequest{Since: q.Since, Until: q.Until, Mask: q.Mask},
		enters:  func(*casegraph.Hop) bool { return true }}
	s.flood.start([]casegraph.ID{q.Of})
	return nil
}

// search floods from the node. Nothing but what is sought need be met on the
// last hop, and cases are not around identifiers.
func (s *relatedSearch) search(ctx context.Context) error {
	for s.flood.depth < s.query.MaxLength && len(s.flood.frontier) > 0 && !s.spent {
		last := s.flood.depth+1 == s.query.MaxLength
		if last {
			s.flood.request.FarKinds = []casegraph.Kind{s.sought.kind}
		}
		keep := func(id casegraph.ID) bool {
			kind, _ := casegraph.KindOf(id)
			return id != s.query.Of && (kind == s.sought.kind && !s.sought.passed ||
				last && kind == casegraph.KindIdentifier && s.sought.kind == casegraph.KindCase)
		}
		if err := s.flood.level(ctx, keep); err != nil {
			return err
		}
	}
	return nil
}

// weigh scores the cases or accounts that were met.
func (s *relatedSearch) weigh() []RelatedNode {
	var nodes []RelatedNode
	var ways []map[string][]Path // by what they share
	for id, distance := range s.flood.distance {
		if kind, _ := casegraph.KindOf(id); kind == s.sought.kind && id != s.query.Of {
			nodes = append(nodes, RelatedNode{ID: id, Distance: distance})
		}
	}
	slices.SortFunc(nodes, func(a, b RelatedNode) int { return strings.Compare(string(a.ID), string(b.ID)) })
	meeting := map[string]int{}
	for _, n := range nodes {
		w := weave{}
		w.toward(&s.flood, []casegraph.ID{n.ID})
		shared := map[string][]Path{}
		for _, path := range w.paths([]casegraph.ID{s.query.Of}, n.Distance, MostReasonPaths) {
			key := sharedKey(path)
			shared[key] = append(shared[key], path)
		}
		for key := range shared {
			meeting[key]++
		}
		ways = append(ways, shared)
	}
	for i := range nodes {
		for key, paths := range ways[i] {
			nodes[i].Reasons = append(nodes[i].Reasons, s.reason(paths, meeting[key]+1))
		}
		nodes[i].add()
	}
	slices.SortFunc(nodes, func(a, b RelatedNode) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(string(a.ID), string(b.ID)))
	})
	return nodes
}

// decided tells what was decided of each, and leaves out what was refused.
func (s *relatedSearch) decided(ctx context.Context, nodes []RelatedNode) ([]RelatedNode, error) {
	page, err := s.decisions(ctx, casegraph.MaxLinkCap)
	if err != nil {
		return nil, err
	}
	decisions := map[casegraph.ID]*casegraph.Link{}
	for _, hop := range page.Hops {
		if hop.Link.Kind == casegraph.LinkSameAs || hop.Link.Key == "RELATES" {
			decisions[hop.Far] = hop.Link
		}
	}
	for i := range nodes {
		nodes[i].Decision = decisions[nodes[i].ID]
	}
	return slices.DeleteFunc(nodes, func(n RelatedNode) bool { return n.Decision != nil && n.Decision.Refused() && !s.query.Refused }), nil
}

// decisions are the links on which something may have been decided of the node
// and another of what is sought; so many at most.
func (s *relatedSearch) decisions(ctx context.Context, most int) (casegraph.LinkPage, error) {
	if kind, _ := casegraph.KindOf(s.query.Of); kind != s.sought.kind {
		return casegraph.LinkPage{}, nil
	}
	pages, err := s.graph.Links(ctx, casegraph.LinkRequest{IDs: []casegraph.ID{s.query.Of}, FarKinds: []casegraph.Kind{s.sought.kind},
		Kinds: []casegraph.LinkKind{casegraph.LinkRelatesTo, casegraph.LinkSameAs}, AsOf: s.asOf, Cap: most, Mask: s.query.Mask})
	s.cost.StoreCalls++
	s.cost.Links += len(pages[s.query.Of].Hops)
	return pages[s.query.Of], err
}

// add puts the reasons in order and adds their scores up.
func (n *RelatedNode) add() {
	slices.SortFunc(n.Reasons, func(a, b RelatedReason) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), slices.Compare(a.Path.Nodes, b.Path.Nodes))
	})
	for _, reason := range n.Reasons {
		n.Score += reason.Score
	}
}

func (s *relatedSearch) sight(ctx context.Context, nodes []RelatedNode) error {
	var all []sighting
	for i := range nodes {
		for j := range nodes[i].Reasons {
			all = pathSightings(all, &nodes[i].Reasons[j].Path)
		}
	}
	return s.evidence(ctx, all, s.query.Evidence)
}
