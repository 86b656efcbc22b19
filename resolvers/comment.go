package resolvers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
)

// commentsOf are the comments about a case.
var commentsOf = linkList{Direction: casegraph.DirectionIn, Kinds: []casegraph.LinkKind{casegraph.LinkAbout}}

// Comments lists those of each case and of the cases that were merged into it,
// as one list: one call for the links of all and one for the comments.
func (r caseFields) Comments(ctx context.Context, parents []*casegraph.Case, first *int, after *casegraph.Cursor) ([]*api.CommentConnection, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	place, err := open[linkPlace](r.Resolver, "after", listName(commentsOf), after)
	if err != nil {
		return nil, err
	}
	request := casegraph.LinkRequest{AsOf: momentOf(parents), Direction: commentsOf.Direction, Kinds: commentsOf.Kinds, Cap: size, Mask: mask(ctx)}
	for _, c := range parents {
		request.IDs = append(append(request.IDs, c.ID), c.MergedFrom...)
	}
	request.IDs = distinct(request.IDs)
	if place != nil {
		if len(distinct(idsOf(parents))) != 1 || parents[0].ID != place.Node {
			return nil, casegraph.BadInput("after: the cursor belongs to another node's list")
		}
		request.After = map[casegraph.ID]casegraph.LinkCursor{}
		for _, id := range request.IDs {
			request.After[id] = place.Link
		}
	}
	read, err := r.Store.Links(ctx, request)
	if err != nil {
		return nil, err
	}
	pages := map[casegraph.ID]casegraph.LinkPage{}
	var ids []casegraph.ID
	for _, c := range parents {
		lists := []casegraph.LinkPage{read[c.ID]}
		for _, id := range c.MergedFrom {
			lists = append(lists, read[id])
		}
		page := request.Join(lists)
		pages[c.ID] = page
		for i := range page.Hops {
			ids = append(ids, page.Hops[i].Far)
		}
	}
	found := map[casegraph.ID]casegraph.Node{}
	if !onlyCounts(ctx) {
		if found, err = r.nodesThen(ctx, request.AsOf, ids, idsOf(parents)...); err != nil {
			return nil, err
		}
	}
	return connect(r.Resolver, parents, commentsOf, after, pages, func(hop *casegraph.Hop) (*casegraph.Comment, bool) {
		c, ok := found[hop.Far].(*casegraph.Comment)
		return c, ok
	}), nil
}

func (r comment) Author(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.AuthorID })
}

func (r comment) Case(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.CaseID })
}

func (r comment) DeletedBy(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.DeletedByID })
}

func (r comment) ReplyTo(ctx context.Context, comments []*casegraph.Comment) ([]*casegraph.Comment, error) {
	return each[*casegraph.Comment](ctx, r.Resolver, comments, func(c *casegraph.Comment) casegraph.ID { return c.ReplyToID })
}

func (r comment) Replies(ctx context.Context, comments []*casegraph.Comment, first *int, after *casegraph.Cursor) ([]*api.CommentConnection, error) {
	return across[*casegraph.Comment](ctx, r.Resolver, comments, commentsOf, first, after)
}

func (r comment) Mentions(ctx context.Context, comments []*casegraph.Comment) ([][]*casegraph.User, error) {
	var ids []casegraph.ID
	for _, c := range comments {
		ids = append(ids, c.Mentions...)
	}
	found, err := r.nodesThen(ctx, momentOf(comments), ids)
	if err != nil {
		return nil, err
	}
	mentioned := make([][]*casegraph.User, len(comments))
	for i, c := range comments {
		for _, id := range c.Mentions {
			if user, ok := found[id].(*casegraph.User); ok {
				mentioned[i] = append(mentioned[i], user)
			}
		}
	}
	return mentioned, nil
}

