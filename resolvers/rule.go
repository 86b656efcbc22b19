package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/automation"
	"casegraph/cases"
	"casegraph/commit"
)

func (r query) Rule(ctx context.Context, id *casegraph.ID, key *string, revision *int) (*casegraph.Rule, error) {
	switch {
	case (id == nil) == (key == nil):
		return nil, casegraph.BadInput("id: give either id or key")
	case id != nil && revision != nil:
		return nil, casegraph.BadInput("revision: only with key")
	case id != nil:
		return one[*casegraph.Rule](ctx, r.Resolver, 0, *id)
	}
	var number int64
	if revision != nil {
		number = int64(*revision)
	} else {
		kept, err := r.kept(ctx, automation.Head(*key))
		if err != nil {
			return nil, err
		}
		if number, err = automation.Latest(kept); err != nil || number == 0 {
			return nil, err
		}
	}
	name := casegraph.RuleKey(*key, number).Reference
	return find[*casegraph.Rule](ctx, r.Resolver, 0, casegraph.KindRule, nil, "key", &name, nil)
}

// kept is a value that is kept beside the graph.
func (r *Resolver) kept(ctx context.Context, name string) ([]byte, error) {
	values, err := r.Store.Values(ctx, []string{name}, casegraph.TimeOf(r.Now()))
	return values[name], err
}

func (r query) Rules(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.RuleFilter, order *api.OrderBy) (*api.RuleConnection, error) {
	return list[*casegraph.Rule](ctx, r.Resolver, casegraph.KindRule, filter.Filter(), order, paging{first, last, after, before})
}

// RuleRuns finds a page by the event of the run before it.
func (r query) RuleRuns(ctx context.Context, key string, first *int, after *casegraph.Cursor) (*api.RuleRunConnection, error) {
	if err := AskerOf(ctx).Require(casegraph.RoleAdmin); err != nil {
		return nil, err
	}
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	name := listName("ruleRuns", key)
	behind, err := open[casegraph.Seq](r.Resolver, "after", name, after)
	if err != nil {
		return nil, err
	}
	kept, err := r.kept(ctx, automation.Runs(key))
	if err != nil {
		return nil, err
	}
	runs, err := automation.ReadRuns(kept)
	if err != nil {
		return nil, err
	}
	for behind != nil && len(runs) > 0 && runs[0].Event >= *behind {
		runs = runs[1:]
	}
	more := len(runs) > size
	c := &api.RuleRunConnection{}
	for _, run := range runs[:min(size, len(runs))] {
		c.Edges = append(c.Edges, &api.RuleRunEdge{Node: run, Seal: func() casegraph.Cursor { return seal(r.Resolver, name, run.Event) }})
	}
	bound(c, after != nil, more)
	return c, nil
}

// dryPlace is how far a dry run came, and how far it goes.
type dryPlace struct {
	At casegraph.Seq `json:"a"`
	To casegraph.Seq `json:"t"`
}

func (r query) DryRunRule(ctx context.Context, ruleID casegraph.ID, from *api.Moment, to *api.Moment, first *int, after *casegraph.Cursor) (*api.RuleDryRun, error) {
	if err := AskerOf(ctx).Require(casegraph.RoleAdmin); err != nil {
		return nil, err
	}
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	rule, err := one[*casegraph.Rule](ctx, r.Resolver, 0, ruleID)
	if err == nil && rule == nil {
		err = casegraph.NoSuch("ruleId", "rule", ruleID)
	}
	if err != nil {
		return nil, err
	}
	name := listName("dryRunRule", ruleID, rule.Version, from, to)
	place, err := open[dryPlace](r.Resolver, "after", name, after)
	if err != nil {
		return nil, err
	}
	if place == nil {
		if place, err = r.dryPlace(ctx, from, to); err != nil {
			return nil, err
		}
	}
	runs, at, err := automation.New(r.Store, r.Committer, r.Now, nil).DryRun(ctx, rule, place.At, place.To, size)
	if err != nil {
		return nil, err
	}
	dry := &api.RuleDryRun{Runs: runs, UpTo: at}
	if at < place.To {
		cursor := seal(r.Resolver, name, dryPlace{at, place.To})
		dry.Cursor = &cursor
	}
	return dry, nil
}

