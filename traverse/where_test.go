package traverse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

func oneOf(ids ...string) casegraph.Filter {
	var f casegraph.Filter
	for _, id := range ids {
		f.Or = append(f.Or, casegraph.Filter{Path: "id", Op: casegraph.OpEq, Value: id})
	}
	return f
}

func TestExpandWhere(t *testing.T) {
	g := draw(household + "act_bob HAS idn_email-1 @1")
	bob := Where{casegraph.KindAccount: oneOf("act_bob")}
	answer := expandIn(t, g, ExpandQuery{From: ids("idn_phone-1"), Depth: 2, Where: bob})
	equal(t, "the others are neither there nor passed through", metText(answer.Nodes), "idn_phone-1:0 act_bob:1 idn_email-1:2")
	equal(t, "links", stepText(answer.Links), "act_bob HAS idn_phone-1, act_bob HAS idn_email-1")
	answer = expandIn(t, g, ExpandQuery{From: ids("act_ann"), Where: bob})
	equal(t, "what is named is there", metText(answer.Nodes), "act_ann:0 idn_phone-1:1 inq_1:1 idn_ip-1:1 act_bob:1")
	answer = expandIn(t, g, ExpandQuery{From: ids("idn_phone-1"), PerNode: 1, Where: bob})
	equal(t, "what is taken of a node counts the others", boundaryText(answer.Boundaries), "idn_phone-1 PAGE 2")
	on := expandIn(t, g, ExpandQuery{After: answer.Boundaries[0].Next, PerNode: 1, Where: bob})
	equal(t, "and so it goes on behind them", stepText(on.Links), "act_bob HAS idn_phone-1")
	_, err := Expand(context.Background(), g, ExpandQuery{After: answer.Boundaries[0].Next, PerNode: 1})
	refused(t, err, casegraph.CodeBadInput, "after")
	_, err = Expand(context.Background(), g, ExpandQuery{From: ids("act_ann"), Where: Where{casegraph.KindCase: {Path: "a'b", Op: casegraph.OpEq, Value: ""}}})
	refused(t, err, casegraph.CodeBadInput, "where.case")
}

func TestWhereCostsACallAWave(t *testing.T) {
	g := draw(household)
	answer := expandIn(t, g, ExpandQuery{From: ids("act_ann"), Depth: 2, Kinds: []casegraph.LinkKind{casegraph.LinkHas},
		Where: Where{casegraph.KindAccount: oneOf("act_none"), casegraph.KindCase: oneOf()}})
	equal(t, "calls", fmt.Sprint(g.calls), "[Nodes Links Links Nodes]")
	if answer.Cost.StoreCalls != len(g.calls) {
		t.Errorf("cost says %d calls", answer.Cost.StoreCalls)
	}
}

// What a filter leaves out is as if it were not there.
func TestWhereIsAGraphWithoutTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		ends := g.some(t, casegraph.Mask{}, 2)
		where, kept := Where{}, map[casegraph.ID]bool{}
		for _, kind := range []casegraph.Kind{casegraph.KindAccount, casegraph.KindInquiry, casegraph.KindCase} {
			var some []string
			for _, id := range slices.Sorted(maps.Keys(g.nodes)) {
				if is, _ := casegraph.KindOf(id); is == kind && rapid.Bool().Draw(t, "kept") {
					some = append(some, string(id))
					kept[id] = true
				}
			}
			where[kind] = oneOf(append(some, "none")...)
		}
		less := draw("")
		for _, id := range slices.Concat(ends, slices.Collect(maps.Keys(g.nodes))) {
			kind, _ := casegraph.KindOf(id)
			if _, filtered := where[kind]; !filtered || kept[id] || slices.Contains(ends, id) {
				less.node(id)
			}
		}
		for _, l := range g.links {
			if less.nodes[l.From] != nil && less.nodes[l.To] != nil {
				less.links = append(less.links, l)
				less.at[l.From], less.at[l.To] = append(less.at[l.From], l), append(less.at[l.To], l)
			}
		}
		expand := func(g Graph, w Where) string {
			a, err := Expand(context.Background(), g, ExpandQuery{From: ends, Depth: 4, Where: w, HubLimits: NoHubLimits()})
			return fmt.Sprint(metText(a.Nodes), " ", stepText(a.Links), a.Complete, err)
		}
		if got, want := expand(g, where), expand(less, nil); got != want {
			t.Fatalf("expand from %s where %v\n got %s\nwant %s", ends, where, got, want)
		}
		paths := func(g Graph, w Where) string {
			a, err := Paths(context.Background(), g, PathsQuery{From: ends[:1], To: ends[len(ends)-1:], Mode: AllWithin, MaxPaths: 50, Where: w, HubLimits: NoHubLimits()})
			return fmt.Sprint(pathText(a.Paths), a.Complete, err)
		}
		if got, want := paths(g, where), paths(less, nil); got != want {
			t.Fatalf("paths between %s where %v\n got %s\nwant %s", ends, where, got, want)
		}
	})
}
