package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/commit"
)

// staff are n investigators, all here and with room.
func staff(n int) []Candidate {
	all := make([]Candidate, n)
	for i := range all {
		all[i].User = &casegraph.User{Header: casegraph.Header{ID: casegraph.ID(fmt.Sprintf("usr_%02d", i))}, Role: casegraph.RoleInvestigator}
	}
	return all
}

func by(policies ...casegraph.AssignmentPolicy) *casegraph.Assignment {
	return &casegraph.Assignment{Policies: policies}
}

func choose(a *casegraph.Assignment, candidates []Candidate, last, creator casegraph.ID) (casegraph.ID, string) {
	return Choose(a, 1000, casegraph.RoleInvestigator, candidates, last, creator)
}

func TestPoliciesChoose(t *testing.T) {
	few := int64(2)
	tests := []struct {
		name      string
		rule      *casegraph.Assignment
		change    func([]Candidate)
		last      casegraph.ID
		creator   casegraph.ID
		want, why string
	}{
		{name: "the first of all", rule: by(casegraph.AssignRoundRobin), want: "usr_00", why: "ROUND_ROBIN"},
		{name: "the next", rule: by(casegraph.AssignRoundRobin), last: "usr_00", want: "usr_01", why: "ROUND_ROBIN"},
		{name: "round", rule: by(casegraph.AssignRoundRobin), last: "usr_02", want: "usr_00", why: "ROUND_ROBIN"},
		{name: "after one who has left", rule: by(casegraph.AssignRoundRobin), last: "usr_005", want: "usr_01", why: "ROUND_ROBIN"},
		{name: "past one who is away", rule: by(casegraph.AssignRoundRobin), last: "usr_00", change: func(c []Candidate) { c[1].AwayUntil = 1001 }, want: "usr_02", why: "ROUND_ROBIN"},
		{name: "one who is back", rule: by(casegraph.AssignRoundRobin), last: "usr_00", change: func(c []Candidate) { c[1].AwayUntil = 1000 }, want: "usr_01", why: "ROUND_ROBIN"},
		{name: "the fewest", rule: by(casegraph.AssignLeastLoaded), change: func(c []Candidate) { c[0].Load, c[1].Load, c[2].Load = 3, 2, 4 }, want: "usr_01", why: "LEAST_LOADED"},
		{name: "of several with the fewest, whose turn it is", rule: by(casegraph.AssignLeastLoaded), last: "usr_01", want: "usr_02", why: "LEAST_LOADED"},
		{name: "the creator", rule: by(casegraph.AssignCreator), creator: "usr_02", want: "usr_02", why: "CREATOR"},
		{name: "a creator who is not of them", rule: by(casegraph.AssignCreator), creator: "usr_09", why: "3 can take it and none by CREATOR"},
		{name: "who has the related ones", rule: by(casegraph.AssignRelated), change: func(c []Candidate) { c[1].Related, c[2].Related = 1, 2 }, want: "usr_02", why: "RELATED"},
		{name: "else the next policy", rule: by(casegraph.AssignRelated, casegraph.AssignCreator, casegraph.AssignRoundRobin), want: "usr_00", why: "ROUND_ROBIN"},
		{name: "with the skills", rule: &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin}, Skills: []string{"crypto", "dutch"}},
			change: func(c []Candidate) { c[0].Skills, c[1].Skills = []string{"crypto"}, []string{"crypto", "dutch"} }, want: "usr_01", why: "ROUND_ROBIN"},
		{name: "nobody", rule: by(casegraph.AssignRoundRobin), change: func(c []Candidate) {
			c[0].AwayUntil, c[1].Capacity, c[1].Load, c[2].Disabled = 2000, &few, 2, true
		}, why: "nobody can take it: 1 away, 1 may not work it, 1 with as many cases as they may have"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			candidates := staff(3)
			if test.change != nil {
				test.change(candidates)
			}
			if got, why := choose(test.rule, candidates, test.last, test.creator); string(got) != test.want || why != test.why {
				t.Errorf("%q by %q; want %q by %q", got, why, test.want, test.why)
			}
		})
	}
	if _, why := choose(by(casegraph.AssignRoundRobin), nil, "", ""); why != "nobody can take it: there is nobody" {
		t.Errorf("of none: %s", why)
	}
	if got, _ := Choose(by(casegraph.AssignRoundRobin), 0, casegraph.RoleAdmin, staff(2), "", ""); got != "" {
		t.Errorf("%s works a restricted case", got)
	}
}

