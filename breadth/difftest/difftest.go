// Package difftest holds two executors of one schema to the same answers, by
// random documents and by injected faults.
package difftest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Executors are two of one schema: the one to be held to, and the one held.
type Executors struct {
	Want, Got *executor.Executor
	// Context is what operations are run in; nil is the background.
	Context func() context.Context
	// Normal brings messages that differ by nature into one form; nil changes none.
	Normal func(message string) string
	// Reset, if not nil, is called before each mutation: it undoes the last one.
	Reset func()
}

// Answer is what came of an operation.
type Answer struct {
	Data   string
	Errors []string // as JSON, sorted: gqlgen's come in any order
}

// Run answers a document.
func (x *Executors) Run(e *executor.Executor, d Document) Answer {
	if x.Reset != nil && strings.HasPrefix(d.Query, "mutation") {
		x.Reset()
	}
	ctx := context.Background()
	if x.Context != nil {
		ctx = x.Context()
	}
	ctx = graphql.StartOperationTrace(ctx)
	e.SetQueryCache(known{d.valid})
	op, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: d.Query, Variables: maps.Clone(d.Variables)})
	if errs != nil {
		return x.answer(&graphql.Response{Errors: errs})
	}
	op.DisableIntrospection = false
	respond, ctx := e.DispatchOperation(ctx, op)
	return x.answer(respond(ctx))
}

// known is a query cache of the one document at hand: to validate costs more
// than to run.
type known struct{ doc *ast.QueryDocument }

func (k known) Get(context.Context, string) (*ast.QueryDocument, bool) { return k.doc, k.doc != nil }
func (known) Add(context.Context, string, *ast.QueryDocument)          {}

func (x *Executors) answer(r *graphql.Response) Answer {
	a := Answer{Data: string(r.Data)}
	for _, err := range r.Errors {
		told := *err
		if x.Normal != nil {
			told.Message = x.Normal(told.Message)
		}
		text, marshalErr := json.Marshal(&told)
		if marshalErr != nil {
			text = []byte(marshalErr.Error())
		}
		a.Errors = append(a.Errors, string(text))
	}
	slices.Sort(a.Errors)
	return a
}

// Difference says in which way both answer a document differently, or "".
func (x *Executors) Difference(d Document) string {
	want, got := x.Run(x.Want, d), x.Run(x.Got, d)
	if want.Data == got.Data && slices.Equal(want.Errors, got.Errors) {
		return ""
	}
	return fmt.Sprintf("want %s\n%s\ngot  %s\n%s", want.Data, strings.Join(want.Errors, "\n"), got.Data, strings.Join(got.Errors, "\n"))
}

// Summary is what documents were like.
type Summary struct {
	First      int // the number of the first document
	Documents  int
	Answers    int // of each executor
	Bytes      int // of data
	WithErrors int
	Null       int // wholly
}

func (s Summary) String() string {
	return fmt.Sprintf("%d documents, %d answers of %d bytes of data each, %d with errors, %d wholly null",
		s.Documents, s.Answers, s.Bytes/max(s.Answers, 1), s.WithErrors, s.Null)
}

func (s *Summary) merge(o Summary) {
	s.Documents += o.Documents
	s.Answers += o.Answers
	s.Bytes += o.Bytes
	s.WithErrors += o.WithErrors
	s.Null += o.Null
}

func (s *Summary) add(a Answer) {
	s.Answers++
	s.Bytes += len(a.Data)
	if len(a.Errors) > 0 {
		s.WithErrors++
	}
	if a.Data == "null" {
		s.Null++
	}
}

// Compare answers n random documents by both executors, each with two sets of
// values for what is skipped and included. The first that is
// answered differently fails the test, shrunk.
func (x *Executors) Compare(t testing.TB, documents *Documents, random *rand.Rand, n int, s *Summary) {
	t.Helper()
	for range n {
		d := documents.Next(random)
		x.compare(t, documents, d, s)
		s.Documents++
		x.compare(t, documents, d.otherwise(), s) // by the plan's other halves
	}
}

func (x *Executors) compare(t testing.TB, documents *Documents, d Document, s *Summary) {
	t.Helper()
	want, got := x.Run(x.Want, d), x.Run(x.Got, d)
	s.add(got)
	if want.Data == got.Data && slices.Equal(want.Errors, got.Errors) {
		return
	}
	d = Shrink(d, func(d Document) bool { return x.valid(documents, d) && x.Difference(d) != "" })
	variables, _ := json.Marshal(d.Variables)
	t.Fatalf("document %d:\n%s\n%s\n%s", s.First+s.Documents, d.Query, variables, x.Difference(d))
}

func (x *Executors) valid(documents *Documents, d Document) bool {
	_, errs := gqlparser.LoadQueryWithRules(documents.Schema, d.Query, rules.NewDefaultRules())
	return errs == nil
}
