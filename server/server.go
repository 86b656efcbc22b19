// Package server is casegraph over HTTP: the GraphQL API, the schema, health,
// sign-in and the playground, as one handler.
package server

import (
	"maps"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
	"casegraph/auth"
	"casegraph/breadth"
	"casegraph/bulk"
	"casegraph/commit"
	"casegraph/figures"
	"casegraph/graph"
	"casegraph/identity"
	"casegraph/resolvers"
)

// Options are what a server is made of.
type Options struct {
	Store     casegraph.Store
	Committer *commit.Committer
	Auth      *auth.Auth
	// Identity says how identifiers are brought into their one form: as imports do it.
	Identity identity.Options
	// HubLimits are those that the organisation has set, by role.
	HubLimits resolvers.RoleLimits
	// Comparison, if not nil, has a share of the queries answered by gqlgen's
	// executor too.
	Comparison *breadth.Comparison
	// Figures counts cases; nil makes some of the store, which then must have no
	// cache.
	Figures *figures.Figures
	// Bulks does one thing to many nodes; nil makes one that does what is asked for
	// here and is small, and leaves the rest to others.
	Bulks *bulk.Runner
	// Version is told at /healthz.
	Version string
	// Playground serves the pages at / and the files that they load; nil for a
	// server without pages.
	Playground http.Handler
	// Operations is the JSON of the playground's ready operations.
	Operations []byte
	// Now is the clock, NewID makes the ids of new nodes; nil are the usual ones.
	Now   func() time.Time
	NewID func(casegraph.Kind) casegraph.ID
}

// maxRequestTime is how long one request may take.
const maxRequestTime = 30 * time.Second

// maxParallel is how many resolvers one operation runs side by side, each with
// a call to the store.
const maxParallel = 8

// New is the handler of a whole server.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, o.Now()) }
	}
	if o.Figures == nil {
		o.Figures = figures.New(o.Store)
	}
	if o.Bulks == nil {
		o.Bulks = bulk.New(o.Store, o.Committer, o.Auth, o.HubLimits.Of, o.Now)
	}
	schema := graph.NewBreadthFirstSchema(graph.Config{Schema: withoutDefer(), Resolvers: &resolvers.Resolver{Workflows: resolvers.NewWorkflows(), Store: o.Store, Committer: o.Committer,
		Signer: o.Auth.Signer, Access: o.Auth, Now: o.Now, NewID: o.NewID, Identity: o.Identity, HubLimits: o.HubLimits, Figures: o.Figures, Bulks: o.Bulks}},
		breadth.Options{Parallel: maxParallel, Compare: o.Comparison})
	mux := http.NewServeMux()
	e := newEndpoint(schema, o.Auth)
	mux.Handle("/graphql", e)
	mux.HandleFunc("GET /case-analytics.csv", e.caseAnalytics)
	mux.Handle("GET /schema.graphql", asText("application/graphql; charset=utf-8", definitions(schema)))
	mux.Handle("GET /playground/operations.json", asText("application/json", operations(o.Operations)))
	mux.Handle("GET /healthz", asText("application/json", []byte(`{"status":"ok","version":"`+o.Version+`"}`+"\n")))
	mux.Handle("GET /readyz", ready(o.Store))
	mux.Handle("GET /sign-in", signIn(o.Auth))
	mux.Handle("POST /sign-out", signOut(o.Auth))
	if o.Playground != nil {
		mux.Handle("/", o.Playground)
	}
	return named(secured(recovered(mux)))
}

// withoutDefer is the schema without @defer: an answer here is one whole, so
// what is deferred would never come.
func withoutDefer() *ast.Schema {
	schema := *graph.NewExecutableSchema(graph.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer")
	return &schema
}

func operations(text []byte) []byte {
	if text == nil {
		return []byte("[]\n")
	}
	return text
}
