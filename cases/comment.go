package cases

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// MaxMentions is how many people a comment names at most.
const MaxMentions = 20

// CommentInput is something to say about a case.
type CommentInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // of the case; nil is any
	// Body has 1 to MaxBody characters. @ and a user's id or e-mail mentions them.
	Body      string
	ReplyToID casegraph.ID // a comment on the same case; "" is none
	Anchor    *AnchorInput // what it points at; nil is nothing
}

// AnchorInput is a node or a link that a comment points at.
type AnchorInput struct {
	NodeID casegraph.ID
	Link   *casegraph.LinkID
}

// CommentAnswer names the comment.
type CommentAnswer struct {
	CaseID    casegraph.ID `json:"caseId"`
	CommentID casegraph.ID `json:"commentId"`
}

// People are the users that e-mails stand for, in lower case.
type People map[string]casegraph.ID

// Comment says something about a case. It raises no version of the case, unless
// it is the first response to it. It answers CommentAnswer; the events are
// case.commented, which tells the links,
// and comment.created.
func Comment(by Asker, in CommentInput, people People, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	body, mentions, err := bodyOf(in.Body, people)
	if err != nil {
		return commit.Change{}, err
	}
	id := newID(casegraph.KindComment)
	comment := &casegraph.Comment{Header: casegraph.Header{ID: id}, CaseID: in.CaseID, AuthorID: by.ID, Body: body, ReplyToID: in.ReplyToID, Mentions: mentions}
	links := []casegraph.LinkID{about(id, in.CaseID)}
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{in.CaseID, id}, mentions...)}
	if in.ReplyToID != "" {
		links = append(links, about(id, in.ReplyToID))
		needs.Nodes = append(needs.Nodes, in.ReplyToID)
	}
	needs.Links = slices.Clone(links)
	if err := in.Anchor.put(comment, &needs); err != nil {
		return commit.Change{}, err
	}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := by.caseNode(v, "caseId", in.CaseID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		if err := canRead(v, c, mentions); err != nil {
			return nil, err
		}
		if in.ReplyToID != "" {
			if replied, _ := v.Node(in.ReplyToID).(*casegraph.Comment); replied == nil || replied.CaseID != in.CaseID {
				return nil, casegraph.BadInput("replyToId: no comment on the case")
			}
		}
		if err := by.checkAnchor(v, in.Anchor); err != nil {
			return nil, err
		}
		writes := &commit.Writes{
			Nodes:  []casegraph.Node{comment.Clone()},
			Events: []commit.Event{{Name: "case.commented", Subject: in.CaseID}, {Name: "comment.created", Subject: id}},
			Answer: Encode(CommentAnswer{CaseID: in.CaseID, CommentID: id}),
		}
		for _, link := range links {
			writes.Links = append(writes.Links, madeLink(v, link, casegraph.LinkProps{}))
		}
		return responded(v, c, writes), nil
	}}, nil
}

// mention is @ and an id or an e-mail, at the beginning of a word.
var mention = regexp.MustCompile(`(?:^|[\s(,;:])@(usr_[0-9a-z]+|[^\s@,;:()<>]+@[^\s@,;:()<>]+[\pL\pN])`)

