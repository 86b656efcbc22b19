package cases

import (
	"casegraph"
	"casegraph/commit"
)

// subject is what tags and risk marks are put on: a node, or a link.
type subject struct {
	nodeID casegraph.ID
	link   *casegraph.LinkID
}

func (s subject) needs() (casegraph.Needs, error) {
	switch {
	case (s.nodeID == "") == (s.link == nil):
		return casegraph.Needs{}, casegraph.BadInput("nodeId: give either nodeId or link")
	case s.link == nil:
		return casegraph.Needs{Nodes: []casegraph.ID{s.nodeID}}, nil
	}
	return casegraph.Needs{Nodes: []casegraph.ID{s.link.From, s.link.To, casegraph.MarkID(*s.link)}, Links: []casegraph.LinkID{*s.link}}, nil
}

// read is the link itself, for the answer; nil where the subject is a node.
func (s subject) read(v *commit.View) *casegraph.Link {
	if s.link == nil {
		return nil
	}
	return v.Link(*s.link)
}

// linkMark is the mark of a link that stands, between two nodes that the asker
// may see and that can be marked themselves; a link that nobody marked has an
// empty one with the version 0.
func (a Asker) linkMark(v *commit.View, link casegraph.LinkID, expected *int64) (*casegraph.LinkMark, error) {
	for _, end := range []casegraph.ID{link.From, link.To} {
		if n := a.visible(v, end); n == nil || !n.Kind().CanBeMarked() {
			return nil, errNoSuchLink
		}
	}
	if v.Link(link) == nil {
		return nil, errNoSuchLink
	}
	mark := markOf(v, link)
	return mark, AtVersion(mark, expected)
}

var errNoSuchLink = &casegraph.Error{Code: casegraph.CodeNotFound, Field: "link", Message: "link: there is no such link"}

func markOf(v *commit.View, link casegraph.LinkID) *casegraph.LinkMark {
	id := casegraph.MarkID(link)
	if mark, ok := v.Node(id).(*casegraph.LinkMark); ok {
		return mark
	}
	return &casegraph.LinkMark{Header: casegraph.Header{ID: id}, Of: link}
}

// tell writes a node and tells it. What was said of a link is told about both
// its ends as well, as nobody finds its mark but through them; an empty mark
// that says nothing new is not written.
func tell(v *commit.View, n casegraph.Node, verb, note string) (*commit.Writes, error) {
	w := &commit.Writes{Nodes: []casegraph.Node{n}, Events: []commit.Event{{Name: eventName(n, verb), Subject: n.Head().ID, Note: note}}}
	mark, ofLink := n.(*casegraph.LinkMark)
	if !ofLink {
		return w, nil
	}
	changes, err := commit.Differences(markOf(v, mark.Of), mark)
	if err != nil || len(changes) == 0 {
		return &commit.Writes{}, err
	}
	told := w.Events[0]
	told.Links = []casegraph.LinkChange{{From: mark.Of.From, Kind: mark.Of.Kind, To: mark.Of.To, Key: mark.Of.Key, Change: casegraph.LinkMarked, Changes: changes}}
	w.Events = nil
	for _, about := range []casegraph.ID{mark.ID, mark.Of.From, mark.Of.To} {
		told.Subject = about
		w.Events = append(w.Events, told)
	}
	return w, nil
}

// NoteLinkInput is a note to keep at a link.
type NoteLinkInput struct {
	Link            casegraph.LinkID
	ExpectedVersion *int64 // of the mark, 0 if there is none; nil is any
	Note            string // at most MaxNote characters; "" takes it away
}

// NoteLinkAnswer has the link.
type NoteLinkAnswer struct {
	Link *casegraph.Link `json:"link"`
}

// NoteLink keeps a note at a link, in place of the one that it has. It answers
// NoteLinkAnswer; the event is link.noted.
func NoteLink(by Asker, in NoteLinkInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	note, err := Text("note", in.Note, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	on := subject{link: &in.Link}
	needs, err := on.needs()
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		mark, err := by.linkMark(v, in.Link, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		mark.Note = note
		w, err := tell(v, mark, ".noted", "")
		if err != nil {
			return nil, err
		}
		w.Answer = Encode(NoteLinkAnswer{Link: on.read(v)})
		return w, nil
	}}, err
}
