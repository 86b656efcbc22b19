package traverse

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// lacking is the graph without what a mask hides, as if it had never been.
func (g *drawn) lacking(mask casegraph.Mask) *drawn {
	bare := draw("")
	for _, id := range g.visible(mask) {
		bare.nodes[id] = g.nodes[id]
	}
	for _, link := range g.links {
		if bare.nodes[link.From] != nil && bare.nodes[link.To] != nil {
			bare.links = append(bare.links, link)
			bare.at[link.From] = append(bare.at[link.From], link)
			bare.at[link.To] = append(bare.at[link.To], link)
		}
	}
	for pair, shows := range g.shows {
		if bare.nodes[pair.Account] != nil && bare.nodes[pair.Identifier] != nil {
			bare.shows[pair] = shows
		}
	}
	return bare
}

// maskedGraph is a random graph with some cases restricted, and evidence behind
// its HAS links, and a mask that hides some of it or nothing.
func maskedGraph(t *rapid.T) (*drawn, casegraph.Mask) {
	g := randomGraph(t)
	for _, id := range slices.Sorted(maps.Keys(g.nodes)) {
		if of, is := g.nodes[id].(*casegraph.Case); is {
			of.Restricted = rapid.Bool().Draw(t, "restricted")
		}
	}
	for _, link := range g.links {
		if link.Kind == casegraph.LinkHas {
			g.shows[link.Pair()] = []*casegraph.Link{{LinkID: casegraph.LinkID{From: link.From, Kind: casegraph.LinkShows, To: link.To}, Count: 1}}
		}
	}
	mask := casegraph.Mask{RestrictedCases: rapid.Bool().Draw(t, "cases are hidden")}
	mask.IdentifierKinds = rapid.SampledFrom([][]casegraph.IdentifierKind{nil, {"ip"}, {"phone"}, {"phone", "ip"}}).Draw(t, "kinds are hidden")
	return g, mask
}

// question is any question, of nodes that may be hidden or not be there.
func (g *drawn) question(t *rapid.T) func(Graph, casegraph.Mask) (any, error) {
	all := append(slices.Sorted(maps.Keys(g.nodes)), "act_none", "case_none")
	nodes := func(name string, least, most int) []casegraph.ID {
		return rapid.SliceOfN(rapid.SampledFrom(all), least, most).Draw(t, name)
	}
	budget := func(name string) int { return rapid.SampledFrom([]int{0, 0, 0, 2, 4, 8}).Draw(t, name) }
	limits, kinds := randomHubLimits(t), randomKinds(t)
	direction := rapid.SampledFrom([]casegraph.Direction{"", casegraph.DirectionOut, casegraph.DirectionIn}).Draw(t, "direction")
	nodeKinds := rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}, {casegraph.KindCase, casegraph.KindAccount}}).Draw(t, "nodeKinds")
	since := rapid.SampledFrom([]casegraph.Time{0, 0, 2}).Draw(t, "since")
	evidence := rapid.IntRange(0, 2).Draw(t, "evidence")
	maxNodes, maxLinks := budget("maxNodes"), budget("maxLinks")
	ctx := context.Background()
	switch rapid.SampledFrom([]string{"expand", "paths", "cases", "accounts", "component"}).Draw(t, "question") {
	case "expand":
		q := ExpandQuery{From: nodes("from", 1, 2), Depth: rapid.IntRange(1, 4).Draw(t, "depth"), Kinds: kinds, NodeKinds: nodeKinds, Direction: direction,
			Since: since, PerNode: rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "perNode"), HubLimits: limits, MaxNodes: maxNodes, MaxLinks: maxLinks, Evidence: evidence}
		return func(g Graph, mask casegraph.Mask) (any, error) { q.Mask = mask; return Expand(ctx, g, q) }
	case "paths":
		q := PathsQuery{From: nodes("from", 1, 2), To: nodes("to", 1, 2), Avoid: nodes("avoid", 0, 1), Through: nodes("through", 0, 1),
			Mode:      rapid.SampledFrom([]PathMode{Shortest, KShortest, AllWithin, Cheapest}).Draw(t, "mode"),
			MaxLength: rapid.IntRange(1, 5).Draw(t, "maxLength"), MaxPaths: rapid.IntRange(1, 4).Draw(t, "maxPaths"), Kinds: kinds, NodeKinds: nodeKinds,
			Direction: direction, Since: since, HubLimits: limits, MaxNodes: maxNodes, MaxLinks: maxLinks, Evidence: evidence}
		return func(g Graph, mask casegraph.Mask) (any, error) { q.Mask = mask; return Paths(ctx, g, q) }
	case "cases", "accounts":
		q := RelatedQuery{Of: nodes("of", 1, 1)[0], MaxLength: rapid.IntRange(1, 6).Draw(t, "maxLength"), Since: since, HubLimits: limits,
			First: rapid.IntRange(1, 4).Draw(t, "first"), MaxNodes: maxNodes, MaxLinks: maxLinks, Now: 10, Evidence: evidence}
		if kind, _ := casegraph.KindOf(q.Of); kind == casegraph.KindAccount && rapid.Bool().Draw(t, "accounts") {
			return func(g Graph, mask casegraph.Mask) (any, error) { q.Mask = mask; return LinkedAccounts(ctx, g, q) }
		}
		return func(g Graph, mask casegraph.Mask) (any, error) { q.Mask = mask; return RelatedCases(ctx, g, q) }
	}
	q := ComponentQuery{Of: nodes("of", 1, 1)[0], Kinds: kinds, NodeKinds: nodeKinds, Since: since, HubLimits: limits, MaxNodes: maxNodes,
		MaxLinks: maxLinks, List: rapid.IntRange(1, 10).Draw(t, "list")}
	return func(g Graph, mask casegraph.Mask) (any, error) { q.Mask = mask; return ComponentOf(ctx, g, q) }
}

// What a mask hides leaves no trace: the whole answer, with its counts, degrees,
// boundaries, cursors, scores and cost, or the refusal, is that of a graph which
// has none of it.
func maskedAnswers(t *rapid.T) {
	g, mask := maskedGraph(t)
	ask := g.question(t)
	got, refused := ask(g, mask)
	want, wantRefused := ask(g.lacking(mask), mask)
	if asked, bare := answerText(t, got, refused), answerText(t, want, wantRefused); asked != bare {
		t.Fatalf("masked by %+v\n%s\nwithout what is hidden\n%s", mask, asked, bare)
	}
}

func answerText(t *rapid.T, answer any, err error) string {
	if err != nil {
		answer = err
	}
	text, failed := json.MarshalIndent(answer, "", " ")
	if failed != nil {
		t.Fatal(failed)
	}
	if err != nil {
		return err.Error() + string(text)
	}
	return string(text)
}

func TestWhatIsMaskedMightAsWellNotBeThere(t *testing.T) { rapid.Check(t, maskedAnswers) }

func FuzzMask(f *testing.F) { f.Fuzz(rapid.MakeFuzz(maskedAnswers)) }
