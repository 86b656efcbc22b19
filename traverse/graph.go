// Package traverse answers questions about the graph that take more than one
// hop: what is around some nodes, how two are connected, which cases belong
// together. It is written over one primitive, the links of a set of nodes, so
// both stores answer alike: the same question on the same data gives the same
// answer in the same order.
//
// What the asker's mask hides is not there: it is neither met, counted nor
// passed through.
package traverse

import (
	"context"
	"slices"

	"casegraph"
)

// Graph is what a traversal reads; every casegraph.Store is one.
type Graph interface {
	Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error)
	Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error)
	Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error)
}

// Cost is what a traversal took.
type Cost struct {
	// StoreCalls counts calls to the store.
	StoreCalls int
	// Nodes counts the nodes whose links or degree were read.
	Nodes int
	// Links counts the links that were read, kept or not.
	Links int
}

// reader reads a graph and counts the cost.
type reader struct {
	stopwatch
	graph Graph
	asOf  casegraph.Seq // the past moment that is asked about; 0 is now
	cost  Cost
	left  map[casegraph.ID]bool // nodes that filters leave out
	// givesRefused leaves refused links in lists: for who reads them in pieces.
	givesRefused bool
	demanded     int // calls that read the nodes which the question names
}

// links reads links to explore; errLate if there is no time left for it.
func (r *reader) links(ctx context.Context, request casegraph.LinkRequest) (pages map[casegraph.ID]casegraph.LinkPage, err error) {
	err = r.inTime(ctx, func(ctx context.Context) (err error) {
		pages, err = r.ask(ctx, request)
		return err
	})
	return pages, err
}

func (r *reader) ask(ctx context.Context, request casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // also where the answer would come from memory
	}
	request.AsOf = r.asOf
	pages, err := r.graph.Links(ctx, request)
	r.cost.StoreCalls++
	r.cost.Nodes += len(pages)
	for id, page := range pages {
		r.cost.Links += len(page.Hops)
		if kept := standing(page.Hops); !r.givesRefused && len(kept) < len(page.Hops) {
			page.Degree -= len(page.Hops) - len(kept)
			page.Hops = kept
			pages[id] = page
		}
	}
	if err != nil || r.asOf == 0 {
		return pages, err
	}
	return pages, r.sumThen(ctx, pages)
}

// standing are the links without those that somebody refused.
func standing(hops []casegraph.Hop) []casegraph.Hop {
	refused := func(hop casegraph.Hop) bool { return hop.Link.Refused() }
	if !slices.ContainsFunc(hops, refused) {
		return hops
	}
	return slices.DeleteFunc(slices.Clone(hops), refused)
}

// sumThen gives HAS links the sums of the moment.
func (r *reader) sumThen(ctx context.Context, pages map[casegraph.ID]casegraph.LinkPage) error {
	asked, err := casegraph.SumThen(ctx, r.graph, r.asOf, pages)
	if asked {
		r.cost.StoreCalls++
	}
	return err
}

// degrees reads how many links nodes have without reading the links, whether
// there is time or not.
func (r *reader) degrees(ctx context.Context, request casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	request.DegreeOnly, request.HubLimits, request.After = true, casegraph.HubLimits{}, nil
	return r.ask(ctx, request)
}

// named are the nodes that an input of a question names.
type named struct {
	field string
	ids   []casegraph.ID
}

// demand reads the nodes that inputs name; all must be there to be seen.
func (r *reader) demand(ctx context.Context, mask casegraph.Mask, inputs ...named) (map[casegraph.ID]casegraph.Node, error) {
	var ids []casegraph.ID
	for _, input := range inputs {
		ids = append(ids, input.ids...)
	}
	nodes, err := r.nodes(ctx, ids, mask)
	if err == nil {
		err = r.hideComments(ctx, nodes, mask)
	}
	if err != nil {
		return nil, err
	}
	for _, input := range inputs {
		for _, id := range input.ids {
			if nodes[id] == nil {
				return nil, casegraph.NoSuch(input.field, "node", id)
			}
		}
	}
	return nodes, nil
}

func (r *reader) nodes(ctx context.Context, ids []casegraph.ID, mask casegraph.Mask) (map[casegraph.ID]casegraph.Node, error) {
	r.cost.StoreCalls++
	r.demanded++
	return r.graph.Nodes(ctx, casegraph.NodesRequest{IDs: ids, AsOf: r.asOf, Mask: mask})
}

// hideComments takes out the comments in cases that the asker may not see. Those
// that are met need no look: one comes to them from their case or from others
// in it.
func (r *reader) hideComments(ctx context.Context, nodes map[casegraph.ID]casegraph.Node, mask casegraph.Mask) error {
	var of []casegraph.ID
	for _, n := range nodes {
		if comment, is := n.(*casegraph.Comment); is {
			of = append(of, comment.CaseID)
		}
	}
	if len(of) == 0 {
		return nil
	}
	cases, err := r.nodes(ctx, of, mask)
	for id, n := range nodes {
		if comment, is := n.(*casegraph.Comment); is && cases[comment.CaseID] == nil {
			delete(nodes, id)
		}
	}
	return err
}

// MaxStarts is how many nodes a traversal may begin at.
const MaxStarts = 100

// distinct is the list without repeats. field is the input's name in errors.
func distinct(field string, ids []casegraph.ID) ([]casegraph.ID, error) {
	if len(ids) == 0 || len(ids) > MaxStarts {
		return nil, casegraph.BadInput("%s: from 1 to %d nodes", field, MaxStarts)
	}
	seen := make(map[casegraph.ID]bool, len(ids))
	once := make([]casegraph.ID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once, nil
}

// within is the number, or the default for 0; it refuses what is out of bounds.
func within(field string, n, byDefault, most int) (int, error) {
	if n == 0 {
		n = byDefault
	}
	if n < 1 || n > most {
		return 0, casegraph.BadInput("%s: from 1 to %d", field, most)
	}
	return n, nil
}

func checkWindow(since, until casegraph.Time) error {
	if since != 0 && until != 0 && until < since {
		return casegraph.BadInput("until: must not lie before since")
	}
	return nil
}
