package traverse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"casegraph"
)

// household: two accounts with one phone, an inquiry of the first, a case
// about it, and a carrier's address that everybody has.
const household = `
	case_1 CONTAINS inq_1 @90
	inq_1 OF act_ann @80
	inq_1 SHOWS idn_phone-1 @80
	act_ann HAS idn_phone-1 @80
	act_bob HAS idn_phone-1 @70
	act_ann HAS idn_ip-1 @60
	act_ann PAID act_bob #txn_1 @50
	act_ann PAID act_bob #txn_2 @40
`

func expandIn(t *testing.T, g *drawn, q ExpandQuery) Expansion {
	t.Helper()
	g.calls = nil
	answer, err := Expand(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func stepText(steps []Step) string {
	var lines []string
	for _, step := range steps {
		lines = append(lines, linkText(step.Link))
	}
	return strings.Join(lines, ", ")
}

func TestExpand(t *testing.T) {
	crowd := draw(household + fan("act_x%03d HAS idn_ip-1 @10", 150))
	only := func(kinds ...casegraph.LinkKind) []casegraph.LinkKind { return kinds }
	for _, test := range []struct {
		name                     string
		query                    ExpandQuery
		nodes, links, boundaries string
	}{
		{
			name:       "one hop: the newest links first, parallel ones each, and the degrees of what lies behind",
			query:      ExpandQuery{From: ids("act_ann")},
			nodes:      "act_ann:0 idn_phone-1:1 inq_1:1 idn_ip-1:1 act_bob:1",
			links:      "act_ann HAS idn_phone-1, inq_1 OF act_ann, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
			boundaries: "idn_phone-1 DEPTH 2, inq_1 DEPTH 3, idn_ip-1 DEPTH 151, act_bob DEPTH 3",
		},
		{
			name:       "an inquiry shows its identifiers; each account has them once, by HAS",
			query:      ExpandQuery{From: ids("inq_1"), Depth: 2},
			nodes:      "inq_1:0 case_1:1 act_ann:1 idn_phone-1:1 idn_ip-1:2 act_bob:2",
			links:      "case_1 CONTAINS inq_1, inq_1 OF act_ann, inq_1 SHOWS idn_phone-1, act_ann HAS idn_phone-1, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2, act_bob HAS idn_phone-1",
			boundaries: "idn_ip-1 DEPTH 151",
		},
		{
			name:       "a hub is met and not passed through",
			query:      ExpandQuery{From: ids("act_ann"), Depth: 2, Kinds: only(casegraph.LinkHas)},
			nodes:      "act_ann:0 idn_phone-1:1 idn_ip-1:1 act_bob:2",
			links:      "act_ann HAS idn_phone-1, act_ann HAS idn_ip-1, act_bob HAS idn_phone-1",
			boundaries: "idn_ip-1 HUB 151",
		},
		{
			name:       "a lower limit for one kind makes a hub of it",
			query:      ExpandQuery{From: ids("act_bob"), Depth: 2, Kinds: only(casegraph.LinkHas), HubLimits: HubLimits(map[casegraph.IdentifierKind]int{"phone": 1})},
			nodes:      "act_bob:0 idn_phone-1:1",
			links:      "act_bob HAS idn_phone-1",
			boundaries: "idn_phone-1 HUB 2",
		},
		{
			name:       "a hub that was named is gone out from; its list is cut at the cap",
			query:      ExpandQuery{From: ids("idn_ip-1"), PerNode: 2},
			nodes:      "idn_ip-1:0 act_ann:1 act_x001:1",
			links:      "act_ann HAS idn_ip-1, act_x001 HAS idn_ip-1",
			boundaries: "idn_ip-1 PAGE 151, act_ann DEPTH 5",
		},
		{
			name:       "without limits a hub is passed through",
			query:      ExpandQuery{From: ids("case_1"), Depth: 4, PerNode: 3, HubLimits: NoHubLimits()},
			nodes:      "case_1:0 inq_1:1 act_ann:2 idn_phone-1:2 idn_ip-1:3 act_bob:3 act_x001:4 act_x002:4",
			links:      "case_1 CONTAINS inq_1, inq_1 OF act_ann, inq_1 SHOWS idn_phone-1, act_ann HAS idn_phone-1, act_ann HAS idn_ip-1, act_bob HAS idn_phone-1, act_x001 HAS idn_ip-1, act_x002 HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
			boundaries: "idn_ip-1 PAGE 151",
		},
		{
			name:       "the budget of nodes ends it in the middle of a list",
			query:      ExpandQuery{From: ids("act_ann"), Depth: 2, MaxNodes: 3},
			nodes:      "act_ann:0 idn_phone-1:1 inq_1:1",
			links:      "act_ann HAS idn_phone-1, inq_1 OF act_ann",
			boundaries: "act_ann BUDGET 5, idn_phone-1 BUDGET 2, inq_1 BUDGET 3",
		},
		{
			name:       "so does the budget of links",
			query:      ExpandQuery{From: ids("act_ann"), MaxLinks: 4},
			nodes:      "act_ann:0 idn_phone-1:1 inq_1:1 idn_ip-1:1 act_bob:1",
			links:      "act_ann HAS idn_phone-1, inq_1 OF act_ann, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1",
			boundaries: "act_ann BUDGET 5, idn_phone-1 DEPTH 2, inq_1 DEPTH 3, idn_ip-1 DEPTH 151, act_bob DEPTH 3",
		},
		{
			name:       "only along the links",
			query:      ExpandQuery{From: ids("act_ann"), Direction: casegraph.DirectionOut, Depth: 2},
			nodes:      "act_ann:0 idn_phone-1:1 idn_ip-1:1 act_bob:1",
			links:      "act_ann HAS idn_phone-1, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2, act_bob HAS idn_phone-1",
			boundaries: "",
		},
		{
			name:       "only some kinds of nodes",
			query:      ExpandQuery{From: ids("act_ann"), NodeKinds: []casegraph.Kind{casegraph.KindAccount}},
			nodes:      "act_ann:0 act_bob:1",
			links:      "act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
			boundaries: "",
		},
		{
			name:       "only what held in a time; the degrees are all links'",
			query:      ExpandQuery{From: ids("act_ann"), Since: 70, Until: 80},
			nodes:      "act_ann:0 idn_phone-1:1 inq_1:1",
			links:      "act_ann HAS idn_phone-1, inq_1 OF act_ann",
			boundaries: "idn_phone-1 DEPTH 2, inq_1 DEPTH 3",
		},
		{
			name:       "what is masked is not there, nor counted",
			query:      ExpandQuery{From: ids("act_ann"), Depth: 1, Mask: casegraph.Mask{IdentifierKinds: []casegraph.IdentifierKind{"ip", "phone"}}},
			nodes:      "act_ann:0 inq_1:1 act_bob:1",
			links:      "inq_1 OF act_ann, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
			boundaries: "inq_1 DEPTH 2",
		},
		{
			name:       "from several nodes, one named twice",
			query:      ExpandQuery{From: ids("act_bob idn_phone-1 act_bob")},
			nodes:      "act_bob:0 idn_phone-1:0 act_ann:1",
			links:      "act_bob HAS idn_phone-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2, act_ann HAS idn_phone-1",
			boundaries: "act_ann DEPTH 5",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := expandIn(t, crowd, test.query)
			equal(t, "nodes", metText(answer.Nodes), test.nodes)
			equal(t, "links", stepText(answer.Links), test.links)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.boundaries)
			cut := strings.Contains(test.boundaries, "BUDGET") || strings.Contains(test.boundaries, "PAGE")
			if answer.Complete == cut {
				t.Errorf("complete is %v", answer.Complete)
			}
		})
	}
}

