package cases

import (
	"strings"
	"testing"

	"casegraph"
	"casegraph/commit"
)

// aChange is a change of the given case by somebody.
type aChange struct {
	name string
	// field is the input that names the case.
	field string
	// versioned is whether the change takes an expected version.
	versioned bool
	make      func(w *world, by Asker, id casegraph.ID, expected *int64) (commit.Change, error)
}

var everyChange = []aChange{
	{"attach", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Attach(by, AttachInput{CaseID: id, ExpectedVersion: v, Objects: []ObjectInput{{ID: account}}})
	}},
	{"detach", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Detach(by, DetachInput{CaseID: id, ExpectedVersion: v, ObjectIDs: []casegraph.ID{account}})
	}},
	{"assign", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Assign(by, AssignInput{CaseID: id, ExpectedVersion: v, AssigneeID: ana})
	}},
	{"unassign", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Unassign(by, UnassignInput{CaseID: id, ExpectedVersion: v})
	}},
	{"set the status", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return SetStatus(by, SetStatusInput{CaseID: id, ExpectedVersion: v, Status: StatusInReview}, General)
	}},
	{"comment", "caseId", true, func(w *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Comment(by, CommentInput{CaseID: id, ExpectedVersion: v, Body: "seen"}, nil, w.newID)
	}},
	{"tag", "nodeId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Tag(by, TagInput{NodeID: id, ExpectedVersion: v, Tags: []string{"ring"}})
	}},
	{"untag", "nodeId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return Untag(by, TagInput{NodeID: id, ExpectedVersion: v, Tags: []string{"ring"}})
	}},
	{"update", "caseId", true, func(_ *world, by Asker, id casegraph.ID, v *int64) (commit.Change, error) {
		return UpdateFields(by, UpdateFieldsInput{NodeID: id, ExpectedVersion: v, Fields: patch(`{"a":1}`)}, General)
	}},
	{"link from", "fromId", false, func(w *world, by Asker, id casegraph.ID, _ *int64) (commit.Change, error) {
		return LinkCases(by, LinkCasesInput{FromID: id, ToID: "case_other", Relation: Relates})
	}},
	{"link to", "toId", false, func(w *world, by Asker, id casegraph.ID, _ *int64) (commit.Change, error) {
		return LinkCases(by, LinkCasesInput{FromID: "case_other", ToID: id, Relation: Relates})
	}},
	{"unlink", "fromId", false, func(w *world, by Asker, id casegraph.ID, _ *int64) (commit.Change, error) {
		return UnlinkCases(by, LinkCasesInput{FromID: id, ToID: "case_other", Relation: Relates})
	}},
}

func worldWithTwoCases(t *testing.T, restricted bool) (*world, casegraph.ID) {
	w := newWorld()
	w.put("case_other", &casegraph.Case{Status: StatusOpen})
	return w, w.open(t, CreateInput{Restricted: restricted}).ID
}

func TestEveryChangeAsksWhoMayDoIt(t *testing.T) {
	for _, change := range everyChange {
		t.Run(change.name, func(t *testing.T) {
			w, id := worldWithTwoCases(t, false)
			_, err := w.try(change.make(w, Asker{}, id, nil))
			refused(t, err, casegraph.CodeUnauthenticated, "")
			_, err = w.try(change.make(w, viewer, id, nil))
			refused(t, err, casegraph.CodeForbidden, "")
			_, err = w.try(change.make(w, investigator, id, nil))
			if err != nil {
				t.Errorf("refused to an investigator: %v", err)
			}
		})
	}
}

func TestWhatIsHiddenIsNotThereForAnyChange(t *testing.T) {
	for _, change := range everyChange {
		t.Run(change.name, func(t *testing.T) {
			w, id := worldWithTwoCases(t, true)
			_, hidden := w.try(change.make(w, investigator, id, nil))
			refused(t, hidden, casegraph.CodeNotFound, change.field)
			_, missing := w.try(change.make(w, investigator, "case_missing", nil))
			refused(t, missing, casegraph.CodeNotFound, change.field)
			if strings.ReplaceAll(hidden.Error(), string(id), "ID") != strings.ReplaceAll(missing.Error(), "case_missing", "ID") {
				t.Errorf("hidden says %q, missing says %q", hidden, missing)
			}
			if _, err := w.try(change.make(w, admin, id, nil)); err != nil {
				t.Errorf("refused to an administrator: %v", err)
			}
		})
	}
}

func TestAChangeOfAnotherVersionIsAConflict(t *testing.T) {
	for _, change := range everyChange {
		if !change.versioned {
			continue
		}
		t.Run(change.name, func(t *testing.T) {
			w, id := worldWithTwoCases(t, false)
			_, err := w.try(change.make(w, investigator, id, version(7)))
			refused(t, err, casegraph.CodeConflict, "expectedVersion")
			if !strings.Contains(err.Error(), "current version is 1") {
				t.Errorf("%q does not name the current version", err)
			}
			if _, err := w.try(change.make(w, investigator, id, version(1))); err != nil {
				t.Errorf("refused at its version: %v", err)
			}
		})
	}
}