// Anchor is there for whoever sees the node, or both ends of the link.
func (r comment) Anchor(ctx context.Context, comments []*casegraph.Comment) ([]*api.CommentAnchor, error) {
	var ids []casegraph.ID
	for _, c := range comments {
		ids = append(ids, c.AnchorID)
		if c.AnchorLink != nil {
			ids = append(ids, c.AnchorLink.From, c.AnchorLink.To)
		}
	}
	found, err := r.nodesThen(ctx, momentOf(comments), ids)
	if err != nil {
		return nil, err
	}
	anchors := make([]*api.CommentAnchor, len(comments))
	for i, c := range comments {
		if n := found[c.AnchorID]; n != nil {
			anchors[i] = &api.CommentAnchor{Node: n}
		}
		if l := c.AnchorLink; l != nil && found[l.From] != nil && found[l.To] != nil {
			anchors[i] = &api.CommentAnchor{Link: &api.AnchoredLink{LinkID: *l, FromNode: found[l.From], ToNode: found[l.To]}}
		}
	}
	return anchors, nil
}

// Revisions reads the log of the comments, in one call.
func (r comment) Revisions(ctx context.Context, comments []*casegraph.Comment, first *int) ([][]*casegraph.CommentRevision, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	request := casegraph.TimelineRequest{IDs: distinct(idsOf(comments)), First: size,
		EventFilter: casegraph.EventFilter{Names: []string{"comment.edited", "comment.deleted"}}}
	if moment := momentOf(comments); moment != 0 {
		request.Before = moment + 1
	}
	events, err := r.Store.Timeline(ctx, request)
	if err != nil {
		return nil, err
	}
	deleted, err := r.deleted(ctx, comments)
	if err != nil {
		return nil, err
	}
	revisions := make([][]*casegraph.CommentRevision, len(comments))
	for i, c := range comments {
		if !deleted[c.ID] {
			revisions[i] = cases.Revisions(events[c.ID])
		}
	}
	return revisions, nil
}

// deleted are the comments of which the asker sees no more what they said:
// those that are deleted today, but for administrators.
func (r *Resolver) deleted(ctx context.Context, comments []*casegraph.Comment) (map[casegraph.ID]bool, error) {
	deleted := map[casegraph.ID]bool{}
	if AskerOf(ctx).Role == casegraph.RoleAdmin {
		return deleted, nil
	}
	var past []casegraph.ID
	for _, c := range comments {
		deleted[c.ID] = c.DeletedAt != 0
		if c.AsOf != 0 && c.DeletedAt == 0 {
			past = append(past, c.ID)
		}
	}
	if len(past) == 0 {
		return deleted, nil
	}
	today, err := r.Store.Nodes(ctx, casegraph.NodesRequest{IDs: past, Mask: mask(ctx)})
	for id, n := range today {
		c, ok := n.(*casegraph.Comment)
		deleted[id] = ok && c.DeletedAt != 0
	}
	return deleted, err
}

// hideDeleted empties the comments of a past moment that are deleted today.
func (r *Resolver) hideDeleted(ctx context.Context, nodes map[casegraph.ID]casegraph.Node) error {
	var past []*casegraph.Comment
	for _, n := range nodes {
		if c, ok := n.(*casegraph.Comment); ok && c.AsOf != 0 && c.DeletedAt == 0 {
			past = append(past, c)
		}
	}
	if len(past) == 0 {
		return nil
	}
	deleted, err := r.deleted(ctx, past)
	for _, c := range past {
		if deleted[c.ID] {
			nodes[c.ID] = emptied(c)
		}
	}
	return err
}

// emptied is a comment without what it says; another node is left as it is.
func emptied(n casegraph.Node) casegraph.Node {
	c, ok := n.(*casegraph.Comment)
	if !ok || c == nil {
		return n
	}
	bare := *c
	bare.Body, bare.Mentions, bare.AnchorID, bare.AnchorLink = "", nil, "", nil
	return &bare
}