// Whoever is chosen, by whatever policies, can take the case.
func TestWhoIsChosenCanTakeIt(t *testing.T) {
	skills := []string{"aml", "crypto", "dutch"}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(skills), 0, 3, rapid.ID[string])
		candidates := staff(rapid.IntRange(0, 6).Draw(t, "people"))
		for i := range candidates {
			c := &candidates[i]
			c.Load, c.Related = rapid.IntRange(0, 4).Draw(t, "load"), rapid.IntRange(0, 2).Draw(t, "related")
			c.AwayUntil, c.Skills = casegraph.Time(rapid.IntRange(998, 1002).Draw(t, "away")), some.Draw(t, "skills")
			c.Disabled = rapid.IntRange(0, 4).Draw(t, "disabled") == 0
			c.Role = rapid.SampledFrom([]casegraph.Role{casegraph.RoleViewer, casegraph.RoleInvestigator, casegraph.RoleAdmin}).Draw(t, "role")
			if rapid.Bool().Draw(t, "bounded") {
				c.Capacity = new(rapid.Int64Range(0, 4).Draw(t, "capacity"))
			}
		}
		rule := &casegraph.Assignment{Skills: some.Draw(t, "needed"),
			Policies: rapid.SliceOfNDistinct(rapid.SampledFrom(casegraph.AssignmentPolicies), 1, 4, rapid.ID[casegraph.AssignmentPolicy]).Draw(t, "policies")}
		role := rapid.SampledFrom([]casegraph.Role{casegraph.RoleInvestigator, casegraph.RoleAdmin}).Draw(t, "for")
		id := rapid.SampledFrom([]casegraph.ID{"", "usr_00", "usr_03", "usr_05", "usr_99"})
		last, creator := id.Draw(t, "last"), id.Draw(t, "creator")
		got, why := Choose(rule, 1000, role, candidates, last, creator)
		fits := func(c Candidate) bool {
			covered := !slices.ContainsFunc(rule.Skills, func(s string) bool { return !slices.Contains(c.Skills, s) })
			return covered && !c.Disabled && c.Role.Rank() >= role.Rank() && c.AwayUntil <= 1000 && (c.Capacity == nil || int64(c.Load) < *c.Capacity)
		}
		if why == "" {
			t.Fatal("it does not say why")
		}
		if got == "" {
			some := slices.ContainsFunc(candidates, fits)
			always := slices.Contains(rule.Policies, casegraph.AssignRoundRobin) || slices.Contains(rule.Policies, casegraph.AssignLeastLoaded)
			if some && always {
				t.Fatalf("somebody could take it: %s", why)
			}
			return
		}
		if !fits(candidates[slices.IndexFunc(candidates, func(c Candidate) bool { return c.ID == got })]) {
			t.Fatalf("%s can't take it", got)
		}
	})
}

// Of people who always have room nobody gets two more than another.
func TestRoundRobinIsFair(t *testing.T) {
	for _, policy := range []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin, casegraph.AssignLeastLoaded} {
		rapid.Check(t, func(t *rapid.T) {
			candidates, last := staff(rapid.IntRange(1, 7).Draw(t, "people")), casegraph.ID("")
			for range rapid.IntRange(0, 40).Draw(t, "cases") {
				last, _ = choose(by(policy), candidates, last, "")
				i := slices.IndexFunc(candidates, func(c Candidate) bool { return c.ID == last })
				candidates[i].Load++
			}
			least := slices.MinFunc(candidates, func(a, b Candidate) int { return a.Load - b.Load })
			most := slices.MaxFunc(candidates, func(a, b Candidate) int { return a.Load - b.Load })
			if most.Load > least.Load+1 {
				t.Fatalf("%s: %s has %d and %s has %d", policy, most.ID, most.Load, least.ID, least.Load)
			}
		})
	}
}

