package main

import (
	"context"

	"casegraph"
)

// checkFEBRL: 1,000 records, with what they may share.
func checkFEBRL(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 1000)
	// 899 records have a name and a birthdate; 3 birthdates are no days.
	c.checkShows(ctx, g, 3, map[casegraph.IdentifierKind]int{
		"government-id": 1000, "address": 931, "birthdate": 959, "postcode": 1000, "name-and-birthdate": 899 - 3})
}

// checkSplink: 1,000 records of 181 people.
func checkSplink(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 1000)
	// Of 888 e-mails 21 are misspelt so that they are none.
	c.checkShows(ctx, g, 21, map[casegraph.IdentifierKind]int{
		"email": 888 - 21, "birthdate": 1000, "city": 891, "name-and-birthdate": 831})
}

// checkShows checks SHOWS links by identifier kind, and how many values were
// left out since their kind refuses them.
func (c *checks) checkShows(ctx context.Context, g *graph, refused int64, want map[casegraph.IdentifierKind]int) {
	counts, shows, err := linkCounts(ctx, g)
	if c.failed("links", err) {
		return
	}
	for kind, n := range want {
		c.equal("SHOWS "+string(kind), shows[kind], n)
	}
	c.equal("HAS", counts[casegraph.LinkHas], counts[casegraph.LinkShows])
	c.equal("identifiers left out", g.first.Warnings, refused)
	c.equal("rejected rows", g.first.Rejected, int64(0))
}
