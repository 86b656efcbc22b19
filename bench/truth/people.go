package main

import (
	"context"

	"casegraph"
)

// checkFEBRL: 1,000 records, with what they may share.
func checkFEBRL(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 1000)
	c.checkShows(ctx, g, map[casegraph.IdentifierKind]int{
		"government-id": 1000, "address": 931, "birthdate": 959, "postcode": 1000, "name-and-birthdate": 899})
}

// checkSplink: 1,000 records of 181 people.
func checkSplink(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 1000)
	c.checkShows(ctx, g, map[casegraph.IdentifierKind]int{
		"email": 888, "birthdate": 1000, "city": 891, "name-and-birthdate": 831})
}

// checkShows checks SHOWS links by identifier kind. What is left out, since its
// kind refuses it, is in the warnings.
func (c *checks) checkShows(ctx context.Context, g *graph, want map[casegraph.IdentifierKind]int) {
	counts, shows, err := linkCounts(ctx, g)
	if c.failed("links", err) {
		return
	}
	for kind, n := range want {
		c.equal("SHOWS "+string(kind), shows[kind], n)
	}
	c.equal("HAS", counts[casegraph.LinkHas], counts[casegraph.LinkShows])
	c.equal("rejected rows", g.first.Rejected, int64(0))
}
