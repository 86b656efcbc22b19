package traverse

import (
	"context"
	"testing"
	"time"

	"casegraph"
)

// What a drawn graph tells is the same at every moment, so nothing changed; the
// tests here are of where the look ends.
func changesIn(t *testing.T, g Graph, q ChangesQuery) Changes {
	t.Helper()
	q.From, q.To = 1, 2
	answer, err := ChangesAround(context.Background(), g, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Nodes)+len(answer.Links) != 0 || answer.Next != nil {
		t.Errorf("changes without a change: %+v", answer)
	}
	return answer
}

func TestChangesSayWhereTheyEnd(t *testing.T) {
	g := draw(household + fan("act_x%03d HAS idn_ip-1 @10", 150))
	for name, test := range map[string]struct {
		query ChangesQuery
		want  string
	}{
		"the nodes' own links":                  {ChangesQuery{Of: ids("act_ann")}, ""},
		"two hops, and not through a hub":       {ChangesQuery{Of: ids("act_ann"), Depth: 2}, "idn_ip-1 HUB 151"},
		"through a hub that was named":          {ChangesQuery{Of: ids("idn_ip-1")}, ""},
		"through every hub":                     {ChangesQuery{Of: ids("act_ann"), Depth: 2, HubLimits: NoHubLimits()}, ""},
		"the budget of nodes":                   {ChangesQuery{Of: ids("act_ann"), Depth: 2, MaxNodes: 3}, "act_ann BUDGET 5"},
		"nothing is met that was not asked for": {ChangesQuery{Of: ids("act_ann"), Depth: 2, NodeKinds: []casegraph.Kind{casegraph.KindAccount}, MaxNodes: 2}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			answer := changesIn(t, g, test.query)
			equal(t, "boundaries", boundaryText(answer.Boundaries), test.want)
			if answer.Complete != (test.query.MaxNodes != 3) {
				t.Errorf("complete is %v", answer.Complete)
			}
		})
	}
	long := draw(fan("act_ann PAID act_x%05d", casegraph.MaxLinkCap+1))
	if answer := changesIn(t, long, ChangesQuery{Of: ids("act_ann")}); answer.Complete || boundaryText(answer.Boundaries) != "act_ann PAGE 10001" {
		t.Errorf("of a long list: complete is %v, %s", answer.Complete, boundaryText(answer.Boundaries))
	}
}

func TestChangesWhoseTimeIsSpent(t *testing.T) {
	for seconds, want := range map[time.Duration]string{1: "act_ann BUDGET 2", 2: "act_bob BUDGET 2", 20: ""} {
		s := &slow{drawn: draw("act_ann PAID act_bob @3\nact_ann PAID act_cid @2\nact_bob PAID act_cid @1")}
		answer := changesIn(t, s, ChangesQuery{Of: ids("act_ann"), Depth: 2, Time: Time{Most: seconds * time.Second, Clock: s.clock}})
		equal(t, "boundaries", boundaryText(answer.Boundaries), want)
		if answer.Complete != (want == "") || answer.Cost.StoreCalls != len(s.calls) {
			t.Errorf("%d s: complete is %v, %d calls of %d", seconds, answer.Complete, answer.Cost.StoreCalls, len(s.calls))
		}
	}
}

func TestChangesRefuse(t *testing.T) {
	g := draw(household + "case_2! CONTAINS act_ann")
	ann := ids("act_ann")
	digest := (&ChangesQuery{Of: ann, From: 1, Depth: 1}).digest()
	for name, test := range map[string]struct {
		query ChangesQuery
		code  casegraph.Code
		field string
	}{
		"no nodes":                  {ChangesQuery{From: 1, To: 2}, casegraph.CodeBadInput, "of"},
		"a node that is not there":  {ChangesQuery{Of: ids("act_none"), From: 1, To: 2}, casegraph.CodeNotFound, "of"},
		"a node that is masked":     {ChangesQuery{Of: ids("case_2!"), From: 1, To: 2, Mask: casegraph.Mask{RestrictedCases: true}}, casegraph.CodeNotFound, "of"},
		"backwards":                 {ChangesQuery{Of: ann, From: 2, To: 1}, casegraph.CodeBadInput, "to"},
		"from no moment":            {ChangesQuery{Of: ann, To: 1}, casegraph.CodeBadInput, "to"},
		"too deep":                  {ChangesQuery{Of: ann, From: 1, To: 2, Depth: 3}, casegraph.CodeBadInput, "depth"},
		"too many nodes":            {ChangesQuery{Of: ann, From: 1, To: 2, MaxNodes: MostChangedNodes + 1}, casegraph.CodeBadInput, "maxNodes"},
		"less nodes than named":     {ChangesQuery{Of: ids("act_ann act_bob"), From: 1, To: 2, MaxNodes: 1}, casegraph.CodeBadInput, "maxNodes"},
		"too long a page":           {ChangesQuery{Of: ann, From: 1, To: 2, First: casegraph.MaxPage + 1}, casegraph.CodeBadInput, "first"},
		"too long a time":           {ChangesQuery{Of: ann, From: 1, To: 2, Time: Time{Most: MostTime + 1}}, casegraph.CodeBadInput, "maxMilliseconds"},
		"another question's cursor": {ChangesQuery{Of: ann, From: 1, To: 2, After: &ChangesCursor{To: 2}}, casegraph.CodeBadInput, "after"},
		"another moment's cursor":   {ChangesQuery{Of: ann, From: 1, To: 2, Depth: 1, After: &ChangesCursor{To: 3, Query: digest}}, casegraph.CodeBadInput, "after"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ChangesAround(context.Background(), g, test.query)
			refused(t, err, test.code, test.field)
		})
	}
}
