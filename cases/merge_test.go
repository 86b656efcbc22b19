package cases

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/commit"
)

func (w *world) merge(into casegraph.ID, from ...casegraph.ID) (commit.Result, error) {
	return w.try(Merge(investigator, mergeOf(into, from...), Workflows{"": General}))
}

func (w *world) unmerge(into casegraph.ID, from ...casegraph.ID) (commit.Result, error) {
	return w.try(Unmerge(investigator, mergeOf(into, from...)))
}

func mergeOf(into casegraph.ID, from ...casegraph.ID) MergeInput {
	in := MergeInput{IntoID: into, Reason: "the same ring"}
	for _, id := range from {
		in.From = append(in.From, MergedInput{CaseID: id})
	}
	return in
}

func TestMergedCasesEndAsDuplicatesAndBringWhatTheyContain(t *testing.T) {
	w := newWorld()
	into := w.open(t, CreateInput{}).ID
	from := w.open(t, CreateInput{Tags: []string{"night"}, Objects: []ObjectInput{{ID: account, Role: "subject", Reason: "it paid"}}}).ID
	result, err := w.merge(into, from)
	if err != nil {
		t.Fatal(err)
	}
	if got := answer[MergeAnswer](t, result); got.Objects != 1 || !slices.Equal(got.FromIDs, []casegraph.ID{from}) {
		t.Errorf("answers %+v", got)
	}
	merged := w.caseOf(from)
	if merged.Status != StatusResolved || merged.Resolution != "Duplicate" || merged.Merged.IntoID != into || merged.ResolverID != ben || len(merged.Tags) != 1 {
		t.Errorf("the merged case is %+v", merged)
	}
	brought := w.links[contains(into, account)]
	if brought == nil || brought.Role != "subject" || brought.Reason != "it paid" || brought.By != ana || !brought.BroughtFrom(from) {
		t.Errorf("the object came as %+v", brought)
	}
	if w.links[contains(from, account)] == nil || w.links[mergedInto(from, into)] == nil {
		t.Error("the merged case lost its object, or is not linked")
	}
	told := w.events[len(w.events)-2:]
	if told[0].Name != "case.merged" || told[0].Subject != into || len(told[0].Links) != 2 || told[1].Name != "case.merged-into" || told[1].Note != "the same ring" {
		t.Errorf("told %+v", told)
	}
}

func TestWhatMayNotBeMerged(t *testing.T) {
	w := newWorld()
	a, b, c := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
	secret := w.open(t, CreateInput{Restricted: true}).ID
	if _, err := w.merge(a, b); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func() (commit.Change, error)
		field  string
	}{
		"itself":            {func() (commit.Change, error) { return Merge(admin, mergeOf(a, a), Workflows{"": General}) }, "from[0].caseId"},
		"twice":             {func() (commit.Change, error) { return Merge(admin, mergeOf(a, c, c), Workflows{"": General}) }, "from[1].caseId"},
		"merged already":    {func() (commit.Change, error) { return Merge(admin, mergeOf(c, b), Workflows{"": General}) }, "from[0].caseId"},
		"into a merged one": {func() (commit.Change, error) { return Merge(admin, mergeOf(b, c), Workflows{"": General}) }, "intoId"},
		"hidden into open":  {func() (commit.Change, error) { return Merge(admin, mergeOf(a, secret), Workflows{"": General}) }, "from[0].caseId"},
		"open into hidden":  {func() (commit.Change, error) { return Merge(admin, mergeOf(secret, c), Workflows{"": General}) }, "from[0].caseId"},
		"without a reason": {func() (commit.Change, error) {
			return Merge(admin, MergeInput{IntoID: a, From: []MergedInput{{CaseID: c}}}, nil)
		}, "reason"},
		"none":       {func() (commit.Change, error) { return Merge(admin, MergeInput{IntoID: a, Reason: "x"}, nil) }, "from"},
		"not merged": {func() (commit.Change, error) { return Unmerge(admin, mergeOf(a, c)) }, "from[0].caseId"},
		"attach to merged": {func() (commit.Change, error) {
			return Attach(admin, AttachInput{CaseID: b, Objects: []ObjectInput{{ID: account}}})
		}, "caseId"},
		"move a merged one": {func() (commit.Change, error) {
			return SetStatus(admin, SetStatusInput{CaseID: b, Status: StatusOpen}, General)
		}, "caseId"},
		"reopen a merged one": {func() (commit.Change, error) { return Reopen(admin, ReopenInput{CaseID: b, Reason: "x"}, General) }, "caseId"},
		"unlink a merged one": {func() (commit.Change, error) {
			return UnlinkCases(admin, LinkCasesInput{FromID: b, ToID: a, Relation: MergedInto})
		}, "relation"},
		"an end of nothing": {func() (commit.Change, error) {
			return Merge(admin, MergeInput{IntoID: a, From: []MergedInput{{CaseID: c, Status: StatusOpen}}, Reason: "x"}, Workflows{"": General})
		}, "from[0].status"},
	} {
		t.Run(name, func(t *testing.T) {
			change, err := test.change()
			_, err = w.try(change, err)
			refused(t, err, casegraph.CodeBadInput, test.field)
		})
	}
	_, err := w.try(Merge(admin, MergeInput{IntoID: a, From: []MergedInput{{CaseID: c, ExpectedVersion: version(9)}}, Reason: "x"}, Workflows{"": General}))
	refused(t, err, casegraph.CodeConflict, "from[0].expectedVersion")
	_, err = w.try(Merge(viewer, mergeOf(a, c), Workflows{"": General}))
	refused(t, err, casegraph.CodeForbidden, "")
}

