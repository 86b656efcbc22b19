package resolvers

import (
	"context"
	"errors"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
)

func (r mutation) MergeCases(ctx context.Context, input cases.MergeInput) (*api.MergePayload, error) {
	for {
		flows, err := r.workflowsOf(ctx, input)
		if err != nil {
			return nil, err
		}
		change, err := cases.Merge(AskerOf(ctx), input, flows)
		payload, err := r.changeMerge(ctx, input, change, err)
		if !errors.Is(err, cases.ErrMoved) || ctx.Err() != nil {
			return payload, err
		}
	}
}

func (r mutation) UnmergeCases(ctx context.Context, input cases.MergeInput) (*api.MergePayload, error) {
	change, err := cases.Unmerge(AskerOf(ctx), input)
	return r.changeMerge(ctx, input, change, err)
}

// workflowsOf are those that the cases of a merge follow.
func (r mutation) workflowsOf(ctx context.Context, input cases.MergeInput) (cases.Workflows, error) {
	flows := cases.Workflows{}
	if len(input.From) > cases.MaxMergedAtOnce { // the change says so
		return flows, nil
	}
	ids := []casegraph.ID{input.IntoID}
	for _, from := range input.From {
		ids = append(ids, from.CaseID)
	}
	found, err := r.nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, n := range found {
		c, isCase := n.(*casegraph.Case)
		if !isCase || flows[c.TemplateID] != nil {
			continue
		}
		if flows[c.TemplateID], err = r.workflow(ctx, "templateId", c.TemplateID); err != nil {
			return nil, err
		}
	}
	return flows, nil
}

func (r mutation) changeMerge(ctx context.Context, input cases.MergeInput, change commit.Change, err error) (*api.MergePayload, error) {
	answer, _, err := do[cases.MergeAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	found, err := r.nodes(ctx, append(answer.FromIDs, answer.IntoID))
	if err != nil {
		return nil, err
	}
	payload := &api.MergePayload{Objects: answer.Objects}
	payload.Into, _ = found[answer.IntoID].(*casegraph.Case)
	for _, id := range answer.FromIDs {
		c, _ := found[id].(*casegraph.Case)
		payload.From = append(payload.From, c)
	}
	return payload, nil
}

func (r mutation) SplitCase(ctx context.Context, input cases.SplitInput) (*api.SplitCasePayload, error) {
	for {
		old, err := one[*casegraph.Case](ctx, r.Resolver, 0, input.CaseID)
		if err == nil && old == nil {
			err = casegraph.NoSuch("caseId", "case", input.CaseID)
		}
		if err != nil {
			return nil, err
		}
		flow, err := r.newestOf(ctx, old)
		if err != nil {
			return nil, err
		}
		change, err := cases.Split(AskerOf(ctx), input, old, flow, r.NewID)
		answer, _, err := do[cases.SplitAnswer](ctx, r.Resolver, input, change, err)
		if errors.Is(err, cases.ErrMoved) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		found, err := r.nodes(ctx, []casegraph.ID{answer.CaseID, answer.NewCaseID})
		payload := &api.SplitCasePayload{}
		payload.Case, _ = found[answer.CaseID].(*casegraph.Case)
		payload.NewCase, _ = found[answer.NewCaseID].(*casegraph.Case)
		return payload, err
	}
}

// newestOf is what a new case follows that is like another: the published
// revision of its template.
func (r mutation) newestOf(ctx context.Context, c *casegraph.Case) (*cases.Workflow, error) {
	if c.TemplateID == "" {
		return cases.General, nil
	}
	return r.opening(ctx, cases.CreateInput{Template: c.CaseType})
}

func (r mutation) ReopenCase(ctx context.Context, input cases.ReopenInput) (*api.CasePayload, error) {
	answer, _, err := judged[cases.CaseAnswer](ctx, r.Resolver, input.CaseID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.Reopen(AskerOf(ctx), input, w)
	})
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func (r caseFields) MergedFrom(ctx context.Context, parents []*casegraph.Case, first *int) ([][]*casegraph.Case, error) {
	size, err := pageSize("first", first)
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for _, c := range parents {
		ids = append(ids, c.MergedFrom[:min(size, len(c.MergedFrom))]...)
	}
	found, err := r.nodesThen(ctx, momentOf(parents), ids)
	if err != nil {
		return nil, err
	}
	merged := make([][]*casegraph.Case, len(parents))
	for i, c := range parents {
		for _, id := range c.MergedFrom[:min(size, len(c.MergedFrom))] {
			if from, ok := found[id].(*casegraph.Case); ok {
				merged[i] = append(merged[i], from)
			}
		}
	}
	return merged, nil
}

func (r mergedCase) Into(ctx context.Context, parents []*casegraph.MergedCase) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, parents, func(m *casegraph.MergedCase) casegraph.ID { return m.IntoID })
}

func (r mergedCase) By(ctx context.Context, parents []*casegraph.MergedCase) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(m *casegraph.MergedCase) casegraph.ID { return m.ByID })
}

func (r broughtObject) From(ctx context.Context, parents []*casegraph.Brought) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, parents, func(b *casegraph.Brought) casegraph.ID { return b.FromID })
}

func (r broughtObject) By(ctx context.Context, parents []*casegraph.Brought) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(b *casegraph.Brought) casegraph.ID { return b.By })
}

func (r link) SplitFrom(ctx context.Context, links []*casegraph.Link) ([]*casegraph.Case, error) {
	return each[*casegraph.Case](ctx, r.Resolver, links, func(l *casegraph.Link) casegraph.ID { return l.SplitFrom })
}
