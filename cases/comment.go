package cases

import (
	"casegraph"
	"casegraph/commit"
)

// CommentInput is something to say about a case.
type CommentInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // of the case; nil is any
	Body            string // 1 to MaxBody characters
}

// CommentAnswer names the comment made.
type CommentAnswer struct {
	CaseID    casegraph.ID `json:"caseId"`
	CommentID casegraph.ID `json:"commentId"`
}

// Comment says something about a case. It raises no version of the case. It
// answers CommentAnswer; the events are case.commented, which tells the link,
// and comment.created.
func Comment(by Asker, in CommentInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	body, err := Text("body", in.Body, 1, MaxBody)
	if err != nil {
		return commit.Change{}, err
	}
	id := newID(casegraph.KindComment)
	link := about(id, in.CaseID)
	needs := casegraph.Needs{Nodes: []casegraph.ID{in.CaseID, id}, Links: []casegraph.LinkID{link}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if _, err := by.caseNode(v, "caseId", in.CaseID, in.ExpectedVersion); err != nil {
			return nil, err
		}
		comment := &casegraph.Comment{Header: casegraph.Header{ID: id}, CaseID: in.CaseID, AuthorID: by.ID, Body: body}
		return &commit.Writes{
			Nodes:  []casegraph.Node{comment},
			Links:  []casegraph.Link{madeLink(v, link, casegraph.LinkProps{})},
			Events: []commit.Event{{Name: "case.commented", Subject: in.CaseID}, {Name: "comment.created", Subject: id}},
			Answer: Encode(CommentAnswer{CaseID: in.CaseID, CommentID: id}),
		}, nil
	}}, nil
}
