package traverse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"casegraph"

	"pgregory.net/rapid"
)

// slow is a graph whose every list of links takes a second by its own clock.
type slow struct {
	*drawn
	now time.Time
}

func (s *slow) clock() time.Time { return s.now }

func (s *slow) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	s.now = s.now.Add(time.Second)
	return s.drawn.Links(ctx, r)
}

// question is one of the five, and what is told of its answer.
type question struct {
	name string
	ask  func(ctx context.Context, g Graph, limit Time) (told, error)
}

type told struct {
	parts      []string // of the answer, in no order
	boundaries []Boundary
	complete   bool
	cost       Cost
}

func questions(ends []casegraph.ID) []question {
	from, to := ends[:1], ends[len(ends)-1:]
	return []question{
		{"expand", func(ctx context.Context, g Graph, limit Time) (told, error) {
			a, err := Expand(ctx, g, ExpandQuery{From: from, Depth: 4, Time: limit, Evidence: 1})
			t := told{boundaries: a.Boundaries, complete: a.Complete, cost: a.Cost}
			for _, met := range a.Nodes {
				t.parts = append(t.parts, fmt.Sprint(met))
			}
			for _, step := range a.Links {
				t.parts = append(t.parts, linkText(step.Link))
			}
			return t, err
		}},
		{"paths", func(ctx context.Context, g Graph, limit Time) (told, error) {
			a, err := Paths(ctx, g, PathsQuery{From: from, To: to, Mode: AllWithin, MaxPaths: MostPaths, Time: limit, Evidence: 1})
			return told{strings.Split(pathText(a.Paths), "; "), a.Boundaries, a.Complete, a.Cost}, err
		}},
		{"component", func(ctx context.Context, g Graph, limit Time) (told, error) {
			a, err := ComponentOf(ctx, g, ComponentQuery{Of: from[0], Time: limit})
			t := told{boundaries: a.Boundaries, complete: a.Complete, cost: a.Cost}
			for _, link := range a.Links {
				t.parts = append(t.parts, linkText(link))
			}
			return t, err
		}},
		{"related cases", func(ctx context.Context, g Graph, limit Time) (told, error) {
			a, err := RelatedCases(ctx, g, RelatedQuery{Of: from[0], Time: limit, Evidence: 1})
			t := told{boundaries: a.Boundaries, complete: a.Complete, cost: a.Cost}
			for _, c := range a.Nodes {
				t.parts = append(t.parts, string(c.ID))
			}
			return t, err
		}},
		{"pivots", func(ctx context.Context, g Graph, limit Time) (told, error) {
			a, err := SuggestPivots(ctx, g, PivotsQuery{From: from, First: MostPivots, Time: limit})
			t := told{boundaries: a.Boundaries, complete: a.Complete, cost: a.Cost}
			for _, p := range a.Pivots {
				t.parts = append(t.parts, string(p.ID))
			}
			return t, err
		}},
	}
}

// Whenever the time is spent, the answer is a part of the whole one, and it
// says so unless it is the whole.
func TestTimeThatIsSpent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		for _, q := range questions(g.some(t, casegraph.Mask{}, 2)) {
			whole, err := q.ask(context.Background(), g, Time{})
			if err != nil {
				t.Fatal(q.name, err)
			}
			for seconds := range whole.cost.StoreCalls + 1 {
				s := &slow{drawn: g}
				part, err := q.ask(context.Background(), s, Time{Most: max(1, time.Duration(seconds)*time.Second), Clock: s.clock})
				if err != nil {
					t.Fatalf("%s: %d s: %v", q.name, seconds, err)
				}
				for _, found := range part.parts {
					if !slices.Contains(whole.parts, found) && found != "" && (whole.complete || q.name != "component" && q.name != "paths") {
						t.Fatalf("%s: %d s find %s, and no bound does not: %v", q.name, seconds, found, whole.parts)
					}
				}
				spent := slices.ContainsFunc(part.boundaries, func(b Boundary) bool { return b.Reason == Budget })
				// The whole may lack paths too, where there are more than are wanted.
				if part.complete && spent || !part.complete && !spent && whole.complete {
					t.Fatalf("%s: %d s: complete is %v, %s", q.name, seconds, part.complete, boundaryText(part.boundaries))
				}
				if part.complete && fmt.Sprint(part.parts, part.boundaries) != fmt.Sprint(whole.parts, whole.boundaries) && q.name != "expand" {
					t.Fatalf("%s: %d s: %v is not the whole %v", q.name, seconds, part.parts, whole.parts)
				}
			}
		}
	})
}

