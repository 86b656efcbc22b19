package resolvers

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"casegraph"
	"casegraph/commit"
)

type requestIDKey struct{}

// WithRequestID names the request in this context, in errors and in the log.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestIDOf is the request's name, or "".
func RequestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Present makes an error what a client gets: one that was meant for callers
// with its code and field, any other as INTERNAL with the request's id alone.
// The log has the rest.
func Present(ctx context.Context, err error) *gqlerror.Error {
	presented := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		presented.Locations = located.Locations
	}
	argument := argumentOf(presented.Path, located)
	if argument == "" && located != nil && located.Path != nil {
		presented.Path = located.Path // of the parent at fault in a batch
	}
	var known *casegraph.Error
	switch {
	case errors.As(err, &known):
		presented.Message = known.Message
		presented.Extensions = extensions(known.Code, inputField(ctx, known.Field))
	case argument != "" || isDocument(located):
		presented.Message = short(withoutSuggestion(located.Message))
		presented.Extensions = extensions(casegraph.CodeBadInput, argument)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		presented.Message = "the request took longer than it may; ask for less"
		presented.Extensions = extensions(casegraph.CodeTimeout, "")
	default:
		if !errors.Is(err, errPanic) { // which the log has already
			slog.ErrorContext(ctx, "a request failed", "requestId", RequestIDOf(ctx), "path", presented.Path.String(), "error", err)
		}
		presented.Message = "something went wrong here; the request id finds it in the server's log"
		presented.Extensions = extensions(casegraph.CodeInternal, "")
		presented.Extensions["requestId"] = RequestIDOf(ctx)
	}
	return presented
}

// isDocument tells whether an error is of the document or its variables.
func isDocument(err *gqlerror.Error) bool {
	if err == nil {
		return false
	}
	code := err.Extensions["code"]
	return code == errcode.ParseFailed || code == errcode.ValidationFailed
}

// argumentOf is the path of the argument that could not be read, or "": the
// error's path then leads on from the field's.
func argumentOf(field ast.Path, err *gqlerror.Error) string {
	if err == nil || len(err.Path) <= len(field) || !slices.Equal(err.Path[:len(field)], field) {
		return ""
	}
	return err.Path[len(field):].String()
}

// withoutSuggestion cuts off suggestions of names that exist.
func withoutSuggestion(message string) string {
	before, _, _ := strings.Cut(message, " Did you mean")
	return before
}

// short cuts off what a message repeats of a long input.
func short(message string) string {
	const most = 300
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + " …"
}

func extensions(code casegraph.Code, field string) map[string]any {
	e := map[string]any{"code": code}
	if field != "" {
		e["field"] = field
	}
	return e
}

// inputField is the path of an input: changes take everything in one input, but
// for the request's header.
func inputField(ctx context.Context, field string) string {
	if field != "" && field != commit.OnceHeader && graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil && op.Operation == ast.Mutation {
			return "input." + field
		}
	}
	return field
}

// Recover makes a panic an error, and tells the log where it came from.
func Recover(ctx context.Context, fault any) error {
	slog.ErrorContext(ctx, "a request panicked", "requestId", RequestIDOf(ctx), "fault", fault, "stack", string(debug.Stack()))
	return errPanic
}

var errPanic = errors.New("resolvers: a panic")
