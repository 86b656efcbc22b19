package bulk

import (
	"context"
	"slices"

	"casegraph"
	"casegraph/cases"
)

// Bulk is what a bulk has come to; nil if there is none, or none that the asker
// may see.
func (r *Runner) Bulk(ctx context.Context, by cases.Asker, id casegraph.ID) (*casegraph.Bulk, error) {
	values, err := r.store.Values(ctx, []string{headKey(id)}, casegraph.TimeOf(r.now()))
	if err != nil {
		return nil, err
	}
	b, err := readHead(values[headKey(id)])
	if err != nil || b == nil || !sees(by, b) {
		return nil, err
	}
	return b, nil
}

// Placed is an item and its place in the bulk, from 0.
type Placed struct {
	At int
	casegraph.BulkItem
}

// Items are those of each bulk with one of the outcomes, from a place on, in
// order and at most most; all outcomes if none are named. They are read in one
// call.
func (r *Runner) Items(ctx context.Context, bulks []*casegraph.Bulk, from, most int, outcomes []casegraph.BulkOutcome) ([][]Placed, error) {
	var keys []string
	for _, b := range bulks {
		until := b.Position()
		if len(outcomes) == 0 {
			until = min(until, from+most)
		}
		for at := from / slot * slot; at < until; at += slot {
			keys = append(keys, slotKey(b.ID, at))
		}
	}
	all := make([][]Placed, len(bulks))
	if len(keys) == 0 {
		return all, nil
	}
	values, err := r.store.Values(ctx, keys, casegraph.TimeOf(r.now()))
	if err != nil {
		return nil, err
	}
	for i, b := range bulks {
		for at := from / slot * slot; at < b.Position() && len(all[i]) < most; at += slot {
			var items []casegraph.BulkItem
			if err := read(values[slotKey(b.ID, at)], &items); err != nil {
				return nil, err
			}
			for j, item := range items {
				if at+j >= from && len(all[i]) < most && (len(outcomes) == 0 || slices.Contains(outcomes, item.Outcome)) {
					all[i] = append(all[i], Placed{at + j, item})
				}
			}
		}
	}
	return all, nil
}
