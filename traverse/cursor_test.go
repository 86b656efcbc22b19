package traverse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"casegraph"

	"pgregory.net/rapid"
)

// change takes a link away, draws one, sees one anew, or has one refused.
func (g *drawn) change(t *rapid.T) {
	at := func(id casegraph.ID, link *casegraph.Link) {
		g.at[id] = slices.DeleteFunc(g.at[id], func(l *casegraph.Link) bool { return l == link })
	}
	what := rapid.SampledFrom([]string{"ends", "begins", "is seen", "is refused"}).Draw(t, "change")
	if what == "begins" || len(g.links) == 0 {
		g.link([]string{"act_1", "PAID", "act_" + rapid.StringMatching("[a-z]{6}").Draw(t, "payee"), "#new", "@" + rapid.SampledFrom([]string{"0", "1", "2", "3", "4"}).Draw(t, "time")})
		return
	}
	i := rapid.IntRange(0, len(g.links)-1).Draw(t, "link")
	was := g.links[i]
	at(was.From, was)
	at(was.To, was)
	g.links = slices.Delete(g.links, i, i+1)
	if what == "ends" {
		return
	}
	is := *was
	if what == "is seen" {
		is.LastSeen += casegraph.Time(rapid.IntRange(1, 4).Draw(t, "later"))
	} else {
		is.State = casegraph.StateRefused
	}
	g.links = append(g.links, &is)
	g.at[is.From], g.at[is.To] = append(g.at[is.From], &is), append(g.at[is.To], &is)
}

// A list that is taken page by page while the graph changes is the list as it
// is now, in its order, unless it is told that it has changed: then it is not,
// or what was refused has changed.
func changedLists(t *rapid.T) {
	g := randomGraph(t)
	for range rapid.IntRange(0, 4).Draw(t, "changes before") {
		g.change(t)
	}
	changed, refuses := false, g.refuses("act_1")
	q := ExpandQuery{From: ids("act_1"), PerNode: rapid.IntRange(1, 3).Draw(t, "perNode"), Kinds: randomKinds(t), Mask: randomMask(t)}
	var given []string
	for now := casegraph.Time(1); ; now++ {
		q.Now, q.HubLimits = now, randomHubLimits(t) // which an organisation may change
		answer, err := Expand(context.Background(), g, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range answer.Links {
			given = append(given, linkText(step.Link)+" @"+fmt.Sprint(int64(step.Link.LastSeen)))
		}
		whole, err := Expand(context.Background(), g, ExpandQuery{From: ids("act_1"), PerNode: casegraph.MaxLinkCap, Kinds: q.Kinds, Mask: q.Mask})
		if err != nil {
			t.Fatal(err)
		}
		var is []string
		for _, step := range whole.Links {
			is = append(is, linkText(step.Link)+" @"+fmt.Sprint(int64(step.Link.LastSeen)))
		}
		if so := slices.Equal(given, is[:min(len(given), len(is))]); (!so && !answer.Changed) || (so && answer.Changed && !(changed && refuses)) {
			t.Fatalf("page %d: changed is %v\ngiven %s\n   is %s", now, answer.Changed, strings.Join(given, ", "), strings.Join(is, ", "))
		}
		at := slices.IndexFunc(answer.Boundaries, func(b Boundary) bool { return b.Node == "act_1" })
		if at < 0 && !answer.Changed && len(given) < len(is) {
			t.Fatalf("page %d is the last\ngiven %s\n   is %s", now, strings.Join(given, ", "), strings.Join(is, ", "))
		}
		if at < 0 || answer.Changed {
			return
		}
		if now > 100 {
			t.Fatal("the list never ends")
		}
		if q.From, q.After = nil, answer.Boundaries[at].Next; q.After.Since != now {
			t.Fatalf("the cursor was given at %d, not at %d", now, q.After.Since)
		}
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			g.change(t)
			changed, refuses = true, refuses || g.refuses("act_1")
		}
	}
}

// refuses tells whether a link of a node was refused.
func (g *drawn) refuses(id casegraph.ID) bool {
	return slices.ContainsFunc(g.at[id], func(l *casegraph.Link) bool { return l.Refused() })
}

func TestACursorTellsWhetherWhatWasGivenIsStillSo(t *testing.T) { rapid.Check(t, changedLists) }

func FuzzGoingOn(f *testing.F) { f.Fuzz(rapid.MakeFuzz(changedLists)) }

func TestWhatHasChangedIsToldOnEachPageThatFollows(t *testing.T) {
	g := draw(household)
	first := expandIn(t, g, ExpandQuery{From: ids("act_ann"), PerNode: 1, Now: 100})
	g.link(strings.Fields("act_ann RELATED act_bob #owns @99"))
	second := expandIn(t, g, ExpandQuery{After: first.Boundaries[0].Next, PerNode: 1, Now: 200})
	third := expandIn(t, g, ExpandQuery{After: second.Boundaries[0].Next, PerNode: 1, Now: 300})
	if !second.Changed || !third.Changed || third.Boundaries[0].Next.Since != 100 {
		t.Errorf("%v, then %v since %d", second.Changed, third.Changed, third.Boundaries[0].Next.Since)
	}
}
