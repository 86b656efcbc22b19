package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/auth"
	"casegraph/automation"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/server"
	"casegraph/testservers"
)

// fixture is a whole server over the demo, with a key for each of its people.
type fixture struct {
	t         testing.TB
	store     *counting
	committer *commit.Committer
	http      http.Handler
	auth      *auth.Auth
	keys      map[casegraph.ID]string
	making    sync.Mutex
	made      map[casegraph.Kind]int
	rules     *automation.Follower
	still     bool // whether the clock of changes stands still
}

// at is when the tests take place.
var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func now() time.Time { return at }

// stores are the engines, each empty.
var stores = map[string]func(testing.TB) casegraph.Store{"local": localStore, "neo4j": neo4jStore}

// localStore is an empty embedded store.
func localStore(t testing.TB) casegraph.Store {
	t.Helper()
	store, err := localstore.Open(filepath.Join(t.TempDir(), "casegraph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// neo4jStore is an empty Neo4j.
func neo4jStore(t testing.TB) casegraph.Store {
	t.Helper()
	return openNeo4j(t, testservers.Neo4j(t))
}

func openNeo4j(t testing.TB, at testservers.Neo4jServer) casegraph.Store {
	t.Helper()
	store, err := neo4jstore.Open(context.Background(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// newFixture loads the demo into an empty store. Its changes are a minute
// apart, and its cursors are signed by a secret that is always the same.
func newFixture(t testing.TB, store casegraph.Store) *fixture {
	t.Helper()
	ctx := context.Background()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, store: &counting{Store: store}, keys: map[casegraph.ID]string{}, made: map[casegraph.Kind]int{}}
	minutes := 0
	committer := commit.New(store, func() time.Time {
		if !f.still {
			minutes++
		}
		return at.Add(-24 * time.Hour).Add(time.Duration(minutes) * time.Minute)
	})
	t.Cleanup(committer.Close)
	if err := demo.Load(ctx, committer); err != nil {
		t.Fatal(err)
	}
	a, err := auth.New(ctx, store, committer, auth.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	a.Signer = auth.NewSigner([]byte("a secret that is always the same"))
	f.committer, f.auth = committer, a
	for _, user := range []casegraph.ID{demo.Ana, demo.Ben, demo.Vera} {
		change, secret, err := auth.AddKey(cases.System(), auth.AddKeyInput{Name: "test", UserID: user}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := committer.Do(ctx, change); err != nil {
			t.Fatal(err)
		}
		f.keys[user] = secret
	}
	if _, err := committer.DoAll(ctx, cases.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	f.rules = automation.New(store, committer, now, f.newID)
	f.http = server.New(server.Options{Store: f.store, Committer: committer, Auth: a, Version: "test",
		Playground: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			w.Write([]byte("the playground"))
		}),
		Now: now, NewID: f.newID})
	return f
}

// newID makes ids that are the same in every run.
func (f *fixture) newID(kind casegraph.Kind) casegraph.ID {
	f.making.Lock()
	defer f.making.Unlock()
	f.made[kind]++
	return casegraph.ID(kind.Prefix() + "new" + string(rune('a'-1+f.made[kind])))
}

// followRules does what rules say of all that has happened.
func (f *fixture) followRules() {
	f.t.Helper()
	for {
		more, err := f.rules.Step(f.t.Context())
		if err != nil {
			f.t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

// asker is one of the demo's people, signed in by their key.
func (f *fixture) asker(user casegraph.ID) cases.Asker {
	f.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer "+f.keys[user])
	asker, err := f.auth.Authenticate(f.t.Context(), request)
	if err != nil {
		f.t.Fatal(err)
	}
	return asker
}

// answer is what the API answers.
type answer struct {
	Data   json.RawMessage   `json:"data,omitempty"`
	Errors []json.RawMessage `json:"errors,omitempty"`
}

// as sends an operation as one of the demo's people.
func (f *fixture) as(user casegraph.ID, query string, variables json.RawMessage, headers ...string) answer {
	f.t.Helper()
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		f.t.Fatal(err)
	}
	response := f.send(user, text, headers...)
	var a answer
	if err := json.Unmarshal(response.Body.Bytes(), &a); err != nil {
		f.t.Fatalf("%v: %s", err, response.Body)
	}
	return a
}

// read sends an operation that must be answered, and reads its data.
func (f *fixture) read(user casegraph.ID, query string, given map[string]any, into any) {
	f.t.Helper()
	text, err := json.Marshal(given)
	if err != nil {
		f.t.Fatal(err)
	}
	a := f.as(user, query, text)
	if len(a.Errors) > 0 {
		f.t.Fatalf("%s", a.Errors)
	}
	if err := json.Unmarshal(a.Data, into); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) send(user casegraph.ID, body []byte, headers ...string) *httptest.ResponseRecorder {
	f.t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+f.keys[user])
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response := httptest.NewRecorder()
	f.http.ServeHTTP(response, request)
	return response
}

// counting counts the calls to a store, by method.
type counting struct {
	casegraph.Store
	mu    sync.Mutex
	calls map[string]int
}

func (c *counting) count(method string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[string]int{}
	}
	c.calls[method]++
}

// counted are the calls since it was last asked.
func (c *counting) counted() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := maps.Clone(c.calls)
	clear(c.calls)
	return calls
}

func (c *counting) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	c.count("Nodes")
	return c.Store.Nodes(ctx, r)
}

func (c *counting) Resolve(ctx context.Context, keys []casegraph.Key) (map[casegraph.Key][]casegraph.ID, error) {
	c.count("Resolve")
	return c.Store.Resolve(ctx, keys)
}

func (c *counting) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	c.count("Links")
	return c.Store.Links(ctx, r)
}

func (c *counting) Evidence(ctx context.Context, r casegraph.EvidenceRequest) (map[casegraph.Pair][]*casegraph.Link, error) {
	c.count("Evidence")
	return c.Store.Evidence(ctx, r)
}

func (c *counting) List(ctx context.Context, r casegraph.ListRequest) (casegraph.ListPage, error) {
	c.count("List")
	return c.Store.List(ctx, r)
}

func (c *counting) Count(ctx context.Context, r casegraph.ListRequest) (int, error) {
	c.count("Count")
	return c.Store.Count(ctx, r)
}

func (c *counting) CountEach(ctx context.Context, r []casegraph.ListRequest, most int) ([]int, error) {
	c.count("CountEach")
	return c.Store.CountEach(ctx, r, most)
}

func (c *counting) Groups(ctx context.Context, r casegraph.ListRequest, by string) ([]casegraph.Group, error) {
	c.count("Groups")
	return c.Store.Groups(ctx, r, by)
}

func (c *counting) Search(ctx context.Context, r casegraph.SearchRequest) ([]casegraph.ID, error) {
	c.count("Search")
	return c.Store.Search(ctx, r)
}

func (c *counting) Terms(ctx context.Context, variants []string) (map[string][]string, error) {
	c.count("Terms")
	return c.Store.Terms(ctx, variants)
}

func (c *counting) Timeline(ctx context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	c.count("Timeline")
	return c.Store.Timeline(ctx, r)
}
