package resolvers

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/graph"
)

// Bounds of what is read for several views at once.
const (
	// MaxViewCount is how far a view is counted.
	MaxViewCount = 10_000
	// MaxGraphViews is of how many views with conditions on the graph these are
	// worked out.
	MaxGraphViews = 10
	// MaxViewLists is of how many views pages are read.
	MaxViewLists = 10
)

func (r query) View(ctx context.Context, id casegraph.ID) (*casegraph.View, error) {
	return one[*casegraph.View](ctx, r.Resolver, 0, id)
}

func (r query) Views(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.ViewFilter, order *api.OrderBy) (*api.ViewConnection, error) {
	seen := casegraph.Filter{And: []casegraph.Filter{filter.Filter(), AskerOf(ctx).Views()}}
	return list[*casegraph.View](ctx, r.Resolver, casegraph.KindView, seen, order, paging{first, last, after, before})
}

// hideViews takes out the views that are not shared with the asker. Whom one
// was shared with at a past moment is no matter: its past is for those who
// change it.
func hideViews(ctx context.Context, nodes map[casegraph.ID]casegraph.Node) {
	asker := AskerOf(ctx)
	for id, n := range nodes {
		if v, ok := n.(*casegraph.View); ok && !asker.ChangesView(v) && (v.AsOf != 0 || !asker.SeesView(v)) {
			delete(nodes, id)
		}
	}
}

func (r view) Owner(ctx context.Context, views []*casegraph.View) ([]*casegraph.User, error) {
	return each[*casegraph.User](ctx, r.Resolver, views, func(v *casegraph.View) casegraph.ID { return v.OwnerID })
}

func (r view) SharedWith(ctx context.Context, views []*casegraph.View) ([][]*casegraph.User, error) {
	return users(ctx, r.Resolver, views, func(v *casegraph.View) []casegraph.ID { return v.SharedWithIDs })
}

func (r view) OrderBy(_ context.Context, views []*casegraph.View) ([]*api.OrderBy, error) {
	orders := make([]*api.OrderBy, len(views))
	for i, v := range views {
		orders[i] = api.OrderOf(v)
	}
	return orders, nil
}

func (r view) MayChange(ctx context.Context, views []*casegraph.View) ([]bool, error) {
	may := make([]bool, len(views))
	for i, v := range views {
		may[i] = AskerOf(ctx).ChangesView(v)
	}
	return may, nil
}

func (r view) Invalid(ctx context.Context, views []*casegraph.View) ([]*string, error) {
	reasons := make([]*string, len(views))
	for i, v := range views {
		if _, err := viewed(ctx, v); err != nil {
			reason, err := reasonOf(err)
			if err != nil {
				return nil, err
			}
			reasons[i] = &reason
		}
	}
	return reasons, nil
}

// reasonOf is what to tell of a view that can't be asked; other errors stay.
func reasonOf(err error) (string, error) {
	var known *casegraph.Error
	if errors.As(err, &known) {
		return known.Message, nil
	}
	return "", err
}

// viewed is the list that a view is for whoever asks. A *casegraph.Error says
// why it can't be asked.
func viewed(ctx context.Context, v *casegraph.View) (casegraph.ListRequest, error) {
	request := casegraph.ListRequest{Kind: v.Of, OrderBy: v.OrderBy, Descending: !v.Ascending, Mask: mask(ctx)}
	var err error
	if request.Filter, err = filterFrom(ctx, v.Of, v.Asked()); err != nil {
		return request, err
	}
	return request, checkFilter(ctx, &request.Filter)
}

// schema is what filters that are kept as JSON are held to.
var schema = graph.NewExecutableSchema(graph.Config{}).Schema()

// filterFrom reads the JSON of a noun's filter as the list of that noun does.
func filterFrom(ctx context.Context, of casegraph.Kind, text casegraph.Fields) (casegraph.Filter, error) {
	if len(text) == 0 {
		return casegraph.Filter{}, nil
	}
	switch of {
	case casegraph.KindCase:
		return decodeFilter[api.CaseFilter](ctx, "CaseFilter", text)
	case casegraph.KindAccount:
		return decodeFilter[api.AccountFilter](ctx, "AccountFilter", text)
	}
	return casegraph.Filter{}, casegraph.BadInput("kind: a view lists %s or %s", casegraph.KindCase, casegraph.KindAccount)
}