func TestExpandGoesOnWhereTheTimeWasSpent(t *testing.T) {
	g := draw(household)
	for seconds, want := range map[int]string{
		1: "act_ann HAS idn_phone-1, inq_1 OF act_ann, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
		// In the first second the accounts are read, in the next the inquiry: half a level is none.
		2: "act_ann HAS idn_phone-1, inq_1 OF act_ann, act_ann HAS idn_ip-1, act_ann PAID act_bob #txn_1, act_ann PAID act_bob #txn_2",
	} {
		s := &slow{drawn: g}
		limit := Time{Most: time.Duration(seconds) * time.Second, Clock: s.clock}
		answer := expandIn(t, g, ExpandQuery{From: ids("act_ann"), Depth: 2, Time: limit})
		equal(t, "without a moving clock", boundaryText(answer.Boundaries), "")
		answer, err := Expand(context.Background(), s, ExpandQuery{From: ids("act_ann"), Depth: 2, Time: limit})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "links", stepText(answer.Links), want)
		equal(t, "boundaries", boundaryText(answer.Boundaries), "idn_phone-1 BUDGET 2, inq_1 BUDGET 3, act_bob BUDGET 3")
		on := expandIn(t, g, ExpandQuery{After: answer.Boundaries[1].Next})
		equal(t, "on from the inquiry", stepText(on.Links), "case_1 CONTAINS inq_1, inq_1 OF act_ann, inq_1 SHOWS idn_phone-1")
	}
}

// A place to go on from is not lost where no time was left to go on.
func TestNoTimeAtAll(t *testing.T) {
	g := draw(household)
	first := expandIn(t, g, ExpandQuery{From: ids("act_ann"), MaxLinks: 2})
	late := Time{Most: time.Nanosecond, Clock: func() func() time.Time {
		var now time.Time
		return func() time.Time { now = now.Add(time.Second); return now }
	}()}
	none := expandIn(t, g, ExpandQuery{After: first.Boundaries[0].Next, Time: late})
	equal(t, "in no time", stepText(none.Links), "")
	then := expandIn(t, g, ExpandQuery{After: none.Boundaries[0].Next, MaxLinks: 1})
	equal(t, "later", stepText(then.Links), "act_ann HAS idn_ip-1")
}

// stuck is a graph whose lists do not come before the request ends, unless
// they are of degrees.
type stuck struct{ *drawn }

func (s stuck) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if r.DegreeOnly {
		return s.drawn.Links(ctx, r)
	}
	<-ctx.Done()
	return nil, fmt.Errorf("interrupted: %w", ctx.Err())
}

func TestACallIsGivenUpWhenTheTimeIsSpent(t *testing.T) {
	for _, q := range questions(ids("act_ann act_bob")) {
		t.Run(q.name, func(t *testing.T) {
			answer, err := q.ask(context.Background(), stuck{draw(household)}, Time{Most: time.Millisecond})
			if err != nil || answer.complete || len(answer.boundaries) == 0 || answer.boundaries[0].Degree == 0 {
				t.Errorf("%+v, %v", answer, err)
			}
		})
	}
}

// Who asked and went away gets no answer, in time or not.
func TestACancelledRequestIsNoPartialAnswer(t *testing.T) {
	for _, q := range questions(ids("act_ann act_bob")) {
		for _, limit := range []Time{{}, {Most: MostTime}} {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Millisecond, cancel)
			if _, err := q.ask(ctx, stuck{draw(household)}, limit); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", q.name, err)
			}
		}
	}
}