// A merge brings a case to an end to which the asker's role may bring it, and
// alone; what waited for a second person waits no more.
func TestAMergeIsNoWayRoundWhoDecides(t *testing.T) {
	for name, test := range map[string]struct {
		by     Asker
		status string
		want   string // "" is refused
	}{
		"an investigator's end":         {investigator, "Done", "Done"},
		"the only one for him":          {investigator, "", "Done"},
		"an administrator's":            {investigator, "Dropped", ""},
		"an administrator's, by one":    {admin, "dropped", "Dropped"},
		"one of several is to be named": {admin, "", ""},
		"a second person's":             {investigator, "Filed", ""},
		"a second person's, by another": {admin, "Filed", ""},
		"no end":                        {admin, "New", ""},
		"none of the template's":        {admin, "Gone", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			flow := w.publish(t, "fraud", fraud())
			id, into := w.openBy(t, flow, `{"seen":"2026-01-31"}`), w.open(t, CreateInput{}).ID
			for _, status := range []string{"Work", "Filed"} {
				change, err := SetStatus(investigator, SetStatusInput{CaseID: id, Status: status}, flow)
				w.must(t, change, err)
			}
			change, err := Merge(test.by, MergeInput{IntoID: into, Reason: "the same", From: []MergedInput{{CaseID: id, Status: test.status, Resolution: "Mistake"}}},
				Workflows{"": General, flow.Template.ID: flow})
			_, err = w.try(change, err)
			c := w.caseOf(id)
			if test.want == "" {
				refused(t, err, casegraph.CodeBadInput, "from[0].status")
				if c.Merged != nil || c.Awaiting == nil {
					t.Errorf("left as %+v", c)
				}
				return
			}
			if err != nil || c.Status != test.want || c.Awaiting != nil {
				t.Fatalf("%+v, %v", c, err)
			}
			if _, err := w.unmerge(into, id); err != nil || w.caseOf(id).Status != "Work" || w.caseOf(id).Awaiting != nil {
				t.Errorf("taken apart: %+v, %v", w.caseOf(id), err)
			}
		})
	}
}

// A case with no end but by two people is not merged while it is open.
func TestACaseThatOnlyTwoEndIsNotMerged(t *testing.T) {
	w := newWorld()
	form := fraud()
	form.Statuses[1].Transitions = form.Statuses[1].Transitions[1:2]
	form.Statuses = append(form.Statuses[:2:2], form.Statuses[3])
	flow := w.publish(t, "fraud", form)
	id, into := w.openBy(t, flow, `{"seen":"2026-01-31"}`), w.open(t, CreateInput{}).ID
	_, err := w.try(Merge(admin, mergeOf(into, id), Workflows{"": General, flow.Template.ID: flow}))
	refused(t, err, casegraph.CodeBadInput, "from[0].status")
}

// What is open is not merged into what is at its end, where nobody would see it.
func TestNothingIsMergedIntoACaseAtItsEnd(t *testing.T) {
	w := newWorld()
	from, into := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
	w.caseOf(into).Status, w.caseOf(into).ResolvedAt, w.caseOf(into).ResolverID = StatusResolved, w.now, ana
	_, err := w.merge(into, from)
	refused(t, err, casegraph.CodeBadInput, "intoId")
	change, err := Reopen(admin, ReopenInput{CaseID: into, Reason: "more came"}, General)
	w.must(t, change, err)
	if _, err := w.merge(into, from); err != nil {
		t.Error(err)
	}
}

