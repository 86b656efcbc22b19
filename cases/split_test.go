package cases

import (
	"testing"

	"casegraph"
)

func TestAPartOfACaseBecomesACase(t *testing.T) {
	w := newWorld()
	old := w.open(t, CreateInput{CaseType: "ring", Fields: casegraph.Fields(`{"a":1}`), Objects: []ObjectInput{{ID: account, Role: "subject"}, {ID: session}}})
	change, err := Comment(investigator, CommentInput{CaseID: old.ID, Body: "of the session"}, nil, w.newID)
	comment := answer[CommentAnswer](t, w.must(t, change, err)).CommentID
	since := w.links[contains(old.ID, session)].LastSeen

	change, err = Split(investigator, SplitInput{CaseID: old.ID, Title: "The session", ObjectIDs: []casegraph.ID{session}, CommentIDs: []casegraph.ID{comment}, Reason: "another ring"}, old, General, w.newID)
	before := len(w.events)
	id := answer[SplitAnswer](t, w.must(t, change, err)).NewCaseID
	made := w.caseOf(id)
	if made.Number != "CASE-2" || made.CaseType != "ring" || string(made.Fields) != `{"a":1}` {
		t.Errorf("the new case is %+v", made)
	}
	moved := w.links[contains(id, session)]
	if w.links[contains(old.ID, session)] != nil || moved == nil || moved.LastSeen != since || moved.By != ana || moved.SplitFrom != old.ID {
		t.Errorf("the object stands as %+v", moved)
	}
	if w.links[contains(old.ID, account)] == nil {
		t.Error("the other object went as well")
	}
	if c := w.nodes[comment].(*casegraph.Comment); c.CaseID != id || w.links[about(comment, id)] == nil || w.links[about(comment, old.ID)] != nil {
		t.Errorf("the comment is %+v", c)
	}
	if l := w.links[casegraph.LinkID{From: id, Kind: casegraph.LinkRelatesTo, To: old.ID, Key: string(SplitFrom)}]; l == nil || l.Reason != "another ring" {
		t.Errorf("the cases are linked by %+v", l)
	}
	var told []string
	for _, e := range w.events[before:] {
		told = append(told, e.Name)
	}
	if len(told) != 3 || told[0] != "case.split" || told[1] != "case.created" || told[2] != "comment.moved" {
		t.Errorf("told %v", told)
	}
	for field, in := range map[string]SplitInput{
		"objectIds":     {},
		"objectIds[0]":  {ObjectIDs: []casegraph.ID{session}},
		"objectIds[1]":  {ObjectIDs: []casegraph.ID{account, account}},
		"commentIds[0]": {CommentIDs: []casegraph.ID{comment}},
		"reason":        {ObjectIDs: []casegraph.ID{account}, Reason: " "},
		"title":         {ObjectIDs: []casegraph.ID{account}, Title: " "},
		"assigneeId":    {ObjectIDs: []casegraph.ID{account}, AssigneeID: vic},
		"queueId":       {ObjectIDs: []casegraph.ID{account}, QueueID: "que_missing"},
	} {
		in.CaseID = old.ID
		if in.Title == "" {
			in.Title = "x"
		}
		if in.Reason == "" {
			in.Reason = "x"
		}
		code := casegraph.CodeBadInput
		if field == "queueId" {
			code = casegraph.CodeNotFound
		}
		_, err := w.try(Split(investigator, in, old, General, w.newID))
		refused(t, err, code, field)
	}
}
