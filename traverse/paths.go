package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// PathMode says which of the paths between two sides are wanted.
type PathMode string

// The modes. A path passes through no node twice, and through none of the
// nodes at which others begin or end.
const (
	// Shortest wants all that have the fewest hops.
	Shortest PathMode = "SHORTEST"
	// KShortest wants the first so many, by hops and then by their nodes' ids.
	KShortest PathMode = "K_SHORTEST"
	// AllWithin wants all up to a length, by hops and then by their nodes' ids.
	AllWithin PathMode = "ALL_WITHIN"
	// Cheapest wants the first so many, by cost and then by their nodes' ids.
	// A hop costs 1; one to an identifier that the path passes through costs
	// the more the more common that is, as Hop says.
	Cheapest PathMode = "CHEAPEST"
)

// PathsQuery asks for ways between two sides.
type PathsQuery struct {
	// From and To are the ends: 1 to MaxStarts nodes on either side. The ends
	// are never cut as hubs.
	From, To []casegraph.ID
	// Mode says which paths are wanted; "" is Shortest.
	Mode PathMode
	// Avoid are nodes that no path may pass, at most MaxStarts.
	Avoid []casegraph.ID
	// Through are nodes that each path must pass, in whatever order, at most
	// MaxThrough. They are never cut as hubs.
	Through []casegraph.ID
	// MaxLength is how many hops a path may have, 1 to MaxPathLength, and
	// MaxAllLength for AllWithin; 0 is 6.
	MaxLength int
	// MaxPaths is how many paths to give at most, up to MostPaths, and
	// MostRanked for KShortest and Cheapest; 0 is 10.
	MaxPaths int
	// Kinds are the links to follow; none are DefaultKinds and, out of those
	// named nodes that are objects but no accounts, SHOWS.
	Kinds []casegraph.LinkKind
	// NodeKinds are the nodes to pass through; none are all. Through may be
	// of any kind.
	NodeKinds []casegraph.Kind
	// Where keeps, of some kinds, the nodes that satisfy a filter.
	Where Where
	// Direction tells whether each hop goes along its link (OUT), against it
	// (IN), or either way; "" is either.
	Direction casegraph.Direction
	// Since and Until keep the links that held then, as in a LinkRequest.
	Since, Until casegraph.Time
	// HubLimits say past which degree, counted over Kinds and both directions,
	// no path passes through a node; nil are DefaultHubLimits.
	HubLimits *casegraph.HubLimits
	// AsOf asks about what was recorded by an event of the log; 0 is now.
	// Degrees, hubs and the order of HAS links are today's.
	AsOf casegraph.Seq
	// MaxNodes is how many nodes to meet at most, the named ones included; 0
	// is DefaultSearchNodes.
	MaxNodes int
	// MaxLinks is how many links between them, up to MostSearchLinks; 0 is
	// DefaultSearchLinks.
	MaxLinks int
	// Time is how long to explore.
	Time Time
	// Evidence is how many sightings to read for each HAS link; 0 reads none.
	Evidence int
	// DryRun asks what it would cost, and nothing else.
	DryRun bool
	Mask   casegraph.Mask
}

// Bounds of a PathsQuery.
const (
	MaxPathLength = 8
	MaxAllLength  = 6
	MaxThrough    = 5
	MostPaths     = 100
	MostRanked    = 20
)

// PathsAnswer is ways between two sides.
type PathsAnswer struct {
	// Found is set if there is a path; Length is the hops of the shortest that
	// is given, 0 where the two sides share a node.
	Found  bool
	Length int
	// Paths are those wanted, as many as were asked for, in the order of the
	// mode; the shortest by their nodes' ids. More is set if there are others,
	// which KShortest and Cheapest do not look for.
	Paths []Path
	More  bool
	// Boundaries are where the search was cut off: hubs, nodes with more links
	// than a list holds, and where the budget ended.
	Boundaries []Boundary
	// Complete is set if these are all the paths wanted that pass through no
	// hub: neither the budget, nor a list's length, nor MaxPaths cut any off.
	// Of KShortest and Cheapest it is set if none that is missing would come
	// before the last that is given.
	Complete bool
	// Forecast is set if nothing but that was asked for; Cost is then what it
	// took to find out.
	Forecast *Forecast
	Cost     Cost
}

