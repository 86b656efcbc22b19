package sums

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// mendedAtOnce is how many sums one transaction mends, so that nobody waits for
// long.
const mendedAtOnce = 500

// mend has the sums that differ worked out again, and keeps with the last of
// them how far the repair is.
func (r *run) mend(ctx context.Context, differences []Difference) error {
	for some := range slices.Chunk(differences, mendedAtOnce) {
		if err := r.commit(ctx, mended(some)); err != nil {
			return err
		}
	}
	data, err := json.Marshal(r.at)
	if err != nil {
		return err
	}
	return r.commit(ctx, []commit.Change{{Decide: func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Values: []casegraph.Value{{Key: positionKey, Data: data}}}, nil
	}}})
}

// mended are changes that each tell what is mended of one account.
func mended(differences []Difference) []commit.Change {
	var changes []commit.Change
	for len(differences) > 0 {
		account := differences[0].Account
		var pairs []casegraph.Pair
		for len(differences) > 0 && differences[0].Account == account {
			pairs, differences = append(pairs, differences[0].Pair), differences[1:]
		}
		changes = append(changes, commit.Change{Decide: func(*commit.View) (*commit.Writes, error) {
			return &commit.Writes{Sums: pairs, Events: []commit.Event{{Name: "account.sums-mended", Subject: account,
				Note: fmt.Sprintf("%d identifiers that it has were summed again from what is shown", len(pairs))}}}, nil
		}})
	}
	return changes
}

func (r *run) commit(ctx context.Context, changes []commit.Change) error {
	results, err := r.Committer.DoAll(ctx, changes)
	for _, result := range results {
		if err == nil {
			err = result.Err
		}
	}
	return err
}
