package traverse

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// past is a graph that had other links at past moments than it has now: then
// some are not there yet, and some that are no more.
type past struct {
	*drawn
	then *drawn
}

func (p past) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	now, err := p.drawn.Links(ctx, r)
	if r.AsOf != 5 || err != nil {
		return now, err
	}
	then, err := p.then.Links(ctx, r)
	for id, page := range then {
		if today, there := now[id]; there {
			page.Degree = today.Degree
		}
		then[id] = page
	}
	return then, err
}

// What a traversal costs is never more than its dry run said, and it stops for
// no reason that was not told.
func boundedCosts(t *rapid.T) {
	g, mask := maskedGraph(t)
	for range rapid.IntRange(0, 3).Draw(t, "refusals") {
		g.change(t)
	}
	for _, crowd := range []string{"act_x%d HAS idn_phone-1 @1", "act_1 PAID act_x%d @2", "case_1 CONTAINS inq_x%d", "inq_x%d OF act_2"} {
		for _, line := range strings.Split(fan(crowd, rapid.SampledFrom([]int{0, 0, 0, 30}).Draw(t, "crowd")), "\n") {
			if line != "" {
				g.link(strings.Fields(line))
			}
		}
	}
	then := randomGraph(t)
	for id, n := range then.nodes {
		if g.nodes[id] == nil {
			g.nodes[id] = n
		}
	}
	maps.Copy(then.nodes, g.nodes)
	var graph Graph = past{g, then}
	ask := g.question(t)
	real, dry := ask(graph, mask, false), ask(graph, mask, true)
	if real.err != nil || dry.err != nil {
		if answerText(t, nil, real.err) != answerText(t, nil, dry.err) {
			t.Fatalf("the dry run is refused for %v, the other for %v", dry.err, real.err)
		}
		return
	}
	most, likely := dry.forecast.Most, dry.forecast.Likely
	if real.cost.StoreCalls > most.StoreCalls || real.cost.Nodes > most.Nodes || real.cost.Links > most.Links {
		t.Fatalf("it costs %+v, and at most %+v was said", real.cost, most)
	}
	if likely.StoreCalls > most.StoreCalls || likely.Nodes > most.Nodes || likely.Links > most.Links {
		t.Fatalf("likely %+v is more than at most %+v", likely, most)
	}
	for _, b := range real.boundaries {
		if b.Reason != Depth && !slices.Contains(dry.forecast.MayStop, b.Reason) {
			t.Fatalf("it stops at %s for %s, and only %v were told", b.Node, b.Reason, dry.forecast.MayStop)
		}
	}
}

// Also for who goes on behind refused links.
func TestGoingOnCostsNoMoreThanItsDryRun(t *testing.T) {
	g := draw("case_a CONTAINS act_1 @1\ncase_a CONTAINS act_2 @2\ncase_a RELATES_TO case_b #RELATES @3\ncase_a RELATES_TO case_c #RELATES @4\ncase_a CONTAINS act_3 @5\n" +
		"case_a RELATES_TO case_d #RELATES @6\ncase_a CONTAINS act_4 @7\ncase_a CONTAINS act_5 @8")
	for _, l := range g.links {
		if l.Kind == casegraph.LinkRelatesTo {
			l.State = casegraph.StateRefused
		}
	}
	query, steps := ExpandQuery{From: ids("case_a"), MaxLinks: 1}, 0
	for ; ; steps++ {
		dry := query
		dry.DryRun = true
		most, answer := expandIn(t, g, dry).Forecast.Most, expandIn(t, g, query)
		if c := answer.Cost; c.StoreCalls > most.StoreCalls || c.Nodes > most.Nodes || c.Links > most.Links || answer.Changed {
			t.Fatalf("step %d: it costs %+v, and at most %+v was said; changed is %v", steps, c, most, answer.Changed)
		}
		at := slices.IndexFunc(answer.Boundaries, func(b Boundary) bool { return b.Node == "case_a" })
		if at < 0 {
			break
		}
		if degree := answer.Boundaries[at].Degree; degree != 8 {
			t.Fatalf("step %d: the degree is %d", steps, degree)
		}
		query.From, query.After = nil, answer.Boundaries[at].Next
	}
	if steps < 3 {
		t.Errorf("ends after %d steps", steps)
	}
}

func TestADryRunPromisesNoLessThanItCosts(t *testing.T) { rapid.Check(t, boundedCosts) }

func FuzzDryRun(f *testing.F) { f.Fuzz(rapid.MakeFuzz(boundedCosts)) }
