// Package example is a small schema by which breadth is tested: an
// investigation of accounts, devices and cases, over made-up data. It has each
// way in which a field can be bound to Go.
package example

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

//go:generate go run ../../gqlgen -plain Account.slow

// Node is whatever has an id.
type Node interface{ GetID() string }

// Dated is a node that was seen.
type Dated interface {
	Node
	Last() *time.Time
}

// Subject is what a case can be about.
type Subject interface{ isSubject() }

// Account is a customer's account.
type Account struct {
	ID       string
	Name     string
	Email    *string
	Risk     *float64
	Share    *float64
	Balance  int
	Level    *Level
	At       time.Time
	Tags     []Tag
	Aliases  []*string
	Levels   []Level
	Moods    []*int
	Nickname graphql.Omittable[*string]
	Motto    *string
	Worst    *Fragile

	n int
	*profile
}

// profile may lack: then what it holds panics.
type profile struct {
	Initials *string
	Boss     *Account
}

// Label is the name, cut short.
func (a *Account) Label(_ context.Context, length *int) (*string, error) {
	switch {
	case length == nil:
		return &a.Name, nil
	case *length < 0:
		return nil, errors.New("length: at least 0")
	}
	cut := a.Name[:min(*length, len(a.Name))]
	return &cut, nil
}

// Device is a telephone or a computer. It is a subject by value.
type Device struct {
	ID        string
	Kind      string
	At        *time.Time
	Summary   *string
	About     Node
	Seen      []time.Time
	Os        Software
	Installed []Software

	n int
}

// Software runs on a device, which holds it by value.
type Software struct {
	Name    string
	Version int
}

// Old tells whether there is a newer one; a version below 0 is a fault of the data.
func (s Software) Old() bool {
	if s.Version < 0 {
		panic("a version below 0")
	}
	return s.Version < 3
}

// Place is where a device was.
type Place struct {
	City  string
	Point *[]float64
}

// Case is an investigation.
type Case struct {
	ID       string
	Title    string
	Status   Status
	At       *time.Time
	Summary  *string // nil although the schema forbids it, in bad data
	About    Node    // nil in bad data
	Statuses []*Status
	Parent   *Case

	n int
}

// GetID is the account's id.
func (a *Account) GetID() string { return a.ID }

// GetID is the device's id.
func (d Device) GetID() string { return d.ID }

// GetID is the case's id.
func (c *Case) GetID() string { return c.ID }

// Last is when the device was seen last.
func (d Device) Last() *time.Time { return d.At }

// Last is when the case was opened.
func (c *Case) Last() *time.Time { return c.At }

func (*Account) isSubject() {}
func (Device) isSubject()   {}

// Event is something that happened to a case.
type Event struct {
	At     time.Time
	Text   *string
	Actor  Subject
	Matrix [][]int
}

// CaseConnection is a page of cases.
type CaseConnection struct {
	Edges    []*CaseEdge
	PageInfo *PageInfo
	total    int
}

// Nodes are the cases alone.
func (c *CaseConnection) Nodes() []*Case {
	nodes := make([]*Case, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// TotalCount counts all pages.
func (c *CaseConnection) TotalCount(context.Context) (int, error) {
	if c.total == 13 {
		return 0, errors.New("nobody counts to 13")
	}
	return c.total, nil
}

// CaseEdge is a case in a page.
type CaseEdge struct{ Node *Case }

// Cursor is the case's place.
func (e *CaseEdge) Cursor() string { return "at " + e.Node.ID }

// PageInfo says where a page ends.
type PageInfo struct {
	HasNextPage bool
	EndCursor   *string
}

// Graph is a part of the graph.
type Graph struct {
	Nodes []*Spot
	Links []Link
	Cut   bool
}

// Spot is a node in a Graph.
type Spot struct {
	ID, Label, Name string
	Depth           int
}

// Link is a link in a Graph, by value.
type Link struct{ From, To, Kind string }

// AccountFilter says which accounts are asked for.
type AccountFilter struct {
	Name     *string
	MinRisk  *float64
	Since    *time.Time
	Statuses []Status
}
