package cases

import (
	"slices"

	"casegraph"
	"casegraph/commit"
)

// SplitInput makes a part of a case one of its own.
type SplitInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Title           string // 1 to MaxTitle characters
	Description     string // at most MaxDescription characters
	// ObjectIDs and CommentIDs are what moves, at least one: of objects at most
	// MaxObjects, and as many comments.
	ObjectIDs, CommentIDs []casegraph.ID
	// QueueID and AssigneeID are the new case's; "" is none.
	QueueID, AssigneeID casegraph.ID
	Reason              string // 1 to MaxNote characters
}

// SplitAnswer names the case that was split and the one that came of it.
type SplitAnswer struct {
	CaseID    casegraph.ID `json:"caseId"`
	NewCaseID casegraph.ID `json:"newCaseId"`
}

// Split opens a case for a part of another: some of its objects and comments
// move there, and the new case is linked to the old one. It begins with the old
// one's fields, and whoever saw that sees it. old is the case as it was read, w
// what the new one follows. It answers SplitAnswer; the events are case.split,
// about CaseID, case.created, and comment.moved of each comment.
func Split(by Asker, in SplitInput, old *casegraph.Case, w *Workflow, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	reason, err := in.check()
	if err != nil {
		return commit.Change{}, err
	}
	opened, err := Create(by, CreateInput{Title: in.Title, Description: in.Description, QueueID: in.QueueID, AssigneeID: in.AssigneeID,
		CaseType: caseTypeFor(old, w), Restricted: old.Restricted, Fields: old.Fields}, w, newID)
	if err != nil {
		return commit.Change{}, err
	}
	id := opened.Needs.Nodes[0]
	needs := opened.Needs
	needs.Nodes = append(needs.Nodes, in.CaseID)
	from := casegraph.LinkID{From: id, Kind: casegraph.LinkRelatesTo, To: in.CaseID, Key: string(SplitFrom)}
	needs.Links = append(needs.Links, from)
	for _, object := range in.ObjectIDs {
		needs.Links = append(needs.Links, contains(in.CaseID, object), contains(id, object))
	}
	for _, comment := range in.CommentIDs {
		needs.Nodes = append(needs.Nodes, comment)
		needs.Links = append(needs.Links, about(comment, in.CaseID), about(comment, id))
	}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := by.caseNode(v, "caseId", in.CaseID, in.ExpectedVersion)
		if err == nil {
			err = standsAlone("caseId", c)
		}
		if err != nil {
			return nil, err
		}
		if c.TemplateID != old.TemplateID {
			return nil, ErrMoved
		}
		w, err := opened.Decide(v)
		if err != nil {
			return nil, err
		}
		w.Events = append([]commit.Event{{Name: "case.split", Subject: in.CaseID, Note: reason}}, w.Events...)
		w.Links = append(w.Links, madeLink(v, from, casegraph.LinkProps{Reason: reason}))
		if err := in.moveObjects(v, id, w); err != nil {
			return nil, err
		}
		if err := in.moveComments(v, id, w); err != nil {
			return nil, err
		}
		if len(in.ObjectIDs) > 0 {
			AskAnew(c)
			w.Nodes = append(w.Nodes, c)
		}
		w.Answer = Encode(SplitAnswer{CaseID: in.CaseID, NewCaseID: id})
		return responded(v, c, w), nil
	}}, nil
}

// caseTypeFor is what a new case is named by where no template says so.
func caseTypeFor(old *casegraph.Case, w *Workflow) string {
	if w.Template.Key == "" {
		return old.CaseType
	}
	return ""
}

func (in *SplitInput) check() (reason string, err error) {
	if len(in.ObjectIDs)+len(in.CommentIDs) == 0 {
		return "", casegraph.BadInput("objectIds: at least one object or comment")
	}
	if err := checkObjectIDs("objectIds", "", in.ObjectIDs); err != nil {
		return "", err
	}
	if len(in.CommentIDs) > MaxObjects {
		return "", casegraph.BadInput("commentIds: at most %d a call", MaxObjects)
	}
	for i, id := range in.CommentIDs {
		if slices.Contains(in.CommentIDs[:i], id) {
			return "", casegraph.BadInput("commentIds[%d]: %.100q is named twice", i, string(id))
		}
	}
	return Text("reason", in.Reason, 1, MaxNote)
}

// moveObjects moves attachments as they stand: since when, by whom and why.
func (in *SplitInput) moveObjects(v *commit.View, to casegraph.ID, w *commit.Writes) error {
	for i, object := range in.ObjectIDs {
		has := v.Link(contains(in.CaseID, object))
		if has == nil {
			return casegraph.BadInput("objectIds[%d]: %.100q is not in the case", i, string(object))
		}
		w.Ends = append(w.Ends, has.LinkID)
		has.LinkID, has.Brought, has.SplitFrom = contains(to, object), nil, in.CaseID
		w.Links = append(w.Links, *has)
	}
	return nil
}

func (in *SplitInput) moveComments(v *commit.View, to casegraph.ID, w *commit.Writes) error {
	for i, id := range in.CommentIDs {
		comment, _ := v.Node(id).(*casegraph.Comment)
		has := v.Link(about(id, in.CaseID))
		if comment == nil || has == nil || comment.CaseID != in.CaseID {
			return casegraph.BadInput("commentIds[%d]: %.100q is no comment on the case", i, string(id))
		}
		comment.CaseID = to
		w.Nodes = append(w.Nodes, comment)
		w.Ends = append(w.Ends, has.LinkID)
		has.LinkID = about(id, to)
		w.Links = append(w.Links, *has)
		w.Events = append(w.Events, commit.Event{Name: "comment.moved", Subject: id})
	}
	return nil
}

func about(comment, node casegraph.ID) casegraph.LinkID {
	return casegraph.LinkID{From: comment, Kind: casegraph.LinkAbout, To: node}
}
