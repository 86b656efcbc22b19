package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"casegraph"
	"casegraph/breadth"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/graph"
	"casegraph/resolvers"
	"casegraph/server"
)

// keep writes views as they stand, past all rules.
func (f *fixture) keep(views ...*casegraph.View) {
	f.t.Helper()
	change := commit.Change{}
	writes := &commit.Writes{}
	for _, v := range views {
		if v.Of == "" {
			v.Of = casegraph.KindCase
		}
		v.Name, v.OrderBy = string(v.ID), casegraph.ByCreated
		change.Needs.Nodes = append(change.Needs.Nodes, v.ID)
		writes.Nodes = append(writes.Nodes, v)
		writes.Events = append(writes.Events, commit.Event{Name: "view.created", Subject: v.ID})
	}
	change.Decide = func(*commit.View) (*commit.Writes, error) { return writes, nil }
	if _, err := f.committer.Do(f.t.Context(), change); err != nil {
		f.t.Fatal(err)
	}
}

func viewOf(id, filter string) *casegraph.View {
	return &casegraph.View{Header: casegraph.Header{ID: casegraph.ID("view_" + id)}, OwnerID: demo.Ben, Sharing: casegraph.ViewEverybody, Filter: filter}
}

// asksIDs is the API, where viewer asks for a view's ids on the way.
type asksIDs struct {
	*resolvers.Resolver
	view casegraph.ID
	most int

	ids  []casegraph.ID
	more bool
	err  error
}

type asksIDsFirst struct {
	graph.QueryResolver
	ask *asksIDs
}

func (a *asksIDs) Query() graph.QueryResolver { return asksIDsFirst{a.Resolver.Query(), a} }

func (q asksIDsFirst) Viewer(ctx context.Context) (*casegraph.User, error) {
	q.ask.ids, q.ask.more, q.ask.err = q.ask.ViewIDs(ctx, q.ask.view, q.ask.most)
	return q.QueryResolver.Viewer(ctx)
}

func (f *fixture) viewIDs(user, view casegraph.ID, most int) ([]casegraph.ID, bool, error) {
	f.t.Helper()
	ask := &asksIDs{Resolver: f.configuration(f.store).Resolvers.(*resolvers.Resolver), view: view, most: most}
	e := newExecutor(graph.NewBreadthFirstSchema(graph.Config{Resolvers: ask}, breadth.Options{}))
	f.run(e, user, `{ viewer { id } }`, nil)
	return ask.ids, ask.more, ask.err
}

// A view has what the list with its filter has, for everybody who looks, and so
// do its ids and its count.
func TestAViewIsTheListWithItsFilter(t *testing.T) {
	f := newFixture(t, localStore(t))
	for i, c := range []struct {
		of           casegraph.Kind
		list, filter string
	}{
		{casegraph.KindCase, "cases", `{}`},
		{casegraph.KindCase, "cases", `{"status":{"in":["Open","In review"]},"not":{"tags":{"hasAny":["none"]}}}`},
		{casegraph.KindCase, "cases", `{"or":[{"restricted":true},{"outcome":["CONFIRMED"]},{"resolvedAt":{"lte":"2027-01-01T00:00:00Z"}}]}`},
		{casegraph.KindCase, "cases", `{"version":{"gte":1},"connectedTo":{"id":"` + string(demo.Account("P-1001")) + `"},"hasRelatedCase":{}}`},
		{casegraph.KindAccount, "accounts", `{"referenceId":{"startsWith":"P-10"},"degree":[{"gte":1}]}`},
		{casegraph.KindAccount, "accounts", `{"sharesIdentifierWith":{"id":"` + string(demo.Account("P-1001")) + `","kinds":["phone","bank-account"]}}`},
		{casegraph.KindAccount, "accounts", `{"risk":{"exists":false},"createdAt":{"gte":"2020-01-01T00:00:00Z"}}`},
	} {
		v := viewOf(fmt.Sprint(i), c.filter)
		v.Of = c.of
		f.keep(v)
		for _, user := range []casegraph.ID{demo.Ana, demo.Ben, demo.Vera} {
			filter := map[casegraph.Kind]string{casegraph.KindCase: "CaseFilter", casegraph.KindAccount: "AccountFilter"}[c.of]
			a := f.as(user, fmt.Sprintf(`query($view: ID!, $filter: %s) { list: %[2]s(filter: $filter, first: 100) { totalCount nodes { id } } view(id: $view) { invalid count { value more } %[2]s(first: 100) { totalCount nodes { id } } } }`, filter, c.list),
				json.RawMessage(`{"view":"`+string(v.ID)+`","filter":`+c.filter+`}`))
			if len(a.Errors) > 0 {
				t.Fatalf("%s: %s", c.filter, a.Errors)
			}
			list, view := get(t, a, "list"), get(t, a, "view", c.list)
			if fmt.Sprint(list) != fmt.Sprint(view) {
				t.Errorf("%s, %s: the list is %v, the view %v", user, c.filter, list, view)
			}
			total := get(t, a, "list", "totalCount")
			if n := get(t, a, "view", "count", "value"); n != total {
				t.Errorf("%s, %s: counts %v of %v", user, c.filter, n, total)
			}
			var want []casegraph.ID
			for _, n := range get(t, a, "list", "nodes").([]any) {
				want = append(want, casegraph.ID(n.(map[string]any)["id"].(string)))
			}
			ids, more, err := f.viewIDs(user, v.ID, 1000)
			if err != nil || more || len(ids) != int(total.(float64)) || !slices.Equal(ids[:min(100, len(ids))], want[:min(100, len(want))]) {
				t.Errorf("%s, %s: the ids are %v, more %t, %v; want %v", user, c.filter, ids, more, err, want)
			}
			if few, more, err := f.viewIDs(user, v.ID, 2); err != nil || len(few) != min(2, len(ids)) || more != (len(ids) > 2) {
				t.Errorf("%s, %s: two ids are %v, more %t, %v", user, c.filter, few, more, err)
			}
		}
	}
	if _, _, err := f.viewIDs(demo.Ben, "view_none", 10); casegraph.CodeOf(err) != casegraph.CodeNotFound {
		t.Errorf("of no view: %v", err)
	}
}

