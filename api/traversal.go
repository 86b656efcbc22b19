package api

import (
	"fmt"
	"io"

	"casegraph"
	"casegraph/traverse"
)

// HubLimits says from which degree on an identifier proves nothing.
type HubLimits struct {
	Default *int
	ByKind  []HubLimit
}

// HubLimit is the limit of one kind of identifier; 0 is no limit.
type HubLimit struct {
	IdentifierKind casegraph.IdentifierKind
	Limit          int
}

// NodeFilters say, by kind, which nodes may be met.
type NodeFilters struct {
	Case        *CaseFilter
	Account     *AccountFilter
	Inquiry     *InquiryFilter
	Report      *ReportFilter
	Transaction *TransactionFilter
	Session     *SessionFilter
}

// Where is the filters in the engine's terms; nil leaves nothing out.
func (f *NodeFilters) Where() traverse.Where {
	if f == nil {
		return nil
	}
	w := traverse.Where{}
	keep(w, casegraph.KindCase, f.Case)
	keep(w, casegraph.KindAccount, f.Account)
	keep(w, casegraph.KindInquiry, f.Inquiry)
	keep(w, casegraph.KindReport, f.Report)
	keep(w, casegraph.KindTransaction, f.Transaction)
	keep(w, casegraph.KindSession, f.Session)
	return w
}

func keep[F interface {
	comparable
	Filter() casegraph.Filter
}](w traverse.Where, kind casegraph.Kind, f F) {
	var absent F
	if f != absent {
		w[kind] = f.Filter()
	}
}

// Degree is how common an identifier is; a limit of 0 is none.
type Degree struct {
	Accounts int
	HubLimit int
}

// Hub tells whether so many accounts have it that it proves nothing.
func (d *Degree) Hub() bool { return d.HubLimit > 0 && d.Accounts > d.HubLimit }

// BoundaryReason is why a traversal stopped at a node.
type BoundaryReason traverse.Reason

// MarshalGQL writes the enum value.
func (r BoundaryReason) MarshalGQL(w io.Writer) { writeEnum(w, r) }

// UnmarshalGQL refuses: reasons are only ever given.
func (r *BoundaryReason) UnmarshalGQL(any) error {
	return fmt.Errorf("a BoundaryReason can't be given as input")
}

// Boundary is a node at which a traversal stopped.
type Boundary struct {
	NodeID casegraph.ID
	Reason BoundaryReason
	Degree int
	Cursor *casegraph.Cursor
	AsOf   casegraph.Seq
}

// Then is the past moment that was asked about; 0 is now.
func (b *Boundary) Then() casegraph.Seq { return b.AsOf }

// Moment is a past moment.
type Moment struct {
	Event *casegraph.Seq
	At    *casegraph.Time
}

// TraversalCost is what a traversal took.
type TraversalCost = traverse.Cost

// TraversalForecast is what a traversal would cost.
type TraversalForecast struct {
	Most, Likely TraversalCost
	Hubs         int
	MayStop      []BoundaryReason
}

// ForecastOf is the engine's forecast; nil if there is none.
func ForecastOf(f *traverse.Forecast) *TraversalForecast {
	if f == nil {
		return nil
	}
	of := &TraversalForecast{Most: f.Most, Likely: f.Likely, Hubs: f.Hubs, MayStop: []BoundaryReason{}}
	for _, reason := range f.MayStop {
		of.MayStop = append(of.MayStop, BoundaryReason(reason))
	}
	return of
}

// Expansion is what is around some nodes.
type Expansion struct {
	Nodes      []*ExpandedNode
	Links      []*casegraph.Link
	Boundaries []*Boundary
	Complete   bool
	// ChangedSince is when the cursor was given, if what lies before its place
	// has changed; else 0.
	ChangedSince casegraph.Time
	Cost         TraversalCost
	Forecast     *TraversalForecast
}

// ExpandedNode is a node that was met.
type ExpandedNode struct {
	Node     casegraph.Node
	Distance int
}

// PathMode says which of the paths between two sides are wanted.
type PathMode traverse.PathMode

// MarshalGQL writes the enum value.
func (m PathMode) MarshalGQL(w io.Writer) { writeEnum(w, m) }

// UnmarshalGQL reads an enum value.
func (m *PathMode) UnmarshalGQL(v any) error {
	*m = PathMode(fmt.Sprint(v))
	switch traverse.PathMode(*m) {
	case traverse.Shortest, traverse.KShortest, traverse.AllWithin, traverse.Cheapest:
		return nil
	}
	return fmt.Errorf("%q is no PathMode", *m)
}

