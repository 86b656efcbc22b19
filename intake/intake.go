// Package intake reads whom a case may be given to, before a policy decides in
// the commit: people, the queue, and a bounded look at the cases that are
// related.
package intake

import (
	"context"
	"slices"

	"casegraph"
	"casegraph/cases"
	"casegraph/traverse"
)

// The bounds of the look at related cases.
const (
	maxObjects = 5 // of a case that is opened, the first
	maxRelated = 50
	maxNodes   = 500
	maxLinks   = 2000
)

// Case is a case that is opened, or comes into a queue.
type Case struct {
	// ID is "" for one that is opened; then ObjectIDs are what it is about.
	ID        casegraph.ID
	ObjectIDs []casegraph.ID
	QueueID   casegraph.ID
	// Template is what it follows; nil for none.
	Template *casegraph.Template
	// HubLimits are the organisation's; nil are the default ones.
	HubLimits *casegraph.HubLimits
	// Mask is what whoever does it may not see: no policy looks at it either.
	Mask casegraph.Mask
}

// Read reads all that a policy needs, and nothing if there is none. Related
// cases that can't be found are none.
func Read(ctx context.Context, store casegraph.Store, c Case) (*cases.Intake, error) {
	in := &cases.Intake{}
	if c.Template != nil {
		in.Assignment, in.Turn = c.Template.Assignment, c.Template.Key
	}
	if c.QueueID != "" {
		nodes, err := store.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{c.QueueID}})
		if err != nil {
			return nil, err
		}
		in.Queue, _ = nodes[c.QueueID].(*casegraph.Queue)
	}
	rule := in.Rule()
	if rule == nil {
		return in, nil
	}
	var err error
	if in.PeopleIDs = rule.MemberIDs; len(in.PeopleIDs) == 0 {
		if in.PeopleIDs, err = people(ctx, store); err != nil {
			return nil, err
		}
	}
	if slices.Contains(rule.Policies, casegraph.AssignRelated) {
		in.RelatedIDs, err = related(ctx, store, c)
	}
	return in, err
}

// QueueOf is the queue into which a template's cases come; "" for none.
func QueueOf(ctx context.Context, store casegraph.Store, t *casegraph.Template) (casegraph.ID, error) {
	if t.Queue == "" {
		return "", nil
	}
	key := casegraph.QueueKey(t.Queue)
	found, err := store.Resolve(ctx, []casegraph.Key{key})
	if err != nil || len(found[key]) == 0 {
		return "", err
	}
	return found[key][0], nil
}

// people are the first investigators and administrators who have an e-mail.
func people(ctx context.Context, store casegraph.Store) ([]casegraph.ID, error) {
	request := casegraph.ListRequest{Kind: casegraph.KindUser, First: casegraph.MaxPage, Filter: casegraph.Filter{And: []casegraph.Filter{
		{Path: "role", Op: casegraph.OpIn, Value: []any{string(casegraph.RoleInvestigator), string(casegraph.RoleAdmin)}},
		{Path: "email", Op: casegraph.OpExists, Value: true}, {Path: "disabled", Op: casegraph.OpExists, Value: false}}}}
	var ids []casegraph.ID
	for {
		page, err := store.List(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			ids = append(ids, n.Head().ID)
		}
		if !page.More || len(ids) >= cases.MaxMembers {
			return ids, nil
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
		request.After = &place
	}
}

// related are the cases that have to do with one, or with what it is about.
func related(ctx context.Context, store casegraph.Store, c Case) ([]casegraph.ID, error) {
	from := []casegraph.ID{c.ID}
	if c.ID == "" {
		from = c.ObjectIDs[:min(len(c.ObjectIDs), maxObjects)]
	}
	var ids []casegraph.ID
	for _, of := range from {
		found, err := traverse.RelatedCases(ctx, store, traverse.RelatedQuery{Of: of, First: maxRelated, MaxNodes: maxNodes, MaxLinks: maxLinks,
			HubLimits: c.HubLimits, Mask: c.Mask})
		if casegraph.CodeOf(err) == casegraph.CodeNotFound { // the change itself says so
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, n := range found.Nodes {
			if !slices.Contains(ids, n.ID) && len(ids) < maxRelated {
				ids = append(ids, n.ID)
			}
		}
	}
	return ids, nil
}
