package cases

import (
	"slices"
	"strings"
	"testing"

	"casegraph"
)

func TestACommentIsLinkedToItsCase(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	change, err := Comment(investigator, CommentInput{CaseID: id, Body: "seen\nbefore\n"}, nil, w.newID)
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
		_, err := w.try(Comment(investigator, CommentInput{CaseID: id, Body: body}, nil, w.newID))
		refused(t, err, casegraph.CodeBadInput, "body")
	}
}

// say makes a comment.
func (w *world) say(t *testing.T, by Asker, in CommentInput) (*casegraph.Comment, error) {
	t.Helper()
	result, err := w.try(Comment(by, in, People{"vic@bank.example": vic, "gone@bank.example": gone}, w.newID))
	if err != nil {
		return nil, err
	}
	return w.nodes[answer[CommentAnswer](t, result).CommentID].(*casegraph.Comment), nil
}

func TestWhomACommentMentions(t *testing.T) {
	w := newWorld()
	open, secret := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{Restricted: true}).ID
	for body, want := range map[string][]casegraph.ID{
		"@usr_vic, look":                                {vic},
		"look (@vic@bank.example), @usr_ana.":           {vic, ana},
		"@Vic@Bank.example @usr_vic":                    {vic},
		"vic@bank.example wrote it, and so did @vic":    nil,
		"mail:x@usr_vic":                                nil,
		"the first:@usr_ana\n@usr_ben;@usr_vic @nobody": {ana, ben, vic},
	} {
		c, err := w.say(t, admin, CommentInput{CaseID: open, Body: body})
		if err != nil || !slices.Equal(c.Mentions, want) {
			t.Errorf("%q mentions %v, %v", body, c, err)
		}
	}
	for _, body := range []string{"@usr_missing", "@nobody@bank.example", "@gone@bank.example"} {
		_, err := w.say(t, admin, CommentInput{CaseID: open, Body: body})
		refused(t, err, casegraph.CodeBadInput, "body")
	}
	_, err := w.say(t, admin, CommentInput{CaseID: secret, Body: "@usr_ben should not know"})
	refused(t, err, casegraph.CodeBadInput, "body")
}

func TestThreadsAndAnchors(t *testing.T) {
	w := newWorld()
	id, other := w.open(t, CreateInput{Objects: []ObjectInput{{ID: account}}}).ID, w.open(t, CreateInput{}).ID
	secret := w.open(t, CreateInput{Restricted: true}).ID
	first, err := w.say(t, investigator, CommentInput{CaseID: id, Body: "Is it him?", Anchor: &AnchorInput{NodeID: account}})
	if err != nil || first.AnchorID != account {
		t.Fatal(first, err)
	}
	link := contains(id, account)
	reply, err := w.say(t, admin, CommentInput{CaseID: id, Body: "It is.", ReplyToID: first.ID, Anchor: &AnchorInput{Link: &link}})
	if err != nil || reply.ReplyToID != first.ID || *reply.AnchorLink != link || w.links[about(reply.ID, first.ID)] == nil {
		t.Fatal(reply, err)
	}
	_, err = w.say(t, admin, CommentInput{CaseID: other, Body: "x", ReplyToID: first.ID})
	refused(t, err, casegraph.CodeBadInput, "replyToId")
	for field, anchor := range map[string]*AnchorInput{"anchor.nodeId": {NodeID: secret}, "anchor.link": {Link: &casegraph.LinkID{From: other, Kind: casegraph.LinkContains, To: account}}} {
		_, err = w.say(t, investigator, CommentInput{CaseID: id, Body: "x", Anchor: anchor})
		refused(t, err, casegraph.CodeNotFound, field)
	}
	_, err = w.say(t, admin, CommentInput{CaseID: id, Body: "x", Anchor: &AnchorInput{}})
	refused(t, err, casegraph.CodeBadInput, "anchor")
	_, err = w.say(t, admin, CommentInput{CaseID: id, Body: "x", Anchor: &AnchorInput{NodeID: ben}})
	refused(t, err, casegraph.CodeNotFound, "anchor.nodeId")
}

func TestCommentsAreEditedAndDeleted(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	said, err := w.say(t, investigator, CommentInput{CaseID: id, Body: "It is Jan."})
	if err != nil {
		t.Fatal(err)
	}
	stranger := Asker{ID: vic, Role: casegraph.RoleInvestigator}
	edit := func(by Asker, body string) error {
		_, err := w.try(EditComment(by, EditCommentInput{CommentID: said.ID, Body: body}, said, nil))
		return err
	}
	refused(t, edit(stranger, "x"), casegraph.CodeForbidden, "commentId")
	refused(t, edit(investigator, " "), casegraph.CodeBadInput, "body")
	before := len(w.events)
	if err := edit(investigator, "It is Jan, I think."); err != nil {
		t.Fatal(err)
	}
	if err := edit(investigator, "It is Jan, I think."); err != nil || len(w.events) != before+2 {
		t.Errorf("the same again: %v, %d events", err, len(w.events)-before)
	}
	if err := edit(admin, "It is not Jan."); err != nil {
		t.Fatal(err)
	}
	remove := func(by Asker) error {
		_, err := w.try(DeleteComment(by, DeleteCommentInput{CommentID: said.ID, Reason: "a guess"}, said))
		return err
	}
	refused(t, remove(stranger), casegraph.CodeForbidden, "commentId")
	for range 2 {
		if err := remove(investigator); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, edit(investigator, "Again."), casegraph.CodeBadInput, "commentId")
	if c := w.nodes[said.ID].(*casegraph.Comment); c.Body != "" || c.DeletedByID != ben || c.DeletedAt != w.now-2 || c.Version != 4 {
		t.Errorf("left is %+v", c)
	}
	var about []casegraph.Event
	var names []string
	for _, e := range slices.Backward(w.events) {
		if e.Subject == said.ID {
			about = append(about, e)
		} else {
			names = append(names, e.Name)
		}
	}
	var bodies []string
	for _, r := range Revisions(about) {
		bodies = append(bodies, r.Body)
	}
	if !slices.Equal(bodies, []string{"It is not Jan.", "It is Jan, I think.", "It is Jan."}) {
		t.Errorf("it said %q", bodies)
	}
	if !slices.Equal(names, []string{"case.comment-deleted", "case.comment-edited", "case.comment-edited", "case.commented", "case.created"}) {
		t.Errorf("the case tells %q", names)
	}
	_, err = w.try(DeleteComment(admin, DeleteCommentInput{CommentID: "cmt_missing"}, nil))
	refused(t, err, casegraph.CodeNotFound, "commentId")
}
