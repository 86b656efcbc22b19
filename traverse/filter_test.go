package traverse

import (
	"context"
	"slices"
	"strings"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// randomFilter is a tree of conditions on the graph, on ids and on versions.
func randomFilter(t *rapid.T, names []casegraph.ID, depth int) casegraph.Filter {
	some := func(label string) []casegraph.Filter {
		n := rapid.IntRange(1, 2).Draw(t, label)
		parts := make([]casegraph.Filter, n)
		for i := range parts {
			parts[i] = randomFilter(t, names, depth-1)
		}
		return parts
	}
	if depth > 0 {
		switch rapid.IntRange(0, 4).Draw(t, "shape") {
		case 0:
			return casegraph.Filter{And: some("and")}
		case 1:
			return casegraph.Filter{Or: some("or")}
		case 2:
			not := randomFilter(t, names, depth-1)
			return casegraph.Filter{Not: &not, And: some("beside")}
		case 3:
			return casegraph.Filter{Or: some("or"), And: some("and"), Path: "id", Op: casegraph.OpGte, Value: string(rapid.SampledFrom(names).Draw(t, "from"))}
		}
	}
	g := casegraph.GraphCondition{}
	switch rapid.IntRange(0, 5).Draw(t, "condition") {
	case 0:
		g.ConnectedTo, g.Within, g.Kinds = rapid.SampledFrom(names).Draw(t, "to"), rapid.IntRange(1, 2).Draw(t, "within"), randomKinds(t)
	case 1:
		g.SharesIdentifierWith = rapid.SampledFrom(names).Draw(t, "with")
		g.IdentifierKinds = rapid.SampledFrom([][]casegraph.IdentifierKind{nil, {"phone"}, {"ip", "email"}}).Draw(t, "of kinds")
	case 2:
		n := rapid.IntRange(0, 3).Draw(t, "degree")
		g.Degree, g.Kinds = &casegraph.DegreeRange{AtLeast: &n}, randomKinds(t)
	case 3:
		n := rapid.IntRange(0, 3).Draw(t, "degree")
		g.Degree, g.Kinds = &casegraph.DegreeRange{AtMost: &n}, randomKinds(t)
	case 4:
		g.Related = &casegraph.RelatedCondition{}
	case 5:
		g.Related = &casegraph.RelatedCondition{MinScore: new(rapid.SampledFrom([]float64{0.05, 0.3, 1}).Draw(t, "score"))}
	}
	return casegraph.Filter{Graph: &g}
}

// plainly tells whether a filter holds for a node, asked of it alone.
func (g *drawn) plainly(t *rapid.T, f *casegraph.Filter, id casegraph.ID, mask casegraph.Mask) bool {
	all := func(f casegraph.Filter) bool { return g.plainly(t, &f, id, mask) }
	none := func(f casegraph.Filter) bool { return !all(f) }
	comparison := casegraph.Filter{Path: f.Path, Op: f.Op, Value: f.Value}
	return comparison.Matches(g.nodes[id]) && !slices.ContainsFunc(f.And, none) && (len(f.Or) == 0 || slices.ContainsFunc(f.Or, all)) &&
		(f.Not == nil || none(*f.Not)) && (f.Graph == nil || g.stands(t, f.Graph, id, mask))
}

func (g *drawn) stands(t *rapid.T, c *casegraph.GraphCondition, id casegraph.ID, mask casegraph.Mask) bool {
	hops := func(id casegraph.ID, kinds ...casegraph.LinkKind) []casegraph.Hop {
		return g.follows(id, kinds, "", nil, mask)
	}
	switch {
	case c.ConnectedTo != "":
		for _, first := range hops(c.ConnectedTo, c.Kinds...) {
			if first.Far == id && id != c.ConnectedTo {
				return true
			}
			if around := hops(first.Far, c.Kinds...); c.Within == 2 && id != c.ConnectedTo && !g.isHub(first.Far, len(around), DefaultHubLimits()) &&
				slices.ContainsFunc(around, func(second casegraph.Hop) bool { return second.Far == id }) {
				return true
			}
		}
		return false
	case c.SharesIdentifierWith != "":
		mine, theirs := g.identifiers(id, mask), g.identifiers(c.SharesIdentifierWith, mask)
		return id != c.SharesIdentifierWith && slices.ContainsFunc(mine, func(shared casegraph.ID) bool {
			kind := g.nodes[shared].Class().IdentifierKind()
			return slices.Contains(theirs, shared) && (len(c.IdentifierKinds) == 0 || slices.Contains(c.IdentifierKinds, kind))
		})
	case c.Degree != nil:
		kinds := c.Kinds
		if len(kinds) == 0 {
			kinds = casegraph.LinkKinds()[:8]
		}
		n := len(hops(id, kinds...))
		return (c.Degree.AtLeast == nil || n >= *c.Degree.AtLeast) && (c.Degree.AtMost == nil || n <= *c.Degree.AtMost)
	case c.Related.MinScore != nil:
		answer, err := RelatedCases(context.Background(), g, RelatedQuery{Of: id, Mask: mask})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(answer.Nodes, func(n RelatedNode) bool { return n.Score >= *c.Related.MinScore })
	case g.nodes[id].Kind() == casegraph.KindCase:
		return len(hops(id, casegraph.LinkRelatesTo)) > 0
	}
	return len(hops(id, casegraph.LinkContains)) > 0
}

// identifiers are those of a node; of a case, of all that it contains.
func (g *drawn) identifiers(id casegraph.ID, mask casegraph.Mask) (found []casegraph.ID) {
	switch kind, _ := casegraph.KindOf(id); kind {
	case casegraph.KindIdentifier:
		return []casegraph.ID{id}
	case casegraph.KindCase:
		for _, hop := range g.follows(id, []casegraph.LinkKind{casegraph.LinkContains}, "", nil, mask) {
			found = append(found, g.identifiers(hop.Far, mask)...)
		}
		return found
	}
	for _, hop := range g.follows(id, []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkShows}, casegraph.DirectionOut, nil, mask) {
		if hop.Link.Kind == casegraph.LinkHas || !strings.HasPrefix(string(id), "act_") {
			found = append(found, hop.Far)
		}
	}
	return found
}

