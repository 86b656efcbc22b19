package main

import (
	"context"

	"casegraph"
)

// checkPaySim: 987 clients with an e-mail, a phone and a government id each.
func checkPaySim(ctx context.Context, g *graph, c *checks) {
	c.count(ctx, g, "accounts", casegraph.KindAccount, 987+347+5)
	c.count(ctx, g, "transactions", casegraph.KindTransaction, 130_755)
	c.count(ctx, g, "identifiers", casegraph.KindIdentifier, 928+926+927)
	counts, shows, err := linkCounts(ctx, g)
	if c.failed("links", err) {
		return
	}
	c.equal("OF", counts[casegraph.LinkOf], 2*130_755)
	c.equal("PAID", counts[casegraph.LinkPaid], 130_755)
	c.equal("SHOWS an e-mail", shows["email"], 987)
	c.equal("SHOWS a phone", shows["phone"], 987)
	c.equal("SHOWS a government id", shows["government-id"], 987)
	c.equal("HAS", counts[casegraph.LinkHas], 3*987)
	c.equal("rejected rows", g.first.Rejected, int64(0))
}
