package cases

import (
	"slices"
	"testing"

	"casegraph"
)

func TestWhichStatusFollowsWhich(t *testing.T) {
	const foreign = "escalated"
	for _, test := range []struct{ from, to string }{
		{StatusOpen, StatusInReview},
		{StatusInReview, StatusWaiting}, {StatusInReview, StatusResolved},
		{StatusWaiting, StatusInReview}, {StatusWaiting, StatusResolved},
		{StatusResolved, StatusOpen},
		{foreign, StatusOpen}, {foreign, StatusInReview}, {foreign, StatusWaiting}, {foreign, StatusResolved},
	} {
		if !slices.Contains(following(General, &casegraph.Case{Status: test.from}), test.to) {
			t.Errorf("%s may not become %s", test.from, test.to)
		}
	}
	for _, from := range append(General.Statuses(), foreign) {
		for _, to := range General.Statuses() {
			w := newWorld()
			id := w.open(t, CreateInput{}).ID
			w.caseOf(id).Status = from
			result, err := w.try(SetStatus(investigator, SetStatusInput{CaseID: id, Status: to}, General))
			switch {
			case from == to:
				if err != nil || result.Changed {
					t.Errorf("%s again: changed %v, %v", from, result.Changed, err)
				}
			case slices.Contains(following(General, &casegraph.Case{Status: from}), to):
				event := "case.status-changed"
				if from == StatusResolved {
					event = "case.reopened"
				}
				if err != nil || w.caseOf(id).Status != to || w.lastEvent().Name != event {
					t.Errorf("%s to %s: %v", from, to, err)
				}
			default:
				refused(t, err, casegraph.CodeBadInput, "status")
			}
		}
	}
}

func TestResolvingAndReopening(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	set := func(status, resolution string) error {
		_, err := w.try(SetStatus(investigator, SetStatusInput{CaseID: id, Status: status, Resolution: resolution}, General))
		return err
	}
	refused(t, set("Closed", ""), casegraph.CodeBadInput, "status")
	refused(t, set(StatusInReview, "confirmed"), casegraph.CodeBadInput, "resolution")
	if err := set(StatusInReview, ""); err != nil {
		t.Fatal(err)
	}
	if err := set(StatusResolved, "false positive"); err != nil {
		t.Fatal(err)
	}
	if c := w.caseOf(id); c.Resolution != "false positive" || c.ResolvedAt != w.now || c.ResolverID != ben {
		t.Errorf("resolved: %+v", c)
	}
	refused(t, set(StatusResolved, "confirmed"), casegraph.CodeBadInput, "resolution")
	if err := set(StatusOpen, ""); err != nil {
		t.Fatal(err)
	}
	if c := w.caseOf(id); c.Resolution != "" || c.ResolvedAt != 0 || c.ResolverID != "" {
		t.Errorf("reopened: %+v", c)
	}
}

// following are the statuses that a case may get.
func following(w *Workflow, c *casegraph.Case) []string {
	var statuses []string
	for _, allowed := range w.Allowed(admin, c) {
		statuses = append(statuses, allowed.To)
	}
	return statuses
}
