package cases

import (
	"context"
	"fmt"

	"casegraph"
)

// ancestryVersion is a value that every change of a PARENT_OF link raises. A
// change can't read the chain of a case's parents, only check that no chain
// has moved since it was read: that closes the race between reading and
// deciding, also between servers.
const ancestryVersion = "relations/version"

// maxAncestors bounds the cases above one.
const maxAncestors = 10_000

// Ancestry is the cases above a case, as of one version of all PARENT_OF links.
type Ancestry struct {
	Of      casegraph.ID
	Above   map[casegraph.ID]bool
	Version string
}

// Ancestors reads the cases above a case, those that an asker may not see too.
// The store must not answer from a cache: an old chain under a new version
// would let a cycle through.
func Ancestors(ctx context.Context, store casegraph.Store, id casegraph.ID) (Ancestry, error) {
	// The version comes first: a change between the two reads is then noticed.
	values, err := store.Values(ctx, []string{ancestryVersion}, 0)
	if err != nil {
		return Ancestry{}, err
	}
	a := Ancestry{Of: id, Above: map[casegraph.ID]bool{}, Version: string(values[ancestryVersion])}
	for level := []casegraph.ID{id}; len(level) > 0; {
		parents, err := parents(ctx, store, level)
		if err != nil {
			return Ancestry{}, err
		}
		level = level[:0]
		for _, parent := range parents {
			if !a.Above[parent] {
				a.Above[parent] = true
				level = append(level, parent)
			}
		}
		if len(a.Above) > maxAncestors {
			return Ancestry{}, &casegraph.Error{Code: casegraph.CodeTooLarge, Field: "fromId",
				Message: fmt.Sprintf("fromId: more than %d cases are above it", maxAncestors)}
		}
	}
	return a, nil
}

// parents are the parents of cases, in no order.
func parents(ctx context.Context, store casegraph.Store, ids []casegraph.ID) ([]casegraph.ID, error) {
	r := casegraph.LinkRequest{IDs: ids, Direction: casegraph.DirectionIn,
		Kinds: []casegraph.LinkKind{casegraph.LinkRelatesTo}, Cap: casegraph.MaxLinkCap}
	var parents []casegraph.ID
	for len(r.IDs) > 0 {
		pages, err := store.Links(ctx, r)
		if err != nil {
			return nil, err
		}
		r.IDs, r.After = nil, map[casegraph.ID]casegraph.LinkCursor{}
		for id, page := range pages {
			for _, hop := range page.Hops {
				if hop.Link.Key == string(ParentOf) {
					parents = append(parents, hop.Far)
				}
			}
			if page.More {
				r.IDs = append(r.IDs, id)
				r.After[id] = page.Hops[len(page.Hops)-1].Cursor()
			}
		}
	}
	return parents, nil
}