func (r commentRevision) By(ctx context.Context, revisions []*casegraph.CommentRevision) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, revisions, func(c *casegraph.CommentRevision) casegraph.ID { return c.ByID })
}

// Mentions lists what mentions the asker; of a page those are left out whose
// case they may no longer see.
func (r query) Mentions(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor) (*api.MentionConnection, error) {
	me := casegraph.Filter{Path: "mentions", Op: casegraph.OpHas, Value: string(AskerOf(ctx).ID)}
	page, err := list[*casegraph.Comment](ctx, r.Resolver, casegraph.KindComment, me, nil, paging{first, last, after, before})
	if err != nil {
		return nil, err
	}
	seen := map[casegraph.ID]casegraph.Node{}
	for _, edge := range page.Edges {
		seen[edge.Node.ID] = edge.Node
	}
	err = r.hideComments(ctx, seen, nil)
	page.Edges = slices.DeleteFunc(page.Edges, func(e *api.CommentEdge) bool { return seen[e.Node.ID] == nil })
	return page, err
}

func (r mutation) AddComment(ctx context.Context, input cases.CommentInput) (*api.AddCommentPayload, error) {
	people, err := r.people(ctx, input.Body)
	if err != nil {
		return nil, err
	}
	change, err := cases.Comment(AskerOf(ctx), input, people, r.NewID)
	answer, _, err := do[cases.CommentAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	found, err := r.nodes(ctx, []casegraph.ID{answer.CommentID, answer.CaseID})
	if err != nil {
		return nil, err
	}
	payload := &api.AddCommentPayload{}
	payload.Comment, _ = found[answer.CommentID].(*casegraph.Comment)
	payload.Case, _ = found[answer.CaseID].(*casegraph.Case)
	return payload, nil
}

func (r mutation) EditComment(ctx context.Context, input cases.EditCommentInput) (*api.CommentPayload, error) {
	people, err := r.people(ctx, input.Body)
	if err != nil {
		return nil, err
	}
	return r.changeComment(ctx, input.CommentID, input, func(c *casegraph.Comment) (commit.Change, error) {
		return cases.EditComment(AskerOf(ctx), input, c, people)
	})
}

func (r mutation) DeleteComment(ctx context.Context, input cases.DeleteCommentInput) (*api.CommentPayload, error) {
	return r.changeComment(ctx, input.CommentID, input, func(c *casegraph.Comment) (commit.Change, error) {
		return cases.DeleteComment(AskerOf(ctx), input, c)
	})
}

func (r mutation) changeComment(ctx context.Context, id casegraph.ID, input any, change func(*casegraph.Comment) (commit.Change, error)) (*api.CommentPayload, error) {
	for {
		read, err := one[*casegraph.Comment](ctx, r.Resolver, 0, id)
		if err != nil {
			return nil, err
		}
		made, err := change(read)
		answer, _, err := do[cases.CommentAnswer](ctx, r.Resolver, input, made, err)
		if errors.Is(err, cases.ErrMoved) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := one[*casegraph.Comment](ctx, r.Resolver, 0, answer.CommentID)
		return &api.CommentPayload{Comment: c}, err
	}
}

// people are those whom a text names by their e-mails.
func (r mutation) people(ctx context.Context, body string) (cases.People, error) {
	if len(body) > 4*cases.MaxBody { // the change says so
		return nil, nil
	}
	var keys []casegraph.Key
	for _, name := range cases.Mentioned(body) {
		if strings.Contains(name, "@") {
			keys = append(keys, casegraph.Key{Kind: casegraph.KindUser, Reference: name})
		}
	}
	people := cases.People{}
	if len(keys) == 0 || len(keys) > cases.MaxMentions {
		return people, nil
	}
	found, err := r.Store.Resolve(ctx, keys)
	for key, ids := range found {
		if len(ids) == 1 {
			people[key.Reference] = ids[0]
		}
	}
	return people, err
}
