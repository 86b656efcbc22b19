package main

import (
	"context"
	"slices"

	"casegraph"
)

// checkAMLSim: the set's counts, and the spread of degrees as its edges have it.
func checkAMLSim(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 20_000)
	c.count(ctx, g, "transfers", casegraph.KindTransaction, 118_250)
	counts, _, err := linkCounts(ctx, g)
	if c.failed("links", err) {
		return
	}
	c.equal("OF", counts[casegraph.LinkOf], 2*118_250)
	c.equal("PAID, without 14 to oneself", counts[casegraph.LinkPaid], 118_250-14)
	c.equal("rejected rows", g.first.Rejected, int64(0))

	ids, err := allIDs(ctx, g, casegraph.KindAccount)
	if c.failed("accounts", err) {
		return
	}
	// A transfer to oneself counts twice, as it does among what is of an account.
	pages, err := links(ctx, g, ids, casegraph.DirectionIn, casegraph.LinkOf)
	if c.failed("degrees", err) {
		return
	}
	var degrees []int
	for _, page := range pages {
		degrees = append(degrees, page.Degree)
	}
	slices.Sort(degrees)
	for _, d := range []struct {
		name  string
		place int
		want  int
	}{{"degree p50", 10_000, 10}, {"degree p90", 18_000, 20}, {"degree p99", 19_800, 42}, {"degree max", 19_999, 373}} {
		c.equal(d.name, degrees[d.place], d.want)
	}
}
