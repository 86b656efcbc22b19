package example

import (
	"fmt"
	"math"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"casegraph/breadth/difftest"
)

// Data is what the resolvers show, drawn from numbers. With faults it has what
// the schema forbids.
type Data struct {
	faults    *difftest.Faults
	accounts  [60]*Account
	devices   [40]*Device
	cases     [80]*Case
	timelines [80][]*Event
	graph     *Graph
}

var epoch = time.Date(2024, 2, 29, 12, 30, 0, 123_000_000, time.UTC)

// NewData draws the data; nil faults are none.
func NewData(faults *difftest.Faults) *Data {
	d := &Data{faults: faults}
	for n := range d.accounts {
		d.accounts[n] = d.newAccount(n)
	}
	for n := range d.devices {
		d.devices[n] = d.newDevice(n)
	}
	for n := range d.cases {
		d.cases[n] = d.newCase(n)
		d.timelines[n] = d.timeline(d.cases[n], epoch)
	}
	d.graph = newGraph()
	return d
}

func (d *Data) newAccount(n int) *Account {
	a := &Account{n: n, ID: fmt.Sprint("a", n), Name: fmt.Sprintf("Név \"%d\"\t\x01 <b>\\ é", n), Balance: n * 1001,
		At: epoch.Add(time.Duration(n) * time.Hour), Tags: []Tag{"x", Tag(fmt.Sprint("t", n))}, profile: &profile{}, Worst: &Fragile{}}
	if n%3 != 0 {
		a.Email, a.Risk, a.Share = new(fmt.Sprintf("a%d@x.example", n)), new(float64(n)*1234567.891/float64(n%5+1)), new(float64(n)/100)
		a.Initials, a.Boss = new("N."), d.accounts[n/2]
	}
	switch n % 4 {
	case 1:
		a.Aliases, a.Nickname = []*string{new("one"), nil, new("three")}, graphql.OmittableOf(a.Email)
	case 2:
		a.Level, a.Levels, a.Moods = new(LevelHigh), []Level{LevelLow, LevelHigh}, []*int{new(0), nil}
	case 3:
		a.Motto = new("softly")
	}
	if n%5 == 0 {
		a.Tags = nil
	}
	if d.bad("account", n, 12) {
		a.Risk, a.Share = new(math.NaN()), new(2.0)
	}
	if d.bad("mood", n, 12) {
		a.Moods = []*int{new(1), new(2), nil}
	}
	if d.bad("time", n, 12) {
		a.At = time.Time{}
	}
	if d.bad("profile", n, 12) {
		a.profile = nil
	}
	return a
}

func (d *Data) newDevice(n int) *Device {
	v := &Device{n: n, ID: fmt.Sprint("d", n), Kind: "PHONE", Os: Software{"os", n % 5}}
	if n%2 == 0 {
		v.At = new(epoch.Add(-time.Duration(n) * time.Minute))
	}
	for i := range n % 4 {
		v.Installed = append(v.Installed, Software{fmt.Sprint("app ", i), i + n%3})
	}
	if n%3 == 0 {
		v.Seen = []time.Time{epoch, epoch.AddDate(0, 0, n)}
	}
	if d.bad("seen", n, 12) {
		v.Seen = []time.Time{{}, epoch, {}}
	}
	if d.bad("software", n, 12) {
		v.Os.Version = -1
	}
	return v
}

func (d *Data) newCase(n int) *Case {
	c := &Case{n: n, ID: fmt.Sprint("c", n), Title: fmt.Sprint("Case ", n), Status: statuses[n%3], Summary: new("summary"), About: d.accounts[n%60]}
	if n%3 == 1 {
		c.At = new(epoch.AddDate(0, 1, n))
	}
	if n%4 == 3 {
		c.Parent = d.cases[n/2]
		c.Statuses = []*Status{&statuses[n%3], nil}
	}
	if d.bad("about", n, 12) {
		c.About = nil
	}
	if d.bad("summary", n, 10) {
		c.Summary = nil
	}
	return c
}

func (d *Data) timeline(c *Case, since time.Time) []*Event {
	list := []*Event{{At: since, Text: new("é"), Actor: d.accounts[c.n%60], Matrix: [][]int{{1, 2}, nil, {}}}, nil,
		{At: since.AddDate(0, 0, c.n)}, {At: since, Actor: d.devices[3]}}
	if d.bad("event", c.n, 10) {
		list[0].At = time.Time{}
	}
	return list
}

func newGraph() *Graph {
	g := &Graph{Cut: true}
	for i := range 200 {
		g.Nodes = append(g.Nodes, &Spot{ID: fmt.Sprint("a", i), Label: "Account", Name: fmt.Sprint("Person ", i), Depth: i % 3})
	}
	for i := range 400 {
		g.Links = append(g.Links, Link{From: g.Nodes[i%200].ID, To: g.Nodes[(i*7+3)%200].ID, Kind: "HAS"})
	}
	return g
}

// bad tells whether one object in some is at fault.
func (d *Data) bad(what string, n, oneIn int) bool {
	return d.faults != nil && d.faults.Hits(oneIn, what, n)
}

func (d *Data) node(id string) Node {
	if len(id) < 2 {
		return nil
	}
	n := 0
	_, _ = fmt.Sscan(id[1:], &n)
	n = max(n, 0)
	switch id[0] {
	case 'a':
		return d.accounts[n%len(d.accounts)]
	case 'd':
		return *d.devices[n%len(d.devices)]
	case 'c':
		return d.cases[n%len(d.cases)]
	}
	return nil
}

func (d *Data) page(start, n int, status *Status) *CaseConnection {
	c := &CaseConnection{PageInfo: &PageInfo{HasNextPage: n%2 == 0}, total: start + n}
	for _, one := range some(d.cases[:], start, n) {
		if status == nil || one.Status == *status {
			c.Edges = append(c.Edges, &CaseEdge{one})
		}
	}
	if len(c.Edges) > 0 {
		c.PageInfo.EndCursor = new(c.Edges[len(c.Edges)-1].Cursor())
	}
	if d.bad("edge", start, 15) && len(c.Edges) > 1 {
		c.Edges[1].Node = nil
	}
	return c
}

func some[T any](from []T, start, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = from[(start+i)%len(from)]
	}
	return list
}

func count(n *int, usual int) int {
	if n == nil {
		return usual
	}
	return min(max(*n, 0), 50)
}