func decodeFilter[F any, P interface {
	*F
	Filter() casegraph.Filter
}](ctx context.Context, input string, text casegraph.Fields) (filter casegraph.Filter, err error) {
	const name = "filter"
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil {
		return filter, err
	}
	variable := &ast.VariableDefinition{Variable: name, Type: ast.NonNullNamedType(input, nil), Definition: schema.Types[input]}
	values, err := validator.VariableValues(schema, &ast.OperationDefinition{VariableDefinitions: ast.VariableDefinitionList{variable}}, map[string]any{name: tree})
	if err != nil {
		return filter, misfit(ast.Path{ast.PathName("variable")}, err)
	}
	read := P(new(F))
	within := graphql.WithPathContext(ctx, graphql.NewPathWithField(name))
	if err := graphql.UnmarshalNamedInputFromContext(within, input, values[name], read); err != nil {
		return filter, misfit(graphql.GetPath(ctx), err)
	}
	filter = read.Filter()
	return filter, filter.CheckAsked()
}

// misfit says where a filter does not fit the schema: behind a path.
func misfit(behind ast.Path, err error) error {
	var located *gqlerror.Error
	if !errors.As(err, &located) {
		return err
	}
	place := argumentOf(behind, located)
	if place == "" {
		return err
	}
	return casegraph.BadInput("%s: %s", place, short(withoutSuggestion(located.Message)))
}

// Count counts all views in one call to the store.
func (r view) Count(ctx context.Context, views []*casegraph.View) ([]*api.ViewCount, error) {
	answer := newPerView[*api.ViewCount](views)
	var requests []casegraph.ListRequest
	var places []int
	graphs := 0
	for i, v := range views {
		request, err := viewed(ctx, v)
		if err != nil {
			if _, err := reasonOf(err); err != nil {
				return nil, err
			}
			continue
		}
		if request.Filter.AsksGraph() {
			if graphs++; graphs > MaxGraphViews {
				answer.refuse(i, "count", MaxGraphViews)
				continue
			}
			if request.Filter, answer.errs[i] = r.worked(ctx, request); answer.errs[i] != nil {
				continue
			}
		}
		if len(requests) == casegraph.MaxPage {
			answer.refuse(i, "count", casegraph.MaxPage)
			continue
		}
		requests, places = append(requests, request), append(places, i)
	}
	if len(requests) > 0 {
		counts, err := r.Store.CountEach(ctx, requests, MaxViewCount+1)
		if err != nil {
			return nil, err
		}
		for j, n := range counts {
			answer.results[places[j]] = &api.ViewCount{Value: min(n, MaxViewCount), More: n > MaxViewCount}
		}
	}
	return answer.give()
}

// perView is what comes of each of several views: one that can't be told does
// not keep the others from it.
type perView[T any] struct {
	results []T
	errs    graphql.BatchErrorList
}

func newPerView[T any](views []*casegraph.View) perView[T] {
	return perView[T]{make([]T, len(views)), make(graphql.BatchErrorList, len(views))}
}

func (p *perView[T]) refuse(i int, what string, most int) {
	p.errs[i] = &casegraph.Error{Code: casegraph.CodeTooLarge, Message: what + ": at most " + decimal(int64(most)) + " such views at once: ask for fewer, or for this one alone"}
}

func (p *perView[T]) give() ([]T, error) {
	for _, err := range p.errs {
		if err != nil {
			return p.results, p.errs
		}
	}
	return p.results, nil
}

func (r view) Cases(ctx context.Context, views []*casegraph.View, first *int, after *casegraph.Cursor) ([]*api.CaseConnection, error) {
	return viewPages[*casegraph.Case](ctx, r.Resolver, views, casegraph.KindCase, paging{first: first, after: after})
}

func (r view) Accounts(ctx context.Context, views []*casegraph.View, first *int, after *casegraph.Cursor) ([]*api.AccountConnection, error) {
	return viewPages[*casegraph.Account](ctx, r.Resolver, views, casegraph.KindAccount, paging{first: first, after: after})
}