func (r *Resolver) dryPlace(ctx context.Context, from, to *api.Moment) (*dryPlace, error) {
	var place dryPlace
	var err error
	if place.At, err = r.moment(ctx, "from", from); err != nil {
		return nil, err
	}
	if to == nil {
		_, place.To, err = r.Store.Events(ctx, 0, 0)
	} else {
		place.To, err = r.moment(ctx, "to", to)
	}
	if err == nil && place.To < place.At {
		err = casegraph.BadInput("to: behind from")
	}
	return &place, err
}

func (r mutation) CreateRule(ctx context.Context, input automation.CreateInput) (*api.RulePayload, error) {
	change, err := automation.Create(AskerOf(ctx), input, r.NewID)
	return r.changeRule(ctx, input, change, err)
}

func (r mutation) UpdateRule(ctx context.Context, input automation.UpdateInput) (*api.RulePayload, error) {
	change, err := automation.Update(AskerOf(ctx), input)
	return r.changeRule(ctx, input, change, err)
}

func (r mutation) PublishRule(ctx context.Context, input automation.Input) (*api.RulePayload, error) {
	return r.changeRuleRevision(ctx, input, func(by cases.Asker, in automation.Input, rule *casegraph.Rule) (commit.Change, error) {
		return automation.Publish(by, in, rule.Key, automation.NamedBy(&rule.RuleForm))
	})
}

func (r mutation) ArchiveRule(ctx context.Context, input automation.Input) (*api.RulePayload, error) {
	return r.changeRuleRevision(ctx, input, func(by cases.Asker, in automation.Input, rule *casegraph.Rule) (commit.Change, error) {
		return automation.Archive(by, in, rule.Key)
	})
}

func (r mutation) changeRuleRevision(ctx context.Context, input automation.Input,
	make func(cases.Asker, automation.Input, *casegraph.Rule) (commit.Change, error)) (*api.RulePayload, error) {
	rule, err := one[*casegraph.Rule](ctx, r.Resolver, 0, input.RuleID)
	if err == nil && rule == nil {
		err = casegraph.NoSuch("ruleId", "rule", input.RuleID)
	}
	if err != nil {
		return nil, err
	}
	change, err := make(AskerOf(ctx), input, rule)
	return r.changeRule(ctx, input, change, err)
}

func (r mutation) changeRule(ctx context.Context, input any, change commit.Change, err error) (*api.RulePayload, error) {
	answer, _, err := do[automation.Answer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	rule, err := one[*casegraph.Rule](ctx, r.Resolver, 0, answer.RuleID)
	return &api.RulePayload{Rule: rule}, err
}

func (r ruleAction) Queue(ctx context.Context, parents []*casegraph.RuleAction) ([]*casegraph.Queue, error) {
	return each[*casegraph.Queue](ctx, r.Resolver, parents, func(a *casegraph.RuleAction) casegraph.ID { return a.QueueID })
}

func (r ruleAction) Assignee(ctx context.Context, parents []*casegraph.RuleAction) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(a *casegraph.RuleAction) casegraph.ID { return a.AssigneeID })
}

func (r ruleRun) Rule(ctx context.Context, parents []*casegraph.RuleRun) ([]*casegraph.Rule, error) {
	return each[*casegraph.Rule](ctx, r.Resolver, parents, func(run *casegraph.RuleRun) casegraph.ID { return run.RuleID })
}

func (r ruleRun) Subject(ctx context.Context, parents []*casegraph.RuleRun) ([]casegraph.Node, error) {
	return each[casegraph.Node](ctx, r.Resolver, parents, func(run *casegraph.RuleRun) casegraph.ID { return run.SubjectID })
}

func (r ruleRunItem) Case(ctx context.Context, parents []*casegraph.RuleRunItem) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, parents, func(i *casegraph.RuleRunItem) casegraph.ID { return i.CaseID })
}

func (r eventCause) Rule(ctx context.Context, parents []*casegraph.Cause) ([]*casegraph.Rule, error) {
	return each[*casegraph.Rule](ctx, r.Resolver, parents, func(c *casegraph.Cause) casegraph.ID { return c.RuleID })
}