func TestExpandGoesOnAtABoundary(t *testing.T) {
	g := draw(household + fan("act_x%03d HAS idn_ip-1 @10", 150))
	var links []string
	query := ExpandQuery{From: ids("idn_ip-1"), PerNode: 40}
	for query.From != nil || query.After != nil {
		answer := expandIn(t, g, query)
		for _, step := range answer.Links {
			links = append(links, linkText(step.Link))
		}
		query.From, query.After = nil, nil
		if at := slices.IndexFunc(answer.Boundaries, func(b Boundary) bool { return b.Reason == Page }); at >= 0 {
			query.After = answer.Boundaries[at].Next
		}
	}
	whole := expandIn(t, g, ExpandQuery{From: ids("idn_ip-1"), PerNode: 1000})
	equal(t, "the pages together", strings.Join(links, ", "), stepText(whole.Links))
}

func TestExpandGoesOnWhereTheBudgetEnded(t *testing.T) {
	g := draw(household)
	first := expandIn(t, g, ExpandQuery{From: ids("act_ann"), MaxLinks: 2})
	equal(t, "at first", stepText(first.Links), "act_ann HAS idn_phone-1, inq_1 OF act_ann")
	second := expandIn(t, g, ExpandQuery{After: first.Boundaries[0].Next, MaxLinks: 1})
	equal(t, "then", stepText(second.Links), "act_ann HAS idn_ip-1")
	third := expandIn(t, g, ExpandQuery{After: second.Boundaries[0].Next})
	equal(t, "at last", stepText(third.Links), "act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2")

	// A budget of nothing more than the beginning goes on where it began.
	none := expandIn(t, g, ExpandQuery{After: second.Boundaries[0].Next, MaxNodes: 1})
	equal(t, "with no budget", stepText(none.Links), "")
	equal(t, "and then", stepText(expandIn(t, g, ExpandQuery{After: none.Boundaries[0].Next}).Links), stepText(third.Links))
}