// given opens a case as intake would have read it.
func (w *world) given(t testing.TB, in CreateInput, intake *Intake) *casegraph.Case {
	t.Helper()
	in.Title = "Given"
	change, err := Create(admin, in, General, w.newID)
	return w.caseOf(answer[CreateAnswer](t, w.must(t, intake.Give(change), err)).CaseID)
}

func TestCasesAreGivenAsTheyCome(t *testing.T) {
	w := newWorld()
	cy := casegraph.ID("usr_cy")
	w.put(cy, &casegraph.User{Name: "Cy", Role: casegraph.RoleInvestigator, Capacity: new(int64(1))})
	queue := w.queue(t, "Fraud")
	change, err := SetQueueAssignment(admin, SetQueueAssignmentInput{QueueID: queue, Assignment: &casegraph.Assignment{
		Policies: []casegraph.AssignmentPolicy{casegraph.AssignLeastLoaded}, MemberIDs: []casegraph.ID{ben, cy}}})
	w.must(t, change, err)
	intake := func() *Intake {
		return &Intake{Queue: w.nodes[queue].(*casegraph.Queue), PeopleIDs: []casegraph.ID{ben, cy}}
	}
	one := w.given(t, CreateInput{QueueID: queue}, intake())
	if one.AssigneeID != ben || one.AssignedAt != w.now || w.lastEvent().Name != "case.assigned" || w.lastEvent().Note != "LEAST_LOADED" {
		t.Errorf("the first: %+v, %+v", one, w.lastEvent())
	}
	if two := w.given(t, CreateInput{QueueID: queue}, intake()); two.AssigneeID != cy {
		t.Errorf("the second is %q's", two.AssigneeID)
	}
	for range 2 { // Cy is full
		if next := w.given(t, CreateInput{QueueID: queue}, intake()); next.AssigneeID != ben {
			t.Errorf("the next is %q's", next.AssigneeID)
		}
	}
	if mine := w.given(t, CreateInput{QueueID: queue, AssigneeID: ana}, intake()); mine.AssigneeID != ana {
		t.Errorf("one that has somebody is given to %q", mine.AssigneeID)
	}
	// Ben hands one on, and does not get it back; Cy has no room: it waits.
	change, err = Escalate(investigator, EscalateInput{CaseID: one.ID, QueueID: queue, Note: "Too big."})
	w.must(t, intake().Give(change), err)
	if c := w.caseOf(one.ID); c.AssigneeID != "" || w.lastEvent().Name != "case.not-assigned" || !strings.Contains(w.lastEvent().Note, "1 with as many cases") {
		t.Errorf("handed on to nobody: %+v %+v", c, w.lastEvent())
	}
	for id, n := range w.nodes { // Cy is done with theirs
		if c, ok := n.(*casegraph.Case); ok && c.AssigneeID == cy {
			w.caseOf(id).ResolvedAt = w.now
		}
	}
	change, err = SetQueue(investigator, SetQueueInput{CaseID: one.ID})
	w.must(t, (&Intake{}).Give(change), err)
	change, err = SetQueue(investigator, SetQueueInput{CaseID: one.ID, QueueID: &queue})
	w.must(t, intake().Give(change), err)
	if c := w.caseOf(one.ID); c.AssigneeID == "" {
		t.Errorf("put back: %+v", c)
	}
	stale := intake()
	change, err = SetQueueAssignment(admin, SetQueueAssignmentInput{QueueID: queue})
	w.must(t, change, err)
	change, err = Create(admin, CreateInput{Title: "Stale", QueueID: queue}, General, w.newID)
	if _, err := w.try(stale.Give(change), err); err != ErrMoved {
		t.Errorf("by what the queue was before: %v", err)
	}
}

// Whose turn it is is kept from one commit to the next, for each queue.
func TestTurnsGoOn(t *testing.T) {
	w := newWorld()
	people := []casegraph.ID{"usr_x", "usr_y", "usr_z"}
	for _, id := range people {
		w.put(id, &casegraph.User{Role: casegraph.RoleInvestigator})
	}
	one, other := &Intake{Assignment: by(casegraph.AssignRoundRobin), PeopleIDs: people, Turn: "one"}, &Intake{Assignment: by(casegraph.AssignRoundRobin), PeopleIDs: people, Turn: "other"}
	var given []casegraph.ID
	for _, in := range []*Intake{one, one, other, one, one} {
		given = append(given, w.given(t, CreateInput{}, in).AssigneeID)
	}
	if want := []casegraph.ID{"usr_x", "usr_y", "usr_x", "usr_z", "usr_x"}; !slices.Equal(given, want) {
		t.Errorf("given to %v; want %v", given, want)
	}
}

