package cases

import (
	"strings"
	"testing"

	"casegraph"
)

func TestACommentIsLinkedToItsCase(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	change, err := Comment(investigator, CommentInput{CaseID: id, Body: "seen\nbefore\n"}, w.newID)
	got := answer[CommentAnswer](t, w.must(t, change, err))
	comment := w.nodes[got.CommentID].(*casegraph.Comment)
	if comment.Body != "seen\nbefore" || comment.AuthorID != ben || comment.CaseID != id {
		t.Errorf("the comment is %+v", comment)
	}
	about := casegraph.LinkID{From: got.CommentID, Kind: casegraph.LinkAbout, To: id}
	if l := w.links[about]; l == nil || l.By != ben || l.LastSeen != w.now {
		t.Errorf("the link is %+v", l)
	}
	told := w.events[len(w.events)-2]
	if told.Name != "case.commented" || told.Subject != id || len(told.Links) != 1 {
		t.Errorf("told %+v", told)
	}
	if w.caseOf(id).Version != 1 {
		t.Error("a comment raised its case's version")
	}
	for _, body := range []string{"", " \n", strings.Repeat("x", 10_001)} {
		_, err := w.try(Comment(investigator, CommentInput{CaseID: id, Body: body}, w.newID))
		refused(t, err, casegraph.CodeBadInput, "body")
	}
}