// A filter holds for the nodes of which each condition is true when asked of them
// alone, wherever it stands in the tree; and what a mask hides might as well not
// be there.
func graphFilters(t *rapid.T) {
	g, mask := maskedGraph(t)
	kind := rapid.SampledFrom([]casegraph.Kind{casegraph.KindCase, casegraph.KindAccount}).Draw(t, "kind")
	names := g.visible(mask)
	r := casegraph.ListRequest{Kind: kind, Filter: randomFilter(t, names, 2), Mask: mask}
	worked, err := Filter(context.Background(), g, r, nil, 0)
	bare, bareErr := Filter(context.Background(), g.lacking(mask), r, nil, 0)
	if asked, without := answerText(t, worked, err), answerText(t, bare, bareErr); asked != without {
		t.Fatalf("masked by %+v\n%s\nwithout what is hidden\n%s", mask, asked, without)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := worked.Check(); err != nil {
		t.Fatal(err)
	}
	for _, id := range names {
		if n := g.nodes[id]; n.Kind() == kind {
			if got, want := worked.Matches(n), g.plainly(t, &r.Filter, id, mask); got != want {
				t.Fatalf("%s: %v; want %v: %s", id, got, want, answerText(t, r.Filter, nil))
			}
		}
	}
}

func TestConditionsOnTheGraph(t *testing.T) { rapid.Check(t, graphFilters) }

// What would cost too much is refused, and the refusal tells what it would cost.
func TestConditionsOnTheGraphAreBounded(t *testing.T) {
	connected := func(within int) casegraph.Filter {
		return casegraph.Filter{Graph: &casegraph.GraphCondition{ConnectedTo: "act_hub", Within: within}}
	}
	for name, try := range map[string]struct {
		graph  string
		filter casegraph.Filter
		says   string
	}{
		"too many nodes": {fan("act_hub PAID act_%d", MostFilterNodes+1), connected(1), "holds for 1001 nodes, and at most 1000"},
		"too many links": {fan("act_hub PAID act_one #%d", MostFilterLinks+1), connected(1), "would read 10001 links more, and at most 10000"},
		"links farther off": {"act_hub PAID act_one\n" + fan("act_one PAID act_two #%d", MostFilterLinks-1), connected(2),
			"would read 10000 links more, and at most 10000"},
		"too many to look at": {fan("act_hub PAID act_%d", MostFilterNodes), casegraph.Filter{Graph: &casegraph.GraphCondition{Degree: &casegraph.DegreeRange{AtLeast: new(1)}}},
			"would look at 1001 nodes, and at most 1000"},
		"too many to score": {fan("act_hub PAID act_%d", MostScored), casegraph.Filter{Graph: &casegraph.GraphCondition{Related: &casegraph.RelatedCondition{MinScore: new(1.0)}}},
			"would look at 26 nodes, and at most 25"},
	} {
		t.Run(name, func(t *testing.T) {
			r := casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: try.filter}
			_, err := Filter(context.Background(), draw(try.graph), r, nil, 0)
			if casegraph.CodeOf(err) != casegraph.CodeTooLarge || !strings.Contains(err.Error(), try.says) {
				t.Errorf("got %v; want TOO_LARGE that says %q", err, try.says)
			}
		})
	}
	for name, try := range map[string]struct {
		c     casegraph.GraphCondition
		code  casegraph.Code
		field string
	}{
		"nothing there":      {casegraph.GraphCondition{ConnectedTo: "act_none", Within: 1}, casegraph.CodeNotFound, "filter.connectedTo.id"},
		"too far":            {casegraph.GraphCondition{ConnectedTo: "act_a", Within: 3}, casegraph.CodeBadInput, "filter.connectedTo.within"},
		"shared with nobody": {casegraph.GraphCondition{SharesIdentifierWith: "act_none"}, casegraph.CodeNotFound, "filter.sharesIdentifierWith.id"},
		"a degree of none":   {casegraph.GraphCondition{Degree: &casegraph.DegreeRange{}}, casegraph.CodeBadInput, "filter.degree"},
		"no score":           {casegraph.GraphCondition{Related: &casegraph.RelatedCondition{MinScore: new(0.0)}}, casegraph.CodeBadInput, "filter.hasRelatedCase.minScore"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Filter(context.Background(), draw("act_a PAID act_b"), casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: casegraph.Filter{Graph: &try.c}}, nil, 0)
			refused(t, err, try.code, try.field)
		})
	}
}

// Conditions that narrow are asked first, wherever they stand: then others look at
// few nodes.
func TestConditionsOnTheGraphNarrowEachOther(t *testing.T) {
	g := draw(fan("act_%d PAID act_sink", MostFilterNodes+1) + "act_7 HAS idn_phone-1\nact_8 HAS idn_phone-1")
	degree := casegraph.Filter{Graph: &casegraph.GraphCondition{Degree: &casegraph.DegreeRange{AtLeast: new(2)}}}
	shares := casegraph.Filter{Graph: &casegraph.GraphCondition{SharesIdentifierWith: "act_7"}}
	worked, err := Filter(context.Background(), g, casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: casegraph.Filter{And: []casegraph.Filter{{Or: []casegraph.Filter{degree}}, degree, shares}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !worked.Matches(g.nodes["act_8"]) || worked.Matches(g.nodes["act_7"]) {
		t.Errorf("%+v", worked)
	}
}