// However many changes share a commit, nobody is given more than they may have.
func TestCapacityHoldsWithinACommit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		capacity := rapid.Int64Range(0, 5).Draw(t, "capacity")
		people := []casegraph.ID{"usr_x", "usr_y"}
		for _, id := range people {
			w.put(id, &casegraph.User{Role: casegraph.RoleInvestigator, Capacity: &capacity})
		}
		intake := &Intake{Assignment: by(rapid.SampledFrom([]casegraph.AssignmentPolicy{casegraph.AssignRoundRobin, casegraph.AssignLeastLoaded}).Draw(t, "policy")), PeopleIDs: people}
		n := rapid.IntRange(1, 14).Draw(t, "cases")
		state := &casegraph.State{Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
			Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}, Loads: map[casegraph.ID]int{}}
		var changes []commit.Change
		for range n {
			change, err := Create(admin, CreateInput{Title: "One of many"}, General, w.newID)
			if err != nil {
				t.Fatal(err)
			}
			change = intake.Give(change)
			for id, node := range w.state(change).Nodes {
				state.Nodes[id] = node
			}
			for _, id := range change.Needs.Loads {
				state.Loads[id] = 0
			}
			changes = append(changes, change)
		}
		decided, _ := commit.Decide(state, 1, changes)
		given := map[casegraph.ID]int64{}
		for _, written := range decided.Nodes {
			node, err := casegraph.Decode(written.Record)
			if err != nil {
				t.Fatal(err)
			}
			given[node.(*casegraph.Case).AssigneeID]++
		}
		for _, id := range people {
			if given[id] > capacity {
				t.Fatalf("%s may have %d and is given %d", id, capacity, given[id])
			}
		}
		if want := min(int64(n), 2*capacity); given["usr_x"]+given["usr_y"] != want {
			t.Fatalf("given %v; want %d in all", given, want)
		}
	})
}

func TestAssignmentsAreChecked(t *testing.T) {
	w := newWorld()
	for field, a := range map[string]casegraph.Assignment{
		"assignment.policies":     {},
		"assignment.policies[1]":  {Policies: []casegraph.AssignmentPolicy{casegraph.AssignCreator, casegraph.AssignCreator}},
		"assignment.skills[0]":    {Policies: []casegraph.AssignmentPolicy{casegraph.AssignCreator}, Skills: []string{"Two Words"}},
		"assignment.memberIds[0]": {Policies: []casegraph.AssignmentPolicy{casegraph.AssignCreator}, MemberIDs: []casegraph.ID{vic}},
		"assignment.memberIds[1]": {Policies: []casegraph.AssignmentPolicy{casegraph.AssignCreator}, MemberIDs: []casegraph.ID{ben, ben}},
	} {
		_, err := w.try(CreateQueue(admin, CreateQueueInput{Name: "Bad", Assignment: &a}, w.newID))
		refused(t, err, casegraph.CodeBadInput, field)
	}
	_, err := w.try(SetQueueAssignment(investigator, SetQueueAssignmentInput{QueueID: w.queue(t, "Good")}))
	refused(t, err, casegraph.CodeForbidden, "")
	form := casegraph.TemplateForm{Name: "Lost", Prefix: "L", Queue: "Nowhere", Statuses: General.Template.Statuses}
	change, err := CreateTemplate(admin, CreateTemplateInput{Key: "lost", Form: form}, w.newID)
	id := answer[TemplateAnswer](t, w.must(t, change, err)).TemplateID
	_, err = w.try(PublishTemplate(admin, TemplateInput{TemplateID: id}, "lost", NamedBy(&form)))
	refused(t, err, casegraph.CodeBadInput, "templateId")
	w.queue(t, "NOWHERE")
	change, err = PublishTemplate(admin, TemplateInput{TemplateID: id}, "lost", NamedBy(&form))
	w.must(t, change, err)
}