// viewPages reads a page of each of a few views that list the kind.
func viewPages[T casegraph.Node](ctx context.Context, r *Resolver, views []*casegraph.View, kind casegraph.Kind, p paging) ([]*api.Connection[T], error) {
	answer := newPerView[*api.Connection[T]](views)
	read := 0
	for i, v := range views {
		if v.Of != kind {
			continue
		}
		request, err := viewed(ctx, v)
		if err != nil {
			if _, err := reasonOf(err); err != nil {
				return nil, err
			}
			continue
		}
		if read++; read > MaxViewLists {
			answer.refuse(i, "first", MaxViewLists)
			continue
		}
		answer.results[i], answer.errs[i] = pageOf[T](ctx, r, request, p)
	}
	return answer.give()
}

// ViewIDs are the ids of the nodes that a view has for whoever asks, in its
// order, at most so many, and whether there are more. A view that they don't
// see is NOT_FOUND, one that can't be asked BAD_INPUT, both at viewId.
func (r *Resolver) ViewIDs(ctx context.Context, id casegraph.ID, most int) (ids []casegraph.ID, more bool, err error) {
	v, err := one[*casegraph.View](ctx, r, 0, id)
	switch {
	case err != nil:
		return nil, false, err
	case v == nil:
		return nil, false, casegraph.NoSuch("viewId", "view", id)
	}
	request, err := viewed(ctx, v)
	if err != nil {
		reason, err := reasonOf(err)
		if err == nil {
			err = casegraph.BadInput("viewId: the view can't be asked: %s", reason)
		}
		return nil, false, err
	}
	if request.Filter, err = r.worked(ctx, request); err != nil {
		return nil, false, err
	}
	for more = true; more && len(ids) < most; {
		request.First = min(most-len(ids), casegraph.MaxPage)
		page, err := r.Store.List(ctx, request)
		if err != nil {
			return nil, false, err
		}
		for _, n := range page.Nodes {
			ids = append(ids, n.Head().ID)
		}
		if more = page.More; more {
			request.After = new(casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy))
		}
	}
	return ids, more, nil
}

func (r mutation) CreateView(ctx context.Context, input api.CreateViewInput) (*api.ViewPayload, error) {
	if err := keepable(ctx, input.Kind, input.Filter); err != nil {
		return nil, err
	}
	change, err := cases.CreateView(AskerOf(ctx), input.Rule(), r.NewID)
	return r.changeView(ctx, input, change, err)
}

// keepable refuses a filter that can't be asked.
func keepable(ctx context.Context, kind casegraph.Kind, filter casegraph.Fields) error {
	if len(filter) > cases.MaxViewFilter {
		return nil // which is told by the rule
	}
	_, err := viewed(ctx, &casegraph.View{Of: kind, Filter: string(filter)})
	return err
}

func (r mutation) UpdateView(ctx context.Context, input api.UpdateViewInput) (*api.ViewPayload, error) {
	v, err := one[*casegraph.View](ctx, r.Resolver, 0, input.ViewID)
	if err == nil && v == nil {
		err = casegraph.NoSuch("viewId", "view", input.ViewID)
	}
	if err != nil {
		return nil, err
	}
	if input.Filter.Set {
		if string(input.Filter.Value) == "{}" {
			input.Filter.Value = nil
		}
		if err := keepable(ctx, v.Of, input.Filter.Value); err != nil {
			return nil, err
		}
	}
	change, err := cases.UpdateView(AskerOf(ctx), input.Rule())
	return r.changeView(ctx, input, change, err)
}

func (r mutation) ShareView(ctx context.Context, input cases.ShareViewInput) (*api.ViewPayload, error) {
	change, err := cases.ShareView(AskerOf(ctx), input)
	return r.changeView(ctx, input, change, err)
}

func (r mutation) ArchiveView(ctx context.Context, input cases.ArchiveViewInput) (*api.ViewPayload, error) {
	change, err := cases.ArchiveView(AskerOf(ctx), input)
	return r.changeView(ctx, input, change, err)
}

func (r mutation) changeView(ctx context.Context, input any, change commit.Change, err error) (*api.ViewPayload, error) {
	answer, _, err := do[cases.ViewAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	v, err := one[*casegraph.View](ctx, r.Resolver, 0, answer.ViewID)
	return &api.ViewPayload{View: v}, err
}
