package cases

import (
	"testing"

	"casegraph"
	"casegraph/commit"
)

func TestANoteIsKeptThoughNothingElseChanges(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	for name, make := range map[string]func(note string) (commit.Change, error){
		"unassign from nobody": func(note string) (commit.Change, error) {
			return Unassign(investigator, UnassignInput{CaseID: id, Note: note})
		},
		"set the same status": func(note string) (commit.Change, error) {
			return SetStatus(investigator, SetStatusInput{CaseID: id, Status: StatusOpen, Note: note}, General)
		},
		"update nothing": func(note string) (commit.Change, error) {
			return UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Note: note}, General)
		},
		"detach what is not attached": func(note string) (commit.Change, error) {
			return Detach(investigator, DetachInput{CaseID: id, ObjectIDs: []casegraph.ID{account}, Note: note})
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, told := w.caseOf(id).Version, len(w.events)
			note := "looked again, to " + name
			change, err := make(note)
			if w.must(t, change, err); w.must(t, change, err).Changed {
				t.Error("the same note again is a change")
			}
			e := w.lastEvent()
			if len(w.events) != told+1 || e.Name != "case.noted" || e.Note != note || e.Subject != id || e.Actor != investigator.ID || len(e.Changes) > 0 {
				t.Errorf("told %+v", e)
			}
			if w.caseOf(id).Version != before {
				t.Error("the version rises")
			}
			change, err = make("")
			if w.must(t, change, err).Changed {
				t.Error("without a note it is a change")
			}
		})
	}
}
