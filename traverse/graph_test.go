package traverse

import (
	"context"
	"errors"
	"testing"

	"casegraph"
)

// failing is a graph that fails at a call and works before.
type failing struct {
	*drawn
	left int
}

var errGone = errors.New("the store is gone")

func (f *failing) call() error {
	if f.left == 0 {
		return errGone
	}
	f.left--
	return nil
}

func (f *failing) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if err := f.call(); err != nil {
		return nil, err
	}
	return f.drawn.Nodes(ctx, r)
}

func (f *failing) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := f.call(); err != nil {
		return nil, err
	}
	return f.drawn.Links(ctx, r)
}

func (f *failing) Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	if err := f.call(); err != nil {
		return nil, err
	}
	return f.drawn.Evidence(ctx, r)
}

// A store that fails at any of the calls fails the traversal: none takes a
// missing answer for an empty one.
func TestAStoreThatFailsFailsTheTraversal(t *testing.T) {
	g := draw(ring + diamond)
	ctx := context.Background()
	for name, ask := range map[string]func(Graph) (Cost, error){
		"expand": func(g Graph) (Cost, error) {
			answer, err := Expand(ctx, g, ExpandQuery{From: ids("case_4"), Depth: 3, Evidence: 1})
			return answer.Cost, err
		},
		"paths": func(g Graph) (Cost, error) {
			answer, err := Paths(ctx, g, PathsQuery{From: ids("case_1"), To: ids("act_zoe"), Evidence: 1})
			return answer.Cost, err
		},
		"cheapest paths": func(g Graph) (Cost, error) {
			answer, err := Paths(ctx, g, PathsQuery{Mode: Cheapest, From: ids("case_1"), To: ids("act_dan"), MaxLength: 8, Evidence: 1})
			return answer.Cost, err
		},
		"component": func(g Graph) (Cost, error) {
			answer, err := ComponentOf(ctx, g, ComponentQuery{Of: "case_1"})
			return answer.Cost, err
		},
		"related": func(g Graph) (Cost, error) {
			answer, err := RelatedCases(ctx, g, RelatedQuery{Of: "case_1", Evidence: 1})
			return answer.Cost, err
		},
		"pivots": func(g Graph) (Cost, error) {
			answer, err := SuggestPivots(ctx, g, PivotsQuery{From: ids("case_1")})
			return answer.Cost, err
		},
		"linked": func(g Graph) (Cost, error) {
			answer, err := LinkedAccounts(ctx, g, RelatedQuery{Of: "act_ann", Evidence: 1})
			return answer.Cost, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			cost, err := ask(g)
			if err != nil || cost.StoreCalls < 4 {
				t.Fatal(cost, err)
			}
			for calls := range cost.StoreCalls {
				if _, err := ask(&failing{drawn: g, left: calls}); !errors.Is(err, errGone) {
					t.Errorf("after %d calls: %v", calls, err)
				}
			}
		})
	}
}