func TestKindsAreASet(t *testing.T) {
	g := draw(household)
	first := expandIn(t, g, ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkOf}, PerNode: 1})
	second := expandIn(t, g, ExpandQuery{After: first.Boundaries[0].Next, PerNode: 1,
		Kinds: []casegraph.LinkKind{casegraph.LinkOf, casegraph.LinkHas, casegraph.LinkOf}})
	equal(t, "the same kinds in another order go on", stepText(second.Links), "inq_1 OF act_ann")
}

func TestExpandRefuses(t *testing.T) {
	g := draw(household + "case_2! CONTAINS act_ann")
	cursor := expandIn(t, g, ExpandQuery{From: ids("act_ann")}).Boundaries[0].Next
	for _, test := range []struct {
		name  string
		query ExpandQuery
		code  casegraph.Code
		field string
	}{
		{"no beginning", ExpandQuery{}, casegraph.CodeBadInput, "from"},
		{"too many beginnings", ExpandQuery{From: make([]casegraph.ID, MaxStarts+1)}, casegraph.CodeBadInput, "from"},
		{"a beginning that is not there", ExpandQuery{From: ids("act_nobody")}, casegraph.CodeNotFound, "from"},
		{"a beginning that is masked", ExpandQuery{From: ids("case_2!"), Mask: casegraph.Mask{RestrictedCases: true}}, casegraph.CodeNotFound, "from"},
		{"a depth past the last", ExpandQuery{From: ids("act_ann"), Depth: 7}, casegraph.CodeBadInput, "depth"},
		{"a negative depth", ExpandQuery{From: ids("act_ann"), Depth: -1}, casegraph.CodeBadInput, "depth"},
		{"a cap past the most", ExpandQuery{From: ids("act_ann"), PerNode: 10_001}, casegraph.CodeBadInput, "perNode"},
		{"too many nodes", ExpandQuery{From: ids("act_ann"), MaxNodes: 5_001}, casegraph.CodeBadInput, "maxNodes"},
		{"less nodes than begin", ExpandQuery{From: ids("act_ann act_bob"), MaxNodes: 1}, casegraph.CodeBadInput, "maxNodes"},
		{"too many links", ExpandQuery{From: ids("act_ann"), MaxLinks: 20_001}, casegraph.CodeBadInput, "maxLinks"},
		{"no such kind of link", ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{"LIKES"}}, casegraph.CodeBadInput, "kinds[0]"},
		{"no such kind of node", ExpandQuery{From: ids("act_ann"), NodeKinds: []casegraph.Kind{"PET"}}, casegraph.CodeBadInput, "nodeKinds[0]"},
		{"a window that ends before it begins", ExpandQuery{From: ids("act_ann"), Since: 2, Until: 1}, casegraph.CodeBadInput, "until"},
		{"a negative limit", ExpandQuery{From: ids("act_ann"), HubLimits: &casegraph.HubLimits{Default: -1}}, casegraph.CodeBadInput, "hubLimits"},
		{"too much evidence", ExpandQuery{From: ids("act_ann"), Evidence: 101}, casegraph.CodeBadInput, "evidence"},
		{"a beginning and a place to go on", ExpandQuery{From: ids("act_ann"), After: cursor}, casegraph.CodeBadInput, "from"},
		{"another question's place", ExpandQuery{After: cursor, Direction: casegraph.DirectionIn}, casegraph.CodeBadInput, "after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Expand(context.Background(), g, test.query)
			refused(t, err, test.code, test.field)
		})
	}
}