// Paths are ways between two sides.
type Paths struct {
	Length     *int
	Paths      []*Path
	Boundaries []*Boundary
	Complete   bool
	Cost       TraversalCost
	Forecast   *TraversalForecast
}

// Path is one way from one side to the other.
type Path struct {
	Nodes []casegraph.Node
	Hops  []*PathHop
	Cost  *float64
}

// PathHop is one step of a path.
type PathHop struct {
	FromID, ToID casegraph.ID
	Links        []*casegraph.Link
	Evidence     []*casegraph.Link
	Cost         *float64
	Accounts     *int
}

// Component is what hangs together with a node when hubs are cut out.
type Component struct {
	Size, LinkCount           int
	ByKind                    []*KindCount
	FirstSeen, LastSeen       casegraph.Time
	Nodes                     []*ExpandedNode
	Links                     []*casegraph.Link
	BridgeCount, CutNodeCount *int
	Bridges                   []*Bridge
	CutNodes                  []*CutNode
	Boundaries                []*Boundary
	Complete                  bool
	Cost                      TraversalCost
	Forecast                  *TraversalForecast
}

// KindCount is how many nodes of a kind there are.
type KindCount struct {
	Kind           casegraph.Kind
	IdentifierKind *string
	Count          int
}

// Bridge is a link without which a component would fall in two.
type Bridge struct {
	Link    *casegraph.Link
	CutsOff int
}

// CutNode is a node without which a component would fall apart.
type CutNode struct {
	Node           casegraph.Node
	Parts, CutsOff int
}

// RelatedCases are cases that have something to do with a node.
type RelatedCases struct {
	Cases      []*RelatedCase
	Boundaries []*Boundary
	Complete   bool
	Cost       TraversalCost
	Forecast   *TraversalForecast
}

// RelatedCase is a case and why it may be related.
type RelatedCase struct {
	Case     *casegraph.Case
	Decision *casegraph.Link
	Score    float64
	Distance int
	Reasons  []*RelatedReason
}

// LinkedAccounts are accounts that have something to do with an account.
type LinkedAccounts struct {
	Accounts   []*LinkedAccount
	Boundaries []*Boundary
	Complete   bool
	Cost       TraversalCost
	Forecast   *TraversalForecast
}

// LinkedAccount is an account and why it may be linked.
type LinkedAccount struct {
	Account  *casegraph.Account
	Decision *casegraph.Link
	Score    float64
	Distance int
	Reasons  []*RelatedReason
}

// PivotSuggestions are neighbours that are worth going on from.
type PivotSuggestions struct {
	Pivots     []*Pivot
	Boundaries []*Boundary
	Complete   bool
	Cost       TraversalCost
	Forecast   *TraversalForecast
}

// Pivot is a neighbour that is worth going on from.
type Pivot struct {
	Node                                casegraph.Node
	Score, Rarity, Risk, Recency, Money float64
	Degree, Unseen                      int
	Marked                              casegraph.Node
	Paid                                casegraph.Decimal
	Currency                            *string
	Links                               []*casegraph.Link
}

// RelatedReason is one way that leads to a related case.
type RelatedReason struct {
	Score, Rarity, Recency, Nearness float64
	Nodes                            []casegraph.Node
	Hops                             []*PathHop
}

// ChangeKind is what became of something between two moments.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "ADDED"
	Changed ChangeKind = "CHANGED"
	Ended   ChangeKind = "ENDED"
)

// MarshalGQL writes the enum value.
func (k ChangeKind) MarshalGQL(w io.Writer) { writeEnum(w, k) }

// UnmarshalGQL refuses: kinds of changes are only ever given.
func (k *ChangeKind) UnmarshalGQL(any) error {
	return fmt.Errorf("a ChangeKind can't be given as input")
}

// Changes are what changed around some nodes between two moments.
type Changes struct {
	FromEvent, ToEvent casegraph.Seq
	Nodes              []*ChangedNode
	Links              []*ChangedLink
	Cursor             *casegraph.Cursor
	Boundaries         []*Boundary
	Complete           bool
	Cost               TraversalCost
	Forecast           *TraversalForecast
}

// ChangedNode is a node at both moments.
type ChangedNode struct{ Before, After casegraph.Node }

// Change is what became of it.
func (c *ChangedNode) Change() ChangeKind {
	if c.Before == nil {
		return Added
	}
	return Changed
}

// ChangedLink is a link at both moments.
type ChangedLink struct{ Before, After *casegraph.Link }

// Change is what became of it.
func (c *ChangedLink) Change() ChangeKind {
	switch {
	case c.Before == nil:
		return Added
	case c.After == nil:
		return Ended
	}
	return Changed
}
