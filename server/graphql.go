package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"casegraph"
	"casegraph/auth"
	"casegraph/breadth"
	"casegraph/commit"
	"casegraph/resolvers"
)

// Bounds of a request.
const (
	maxBody   = 1 << 20 // bytes
	maxErrors = 20      // told of one document
	maxCached = 1_000   // documents kept parsed and validated
)

// endpoint answers /graphql by POST, and queries by GET, as the GraphQL over HTTP specification says.
type endpoint struct {
	auth *auth.Auth
	exec *executor.Executor
	// documents are those that were found to be in bounds and valid.
	documents graphql.Cache[*ast.QueryDocument]
}

func newEndpoint(schema graphql.ExecutableSchema, a *auth.Auth) *endpoint {
	e := &endpoint{auth: a, exec: executor.New(schema), documents: lru.New[*ast.QueryDocument](maxCached)}
	e.exec.SetQueryCache(e.documents)
	e.exec.SetParserTokenLimit(resolvers.MaxTokens)
	e.exec.SetDisableSuggestion(true)
	e.exec.SetErrorPresenter(resolvers.Present)
	e.exec.SetRecoverFunc(resolvers.Recover)
	e.exec.Use(introspection{})
	return e
}

// introspection lets everybody who is signed in read the schema.
type introspection struct{}

func (introspection) ExtensionName() string                   { return "introspection" }
func (introspection) Validate(graphql.ExecutableSchema) error { return nil }
func (introspection) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = false
	return nil
}

// body is a request's JSON.
type body struct {
	Query         *string        `json:"query"`
	OperationName *string        `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`

	onlyQueries bool
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), maxRequestTime)
	defer cancel()
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, POST")
		writeStatus(ctx, w, http.StatusMethodNotAllowed, casegraph.BadInput("send operations by POST, or queries by GET"))
		return
	}
	contentType, ok := accepted(r.Header.Values("Accept"))
	if !ok {
		writeStatus(ctx, w, http.StatusNotAcceptable, casegraph.BadInput("answers are %s or %s", typeResponse, typeJSON))
		return
	}
	w.Header().Set("Content-Type", contentType+"; charset=utf-8")
	asker, err := e.auth.Authenticate(ctx, r)
	if err != nil {
		writeError(ctx, w, err)
		return
	}
	ctx = resolvers.WithAsker(ctx, asker)
	switch keys := r.Header.Values(commit.OnceHeader); len(keys) {
	case 0:
	case 1:
		ctx = resolvers.WithIdempotencyKey(ctx, keys[0])
	default:
		writeStatus(ctx, w, http.StatusBadRequest, errSeveralKeys)
		return
	}
	request, status, err := read(w, r)
	if err != nil {
		writeStatus(ctx, w, status, err)
		return
	}
	e.answer(ctx, w, contentType, request)
}

var errSeveralKeys = &casegraph.Error{Code: casegraph.CodeBadInput, Field: commit.OnceHeader,
	Message: commit.OnceHeader + ": give it once"}

// read reads a request, or says with which status it is refused.
func read(w http.ResponseWriter, r *http.Request) (*body, int, error) {
	if r.Method == http.MethodGet {
		request, err := readAddress(r.URL.Query())
		return request, http.StatusBadRequest, err
	}
	return readBody(w, r)
}

// readAddress reads the parameters of a GET.
func readAddress(values url.Values) (*body, error) {
	request := body{onlyQueries: true}
	for name, into := range map[string]any{"variables": &request.Variables, "extensions": &request.Extensions} {
		if text := values.Get(name); text != "" {
			decoder := json.NewDecoder(strings.NewReader(text))
			decoder.UseNumber()
			if err := decoder.Decode(into); err != nil || decoder.More() || !utf8.ValidString(text) {
				return nil, casegraph.BadInput("%s: must be a JSON object in UTF-8", name)
			}
			if casegraph.LoneSurrogate([]byte(text)) {
				return nil, casegraph.BadInput("%s: %s", name, resolvers.NoSurrogate)
			}
		}
	}
	if values.Has("operationName") {
		request.OperationName = new(values.Get("operationName"))
	}
	if !values.Has("query") {
		return nil, errNoQuery
	}
	request.Query = new(values.Get("query"))
	if !utf8.ValidString(*request.Query) {
		return nil, casegraph.BadInput("query: must be UTF-8")
	}
	return &request, nil
}

var errNoQuery = casegraph.BadInput("query: must be there")

