package main

import (
	"context"

	"casegraph"
)

// checkFinbench: LDBC FinBench's snapshot. Its README's counts, and an id past 2^53.
func checkFinbench(ctx context.Context, g *graph, c *checks) {
	// 42 persons and 33 companies are named by links and missing from their
	// files: they are there by their numbers alone.
	const strangers = 42 + 33
	c.count(ctx, g, "accounts", casegraph.KindAccount, 6200+1957+967+3465+strangers)
	c.count(ctx, g, "transfers", casegraph.KindTransaction, 37_861)
	c.count(ctx, g, "sign-ins", casegraph.KindSession, 5_146)
	for _, sort := range []struct {
		name string
		want int
	}{{"finbench/account", 6200}, {"finbench/person", 1957 + 42}, {"finbench/company", 967 + 33}, {"finbench/loan", 3465}} {
		n, err := g.Count(ctx, casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: attribute("source", sort.name)})
		if !c.failed(sort.name, err) {
			c.equal(sort.name, n, sort.want)
		}
	}
	blocked := casegraph.Filter{And: []casegraph.Filter{attribute("source", "finbench/account"), attribute("fields.blocked", true)}}
	n, err := g.Count(ctx, casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: blocked})
	if !c.failed("blocked accounts", err) {
		c.equal("blocked accounts", n, 311)
	}
	links, _, err := linkCounts(ctx, g)
	if c.failed("links", err) {
		return
	}
	c.equal("PAID", links[casegraph.LinkPaid], 37_860)
	c.equal("OF", links[casegraph.LinkOf], 2*37_861+5_146)
	c.equal("SHOWS", links[casegraph.LinkShows], 5_146)
	c.equal("RELATED", links[casegraph.LinkRelated],
		4185+2015+3394+1640-1+916+435+2324+1141+8481+8398+42_069)
	c.equal("rejected rows", g.first.Rejected, int64(1))

	const far = "4613937818241074769"
	id := casegraph.ImportedID(casegraph.KindAccount, "finbench/account", far)
	nodes, err := g.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if c.failed("an id past 2^53", err) {
		return
	}
	account, ok := nodes[id].(*casegraph.Account)
	c.equal("an id past 2^53 is there", ok, true)
	if ok {
		c.equal("an id past 2^53", account.ReferenceID, far)
		c.equal("when it was opened", account.At.String(), "2020-01-09T18:08:45.162Z")
	}
	c.checkDegrees(ctx, g)
}

// checkDegrees: the README's largest in- and out-degree of transfers.
func (c *checks) checkDegrees(ctx context.Context, g *graph) {
	ids, err := allIDs(ctx, g, casegraph.KindAccount)
	if c.failed("accounts", err) {
		return
	}
	for _, way := range []struct {
		direction casegraph.Direction
		want      int
	}{{casegraph.DirectionIn, 470}, {casegraph.DirectionOut, 474}} {
		pages, err := links(ctx, g, ids, way.direction, casegraph.LinkPaid)
		if c.failed("degrees", err) {
			return
		}
		most := 0
		for _, page := range pages {
			most = max(most, page.Degree)
		}
		c.equal("largest degree "+string(way.direction), most, way.want)
	}
}