// leaving is a graph that answers from memory, whoever waits, and whose asker
// goes away at a call.
type leaving struct {
	*drawn
	leave context.CancelFunc
	left  int // calls, until then
}

func (l *leaving) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if l.left--; l.left == 0 {
		l.leave()
	}
	return l.drawn.Links(ctx, r)
}

func TestNothingIsReadForWhoHasGone(t *testing.T) {
	for _, q := range questions(ids("case_1 act_bob")) {
		for calls := 1; calls <= 3; calls++ {
			ctx, leave := context.WithCancel(context.Background())
			g := &leaving{drawn: draw(household + "case_2 CONTAINS act_bob"), leave: leave, left: calls}
			_, err := q.ask(ctx, g, Time{})
			if ctx.Err() == nil && calls == 1 {
				t.Fatalf("%s: read no links", q.name)
			}
			if g.left < 0 || (err != nil && !errors.Is(err, context.Canceled)) {
				t.Errorf("%s: %d calls for who has gone; %v", q.name, -g.left, err)
			}
			leave()
		}
	}
}

// Weighing what paths cost reads nothing, and may take long all the same.
func TestCostsAreNotWeighedForWhoHasGoneNorWhenItIsLate(t *testing.T) {
	wide := draw(fan("act_a RELATED act_x%d", 2_400) + fan("act_x%d RELATED act_b", 2_400))
	q := PathsQuery{From: ids("act_a"), To: ids("act_b")}
	ctx, leave := context.WithCancel(context.Background())
	if _, err := Paths(ctx, &leaving{drawn: wide, leave: leave, left: 1}, q); !errors.Is(err, context.Canceled) {
		t.Errorf("for who has gone: %v", err)
	}
	s := &slow{drawn: wide}
	q.Time = Time{Most: time.Second, Clock: s.clock}
	answer, err := Paths(context.Background(), s, q)
	if err != nil || len(answer.Paths) > 0 || answer.Complete {
		t.Errorf("late: %d paths, complete is %v, %v", len(answer.Paths), answer.Complete, err)
	}
	equal(t, "where it ended", boundaryText(answer.Boundaries), "act_a BUDGET 2400")
}

func TestTimeOutOfBounds(t *testing.T) {
	for _, q := range questions(ids("act_ann act_bob")) {
		for _, most := range []time.Duration{-1, MostTime + 1} {
			_, err := q.ask(context.Background(), draw(household), Time{Most: most})
			refused(t, err, casegraph.CodeBadInput, "maxMilliseconds")
		}
	}
}

// The budget of links ends each search, which says so.
func TestLinksThatAreSpent(t *testing.T) {
	g := draw(household + "case_2 CONTAINS act_bob")
	for name, test := range map[string]struct {
		ask  func(most int) ([]Boundary, bool, error)
		want string
	}{
		"paths": {func(most int) ([]Boundary, bool, error) {
			a, err := Paths(context.Background(), g, PathsQuery{From: ids("act_ann"), To: ids("act_bob"), MaxLinks: most})
			return a.Boundaries, a.Complete, err
		}, "act_ann BUDGET 5"},
		"component": {func(most int) ([]Boundary, bool, error) {
			a, err := ComponentOf(context.Background(), g, ComponentQuery{Of: "act_ann", MaxLinks: most})
			return a.Boundaries, a.Complete, err
		}, "act_ann BUDGET 5"},
		"related cases": {func(most int) ([]Boundary, bool, error) {
			a, err := RelatedCases(context.Background(), g, RelatedQuery{Of: "case_1", MaxLinks: most})
			return a.Boundaries, a.Complete, err
		}, "act_ann BUDGET 3"},
	} {
		t.Run(name, func(t *testing.T) {
			boundaries, complete, err := test.ask(3)
			if err != nil || complete {
				t.Error(complete, err)
			}
			equal(t, "where it ended", boundaryText(boundaries), test.want)
			if _, complete, err = test.ask(20); err != nil || !complete {
				t.Error("with enough:", complete, err)
			}
			_, _, err = test.ask(MostSearchLinks + 1)
			refused(t, err, casegraph.CodeBadInput, "maxLinks")
		})
	}
}
