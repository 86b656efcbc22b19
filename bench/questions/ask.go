package main

import (
	"context"
	"math/rand/v2"

	"casegraph"
	"casegraph/generate"
	"casegraph/traverse"
)

// question is what is measured: asked of the i-th starting point.
type question struct {
	name string
	ask  func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error)
}

// places are where questions begin: accounts in a random order that is the same
// each time, the ends of planted paths, and the largest hub.
type places struct {
	accounts      []casegraph.ID
	ends          [][2]casegraph.ID
	hub           casegraph.ID
	accountsOfHub int
}

func placesOf(ctx context.Context, store casegraph.Store, scale string) (p places, err error) {
	made, err := scaled(scale)
	if err != nil {
		return p, err
	}
	var hubs []casegraph.ID
	for planted := range made.Truth() {
		if path := planted.Path; len(path) > 1 && path[0].ID != path[len(path)-1].ID {
			p.ends = append(p.ends, [2]casegraph.ID{path[0].ID, path[len(path)-1].ID})
		}
		hubs = append(hubs, hubsOf(&planted)...)
	}
	request := casegraph.ListRequest{Kind: casegraph.KindAccount, First: casegraph.MaxPage}
	for {
		page, err := store.List(ctx, request)
		if err != nil {
			return p, err
		}
		for _, n := range page.Nodes {
			p.accounts = append(p.accounts, n.Head().ID)
		}
		if !page.More {
			break
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], casegraph.ByCreated)
		request.After = &place
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(p.accounts), func(i, j int) { p.accounts[i], p.accounts[j] = p.accounts[j], p.accounts[i] })
	random.Shuffle(len(p.ends), func(i, j int) { p.ends[i], p.ends[j] = p.ends[j], p.ends[i] })
	pages, err := store.Links(ctx, casegraph.LinkRequest{IDs: hubs, Kinds: []casegraph.LinkKind{casegraph.LinkHas}, HubLimits: casegraph.HubLimits{Default: 1}})
	for id, page := range pages {
		if page.Degree > p.accountsOfHub {
			p.hub, p.accountsOfHub = id, page.Degree
		}
	}
	return p, err
}

func hubsOf(planted *generate.Planted) (hubs []casegraph.ID) {
	for _, n := range planted.Nodes {
		if n.Role == "hub" {
			hubs = append(hubs, n.ID)
		}
	}
	return hubs
}

// mask is an investigator's.
var mask = casegraph.Mask{RestrictedCases: true}

func (p *places) account(i int) casegraph.ID { return p.accounts[i%len(p.accounts)] }

// questions are those measured, in the order of the page.
func (p *places) questions() []question {
	expand := func(q traverse.ExpandQuery) func(context.Context, casegraph.Store, int) (traverse.Cost, error) {
		return func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error) {
			q := q
			if q.From == nil {
				q.From = []casegraph.ID{p.account(i)}
			}
			q.Mask = mask
			answer, err := traverse.Expand(ctx, store, q)
			return answer.Cost, err
		}
	}
	path := func(mode traverse.PathMode) func(context.Context, casegraph.Store, int) (traverse.Cost, error) {
		return func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error) {
			ends := p.ends[i%len(p.ends)]
			answer, err := traverse.Paths(ctx, store, traverse.PathsQuery{From: ends[:1], To: ends[1:], Mode: mode, Mask: mask})
			return answer.Cost, err
		}
	}
	return []question{
		{"one hop", expand(traverse.ExpandQuery{Depth: 1})},
		{"two hops, 200 nodes at most", expand(traverse.ExpandQuery{Depth: 2})},
		{"two hops, with 5 sightings of each link", expand(traverse.ExpandQuery{Depth: 2, Evidence: 5})},
		{"three hops from the largest hub, hubs passed", expand(traverse.ExpandQuery{From: []casegraph.ID{p.hub}, Depth: 3, HubLimits: traverse.NoHubLimits()})},
		{"shortest paths, up to 6 hops", path(traverse.Shortest)},
		{"cheapest paths, up to 6 hops", path(traverse.Cheapest)},
		{"related cases", func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error) {
			answer, err := traverse.RelatedCases(ctx, store, traverse.RelatedQuery{Of: p.account(i), Mask: mask})
			return answer.Cost, err
		}},
		{"linked accounts", func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error) {
			answer, err := traverse.LinkedAccounts(ctx, store, traverse.RelatedQuery{Of: p.account(i), Mask: mask})
			return answer.Cost, err
		}},
		{"component over HAS", func(ctx context.Context, store casegraph.Store, i int) (traverse.Cost, error) {
			answer, err := traverse.ComponentOf(ctx, store, traverse.ComponentQuery{Of: p.account(i), Kinds: []casegraph.LinkKind{casegraph.LinkHas}, Mask: mask})
			return answer.Cost, err
		}},
	}
}