func TestExpandCostsACallALevel(t *testing.T) {
	g := draw(household + "act_bob HAS idn_ip-1 @60")
	g.shows[casegraph.Pair{Account: "act_ann", Identifier: "idn_phone-1"}] = []*casegraph.Link{{}, {}, {}}
	for _, test := range []struct {
		name  string
		query ExpandQuery
		calls string
	}{
		{"the beginning, a level, and the degrees behind it", ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{casegraph.LinkHas}}, "Nodes Links Links"},
		{"two levels that meet all there is", ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{casegraph.LinkHas}, Depth: 3}, "Nodes Links Links Links"},
		{"objects are read with SHOWS, in a call of their own", ExpandQuery{From: ids("act_ann"), Depth: 2}, "Nodes Links Links Links Links"},
		{"evidence is one call", ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{casegraph.LinkHas}, Evidence: 2}, "Nodes Links Links Evidence"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := expandIn(t, g, test.query)
			equal(t, "calls", strings.Join(g.calls, " "), test.calls)
			if answer.Cost.StoreCalls != len(g.calls) {
				t.Errorf("cost says %d calls", answer.Cost.StoreCalls)
			}
		})
	}
}

// What the budget has no room for is hardly read; what it has room for is read
// in few calls.
func TestExpandReadsWhatItHasRoomFor(t *testing.T) {
	payees := fan("act_ann PAID act_%03d @9", 50)
	var rich strings.Builder
	for n := range 20 {
		rich.WriteString(fan("act_%03[1]d HAS idn_device-%[1]d"+fmt.Sprintf("n%d @8", n), 50))
	}
	for _, test := range []struct {
		name  string
		graph string
		links int // that are read
		calls string
	}{
		{"nodes that have much", rich.String(), 50 + 16*21, "Nodes Links Links Links"},
		{"nodes that have little", fan("act_%03[1]d HAS idn_device-%[1]d @8", 50), 50 + 50*2, "Nodes Links Links Links Links"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := draw(payees + test.graph)
			answer := expandIn(t, g, ExpandQuery{From: ids("act_ann"), Kinds: []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkPaid}, Depth: 2})
			equal(t, "calls", strings.Join(g.calls, " "), test.calls)
			if answer.Cost.Links != test.links {
				t.Errorf("read %d links, not %d", answer.Cost.Links, test.links)
			}
		})
	}
}

