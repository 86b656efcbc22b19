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
		if account, is := g.nodes[id].(*casegraph.Account); is && mask.HidesFields() {
			without := *account
			without.Fields = nil
			bare.nodes[id] = &without
		}
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

// maskedGraph is a random graph with some cases restricted, types and fields of
// accounts, and evidence behind its HAS links, and a mask that hides some of it
// or nothing.
func maskedGraph(t *rapid.T) (*drawn, casegraph.Mask) {
	g := randomGraph(t)
	for _, id := range slices.Sorted(maps.Keys(g.nodes)) {
		if of, is := g.nodes[id].(*casegraph.Case); is {
			of.Restricted = rapid.Bool().Draw(t, "restricted")
		}
		if account, is := g.nodes[id].(*casegraph.Account); is {
			account.AccountType = rapid.SampledFrom([]string{"", "mule"}).Draw(t, "type")
			account.Fields = casegraph.Fields(rapid.SampledFrom([]string{`{}`, `{"number":"12"}`}).Draw(t, "fields"))
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

// asked is an answer and what all answers have.
type asked struct {
	answer     any
	boundaries []Boundary
	forecast   *Forecast
	cost       Cost
	err        error
}

// ask is a question: of a graph under a mask, whether to answer or to tell what
// it would cost.
type ask func(g Graph, mask casegraph.Mask, dryRun bool) asked

// randomWhere keeps some accounts or cases, or all.
func randomWhere(t *rapid.T) Where {
	return rapid.SampledFrom([]Where{nil, nil,
		{casegraph.KindAccount: {Path: "accountType", Op: casegraph.OpEq, Value: "mule"}},
		{casegraph.KindAccount: {Path: "fields.number", Op: casegraph.OpPrefix, Value: "1"}},
		{casegraph.KindCase: {Path: "restricted", Op: casegraph.OpExists, Value: false}, casegraph.KindAccount: oneOf("act_1", "act_2", "act_3")},
	}).Draw(t, "where")
}

// question is any question, of nodes that may be hidden or not be there.
func (g *drawn) question(t *rapid.T) ask {
	all := append(slices.Sorted(maps.Keys(g.nodes)), "act_none", "case_none")
	nodes := func(name string, least, most int) []casegraph.ID {
		return rapid.SliceOfN(rapid.SampledFrom(all), least, most).Draw(t, name)
	}
	budget := func(name string) int { return rapid.SampledFrom([]int{0, 0, 0, 2, 4, 8}).Draw(t, name) }
	limits, kinds, where := randomHubLimits(t), randomKinds(t), randomWhere(t)
	direction := rapid.SampledFrom([]casegraph.Direction{"", casegraph.DirectionOut, casegraph.DirectionIn}).Draw(t, "direction")
	nodeKinds := rapid.SampledFrom([][]casegraph.Kind{nil, {casegraph.KindAccount, casegraph.KindIdentifier}, {casegraph.KindCase, casegraph.KindAccount}}).Draw(t, "nodeKinds")
	since := rapid.SampledFrom([]casegraph.Time{0, 0, 2}).Draw(t, "since")
	asOf := rapid.SampledFrom([]casegraph.Seq{0, 0, 5}).Draw(t, "asOf")
	evidence := rapid.IntRange(0, 2).Draw(t, "evidence")
	maxNodes, maxLinks := budget("maxNodes"), budget("maxLinks")
	ctx := context.Background()
	switch rapid.SampledFrom([]string{"expand", "paths", "cases", "accounts", "component", "pivots", "changes"}).Draw(t, "question") {
	case "expand":
		q := ExpandQuery{From: nodes("from", 1, 2), Depth: rapid.IntRange(1, 4).Draw(t, "depth"), Kinds: kinds, NodeKinds: nodeKinds, Direction: direction, AsOf: asOf,
			Since: since, PerNode: rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "perNode"), HubLimits: limits, MaxNodes: maxNodes, MaxLinks: maxLinks, Evidence: evidence, Where: where}
		return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
			q.Mask, q.DryRun = mask, dryRun
			a, err := Expand(ctx, g, q)
			return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
		}
	case "paths":
		q := PathsQuery{From: nodes("from", 1, 2), To: nodes("to", 1, 2), Avoid: nodes("avoid", 0, 1), Through: nodes("through", 0, 1), AsOf: asOf,
			Mode:      rapid.SampledFrom([]PathMode{Shortest, KShortest, AllWithin, Cheapest}).Draw(t, "mode"),
			MaxLength: rapid.IntRange(1, 5).Draw(t, "maxLength"), MaxPaths: rapid.IntRange(1, 4).Draw(t, "maxPaths"), Kinds: kinds, NodeKinds: nodeKinds,
			Direction: direction, Since: since, HubLimits: limits, MaxNodes: maxNodes, MaxLinks: maxLinks, Evidence: evidence, Where: where}
		return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
			q.Mask, q.DryRun = mask, dryRun
			a, err := Paths(ctx, g, q)
			return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
		}
	case "cases", "accounts":
		q := RelatedQuery{Of: nodes("of", 1, 1)[0], MaxLength: rapid.IntRange(1, 6).Draw(t, "maxLength"), Since: since, HubLimits: limits, AsOf: asOf,
			First: rapid.IntRange(1, 4).Draw(t, "first"), MaxNodes: maxNodes, MaxLinks: maxLinks, Now: 10, Evidence: evidence}
		by := RelatedCases
		if kind, _ := casegraph.KindOf(q.Of); kind == casegraph.KindAccount && rapid.Bool().Draw(t, "accounts") {
			by = LinkedAccounts
		}
		return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
			q.Mask, q.DryRun = mask, dryRun
			a, err := by(ctx, g, q)
			return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
		}
	case "pivots":
		q := PivotsQuery{From: nodes("from", 1, 2), Expanded: nodes("expanded", 0, 2), Kinds: kinds, NodeKinds: nodeKinds, Since: since, AsOf: asOf,
			HubLimits: limits, First: rapid.IntRange(1, 4).Draw(t, "first"), MaxNodes: maxNodes, Now: 10}
		return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
			q.Mask, q.DryRun = mask, dryRun
			a, err := SuggestPivots(ctx, g, q)
			return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
		}
	case "changes":
		q := ChangesQuery{Of: nodes("of", 1, 2), From: 1, To: 5, Depth: rapid.IntRange(1, 2).Draw(t, "depth"), Kinds: kinds, NodeKinds: nodeKinds,
			HubLimits: limits, First: rapid.IntRange(1, 4).Draw(t, "first"), MaxNodes: maxNodes}
		return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
			q.Mask, q.DryRun = mask, dryRun
			a, err := ChangesAround(ctx, g, q)
			return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
		}
	}
	q := ComponentQuery{Of: nodes("of", 1, 1)[0], Kinds: kinds, NodeKinds: nodeKinds, Since: since, HubLimits: limits, MaxNodes: maxNodes, AsOf: asOf,
		MaxLinks: maxLinks, List: rapid.IntRange(1, 10).Draw(t, "list")}
	return func(g Graph, mask casegraph.Mask, dryRun bool) asked {
		q.Mask, q.DryRun = mask, dryRun
		a, err := ComponentOf(ctx, g, q)
		return asked{a, a.Boundaries, a.Forecast, a.Cost, err}
	}
}