// graph is all that stands, but for versions, times of change and numbers of
// events, which a merge and its end leave behind.
func (w *world) graph() string {
	all := map[string]any{}
	for id, n := range w.nodes {
		all[string(id)] = n
	}
	for id, l := range w.links {
		bare := *l
		bare.Recorded = 0
		all[fmt.Sprint(id)] = bare
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// A merge that is taken apart again leaves the graph as if it had never been,
// with all that people did in between.
func TestAMergeTakenApartIsNoMerge(t *testing.T) {
	objects := []casegraph.ID{account, session, "act_2", "act_3"}
	rapid.Check(t, func(t *rapid.T) {
		merged, never := newWorld(), newWorld()
		both := func(do func(w *world)) { do(merged); do(never) }
		ids := []casegraph.ID{}
		both(func(w *world) {
			w.put("act_2", &casegraph.Account{})
			w.put("act_3", &casegraph.Account{})
		})
		for i := range 4 {
			contained := rapid.SliceOfNDistinct(rapid.SampledFrom(objects), 0, 3, rapid.ID[casegraph.ID]).Draw(t, "contained")
			status := rapid.SampledFrom([]string{StatusOpen, StatusInReview, StatusResolved}[:min(3, 2+i)]).Draw(t, "status") // the first goes on
			both(func(w *world) {
				in := CreateInput{Title: fmt.Sprint("Case ", i)}
				for _, object := range contained {
					in.Objects = append(in.Objects, ObjectInput{ID: object, Role: fmt.Sprint("role ", i)})
				}
				change, err := Create(admin, in, General, w.newID)
				id := change.Needs.Nodes[0]
				if _, err := w.try(change, err); err != nil {
					t.Fatal(err)
				}
				w.caseOf(id).Status = status
				if status == StatusResolved {
					w.caseOf(id).ResolvedAt, w.caseOf(id).ResolverID = w.now, ana
				}
				if w == merged {
					ids = append(ids, id)
				}
			})
		}
		into, from, other := ids[0], ids[1:3], ids[3]
		if rapid.Bool().Draw(t, "one only") {
			from = from[:1]
		}
		if _, err := merged.merge(into, from...); err != nil {
			t.Fatal(err)
		}
		never.now++
		for range rapid.IntRange(0, 6).Draw(t, "changes in between") {
			object := rapid.SampledFrom(objects).Draw(t, "object")
			any := rapid.SampledFrom(ids).Draw(t, "case")
			what := rapid.SampledFrom([]string{"attach", "detach", "tag", "comment", "update", "merge"}).Draw(t, "what")
			both(func(w *world) {
				var change commit.Change
				var err error
				switch what {
				case "attach":
					change, err = Attach(investigator, AttachInput{CaseID: into, Objects: []ObjectInput{{ID: object, Role: "since"}}})
				case "detach":
					change, err = Detach(investigator, DetachInput{CaseID: into, ObjectIDs: []casegraph.ID{object}})
				case "tag":
					change, err = Tag(investigator, TagInput{NodeID: any, Tags: []string{"since"}})
				case "comment":
					change, err = Comment(investigator, CommentInput{CaseID: any, Body: "since"}, nil, w.newID)
				case "update":
					change, err = UpdateFields(investigator, UpdateFieldsInput{NodeID: any, Fields: patch(casegraph.Fields(`{"since":1}`))}, General)
				case "merge":
					if w.caseOf(other).Merged != nil {
						w.now++
						return
					}
					change, err = Merge(investigator, mergeOf(into, other), Workflows{"": General})
				}
				if _, err := w.try(change, err); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
			})
		}
		if _, err := merged.unmerge(into, from...); err != nil {
			t.Fatal(err)
		}
		if a, b := merged.graph(), never.graph(); a != b {
			t.Fatalf("after a merge and its end\n%s\nwithout them\n%s", a, b)
		}
	})
}

// Cases merged into a merged one come along, and leave with it.
func TestAMergeOfMerges(t *testing.T) {
	w := newWorld()
	a, b, c := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID, w.open(t, CreateInput{Objects: []ObjectInput{{ID: account}}}).ID
	for _, pair := range [][2]casegraph.ID{{b, c}, {a, b}} {
		if _, err := w.merge(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.caseOf(a).MergedFrom; !slices.Equal(got, []casegraph.ID{c, b}) || w.links[contains(a, account)] == nil {
		t.Errorf("merged from %v", got)
	}
	_, err := w.unmerge(b, c)
	refused(t, err, casegraph.CodeBadInput, "intoId")
	if _, err := w.unmerge(a, b); err != nil {
		t.Fatal(err)
	}
	if got := w.caseOf(a).MergedFrom; len(got) != 0 || w.links[contains(a, account)] != nil || w.links[contains(b, account)] == nil {
		t.Errorf("merged from %v", got)
	}
}
