package resolvers

import (
	"context"
	"errors"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
)

func (r query) Queue(ctx context.Context, id *casegraph.ID, name *string) (*casegraph.Queue, error) {
	if name != nil {
		lower := strings.ToLower(*name)
		name = &lower
	}
	return find[*casegraph.Queue](ctx, r.Resolver, 0, casegraph.KindQueue, id, "name", name, nil)
}

func (r query) Queues(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.QueueFilter, order *api.OrderBy) (*api.QueueConnection, error) {
	return list[*casegraph.Queue](ctx, r.Resolver, casegraph.KindQueue, filter.Filter(), order, paging{first, last, after, before})
}

func (r queue) Waiting(ctx context.Context, parents []*casegraph.Queue) ([]int, error) {
	groups, err := r.waiting(ctx, parents)
	return counts(groups), err
}

func (r queue) Breaching(ctx context.Context, parents []*casegraph.Queue) ([]int, error) {
	groups, err := r.waiting(ctx, parents, casegraph.Filter{Path: "dueAt", Op: casegraph.OpLte, Value: int64(casegraph.TimeOf(r.Now()))})
	return counts(groups), err
}

func counts(groups []casegraph.Group) []int {
	counts := make([]int, len(groups))
	for i, g := range groups {
		counts[i] = g.Count
	}
	return counts
}

func (r queue) OldestSince(ctx context.Context, parents []*casegraph.Queue) ([]*casegraph.Time, error) {
	groups, err := r.waiting(ctx, parents)
	since := make([]*casegraph.Time, len(groups))
	for i, g := range groups {
		if g.Count > 0 {
			since[i] = &g.Oldest
		}
	}
	return since, err
}

// waiting counts what waits in each queue and satisfies filters, in one call.
func (r queue) waiting(ctx context.Context, parents []*casegraph.Queue, also ...casegraph.Filter) ([]casegraph.Group, error) {
	ids := make([]any, len(parents))
	for i, q := range parents {
		ids[i] = string(q.ID)
	}
	filter := casegraph.Waiting(casegraph.TimeOf(r.Now()))
	filter.And = append(append(filter.And, casegraph.Filter{Path: "queueId", Op: casegraph.OpIn, Value: ids}), also...)
	found, err := r.Store.Groups(ctx, casegraph.ListRequest{Kind: casegraph.KindCase, Filter: filter, Mask: mask(ctx)}, "queueId")
	if err != nil {
		return nil, err
	}
	groups := make([]casegraph.Group, len(parents))
	for i, q := range parents {
		for _, g := range found {
			if g.Value == string(q.ID) {
				groups[i] = g
			}
		}
	}
	return groups, nil
}

func (r caseFields) Queue(ctx context.Context, parents []*casegraph.Case) ([]*casegraph.Queue, error) {
	return each[*casegraph.Queue](ctx, r.Resolver, parents, func(c *casegraph.Case) casegraph.ID { return c.QueueID })
}

func (r snooze) By(ctx context.Context, parents []*casegraph.Snooze) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(s *casegraph.Snooze) casegraph.ID { return s.ByID })
}

func (r mutation) CreateQueue(ctx context.Context, input cases.CreateQueueInput) (*api.QueuePayload, error) {
	change, err := cases.CreateQueue(AskerOf(ctx), input, r.NewID)
	return r.changeQueue(ctx, input, change, err)
}

func (r mutation) ArchiveQueue(ctx context.Context, input cases.ArchiveQueueInput) (*api.QueuePayload, error) {
	change, err := cases.ArchiveQueue(AskerOf(ctx), input)
	return r.changeQueue(ctx, input, change, err)
}