// What a mask hides leaves no trace: the whole answer, with its counts, degrees,
// boundaries, cursors, scores and cost, or the refusal, or what it would cost, is
// that of a graph which has none of it.
func maskedAnswers(t *rapid.T) {
	g, mask := maskedGraph(t)
	ask := g.question(t)
	for _, dryRun := range []bool{false, true} {
		got, want := ask(g, mask, dryRun), ask(g.lacking(mask), mask, dryRun)
		if asked, bare := answerText(t, got.answer, got.err), answerText(t, want.answer, want.err); asked != bare {
			t.Fatalf("masked by %+v\n%s\nwithout what is hidden\n%s", mask, asked, bare)
		}
	}
}

// A comment in a case that is hidden is hidden, too, also where its id is known.
func TestAHiddenCasesCommentsAreHidden(t *testing.T) {
	g := draw("cmt_a ABOUT case_k!\ncmt_b ABOUT case_k!\ncmt_b ABOUT cmt_a")
	about, mask := []casegraph.LinkKind{casegraph.LinkAbout}, casegraph.Mask{RestrictedCases: true}
	for name, ask := range map[string]func() error{
		"from": func() error {
			_, err := Expand(context.Background(), g, ExpandQuery{From: ids("cmt_a"), Kinds: about, Mask: mask})
			return err
		},
		"to": func() error {
			_, err := Paths(context.Background(), g, PathsQuery{From: ids("cmt_a"), To: ids("cmt_b"), Kinds: about, Mask: mask})
			return err
		},
		"of": func() error {
			_, err := ComponentOf(context.Background(), g, ComponentQuery{Of: "cmt_a", Kinds: about, Mask: mask})
			return err
		},
	} {
		if err := ask(); casegraph.CodeOf(err) != casegraph.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	answer := expandIn(t, g, ExpandQuery{From: ids("cmt_a"), Kinds: about})
	equal(t, "who sees the case", stepText(answer.Links), "cmt_a ABOUT case_k!, cmt_b ABOUT cmt_a")
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

func TestWhatIsMaskedMightAsWellNotBeThere(t *testing.T) {
	for range 20 { // a hundred questions hardly meet every way to give something away
		rapid.Check(t, maskedAnswers)
	}
}

func FuzzMask(f *testing.F) { f.Fuzz(rapid.MakeFuzz(maskedAnswers)) }
