package cases

import (
	"fmt"

	"casegraph"
	"casegraph/commit"
)

// DetachInput is objects to take out of a case.
type DetachInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // of the case; nil is any
	ObjectIDs       []casegraph.ID
	Note            string // at most MaxNote characters
}

// Detach takes objects out of a case, all or none; that they were in it stays
// on record. It raises no version, unless it takes back what a second person was
// asked for. It answers AttachAnswer; the event is case.objects-detached.
func Detach(by Asker, in DetachInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	if len(in.ObjectIDs) == 0 {
		return commit.Change{}, casegraph.BadInput("objectIds: at least one")
	}
	if err := checkObjectIDs("objectIds", "", in.ObjectIDs); err != nil {
		return commit.Change{}, err
	}
	note, err := Text("note", in.Note, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	needs := attachNeeds(in.CaseID, in.ObjectIDs)
	needs.Values = noteValues(in.CaseID, note)
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := by.caseNode(v, "caseId", in.CaseID, in.ExpectedVersion)
		if err == nil {
			err = standsAlone("caseId", c)
		}
		if err != nil {
			return nil, err
		}
		ends, items, err := by.detach(v, in.CaseID, in.ObjectIDs)
		if err != nil {
			return nil, err
		}
		w := &commit.Writes{
			Ends:   ends,
			Events: []commit.Event{{Name: "case.objects-detached", Subject: in.CaseID, Note: note}},
			Answer: Encode(AttachAnswer{CaseID: in.CaseID, Items: items}),
		}
		if len(ends) > 0 {
			AskAnew(c)
			w.Nodes = []casegraph.Node{c}
			responded(v, c, w)
		}
		return keepNote(v, c, note, w), nil
	}}, nil
}

func (a Asker) detach(v *commit.View, caseID casegraph.ID, objects []casegraph.ID) ([]casegraph.LinkID, []AttachedItem, error) {
	var ends []casegraph.LinkID
	items := make([]AttachedItem, len(objects))
	for i, object := range objects {
		if a.visible(v, object) == nil {
			return nil, nil, casegraph.NoSuch(fmt.Sprintf("objectIds[%d]", i), "object", object)
		}
		id := contains(caseID, object)
		items[i] = AttachedItem{ID: object, Outcome: NotAttached}
		if v.Link(id) != nil {
			items[i].Outcome = Detached
			ends = append(ends, id)
		}
	}
	return ends, items, nil
}
