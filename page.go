package casegraph

import (
	"cmp"
	"fmt"
	"slices"
)

// Cursor is an opaque place in a list, signed, for going on from there.
type Cursor string

// PageInfo tells whether the list goes on.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *Cursor
	EndCursor       *Cursor
}

// OptString is an input that tells absent (not Set) from null (Value nil).
type OptString struct {
	Set   bool
	Value *string
}

// OptFields is the same of fields: absent (not Set), or null (Value nil).
type OptFields struct {
	Set   bool
	Value Fields
}

// OrderBy is an attribute to sort a list by. Nodes that lack it count as
// having 0, or Never. Ties are broken by id, in the same direction.
type OrderBy string

// The attributes to sort by.
const (
	ByCreated OrderBy = "createdAt"
	ByUpdated OrderBy = "updatedAt"
	ByAt      OrderBy = "at" // when it happened at its source
	// Of cases alone; where there is none it is Never.
	ByDue   OrderBy = "dueAt"   // when the first of the running clocks is up
	ByAlarm OrderBy = "alarmAt" // when something is to be recorded of a clock
)

// ListRequest asks for a page of the nodes of one kind.
type ListRequest struct {
	Kind       Kind
	Filter     Filter
	OrderBy    OrderBy // "" is ByCreated
	Descending bool
	First      int // at most MaxPage; 0 is DefaultPage
	// After and Before keep what lies strictly behind or before a place, in the
	// order asked for. Backward takes the last First of them, still in order.
	After, Before *Place
	Backward      bool
	Mask          Mask
}

// Place is a place in a list: the sort attribute's value and the id.
type Place struct {
	Value int64 `json:"v"`
	ID    ID    `json:"i"`
}

// Group is how many nodes have a value.
type Group struct {
	Value string
	Count int
	// Oldest is when the first of them was recorded.
	Oldest Time
}

// MaxGroups is into how many groups nodes are counted at most.
const MaxGroups = 10_000

// CheckCounts refuses what CountEach can't answer.
func CheckCounts(requests []ListRequest, most int) error {
	if len(requests) > MaxPage || most < 1 {
		return BadInput("counts: at most %d lists, each to at least 1", MaxPage)
	}
	for i := range requests {
		if err := requests[i].Check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckGroups refuses what Groups can't answer.
func (r *ListRequest) CheckGroups(by string) error {
	if err := (&Filter{Path: by, Op: OpExists, Value: true}).Check(); err != nil {
		return err
	}
	return r.Check()
}

// TooManyGroups says that there are more than MaxGroups.
func TooManyGroups(by string) error {
	return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("there are more than %d values of %s: narrow the filter", MaxGroups, by)}
}

// Page sizes.
const (
	DefaultPage = 20
	MaxPage     = 100
)

// ListPage is a page of nodes in the order asked for.
type ListPage struct {
	Nodes []Node
	// More tells whether the list goes on beyond the page in the direction of
	// reading: behind it, or before it when Backward.
	More bool
}

// PlaceOf is a node's place in a list ordered by an attribute.
func PlaceOf(n Node, by OrderBy) Place {
	place := Place{ID: n.Head().ID}
	switch by {
	case ByUpdated:
		place.Value = int64(n.Head().UpdatedAt)
	case ByAt:
		if object, ok := n.(interface{ External() *Object }); ok {
			place.Value = int64(object.External().At)
		}
	case ByDue, ByAlarm:
		place.Value = int64(Never)
		if c, ok := n.(*Case); ok && by == ByDue {
			place.Value = int64(c.DueAt.orNever())
		} else if ok {
			place.Value = int64(c.AlarmAt().orNever())
		}
	default:
		place.Value = int64(n.Head().CreatedAt)
	}
	return place
}

// OpenBy is, of a request for open cases alone, the comparison by which they are
// few: who has them or, if it does not say that, which queue they are in, compared
// in one of these ways. It is nil if there is none, or ids say which nodes are
// asked for. Stores have indexes for it.
func (r *ListRequest) OpenBy(comparisons ...Op) *Filter {
	open, by := false, map[string]*Filter{}
	for _, f := range r.Filter.demanded() {
		open = open || f.Path == "resolvedAt" && f.Op == OpExists && f.Value == false
		if slices.Contains(comparisons, f.Op) || f.Path == "id" && f.Op == OpIn {
			by[f.Path] = f
		}
	}
	if r.Kind != KindCase || !open || by["id"] != nil {
		return nil
	}
	return cmp.Or(by["assigneeId"], by["queueId"])
}

// Check refuses a request that is malformed or out of bounds.
func (r *ListRequest) Check() error {
	switch {
	case !r.Kind.Valid():
		return BadInput("kind: %q is no kind of node", r.Kind)
	case r.First < 0 || r.First > MaxPage:
		return BadInput("first: from 0 to %d", MaxPage)
	case r.OrderBy != "" && !slices.Contains([]OrderBy{ByCreated, ByUpdated, ByAt, ByDue, ByAlarm}, r.OrderBy):
		return BadInput("orderBy: %q can't be sorted by", r.OrderBy)
	}
	return r.Filter.Check()
}
