package cases

import (
	"testing"

	"casegraph"
)

func TestAssignAndUnassign(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	change, err := Assign(investigator, AssignInput{CaseID: id, AssigneeID: ben, Note: "mine"})
	w.must(t, change, err)
	c, told := w.caseOf(id), w.lastEvent()
	if c.AssigneeID != ben || c.AssignedAt != w.now || c.Version != 2 || told.Name != "case.assigned" || told.Note != "mine" {
		t.Errorf("assigned: %+v, told %+v", c, told)
	}
	if result := w.must(t, change, err); result.Changed || w.caseOf(id).Version != 2 {
		t.Error("assigning to whoever has it is a change")
	}
	change, err = Unassign(investigator, UnassignInput{CaseID: id})
	w.must(t, change, err)
	if c := w.caseOf(id); c.AssigneeID != "" || c.AssignedAt != 0 || w.lastEvent().Name != "case.unassigned" {
		t.Errorf("unassigned: %+v", c)
	}
	if w.must(t, change, err).Changed {
		t.Error("taking a case from nobody is a change")
	}
	_, err = w.try(Assign(investigator, AssignInput{CaseID: id, AssigneeID: account}))
	refused(t, err, casegraph.CodeNotFound, "assigneeId")
}
