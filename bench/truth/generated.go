package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"casegraph"
	"casegraph/generate"
	"casegraph/ingest"
	"casegraph/traverse"
)

// scale is how much is generated.
var scale string

// madeGraph is what is generated, and its truth.
func madeGraph() (generate.Graph, error) {
	size, err := generate.ScaleOf(scale)
	return generate.Graph{Scale: size, Seed: 1}, err
}

// generated writes the rows into the folder for what an import leaves.
func generated(ctx context.Context, _, scratch string) ([]ingest.Input, error) {
	made, err := madeGraph()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(scratch, "generated.ndjson")
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewWriter(file)
	_, err = made.WriteRows(ctx, buffered)
	return []ingest.Input{{Path: path}}, errors.Join(err, buffered.Flush(), file.Close())
}

// checkGenerated: all that was planted is there and found, and what looks like
// it joins none of it.
func checkGenerated(ctx context.Context, g *graph, c *checks) {
	made, err := madeGraph()
	if c.failed("scale", err) {
		return
	}
	c.equal("rejected rows and warnings", g.first.Rejected+g.first.Warnings, int64(0))
	for planted := range made.Truth() {
		c.plantedNodes(ctx, g, &planted)
		c.plantedPath(ctx, g, &planted)
		c.plantedComponent(ctx, g, &planted)
	}
}

// plantedNodes: objects and cases are found by what their source calls them,
// identifiers hold the value.
func (c *checks) plantedNodes(ctx context.Context, g *graph, p *generate.Planted) {
	var keys []casegraph.Key
	var identifiers []casegraph.ID
	for _, n := range p.Nodes {
		if n.Kind == casegraph.KindIdentifier {
			identifiers = append(identifiers, n.ID)
		} else {
			keys = append(keys, casegraph.Key{Kind: n.Kind, Source: n.Source, Reference: n.ReferenceID})
		}
	}
	found, err := g.Resolve(ctx, keys)
	if c.failed(string(p.Kind), err) {
		return
	}
	held, err := g.Nodes(ctx, casegraph.NodesRequest{IDs: identifiers})
	if c.failed(string(p.Kind), err) {
		return
	}
	for _, n := range p.Nodes {
		key := casegraph.Key{Kind: n.Kind, Source: n.Source, Reference: n.ReferenceID}
		if n.Kind != casegraph.KindIdentifier {
			c.equal(fmt.Sprintf("%s: %v", p.Kind, key), fmt.Sprint(found[key]), fmt.Sprint([]casegraph.ID{n.ID}))
			continue
		}
		identifier, ok := held[n.ID].(*casegraph.Identifier)
		c.equal(fmt.Sprintf("%s: %s %s", p.Kind, n.IdentifierKind, n.Value), ok && identifier.IdentifierKind == n.IdentifierKind && identifier.Value == n.Value, true)
	}
}

// plantedPath: it is among the shortest between its ends. One that ends where
// it began is asked for in two parts.
func (c *checks) plantedPath(ctx context.Context, g *graph, p *generate.Planted) {
	var ids []casegraph.ID
	for _, n := range p.Path {
		ids = append(ids, n.ID)
	}
	parts := [][]casegraph.ID{ids}
	if last := len(ids) - 1; last > 0 && ids[0] == ids[last] {
		parts = [][]casegraph.ID{ids[:last], ids[last-1:]}
	}
	for _, part := range parts {
		if len(part) < 2 {
			continue
		}
		query := traverse.PathsQuery{From: part[:1], To: part[len(part)-1:], Kinds: []casegraph.LinkKind{p.Link}, MaxLength: traverse.MaxPathLength}
		if p.Link == casegraph.LinkPaid {
			query.Direction = casegraph.DirectionOut
		}
		answer, err := traverse.Paths(ctx, g, query)
		if c.failed(string(p.Kind)+": path", err) {
			return
		}
		c.equal(fmt.Sprintf("%s: path %v is found", p.Kind, part),
			slices.ContainsFunc(answer.Paths, func(path traverse.Path) bool { return slices.Equal(path.Nodes, part) }), true)
	}
}

// plantedComponent: with hubs cut, a ring is a component of its own. So is a
// household, and the victims of one takeover.
func (c *checks) plantedComponent(ctx context.Context, g *graph, p *generate.Planted) {
	roles := map[generate.Plot]string{generate.Ring: "member", generate.Household: "member", generate.Takeover: "victim"}
	var members []casegraph.ID
	for _, n := range p.Nodes {
		if n.Kind == casegraph.KindAccount && n.Role == roles[p.Kind] {
			members = append(members, n.ID)
		}
	}
	if len(members) == 0 {
		return
	}
	together, err := joinedTo(ctx, g, members[0])
	if c.failed(string(p.Kind)+": component", err) {
		return
	}
	slices.Sort(members)
	c.equal(fmt.Sprintf("%s: its component", p.Kind), fmt.Sprint(together), fmt.Sprint(members))
}

// joinedTo are all accounts, sorted, that an account has something in common
// with, and they with others, and so on, hubs cut.
func joinedTo(ctx context.Context, g *graph, account casegraph.ID) ([]casegraph.ID, error) {
	accounts, met := map[casegraph.ID]bool{account: true}, map[casegraph.ID]bool{account: true}
	for frontier := []casegraph.ID{account}; len(frontier) > 0; {
		pages, err := g.Links(ctx, casegraph.LinkRequest{IDs: frontier, Direction: casegraph.DirectionBoth, Kinds: []casegraph.LinkKind{casegraph.LinkHas},
			HubLimits: *traverse.DefaultHubLimits(), Cap: casegraph.MaxLinkCap})
		if err != nil {
			return nil, err
		}
		frontier = nil
		for _, page := range pages {
			for _, hop := range page.Hops {
				if met[hop.Far] {
					continue
				}
				met[hop.Far] = true
				frontier = append(frontier, hop.Far)
				if kind, _ := casegraph.KindOf(hop.Far); kind == casegraph.KindAccount {
					accounts[hop.Far] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(accounts)), nil
}
