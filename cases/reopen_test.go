package cases

import (
	"testing"

	"casegraph"
)

func TestACaseIsTakenUpAgain(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	_, err := w.try(Reopen(investigator, ReopenInput{CaseID: id, Reason: "x"}, General))
	refused(t, err, casegraph.CodeBadInput, "caseId")
	for _, status := range []string{StatusInReview, StatusResolved} {
		change, err := SetStatus(investigator, SetStatusInput{CaseID: id, Status: status}, General)
		w.must(t, change, err)
	}
	_, err = w.try(Reopen(investigator, ReopenInput{CaseID: id}, General))
	refused(t, err, casegraph.CodeBadInput, "reason")
	_, err = w.try(Reopen(investigator, ReopenInput{CaseID: id, Reason: "x", Status: StatusWaiting}, General))
	refused(t, err, casegraph.CodeBadInput, "status")
	for times := int64(1); times <= 2; times++ {
		change, err := Reopen(investigator, ReopenInput{CaseID: id, Reason: " more money came "}, General)
		w.must(t, change, err)
		if c := w.caseOf(id); c.Status != StatusOpen || c.Reopened != times || c.ResolvedAt != 0 || c.Resolution != "" {
			t.Errorf("it is %+v", c)
		}
		if told := w.lastEvent(); told.Name != "case.reopened" || told.Note != "more money came" {
			t.Errorf("told %+v", told)
		}
		w.caseOf(id).Status, w.caseOf(id).ResolvedAt = StatusResolved, w.now
	}
}

func TestATemplateMayKeepItsEnds(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	w.caseOf(id).Status = "Over"
	last, err := NewWorkflow(&casegraph.Template{TemplateForm: casegraph.TemplateForm{Name: "Last", Prefix: "LAST", Statuses: []casegraph.TemplateStatus{
		{Name: "Begun", Stage: casegraph.StageInitial, Transitions: to("Over")},
		{Name: "Over", Stage: casegraph.StageEnd},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.try(Reopen(admin, ReopenInput{CaseID: id, Reason: "x"}, last))
	refused(t, err, casegraph.CodeBadInput, "caseId")
}