func (r mutation) changeQueue(ctx context.Context, input any, change commit.Change, err error) (*api.QueuePayload, error) {
	answer, _, err := do[cases.QueueAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	q, err := one[*casegraph.Queue](ctx, r.Resolver, 0, answer.QueueID)
	return &api.QueuePayload{Queue: q}, err
}

func (r mutation) SetCaseQueue(ctx context.Context, input cases.SetQueueInput) (*api.CasePayload, error) {
	queue := casegraph.ID("")
	if input.QueueID != nil {
		queue = *input.QueueID
	}
	return r.intoQueue(ctx, input, input.CaseID, queue, func() (commit.Change, error) { return cases.SetQueue(AskerOf(ctx), input) })
}

func (r mutation) EscalateCase(ctx context.Context, input cases.EscalateInput) (*api.CasePayload, error) {
	return r.intoQueue(ctx, input, input.CaseID, input.QueueID, func() (commit.Change, error) { return cases.Escalate(AskerOf(ctx), input) })
}

// intoQueue is a change that brings a case into a queue, where a policy may
// give it to somebody.
func (r mutation) intoQueue(ctx context.Context, input any, id, queue casegraph.ID, make func() (commit.Change, error)) (*api.CasePayload, error) {
	coming, err := r.coming(ctx, id, queue)
	if err != nil {
		return nil, err
	}
	answer, err := giving[cases.CaseAnswer](ctx, r.Resolver, input, coming, make)
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func (r mutation) SetQueueAssignment(ctx context.Context, input cases.SetQueueAssignmentInput) (*api.QueuePayload, error) {
	change, err := cases.SetQueueAssignment(AskerOf(ctx), input)
	return r.changeQueue(ctx, input, change, err)
}

func (r assignment) Members(ctx context.Context, parents []*casegraph.Assignment) ([][]*casegraph.User, error) {
	return users(ctx, r.Resolver, parents, func(a *casegraph.Assignment) []casegraph.ID { return a.MemberIDs })
}

// users are several people a parent, in the order of their ids there.
func users[P any](ctx context.Context, r *Resolver, parents []P, idsOf func(P) []casegraph.ID) ([][]*casegraph.User, error) {
	var ids []casegraph.ID
	for _, parent := range parents {
		ids = append(ids, idsOf(parent)...)
	}
	found, err := r.nodes(ctx, ids)
	people := make([][]*casegraph.User, len(parents))
	for i, parent := range parents {
		people[i] = []*casegraph.User{}
		for _, id := range idsOf(parent) {
			if user, ok := found[id].(*casegraph.User); ok {
				people[i] = append(people[i], user)
			}
		}
	}
	return people, err
}

func (r mutation) SnoozeCase(ctx context.Context, input cases.SnoozeInput) (*api.CasePayload, error) {
	change, err := cases.SnoozeCase(AskerOf(ctx), input)
	return r.changeCase(ctx, input, change, err)
}

// claimed is how many cases a claim looks at: more than claim at once.
const claimed = casegraph.MaxPage

// ClaimNextCase reads who waits and takes the first that is still free when the
// claim is decided; if others were quicker with all of them, it reads again.
func (r mutation) ClaimNextCase(ctx context.Context, input api.ClaimNextCaseInput) (*api.CasePayload, error) {
	q, err := one[*casegraph.Queue](ctx, r.Resolver, 0, input.QueueID)
	if err == nil && q == nil {
		err = casegraph.NoSuch("queueId", "queue", input.QueueID)
	}
	if err != nil {
		return nil, err
	}
	for {
		candidates, err := r.candidates(ctx, q.ID)
		if err != nil {
			return nil, err
		}
		change, err := cases.ClaimNext(AskerOf(ctx), q.ID, candidates)
		answer, _, err := do[cases.ClaimAnswer](ctx, r.Resolver, input, change, err)
		switch {
		case errors.Is(err, cases.ErrTaken) && len(candidates) == 0:
			return &api.CasePayload{}, nil
		case errors.Is(err, cases.ErrTaken) && ctx.Err() == nil:
			continue
		case err != nil:
			return nil, err
		}
		return casePayload(ctx, r.Resolver, answer.CaseID)
	}
}

// candidates are the cases that wait in a queue, the one recorded first first.
func (r mutation) candidates(ctx context.Context, queue casegraph.ID) ([]casegraph.ID, error) {
	filter := casegraph.Waiting(casegraph.TimeOf(r.Now()))
	filter.And = append(filter.And, casegraph.Filter{Path: "queueId", Op: casegraph.OpEq, Value: string(queue)})
	page, err := r.Store.List(ctx, casegraph.ListRequest{Kind: casegraph.KindCase, Filter: filter, OrderBy: casegraph.ByCreated, First: claimed, Mask: mask(ctx)})
	ids := make([]casegraph.ID, len(page.Nodes))
	for i, n := range page.Nodes {
		ids[i] = n.Head().ID
	}
	return ids, err
}
