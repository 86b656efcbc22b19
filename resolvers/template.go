package resolvers

import (
	"context"
	"errors"

	lru "github.com/hashicorp/golang-lru/v2"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
)

func (r query) Template(ctx context.Context, id *casegraph.ID, key *string, revision *int) (*casegraph.Template, error) {
	switch {
	case (id == nil) == (key == nil):
		return nil, casegraph.BadInput("id: give either id or key")
	case id != nil && revision != nil:
		return nil, casegraph.BadInput("revision: only with key")
	case id != nil:
		return one[*casegraph.Template](ctx, r.Resolver, 0, *id)
	case revision != nil:
		name := casegraph.TemplateKey(*key, int64(*revision)).Reference
		return find[*casegraph.Template](ctx, r.Resolver, 0, casegraph.KindTemplate, nil, "key", &name, nil)
	}
	published, err := r.published(ctx, *key)
	if err != nil || published == "" {
		return nil, err
	}
	return one[*casegraph.Template](ctx, r.Resolver, 0, published)
}

func (r query) Templates(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.TemplateFilter, order *api.OrderBy) (*api.TemplateConnection, error) {
	return list[*casegraph.Template](ctx, r.Resolver, casegraph.KindTemplate, filter.Filter(), order, paging{first, last, after, before})
}

// published is the revision of a template that new cases follow; "" for none.
func (r *Resolver) published(ctx context.Context, key string) (casegraph.ID, error) {
	name := cases.TemplateHead(key)
	values, err := r.Store.Values(ctx, []string{name}, casegraph.TimeOf(r.Now()))
	if err != nil {
		return "", err
	}
	return cases.PublishedRevision(values[name])
}

// Workflows are templates made ready to judge by. What is published does not
// change, so they are kept by id.
type Workflows struct {
	known *lru.Cache[casegraph.ID, *cases.Workflow]
}

const maxWorkflows = 256

// NewWorkflows is empty.
func NewWorkflows() *Workflows {
	known, err := lru.New[casegraph.ID, *cases.Workflow](maxWorkflows)
	if err != nil {
		panic(err)
	}
	return &Workflows{known}
}

// of is the workflow of a template; nil is General.
func (w *Workflows) of(t *casegraph.Template) (*cases.Workflow, error) {
	if t == nil {
		return cases.General, nil
	}
	if known, ok := w.known.Get(t.ID); ok {
		return known, nil
	}
	made, err := cases.NewWorkflow(t)
	if err == nil && t.State != casegraph.TemplateDraft {
		w.known.Add(t.ID, made)
	}
	return made, err
}

// workflow is that of a template's id, which an input gives as field; "" is
// General.
func (r *Resolver) workflow(ctx context.Context, field string, id casegraph.ID) (*cases.Workflow, error) {
	if id == "" {
		return cases.General, nil
	}
	if known, ok := r.Workflows.known.Get(id); ok {
		return known, nil
	}
	t, err := one[*casegraph.Template](ctx, r, 0, id)
	if err == nil && t == nil {
		err = casegraph.NoSuch(field, "template", id)
	}
	if err != nil {
		return nil, err
	}
	return r.Workflows.of(t)
}

// judged makes a change of a case by the case's template. A case that moves to
// another meanwhile is looked at once more.
func judged[A any](ctx context.Context, r *Resolver, id casegraph.ID, input any, change func(*cases.Workflow) (commit.Change, error)) (A, commit.Result, error) {
	for {
		c, err := one[*casegraph.Case](ctx, r, 0, id)
		var none A
		if err != nil {
			return none, commit.Result{}, err
		}
		flow := cases.General
		if c != nil { // else the change says that there is none
			if flow, err = r.workflow(ctx, "templateId", c.TemplateID); err != nil {
				return none, commit.Result{}, err
			}
		}
		made, err := change(flow)
		answer, result, err := do[A](ctx, r, input, made, err)
		if !errors.Is(err, cases.ErrMoved) || ctx.Err() != nil {
			return answer, result, err
		}
	}
}

// opening is the workflow that a new case follows.
func (r *Resolver) opening(ctx context.Context, in cases.CreateInput) (*cases.Workflow, error) {
	id := in.TemplateID
	if in.Template != "" {
		if id != "" {
			return nil, casegraph.BadInput("template: give either template or templateId")
		}
		var err error
		if id, err = r.published(ctx, in.Template); err != nil {
			return nil, err
		}
		if id == "" {
			return nil, casegraph.BadInput("template: no published template has the key %.100q", in.Template)
		}
	}
	return r.workflow(ctx, "templateId", id)
}