// readBody reads the body of a POST.
func readBody(w http.ResponseWriter, r *http.Request) (*body, int, error) {
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(parameters["charset"])
	if err != nil || mediaType != typeJSON || (charset != "" && charset != "utf-8") {
		return nil, http.StatusUnsupportedMediaType, casegraph.BadInput("requests are %s in UTF-8", typeJSON)
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, http.StatusRequestEntityTooLarge,
			&casegraph.Error{Code: casegraph.CodeTooLarge, Message: "a request is at most 1 MiB"}
	case err != nil, !utf8.Valid(text):
		return nil, http.StatusBadRequest, casegraph.BadInput("the request's body can't be read as UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var request body
	if err := decoder.Decode(&request); err != nil {
		return nil, http.StatusBadRequest, casegraph.BadInput("the request is no JSON object of query, operationName, variables and extensions")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, http.StatusBadRequest, casegraph.BadInput("a request is one JSON object and nothing behind it")
	}
	if request.Query == nil {
		return nil, http.StatusBadRequest, errNoQuery
	}
	if casegraph.LoneSurrogate(text) {
		return nil, http.StatusBadRequest, casegraph.BadInput("%s: %s", withSurrogate(text), resolvers.NoSurrogate)
	}
	return &request, 0, nil
}

// withSurrogate is the part of a request that has half of a surrogate pair.
func withSurrogate(text []byte) string {
	var parts map[string]json.RawMessage
	var variables map[string]json.RawMessage
	if json.Unmarshal(text, &parts) == nil && json.Unmarshal(parts["variables"], &variables) == nil {
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if casegraph.LoneSurrogate(variables[name]) {
				return "variable." + name
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if casegraph.LoneSurrogate(parts[name]) {
			return name
		}
	}
	return "variables"
}

// answer runs an operation and writes what it gives.
func (e *endpoint) answer(ctx context.Context, w http.ResponseWriter, contentType string, request *body) {
	ctx = graphql.StartOperationTrace(ctx)
	params := &graphql.RawParams{Query: *request.Query, Variables: request.Variables, Extensions: request.Extensions}
	if request.OperationName != nil {
		params.OperationName = *request.OperationName
	}
	doc, err := e.checkShape(ctx, params.Query)
	if err != nil {
		writeRefusal(w, contentType, gqlerror.List{resolvers.Present(ctx, err)})
		return
	}
	op, errs := e.exec.CreateOperationContext(ctx, params)
	if op.Doc != nil && op.Operation == nil && len(op.Doc.Operations) > 0 {
		writeRefusal(w, contentType, gqlerror.List{resolvers.Present(ctx, noOperation(op.Doc, params.OperationName))})
		return
	}
	if doc != nil {
		resolvers.NameInputs(doc, errs)
	}
	if errs == nil && request.onlyQueries && op.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		writeStatus(ctx, w, http.StatusMethodNotAllowed, casegraph.BadInput("changes are sent by POST"))
		return
	}
	if errs == nil {
		if _, err := resolvers.CheckPrice(op.Doc, op.Operation, op.Variables); err != nil {
			errs = gqlerror.List{&gqlerror.Error{Err: err, Message: err.Error()}}
		}
	}
	if errs != nil {
		refused := e.exec.DispatchError(graphql.WithOperationContext(ctx, op), errs[:min(len(errs), maxErrors)])
		writeRefusal(w, contentType, refused.Errors)
		return
	}
	ctx, buffer := breadth.WithBuffer(ctx)
	defer buffer.Release()
	respond, ctx := e.exec.DispatchOperation(ctx, op)
	writeAnswer(w, respond(ctx))
}

// noOperation says which operations there are instead of the one asked for.
func noOperation(doc *ast.QueryDocument, name string) error {
	names := make([]string, len(doc.Operations))
	for i, op := range doc.Operations {
		names[i] = cmp.Or(op.Name, "one without a name")
	}
	there := strings.Join(names, ", ")
	if name == "" {
		return casegraph.BadInput("operationName: must be given where a document has several operations: %.200s", there)
	}
	return casegraph.BadInput("operationName: the document has no operation %.50q; it has: %.200s", name, there)
}

// checkShape refuses a document that is out of bounds before it is validated,
// and gives it; nil if it was found valid before. What can't be parsed is left
// to the executor to say.
func (e *endpoint) checkShape(ctx context.Context, query string) (*ast.QueryDocument, error) {
	if _, known := e.documents.Get(ctx, query); known {
		return nil, nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, resolvers.MaxTokens)
	if err != nil && strings.Contains(err.Error(), "exceeded token limit") {
		return nil, &casegraph.Error{Code: casegraph.CodeTooLarge, Message: fmt.Sprintf("a document is at most %d tokens", resolvers.MaxTokens)}
	}
	if err != nil {
		return nil, nil
	}
	return doc, resolvers.CheckShape(doc)
}
