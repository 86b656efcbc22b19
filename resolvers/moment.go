package resolvers

import (
	"context"
	"fmt"

	"casegraph"
	"casegraph/api"
)

// moment is the number that an argument such as asOf means; 0 is now.
func (r *Resolver) moment(ctx context.Context, argument string, m *api.Moment) (casegraph.Seq, error) {
	switch {
	case m == nil:
		return 0, nil
	case (m.Event == nil) == (m.At == nil):
		return 0, casegraph.BadInput("%s: give either event or at", argument)
	case m.Event != nil:
		_, last, err := r.Store.Events(ctx, 0, 1)
		if err == nil && (*m.Event < 1 || *m.Event > last) {
			err = casegraph.BadInput("%s.event: from 1 to %d, the log's last event", argument, last)
		}
		return *m.Event, err
	}
	seq, err := casegraph.SeqAt(ctx, r.Store, *m.At)
	if err == nil && seq == 0 {
		err = casegraph.BadInput("%s.at: nothing was recorded by then", argument)
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