// A view that no longer fits says why, and where; the others are answered.
func TestAViewThatNoLongerFitsSaysSo(t *testing.T) {
	f := newFixture(t, localStore(t))
	deep := `{"version":{"gte":1}}`
	for range casegraph.MaxFilterDepth {
		deep = `{"not":` + deep + `}`
	}
	reasons := map[string]string{
		`{"and":[{"colour":{"eq":"red"}}]}`:   "filter.and[0].colour: unknown field",
		`{"status":{"eq":7}}`:                 "filter.status.eq: a text",
		`{"dueAt":{"lt":"soon"}}`:             "filter.dueAt.lt: a Time is",
		`{"outcome":["PERHAPS"]}`:             "filter.outcome[0]: PERHAPS is not",
		`{"connectedTo":{}}`:                  "filter.connectedTo.id: must be defined",
		`{"fields":[{"path":"a\"b","eq":1}]}`: "filter",
		`{"degree":[{}]}`:                     "filter.degree: give",
		deep:                                  "filter: nests more than",
		`{"id":{"in":[` + strings.Repeat(`"x",`, 1000) + `"x"]}}`: "filter: id in",
	}
	var views []*casegraph.View
	want := map[string]string{"view_fits": ""}
	for filter, reason := range reasons {
		v := viewOf(fmt.Sprint("bad", len(views)), filter)
		views, want[string(v.ID)] = append(views, v), reason
	}
	f.keep(append(views, viewOf("fits", ""))...)
	a := f.as(demo.Ben, `{ views { nodes { id filter invalid count { value } cases { totalCount } } } }`, nil)
	if len(a.Errors) > 0 {
		t.Fatalf("%s", a.Errors)
	}
	for _, n := range get(t, a, "views", "nodes").([]any) {
		v := n.(map[string]any)
		id, reason := v["id"].(string), ""
		if v["invalid"] != nil {
			reason = v["invalid"].(string)
		}
		if w := want[id]; !strings.HasPrefix(reason, w) || (w == "") != (reason == "") {
			t.Errorf("%s: %q; want %q", v["filter"], reason, w)
		}
		if asked := v["count"] != nil && v["cases"] != nil; asked != (want[id] == "") {
			t.Errorf("%s: %v", id, v)
		}
	}
	var known *casegraph.Error
	if _, _, err := f.viewIDs(demo.Ben, views[0].ID, 10); casegraph.CodeOf(err) != casegraph.CodeBadInput {
		t.Errorf("its ids: %v", err)
	} else if known = err.(*casegraph.Error); known.Field != "viewId" || !strings.Contains(known.Message, want[string(views[0].ID)]) {
		t.Errorf("its ids: %+v", known)
	}
	if get(t, f.as(demo.Ben, `mutation { updateView(input: {viewId: "view_bad0", name: "Still mine", filter: {}}) { view { invalid } } }`, nil), "updateView", "view", "invalid") != nil {
		t.Error("it can't be mended")
	}
}

