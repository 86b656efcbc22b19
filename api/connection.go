package api

import (
	"context"
	"fmt"
	"io"

	"casegraph"
)

// Object is a node that a case can contain.
type Object interface {
	casegraph.Node
	External() *casegraph.Object
}

// Connection is a page of a list, as Relay has it.
type Connection[T any] struct {
	Edges    []*Edge[T]
	PageInfo casegraph.PageInfo
	// Count counts the whole list, if somebody asks.
	Count func(context.Context) (int, error)
}

// Nodes are the elements alone.
func (c *Connection[T]) Nodes() []T {
	nodes := make([]T, len(c.Edges))
	for i, edge := range c.Edges {
		nodes[i] = edge.Node
	}
	return nodes
}

// TotalCount counts the whole list.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.Count(ctx) }

// Edge is an element of a list, its place, and the hop that led to it if the
// list follows links.
type Edge[T any] struct {
	Node T
	Hop  *casegraph.Hop
	// Seal makes the cursor, which few ask for.
	Seal func() casegraph.Cursor
}

// Cursor is the element's place.
func (e *Edge[T]) Cursor() casegraph.Cursor { return e.Seal() }

// Then is the past moment that the edge was read for; 0 is now.
func (e *Edge[T]) Then() casegraph.Seq {
	if e.Hop == nil {
		return 0
	}
	return e.Hop.Link.AsOf
}

// Link is the link over which the list reached the element, or nil.
func (e *Edge[T]) Link() *casegraph.Link {
	if e.Hop == nil {
		return nil
	}
	return e.Hop.Link
}

// Role, Reason and At say how an object was attached to a case.
func (e *Edge[T]) Role() string       { return e.Hop.Link.Role }
func (e *Edge[T]) Reason() string     { return e.Hop.Link.Reason }
func (e *Edge[T]) At() casegraph.Time { return e.Hop.Link.FirstSeen }

// FirstSeen, LastSeen and Count say how an identifier was seen.
func (e *Edge[T]) FirstSeen() casegraph.Time { return e.Hop.Link.FirstSeen }
func (e *Edge[T]) LastSeen() casegraph.Time  { return e.Hop.Link.LastSeen }
func (e *Edge[T]) Count() int64              { return e.Hop.Link.Count }

// Out tells whether the link goes out of the node whose list this is.
func (e *Edge[T]) Out() bool { return e.Hop.Out }

// The connections and edges of the schema.
type (
	CaseConnection        = Connection[*casegraph.Case]
	AccountConnection     = Connection[*casegraph.Account]
	InquiryConnection     = Connection[*casegraph.Inquiry]
	ReportConnection      = Connection[*casegraph.Report]
	TransactionConnection = Connection[*casegraph.Transaction]
	SessionConnection     = Connection[*casegraph.Session]
	UserConnection        = Connection[*casegraph.User]
	QueueConnection       = Connection[*casegraph.Queue]
	CalendarConnection    = Connection[*casegraph.Calendar]
	TemplateConnection    = Connection[*casegraph.Template]
	RuleConnection        = Connection[*casegraph.Rule]
	ViewConnection        = Connection[*casegraph.View]
	RuleRunConnection     = Connection[*casegraph.RuleRun]
	BulkItemConnection    = Connection[*casegraph.BulkItem]
	CommentConnection     = Connection[*casegraph.Comment]
	MentionConnection     = Connection[*casegraph.Comment]
	IdentifierConnection  = Connection[*casegraph.Identifier]
	ObjectConnection      = Connection[Object]
	AttachedConnection    = Connection[Object]
	LinkConnection        = Connection[*casegraph.Link]
	EventConnection       = Connection[*casegraph.Event]

	CaseEdge        = Edge[*casegraph.Case]
	AccountEdge     = Edge[*casegraph.Account]
	InquiryEdge     = Edge[*casegraph.Inquiry]
	ReportEdge      = Edge[*casegraph.Report]
	TransactionEdge = Edge[*casegraph.Transaction]
	SessionEdge     = Edge[*casegraph.Session]
	QueueEdge       = Edge[*casegraph.Queue]
	CalendarEdge    = Edge[*casegraph.Calendar]
	TemplateEdge    = Edge[*casegraph.Template]
	UserEdge        = Edge[*casegraph.User]
	RuleEdge        = Edge[*casegraph.Rule]
	ViewEdge        = Edge[*casegraph.View]
	RuleRunEdge     = Edge[*casegraph.RuleRun]
	BulkItemEdge    = Edge[*casegraph.BulkItem]
	CommentEdge     = Edge[*casegraph.Comment]
	IdentifierEdge  = Edge[*casegraph.Identifier]
	ObjectEdge      = Edge[Object]
	AttachedEdge    = Edge[Object]
	LinkEdge        = Edge[*casegraph.Link]
	EventEdge       = Edge[*casegraph.Event]
)

// OrderBy is what a list is sorted by.
type OrderBy struct {
	By        ListOrder
	Direction SortDirection
}

// ListOrder is the attribute that a list is sorted by.
type ListOrder string

// The attributes.
const (
	OrderCreatedAt ListOrder = "CREATED_AT"
	OrderUpdatedAt ListOrder = "UPDATED_AT"
	OrderAt        ListOrder = "AT"
	OrderDueAt     ListOrder = "DUE_AT"
)

// MarshalGQL writes the enum value.
func (o ListOrder) MarshalGQL(w io.Writer) { writeEnum(w, o) }

// UnmarshalGQL reads an enum value.
func (o *ListOrder) UnmarshalGQL(v any) (err error) {
	*o, err = enum(v, "ListOrder", OrderCreatedAt, OrderUpdatedAt, OrderAt, OrderDueAt)
	return err
}

// Attribute is the domain's name for the order; "" is OrderCreatedAt's.
func (o ListOrder) Attribute() casegraph.OrderBy {
	switch o {
	case "", OrderCreatedAt:
		return casegraph.ByCreated
	case OrderUpdatedAt:
		return casegraph.ByUpdated
	case OrderAt:
		return casegraph.ByAt
	case OrderDueAt:
		return casegraph.ByDue
	}
	panic(fmt.Sprintf("api: unknown order %q", string(o)))
}

// SortDirection is which way a list is sorted.
type SortDirection string

// The directions.
const (
	Ascending  SortDirection = "ASC"
	Descending SortDirection = "DESC"
)

// MarshalGQL writes the enum value.
func (d SortDirection) MarshalGQL(w io.Writer) { writeEnum(w, d) }

// UnmarshalGQL reads an enum value.
func (d *SortDirection) UnmarshalGQL(v any) (err error) {
	*d, err = enum(v, "SortDirection", Ascending, Descending)
	return err
}
