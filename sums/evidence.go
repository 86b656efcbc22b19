package sums

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"casegraph"
)

// compare reads what accounts have and what is shown of them.
func compare(ctx context.Context, store casegraph.Store, accounts []casegraph.ID) (differences []Difference, sums int, err error) {
	has, shown := map[casegraph.Pair]*Sum{}, map[casegraph.Pair]*Sum{}
	own := casegraph.LinkRequest{IDs: accounts, Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkShows}}
	err = everyHop(ctx, store, own, func(pages map[casegraph.ID]casegraph.LinkPage) error {
		for account, page := range pages {
			for _, hop := range page.Hops {
				into := shown
				if hop.Link.Kind == casegraph.LinkHas {
					into = has
				}
				of(into, casegraph.Pair{Account: account, Identifier: hop.Far}).add(hop.Link)
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	if err := addObjects(ctx, store, accounts, shown); err != nil {
		return nil, 0, err
	}
	for pair := range shown {
		if has[pair] == nil || *has[pair] != *shown[pair] {
			differences = append(differences, Difference{Pair: pair, Has: has[pair], Shown: shown[pair]})
		}
	}
	for pair := range has {
		if shown[pair] == nil {
			differences = append(differences, Difference{Pair: pair, Has: has[pair]})
		}
	}
	slices.SortFunc(differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Identifier, b.Identifier))
	})
	return differences, len(has), nil
}

// of is the sum of a pair, which begins with nothing.
func of(sums map[casegraph.Pair]*Sum, pair casegraph.Pair) *Sum {
	if sums[pair] == nil {
		sums[pair] = &Sum{}
	}
	return sums[pair]
}

// addObjects adds what the objects of accounts show.
func addObjects(ctx context.Context, store casegraph.Store, accounts []casegraph.ID, shown map[casegraph.Pair]*Sum) error {
	owned := casegraph.LinkRequest{IDs: accounts, Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkOf}}
	return everyHop(ctx, store, owned, func(pages map[casegraph.ID]casegraph.LinkPage) error {
		var roles []*casegraph.Link
		for _, page := range pages {
			for _, hop := range page.Hops {
				roles = append(roles, hop.Link)
			}
		}
		for some := range slices.Chunk(roles, atOnce) {
			if err := addRoles(ctx, store, some, shown); err != nil {
				return err
			}
		}
		return nil
	})
}

// addRoles adds what objects show to the accounts that OF links lead to.
func addRoles(ctx context.Context, store casegraph.Store, roles []*casegraph.Link, shown map[casegraph.Pair]*Sum) error {
	objects := map[casegraph.ID]bool{}
	for _, role := range roles {
		objects[role.From] = true
	}
	links := map[casegraph.ID][]*casegraph.Link{}
	out := casegraph.LinkRequest{IDs: slices.Collect(maps.Keys(objects)), Direction: casegraph.DirectionOut,
		Kinds: []casegraph.LinkKind{casegraph.LinkOf, casegraph.LinkShows}}
	err := everyHop(ctx, store, out, func(pages map[casegraph.ID]casegraph.LinkPage) error {
		for object, page := range pages {
			for _, hop := range page.Hops {
				links[object] = append(links[object], hop.Link)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, role := range roles {
		if !first(role, links[role.From]) {
			continue
		}
		for _, l := range links[role.From] {
			if l.Kind == casegraph.LinkShows {
				of(shown, casegraph.Pair{Account: role.To, Identifier: l.To}).add(l)
			}
		}
	}
	return nil
}

// first tells whether a role is the first of an object's at its account: the
// object counts once, by that.
func first(role *casegraph.Link, links []*casegraph.Link) bool {
	return !slices.ContainsFunc(links, func(l *casegraph.Link) bool {
		return l.Kind == casegraph.LinkOf && l.To == role.To && l.Key < role.Key
	})
}

// atOnce is how many links one call reads of a node at most: few enough for the
// links of a page of busy accounts to be held.
const atOnce = 1000

func everyHop(ctx context.Context, store casegraph.Store, r casegraph.LinkRequest, each func(map[casegraph.ID]casegraph.LinkPage) error) error {
	r.Cap = atOnce
	return casegraph.EveryHop(ctx, store, r, each)
}