// Of a node that had more links at a past moment than it has now, what was left
// is told.
func TestExpandOfAPastMomentTellsWhatWasLeft(t *testing.T) {
	then := draw(fan("case_a CONTAINS act_%d @1", 6))
	now := draw("case_a CONTAINS act_1 @1")
	now.nodes = then.nodes
	for name, q := range map[string]ExpandQuery{"PAGE": {PerNode: 1}, "BUDGET": {MaxLinks: 2}, "BUDGET of nodes": {MaxNodes: 3}} {
		q.From, q.AsOf = ids("case_a"), 5
		answer, err := Expand(context.Background(), past{now, then}, q)
		if err != nil || answer.Complete || len(answer.Boundaries) == 0 || !strings.HasPrefix(name, string(answer.Boundaries[0].Reason)) {
			t.Fatalf("%s: complete is %v, stopped at %s, %v", name, answer.Complete, boundaryText(answer.Boundaries), err)
		}
		q.From, q.After, q.MaxLinks, q.MaxNodes = nil, answer.Boundaries[0].Next, 0, 0
		if q.PerNode == 0 {
			answer, err = Expand(context.Background(), past{now, then}, q)
			if err != nil || !answer.Complete || answer.Links[len(answer.Links)-1].Far != "act_6" {
				t.Errorf("%s: goes on with %s, %v", name, stepText(answer.Links), err)
			}
		}
	}
}

func TestExpandGivesTheEvidenceOfHas(t *testing.T) {
	g := draw(household)
	shows := []*casegraph.Link{{Count: 1}, {Count: 2}, {Count: 3}}
	g.shows[casegraph.Pair{Account: "act_ann", Identifier: "idn_phone-1"}] = shows
	answer := expandIn(t, g, ExpandQuery{From: ids("act_ann"), Evidence: 2})
	for _, step := range answer.Links {
		want := 0
		if step.Link.Kind == casegraph.LinkHas && step.Far == "idn_phone-1" {
			want = 2
		}
		if len(step.Evidence) != want {
			t.Errorf("%s has %d sightings, not %d", linkText(step.Link), len(step.Evidence), want)
		}
	}
}

// warm answers from link lists that are there already, as a cache does, so
// that a benchmark measures the traversal and not what it reads from.
type warm struct {
	*drawn
	pages map[casegraph.ID]casegraph.LinkPage
}

func (w *warm) Links(_ context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	pages := make(map[casegraph.ID]casegraph.LinkPage, len(r.IDs))
	for _, id := range r.IDs {
		pages[id] = w.pages[id]
	}
	return pages, nil
}

// Two hops from a phone of 40 accounts with 4 devices each: 201 nodes.
func BenchmarkExpand(b *testing.B) {
	g := draw(fan("act_%03d HAS idn_phone-1 @9", 40) + fan("act_%03[1]d HAS idn_device-%[1]da @8", 40) + fan("act_%03[1]d HAS idn_device-%[1]db @8", 40) +
		fan("act_%03[1]d HAS idn_device-%[1]dc @8", 40) + fan("act_%03[1]d HAS idn_device-%[1]dd @8", 40))
	w := &warm{drawn: g}
	all := slices.Collect(maps.Keys(g.nodes))
	pages, err := g.Links(context.Background(), casegraph.LinkRequest{IDs: all})
	if err != nil {
		b.Fatal(err)
	}
	w.pages = pages
	query := ExpandQuery{From: ids("idn_phone-1"), Depth: 2, MaxNodes: 201}
	b.ReportAllocs()
	for b.Loop() {
		answer, err := Expand(context.Background(), w, query)
		if err != nil || len(answer.Nodes) != 201 || len(answer.Links) != 200 {
			b.Fatal(len(answer.Nodes), len(answer.Links), err)
		}
	}
}