// Paths finds ways between two sides, searching from both. It reads whole
// lists of links, so that no cap can hide a shorter way.
func Paths(ctx context.Context, g Graph, q PathsQuery) (PathsAnswer, error) {
	s := &pathSearch{query: q}
	if err := s.prepare(g); err != nil {
		return PathsAnswer{}, err
	}
	asked := &s.query
	if err := s.demandNamed(ctx, named{"from", asked.From}, named{"to", asked.To}, named{"through", asked.Through}, named{"avoid", asked.Avoid}); err != nil {
		return PathsAnswer{}, err
	}
	if q.DryRun {
		forecast, err := s.dryRun(ctx)
		return PathsAnswer{Forecast: forecast, Cost: s.cost}, err
	}
	if err := s.search(ctx); err != nil {
		return PathsAnswer{}, err
	}
	answer := PathsAnswer{Paths: s.paths(), Boundaries: s.boundaries}
	if len(answer.Paths) > s.query.MaxPaths {
		answer.Paths, answer.More = answer.Paths[:s.query.MaxPaths], true
	}
	for i := range answer.Paths {
		if hops := len(answer.Paths[i].Hops); !answer.Found || hops < answer.Length {
			answer.Found, answer.Length = true, hops
		}
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

func (q *PathsQuery) prepare() (err error) {
	if q.From, err = distinct("from", q.From); err != nil {
		return err
	}
	if q.To, err = distinct("to", q.To); err != nil {
		return err
	}
	if err = q.prepareMode(); err != nil {
		return err
	}
	if err = q.prepareNamed(); err != nil {
		return err
	}
	if q.MaxNodes, err = within("maxNodes", q.MaxNodes, DefaultSearchNodes, MostSearchNodes); err != nil {
		return err
	}
	if q.MaxLinks, err = within("maxLinks", q.MaxLinks, DefaultSearchLinks, MostSearchLinks); err != nil {
		return err
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
	return checkEvidence(q.Evidence)
}

func (q *PathsQuery) prepareMode() (err error) {
	longest, most := MaxPathLength, MostPaths
	switch q.Mode {
	case "":
		q.Mode = Shortest
	case Shortest:
	case AllWithin:
		longest = MaxAllLength
	case KShortest, Cheapest:
		most = MostRanked
	default:
		return casegraph.BadInput("mode: %q is no mode", q.Mode)
	}
	if q.MaxLength, err = within("maxLength", q.MaxLength, 6, longest); err != nil {
		return err
	}
	q.MaxPaths, err = within("maxPaths", q.MaxPaths, 10, most)
	return err
}

// prepareNamed checks the nodes to avoid and to pass against the others.
func (q *PathsQuery) prepareNamed() (err error) {
	if len(q.Avoid) > 0 {
		if q.Avoid, err = distinct("avoid", q.Avoid); err != nil {
			return err
		}
	}
	if len(q.Through) > 0 {
		if q.Through, err = distinct("through", q.Through); err != nil {
			return err
		}
	}
	if len(q.Through) > MaxThrough {
		return casegraph.BadInput("through: at most %d nodes", MaxThrough)
	}
	for i, id := range q.Avoid {
		if q.isEnd(id) || slices.Contains(q.Through, id) {
			return casegraph.BadInput("avoid[%d]: is in from, to or through as well", i)
		}
	}
	return nil
}

func (q *PathsQuery) isEnd(id casegraph.ID) bool {
	return slices.Contains(q.From, id) || slices.Contains(q.To, id)
}

// wanted is how many paths to look for.
func (q *PathsQuery) wanted() int {
	if q.Mode == KShortest || q.Mode == Cheapest {
		return q.MaxPaths
	}
	return q.MaxPaths + 1
}