// Mentioned are the ids and the e-mails, in lower case, by which a text names
// people, each once and in its order.
func Mentioned(body string) (names []string) {
	for _, found := range mention.FindAllStringSubmatch(body, -1) {
		if name := strings.ToLower(found[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// bodyOf checks a body, and finds whom it names.
func bodyOf(raw string, people People) (body string, mentions []casegraph.ID, err error) {
	if body, err = Text("body", raw, 1, MaxBody); err != nil {
		return "", nil, err
	}
	for _, name := range Mentioned(body) {
		id := casegraph.ID(name)
		if strings.Contains(name, "@") {
			if id = people[name]; id == "" {
				return "", nil, casegraph.BadInput("body: @%s is nobody here", name)
			}
		}
		if !slices.Contains(mentions, id) {
			mentions = append(mentions, id)
		}
	}
	if len(mentions) > MaxMentions {
		return "", nil, casegraph.BadInput("body: names more than %d people", MaxMentions)
	}
	return body, mentions, nil
}

// canRead refuses to mention whoever would not find the comment.
func canRead(v *commit.View, c *casegraph.Case, mentions []casegraph.ID) error {
	for _, id := range mentions {
		user, ok := v.Node(id).(*casegraph.User)
		switch {
		case !ok || user.Disabled:
			return casegraph.BadInput("body: @%s is nobody here", id)
		case c.Restricted && user.Role != casegraph.RoleAdmin:
			return casegraph.BadInput("body: @%s may not see the case", id)
		}
	}
	return nil
}

func (in *AnchorInput) put(comment *casegraph.Comment, needs *casegraph.Needs) error {
	if in == nil {
		return nil
	}
	if (in.NodeID == "") == (in.Link == nil) {
		return casegraph.BadInput("anchor: give either nodeId or link")
	}
	comment.AnchorID, comment.AnchorLink = in.NodeID, in.Link
	if in.Link == nil {
		needs.Nodes = append(needs.Nodes, in.NodeID)
		return nil
	}
	needs.Nodes = append(needs.Nodes, in.Link.From, in.Link.To)
	needs.Links = append(needs.Links, *in.Link)
	return nil
}

func (a Asker) checkAnchor(v *commit.View, in *AnchorInput) error {
	switch {
	case in == nil:
		return nil
	case in.Link == nil:
		if n := a.visible(v, in.NodeID); n == nil || !n.Kind().CanBeMarked() {
			return casegraph.NoSuch("anchor.nodeId", "case, object or identifier", in.NodeID)
		}
	case a.visible(v, in.Link.From) == nil || a.visible(v, in.Link.To) == nil || v.Link(*in.Link) == nil:
		return &casegraph.Error{Code: casegraph.CodeNotFound, Field: "anchor.link", Message: "anchor.link: there is no such link"}
	}
	return nil
}

// EditCommentInput says something else.
type EditCommentInput struct {
	CommentID       casegraph.ID
	ExpectedVersion *int64 // of the comment; nil is any
	Body            string // as CommentInput's
}

// EditComment writes a comment anew; what it said stays in the log. Its author
// may, and administrators. It answers CommentAnswer; the events are
// case.comment-edited, about the case, and comment.edited. comment is the one as
// it was read, nil if there is none.
func EditComment(by Asker, in EditCommentInput, comment *casegraph.Comment, people People) (commit.Change, error) {
	body, mentions, err := bodyOf(in.Body, people)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeComment(in.CommentID, in.ExpectedVersion, comment, mentions, "edited", "", func(v *commit.View, c *casegraph.Comment, about *casegraph.Case) error {
		if err := canRead(v, about, mentions); err != nil {
			return err
		}
		if c.Body != body {
			c.Body, c.Mentions, c.EditedAt = body, mentions, v.Now
		}
		return nil
	})
}

// DeleteCommentInput takes a comment back.
type DeleteCommentInput struct {
	CommentID       casegraph.ID
	ExpectedVersion *int64 // of the comment; nil is any
	Reason          string // at most MaxNote characters
}

// DeleteComment empties a comment: that there was one stays, with its answers,
// and what it said stays in the log. Its author may, and administrators. It
// answers CommentAnswer; the events are case.comment-deleted, about the case,
// and comment.deleted.
func DeleteComment(by Asker, in DeleteCommentInput, comment *casegraph.Comment) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeComment(in.CommentID, in.ExpectedVersion, comment, nil, "deleted", reason, func(v *commit.View, c *casegraph.Comment, _ *casegraph.Case) error {
		c.Body, c.Mentions, c.AnchorID, c.AnchorLink = "", nil, "", nil
		c.DeletedAt, c.DeletedByID = v.Now, v.Actor
		return nil
	})
}

func (a Asker) changeComment(id casegraph.ID, expected *int64, read *casegraph.Comment, alsoNeeds []casegraph.ID, verb, note string,
	change func(*commit.View, *casegraph.Comment, *casegraph.Case) error) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	if read == nil {
		return commit.Change{}, casegraph.NoSuch("commentId", "comment", id)
	}
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{id, read.CaseID}, alsoNeeds...)}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, _ := v.Node(id).(*casegraph.Comment)
		if c == nil {
			return nil, casegraph.NoSuch("commentId", "comment", id)
		}
		if c.CaseID != read.CaseID {
			return nil, ErrMoved
		}
		about, _ := a.visible(v, c.CaseID).(*casegraph.Case)
		switch {
		case about == nil:
			return nil, casegraph.NoSuch("commentId", "comment", id)
		case c.AuthorID != a.ID && a.Role != casegraph.RoleAdmin:
			return nil, &casegraph.Error{Code: casegraph.CodeForbidden, Field: "commentId", Message: "commentId: only its author and administrators may"}
		}
		if err := AtVersion(c, expected); err != nil {
			return nil, err
		}
		writes := &commit.Writes{Answer: Encode(CommentAnswer{CaseID: c.CaseID, CommentID: id})}
		if c.DeletedAt != 0 {
			if verb == "deleted" {
				return writes, nil
			}
			return nil, casegraph.BadInput("commentId: the comment was deleted")
		}
		if err := change(v, c, about); err != nil {
			return nil, err
		}
		writes.Nodes = []casegraph.Node{c}
		writes.Events = []commit.Event{{Name: "case.comment-" + verb, Subject: c.CaseID, Note: note}, {Name: "comment." + verb, Subject: id, Note: note}}
		return writes, nil
	}}, nil
}

// Revisions are what a comment said before, the last first, from its events,
// the newest first.
func Revisions(events []casegraph.Event) (revisions []*casegraph.CommentRevision) {
	for i := range events {
		for _, change := range events[i].Changes {
			if change.Path == "body" {
				r := &casegraph.CommentRevision{Until: events[i].At, ByID: events[i].Actor}
				if json.Unmarshal(change.Before, &r.Body) == nil {
					revisions = append(revisions, r)
				}
			}
		}
	}
	return revisions
}
