package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"casegraph"
	"casegraph/api"
	"casegraph/auth"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/ingest"
	"casegraph/intake"
)

type onceKey struct{}

// WithIdempotencyKey gives the request's Idempotency-Key to its mutations.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, onceKey{}, key)
}

// once names the mutation field being answered, so that a repeat of it is
// harmless; nil if the request has no key. The field's alias is part of its
// name: one request may hold a mutation twice.
func once(ctx context.Context, input any) (*commit.Once, error) {
	key, ok := ctx.Value(onceKey{}).(string)
	if !ok {
		return nil, nil
	}
	field := graphql.GetFieldContext(ctx).Field
	return cases.Once(AskerOf(ctx).ID, field.Name+"/"+field.Alias, key, input)
}

// do writes a change and decodes what it answers.
func do[A any](ctx context.Context, r *Resolver, input any, change commit.Change, err error) (A, commit.Result, error) {
	var none A
	if err != nil {
		return none, commit.Result{}, err
	}
	if change.Once, err = once(ctx, input); err != nil {
		return none, commit.Result{}, err
	}
	result, err := r.Committer.Do(ctx, change)
	if err != nil {
		return none, result, err
	}
	answer, err := cases.Answer[A](result)
	return answer, result, err
}

// changeCase writes a change of one case and reads the case.
func (r mutation) changeCase(ctx context.Context, input any, change commit.Change, err error) (*api.CasePayload, error) {
	answer, _, err := do[cases.CaseAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func casePayload(ctx context.Context, r *Resolver, id casegraph.ID) (*api.CasePayload, error) {
	c, err := one[*casegraph.Case](ctx, r, 0, id)
	return &api.CasePayload{Case: c}, err
}

func (r mutation) CreateCase(ctx context.Context, input cases.CreateInput) (*api.CasePayload, error) {
	flow, err := r.opening(ctx, input)
	if err != nil {
		return nil, err
	}
	opened := input
	if opened.QueueID == "" {
		if opened.QueueID, err = intake.QueueOf(ctx, r.Store, flow.Template); err != nil {
			return nil, err
		}
	}
	comes := intake.Case{QueueID: opened.QueueID, Template: flow.Template}
	for _, object := range input.Objects {
		comes.ObjectIDs = append(comes.ObjectIDs, object.ID)
	}
	answer, err := giving[cases.CreateAnswer](ctx, r.Resolver, input, comes, func() (commit.Change, error) {
		return cases.Create(AskerOf(ctx), opened, flow, r.NewID)
	})
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func (r mutation) AttachObjects(ctx context.Context, input cases.AttachInput) (*api.AttachPayload, error) {
	change, err := cases.Attach(AskerOf(ctx), input)
	return r.changeObjects(ctx, input, change, err)
}

func (r mutation) DetachObjects(ctx context.Context, input cases.DetachInput) (*api.AttachPayload, error) {
	change, err := cases.Detach(AskerOf(ctx), input)
	return r.changeObjects(ctx, input, change, err)
}

func (r mutation) changeObjects(ctx context.Context, input any, change commit.Change, err error) (*api.AttachPayload, error) {
	answer, _, err := do[cases.AttachAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	c, err := one[*casegraph.Case](ctx, r.Resolver, 0, answer.CaseID)
	return &api.AttachPayload{Case: c, Items: answer.Items}, err
}

func (r mutation) AssignCase(ctx context.Context, input cases.AssignInput) (*api.CasePayload, error) {
	change, err := cases.Assign(AskerOf(ctx), input)
	return r.changeCase(ctx, input, change, err)
}

func (r mutation) UnassignCase(ctx context.Context, input cases.UnassignInput) (*api.CasePayload, error) {
	change, err := cases.Unassign(AskerOf(ctx), input)
	return r.changeCase(ctx, input, change, err)
}

func (r mutation) SetCaseStatus(ctx context.Context, input cases.SetStatusInput) (*api.CasePayload, error) {
	answer, _, err := judged[cases.CaseAnswer](ctx, r.Resolver, input.CaseID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.SetStatus(AskerOf(ctx), input, w)
	})
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}

func (r mutation) TagNode(ctx context.Context, input cases.TagInput) (*api.TagPayload, error) {
	change, err := cases.Tag(AskerOf(ctx), input)
	return r.changeTags(ctx, input, change, err)
}

func (r mutation) UntagNode(ctx context.Context, input cases.TagInput) (*api.TagPayload, error) {
	change, err := cases.Untag(AskerOf(ctx), input)
	return r.changeTags(ctx, input, change, err)
}

func (r mutation) changeTags(ctx context.Context, input any, change commit.Change, err error) (*api.TagPayload, error) {
	answer, _, err := do[cases.TagAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	n, l, err := r.marked(ctx, answer.NodeID, answer.Link)
	return &api.TagPayload{Node: n, Link: l, Items: answer.Items}, err
}

func (r mutation) UpdateCase(ctx context.Context, input cases.UpdateFieldsInput) (*api.CasePayload, error) {
	if kind, _ := casegraph.KindOf(input.NodeID); kind != casegraph.KindCase {
		return nil, casegraph.NoSuch("caseId", "case", input.NodeID)
	}
	answer, _, err := judged[cases.UpdateFieldsAnswer](ctx, r.Resolver, input.NodeID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.UpdateFields(AskerOf(ctx), input, w)
	})
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.NodeID)
}

func (r mutation) UpdateObject(ctx context.Context, input cases.UpdateFieldsInput) (*api.UpdateObjectPayload, error) {
	if kind, _ := casegraph.KindOf(input.NodeID); !kind.IsObject() {
		return nil, casegraph.NoSuch("nodeId", "object", input.NodeID)
	}
	change, err := cases.UpdateFields(AskerOf(ctx), input, nil)
	answer, _, err := do[cases.UpdateFieldsAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	n, err := one[api.Object](ctx, r.Resolver, 0, answer.NodeID)
	return &api.UpdateObjectPayload{Object: n}, err
}

func (r mutation) ImportObjects(ctx context.Context, input api.ImportObjectsInput) (*api.ImportObjectsPayload, error) {
	asker := AskerOf(ctx)
	if err := asker.Require(casegraph.RoleInvestigator); err != nil {
		return nil, err
	}
	remember, err := once(ctx, input)
	if err != nil {
		return nil, err
	}
	request := ingest.ObjectsRequest{Settings: ingest.Settings{Actor: asker.ID, Identity: r.Identity}, Once: remember}
	if len(input.Rows) > ingest.MaxObjects {
		return nil, casegraph.BadInput("rows: at most %d", ingest.MaxObjects)
	}
	payload := &api.ImportObjectsPayload{Outcomes: make([]*api.ImportOutcome, len(input.Rows))}
	var places []int
	for i, text := range input.Rows {
		row, err := ingest.ParseRow(text)
		if err != nil {
			payload.Outcomes[i] = importOutcome(ingest.Unread(err))
			continue
		}
		request.Rows, places = append(request.Rows, row), append(places, i)
	}
	if len(request.Rows) == 0 && len(input.Rows) > 0 {
		return payload, nil
	}
	outcomes, err := ingest.ImportObjects(ctx, r.Committer, request)
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		payload.Outcomes[places[i]] = importOutcome(o)
	}
	return payload, nil
}

func importOutcome(o ingest.ObjectOutcome) *api.ImportOutcome {
	return &api.ImportOutcome{Outcome: string(o.Outcome), ID: o.ID, Reason: o.Reason, Field: o.Field, Warnings: o.Warnings}
}

func (r mutation) CreateUser(ctx context.Context, input auth.CreateUserInput) (*api.UserPayload, error) {
	change, err := auth.CreateUser(AskerOf(ctx), input, r.NewID)
	return r.changeUser(ctx, input, change, err)
}

func (r mutation) UpdateUser(ctx context.Context, input auth.UpdateUserInput) (*api.UserPayload, error) {
	administrators, err := r.Access.Administrators(ctx)
	if err != nil {
		return nil, err
	}
	change, err := auth.UpdateUser(AskerOf(ctx), input, administrators)
	return r.changeUser(ctx, input, change, err)
}

func (r mutation) SetAvailability(ctx context.Context, input auth.SetAvailabilityInput) (*api.UserPayload, error) {
	change, err := auth.SetAvailability(AskerOf(ctx), input)
	return r.changeUser(ctx, input, change, err)
}

func (r mutation) SetWork(ctx context.Context, input auth.SetWorkInput) (*api.UserPayload, error) {
	change, err := auth.SetWork(AskerOf(ctx), input)
	return r.changeUser(ctx, input, change, err)
}

func (r mutation) changeUser(ctx context.Context, input any, change commit.Change, err error) (*api.UserPayload, error) {
	answer, _, err := do[auth.UserAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	user, err := one[*casegraph.User](ctx, r.Resolver, 0, answer.UserID)
	return &api.UserPayload{User: user}, err
}

func (r mutation) CreateAPIKey(ctx context.Context, input auth.AddKeyInput) (*api.CreateApiKeyPayload, error) {
	change, secret, err := auth.AddKey(AskerOf(ctx), input, r.NewID)
	answer, result, err := do[auth.KeyAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	key, err := r.Access.Key(ctx, answer.KeyID)
	payload := &api.CreateApiKeyPayload{Key: key}
	if !result.Replayed {
		payload.Secret = secret
	}
	return payload, err
}

func (r mutation) RevokeAPIKey(ctx context.Context, input api.RevokeApiKeyInput) (*api.RevokeApiKeyPayload, error) {
	change, err := auth.RevokeKey(AskerOf(ctx), input.KeyID)
	answer, _, err := do[auth.KeyAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	key, err := r.Access.Key(ctx, answer.KeyID)
	return &api.RevokeApiKeyPayload{Key: key}, err
}

func (r mutation) EndBrowserSessions(ctx context.Context, input api.EndBrowserSessionsInput) (*api.EndBrowserSessionsPayload, error) {
	change, err := auth.EndSessions(AskerOf(ctx), input.IDs)
	if _, _, err := do[auth.UserAnswer](ctx, r.Resolver, input, change, err); err != nil {
		return nil, err
	}
	left, err := r.Access.Sessions(ctx, AskerOf(ctx))
	return &api.EndBrowserSessionsPayload{BrowserSessions: left}, err
}
