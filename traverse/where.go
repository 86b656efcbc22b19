package traverse

import (
	"context"
	"strings"

	"casegraph"
)

// Where says, for some kinds of nodes, which of them may be met. Nodes that the
// question names always may. A node that it leaves out is not there: neither
// in the answer nor passed through; only degrees, and what is taken of one
// node at most, count the links to it.
type Where map[casegraph.Kind]casegraph.Filter

func (w Where) check(mask casegraph.Mask) error {
	for kind, filter := range w {
		// Which nodes a comparison holds for would tell what their fields are.
		if mask.HidesFields() && filter.AsksFields() {
			return &casegraph.Error{Code: casegraph.CodeForbidden, Field: "where", Message: "where: your role does not see fields"}
		}
		if !kind.Valid() {
			return casegraph.BadInput("where: %q is no kind of node", kind)
		}
		if err := filter.Check(); err != nil {
			return casegraph.BadInput("where.%s: %s", strings.ToLower(string(kind)), strings.TrimPrefix(err.Error(), "filter: "))
		}
	}
	return nil
}

// sift finds out which nodes of lists the filters leave out: those that are
// neither met nor judged yet are read, in one call.
func (r *reader) sift(ctx context.Context, w Where, mask casegraph.Mask, pages map[casegraph.ID]casegraph.LinkPage,
	met func(casegraph.ID) bool) error {
	if len(w) == 0 {
		return nil
	}
	open := map[casegraph.ID]bool{}
	var ids []casegraph.ID
	for _, page := range pages {
		for i := range page.Hops {
			far := page.Hops[i].Far
			if _, filtered := w[page.Hops[i].FarClass.Kind()]; filtered && !open[far] && !r.left[far] && !met(far) && !page.Hops[i].Link.Refused() {
				open[far] = true
				ids = append(ids, far)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var nodes map[casegraph.ID]casegraph.Node
	err := r.inTime(ctx, func(ctx context.Context) (err error) {
		r.cost.StoreCalls++
		nodes, err = r.graph.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: r.asOf, Mask: mask})
		return err
	})
	if err != nil {
		return err
	}
	if r.left == nil {
		r.left = map[casegraph.ID]bool{}
	}
	for _, id := range ids {
		n := nodes[id]
		if n == nil {
			r.left[id] = true
		} else if filter := w[n.Kind()]; !filter.Matches(n) {
			r.left[id] = true
		}
	}
	return nil
}
