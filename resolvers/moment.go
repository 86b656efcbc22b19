package resolvers

import (
	"context"
	"fmt"

	"casegraph"
	"casegraph/api"
)

// moment is the number that asOf means; 0 is now.
func (r *Resolver) moment(ctx context.Context, asOf *api.Moment) (casegraph.Seq, error) {
	switch {
	case asOf == nil:
		return 0, nil
	case (asOf.Event == nil) == (asOf.At == nil):
		return 0, casegraph.BadInput("asOf: give either event or at")
	case asOf.Event != nil:
		_, last, err := r.Store.Events(ctx, 0, 1)
		if err == nil && (*asOf.Event < 1 || *asOf.Event > last) {
			err = casegraph.BadInput("asOf.event: from 1 to %d, the log's last event", last)
		}
		return *asOf.Event, err
	}
	seq, err := casegraph.SeqAt(ctx, r.Store, *asOf.At)
	if err == nil && seq == 0 {
		err = casegraph.BadInput("asOf.at: nothing was recorded by then")
	}
	return seq, err
}

// momentOf is the past moment that parents were read for, so that what hangs on
// them is read for the same; 0 is now. All parents of a field are of one.
func momentOf[P any](parents []P) casegraph.Seq {
	if len(parents) == 0 {
		return 0
	}
	moment := readFor(parents[0])
	for _, parent := range parents[1:] {
		if readFor(parent) != moment {
			panic(fmt.Sprintf("resolvers: parents of two moments, %d and %d", moment, readFor(parent)))
		}
	}
	return moment
}

func readFor(parent any) casegraph.Seq {
	switch p := parent.(type) {
	case casegraph.Node:
		return p.Head().AsOf
	case *casegraph.Link:
		return p.AsOf
	case interface{ Then() casegraph.Seq }:
		return p.Then()
	}
	return 0
}