func (r mutation) CheckItem(ctx context.Context, input cases.CheckItemInput) (*api.CasePayload, error) {
	answer, _, err := judged[cases.CaseAnswer](ctx, r.Resolver, input.CaseID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.CheckItem(AskerOf(ctx), input, w)
	})
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func (r mutation) CreateTemplate(ctx context.Context, input cases.CreateTemplateInput) (*api.TemplatePayload, error) {
	change, err := cases.CreateTemplate(AskerOf(ctx), input, r.NewID)
	return r.changeTemplate(ctx, input, change, err)
}

func (r mutation) UpdateTemplate(ctx context.Context, input cases.UpdateTemplateInput) (*api.TemplatePayload, error) {
	change, err := cases.UpdateTemplate(AskerOf(ctx), input)
	return r.changeTemplate(ctx, input, change, err)
}

func (r mutation) PublishTemplate(ctx context.Context, input cases.TemplateInput) (*api.TemplatePayload, error) {
	return r.changeRevision(ctx, input, func(by cases.Asker, in cases.TemplateInput, t *casegraph.Template) (commit.Change, error) {
		return cases.PublishTemplate(by, in, t.Key, cases.NamedBy(&t.TemplateForm))
	})
}

func (r mutation) ArchiveTemplate(ctx context.Context, input cases.TemplateInput) (*api.TemplatePayload, error) {
	return r.changeRevision(ctx, input, func(by cases.Asker, in cases.TemplateInput, t *casegraph.Template) (commit.Change, error) {
		return cases.ArchiveTemplate(by, in, t.Key)
	})
}

func (r mutation) changeRevision(ctx context.Context, input cases.TemplateInput,
	make func(cases.Asker, cases.TemplateInput, *casegraph.Template) (commit.Change, error)) (*api.TemplatePayload, error) {
	t, err := one[*casegraph.Template](ctx, r.Resolver, 0, input.TemplateID)
	if err == nil && t == nil {
		err = casegraph.NoSuch("templateId", "template", input.TemplateID)
	}
	if err != nil {
		return nil, err
	}
	change, err := make(AskerOf(ctx), input, t)
	return r.changeTemplate(ctx, input, change, err)
}

func (r mutation) changeTemplate(ctx context.Context, input any, change commit.Change, err error) (*api.TemplatePayload, error) {
	answer, _, err := do[cases.TemplateAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	t, err := one[*casegraph.Template](ctx, r.Resolver, 0, answer.TemplateID)
	return &api.TemplatePayload{Template: t}, err
}

func (r mutation) MigrateCases(ctx context.Context, input cases.MigrateInput) (*cases.MigrateAnswer, error) {
	flow, err := r.workflow(ctx, "templateId", input.TemplateID)
	if err != nil {
		return nil, err
	}
	change, err := cases.Migrate(AskerOf(ctx), input, flow)
	answer, _, err := do[cases.MigrateAnswer](ctx, r.Resolver, input, change, err)
	return &answer, err
}

func (r caseFields) Template(ctx context.Context, parents []*casegraph.Case) ([]*casegraph.Template, error) {
	return each[*casegraph.Template](ctx, r.Resolver, parents, func(c *casegraph.Case) casegraph.ID { return c.TemplateID })
}

func (r caseFields) AllowedTransitions(ctx context.Context, parents []*casegraph.Case) ([][]*cases.AllowedTransition, error) {
	asker := AskerOf(ctx)
	return byWorkflow(ctx, r.Resolver, parents, func(w *cases.Workflow, c *casegraph.Case) []*cases.AllowedTransition {
		return w.Allowed(asker, c)
	})
}

func (r caseFields) Checklist(ctx context.Context, parents []*casegraph.Case) ([][]*cases.CheckedItem, error) {
	return byWorkflow(ctx, r.Resolver, parents, (*cases.Workflow).Checklist)
}

// byWorkflow answers for each case by its template; templates that are not
// known yet are read in one call.
func byWorkflow[T any](ctx context.Context, r *Resolver, parents []*casegraph.Case, answer func(*cases.Workflow, *casegraph.Case) T) ([]T, error) {
	templates, err := (caseFields{r}).Template(ctx, parents)
	if err != nil {
		return nil, err
	}
	answers := make([]T, len(parents))
	for i, c := range parents {
		flow, err := r.Workflows.of(templates[i])
		if err != nil {
			return nil, err
		}
		answers[i] = answer(flow, c)
	}
	return answers, nil
}

func (r allowedTransition) AwaitedBy(ctx context.Context, parents []*cases.AllowedTransition) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(a *cases.AllowedTransition) casegraph.ID { return a.AwaitedByID })
}

func (r checkedItem) By(ctx context.Context, parents []*cases.CheckedItem) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(i *cases.CheckedItem) casegraph.ID { return i.ByID })
}

func (r awaitedStatus) By(ctx context.Context, parents []*casegraph.AwaitedStatus) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, parents, func(a *casegraph.AwaitedStatus) casegraph.ID { return a.ByID })
}