// A page of views is counted in one call; what each of them costs more is
// bounded.
func TestViewsTogetherAreBounded(t *testing.T) {
	f := newFixture(t, localStore(t))
	var views []*casegraph.View
	for i := range 12 {
		views = append(views, viewOf(fmt.Sprintf("plain%02d", i), `{"number":{"gte":"`+fmt.Sprint(i)+`"}}`),
			viewOf(fmt.Sprintf("graph%02d", i), `{"degree":[{"kinds":["CONTAINS"],"gte":`+fmt.Sprint(i)+`}]}`))
	}
	f.keep(views...)
	f.store.counted()
	told := func(a answer, field string) (n int) {
		var data struct {
			Views struct{ Nodes []map[string]any }
		}
		if err := json.Unmarshal(a.Data, &data); err != nil {
			t.Fatal(err)
		}
		for _, v := range data.Views.Nodes {
			if v[field] != nil {
				n++
			}
		}
		return n
	}
	a := f.as(demo.Ben, `{ views(first: 100, orderBy: {direction: ASC}) { nodes { count { value more } } } }`, nil)
	if calls := f.store.counted(); calls["CountEach"] != 1 {
		t.Errorf("the calls are %v", calls)
	}
	if n := told(a, "count"); n != 12+resolvers.MaxGraphViews || len(a.Errors) != 2 || !strings.Contains(string(a.Errors[0]), "TOO_LARGE") {
		t.Errorf("%d are counted; %s", n, a.Errors)
	}
	a = f.as(demo.Ben, `{ views(first: 100) { nodes { cases(first: 1) { nodes { id } } } } }`, nil)
	if n := told(a, "cases"); n != resolvers.MaxViewLists || len(a.Errors) != len(views)-n || !strings.Contains(string(a.Errors[0]), "TOO_LARGE") {
		t.Errorf("%d are read; %s", n, a.Errors)
	}
	var values []string
	for range casegraph.MaxPage + 5 {
		values = append(values, "view_plain00")
	}
	a = f.as(demo.Ben, `query($values: [String!]!) { lookup(values: $values) { hits { node { ... on View { count { value } } } } } }`, variables(t, map[string]any{"values": values}))
	if len(a.Errors) != 5 || !strings.Contains(string(a.Errors[0]), "TOO_LARGE") {
		t.Errorf("as often as it was looked up: %s", a.Errors)
	}
}

// many is a store that has that many of everything.
type many struct {
	casegraph.Store
	most int
	has  int
}

func (m *many) CountEach(_ context.Context, r []casegraph.ListRequest, most int) ([]int, error) {
	m.most = most
	return slices.Repeat([]int{min(m.has, most)}, len(r)), nil
}

// A count is exact as far as it is counted, and says so.
func TestViewsAreCountedSoFar(t *testing.T) {
	f := newFixture(t, localStore(t))
	f.keep(viewOf("all", ""))
	store := &many{Store: f.store}
	f.http = server.New(server.Options{Store: store, Committer: f.committer, Auth: f.auth, Now: now})
	for has, more := range map[int]bool{resolvers.MaxViewCount - 1: false, resolvers.MaxViewCount: false, resolvers.MaxViewCount + 1: true, 1_000_000: true} {
		store.has = has
		a := f.as(demo.Ben, `{ view(id: "view_all") { count { value more } } }`, nil)
		if value := get(t, a, "view", "count", "value"); value != float64(min(has, resolvers.MaxViewCount)) || get(t, a, "view", "count", "more") != more {
			t.Errorf("of %d: %s", has, a.Data)
		}
	}
	if store.most != resolvers.MaxViewCount+1 {
		t.Errorf("the store counts to %d", store.most)
	}
}

// Whom a view was shared with once does not matter: its past is its owner's.
func TestTheOldViewIsNotSharedAgain(t *testing.T) {
	f := newFixture(t, localStore(t))
	f.keep(viewOf("once", ""))
	_, last, err := f.store.Events(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	get(t, f.as(demo.Ben, `mutation { shareView(input: {viewId: "view_once", sharing: PRIVATE}) { view { id } } }`, nil))
	for user, sees := range map[casegraph.ID]bool{demo.Ana: true, demo.Ben: true, demo.Vera: false} {
		n := get(t, f.as(user, fmt.Sprintf(`{ node(id: "view_once", asOf: {event: %d}) { ... on View { sharing } } }`, last), nil), "node")
		if (n != nil) != sees || sees && n.(map[string]any)["sharing"] != "EVERYBODY" {
			t.Errorf("%s sees %v", user, n)
		}
	}
}
