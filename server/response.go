package server

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"casegraph"
	"casegraph/resolvers"
)

// The types of answers. Under typeResponse the status tells a refused document
// from an answer; under typeJSON it is 200 for both, as clients of old expect.
const (
	typeResponse = "application/graphql-response+json"
	typeJSON     = "application/json"
)

// accepted is the type of answer that a client takes. Without wishes it is
// typeJSON.
func accepted(headers []string) (string, bool) {
	if len(headers) == 0 {
		return typeJSON, true
	}
	for offer := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(offer)
		charset := strings.ToLower(parameters["charset"])
		if err != nil || strings.Trim(parameters["q"], "0.") == "" && parameters["q"] != "" || (charset != "" && charset != "utf-8") {
			continue
		}
		switch mediaType {
		case typeResponse:
			return typeResponse, true
		case typeJSON, "application/*", "*/*":
			return typeJSON, true
		}
	}
	return "", false
}

// writeAnswer writes what an operation gave, its data as it lies in memory.
func writeAnswer(w http.ResponseWriter, response *graphql.Response) {
	data, end := []byte("null"), []byte("}\n")
	if response != nil && response.Data != nil {
		data = response.Data
	}
	if response != nil && len(response.Errors) > 0 {
		end = append(append([]byte(`,"errors":`), encode(response.Errors)...), end...)
	}
	const begin = `{"data":`
	w.Header().Set("Content-Length", strconv.Itoa(len(begin)+len(data)+len(end)))
	io.WriteString(w, begin)
	w.Write(data)
	w.Write(end)
}

// writeRefusal writes why a document was not run.
func writeRefusal(w http.ResponseWriter, contentType string, errs gqlerror.List) {
	if contentType == typeResponse {
		w.WriteHeader(http.StatusBadRequest)
	}
	writeErrors(w, errs)
}

// statuses are those of errors outside of a GraphQL answer.
var statuses = map[casegraph.Code]int{
	casegraph.CodeBadInput:        http.StatusBadRequest,
	casegraph.CodeNotFound:        http.StatusNotFound,
	casegraph.CodeConflict:        http.StatusConflict,
	casegraph.CodeUnauthenticated: http.StatusUnauthorized,
	casegraph.CodeForbidden:       http.StatusForbidden,
	casegraph.CodeTooLarge:        http.StatusRequestEntityTooLarge,
	casegraph.CodeTimeout:         http.StatusGatewayTimeout,
	casegraph.CodeUnavailable:     http.StatusServiceUnavailable,
	casegraph.CodeInternal:        http.StatusInternalServerError,
}

// writeError refuses a request by the error's own status.
func writeError(ctx context.Context, w http.ResponseWriter, err error) {
	writeStatus(ctx, w, statuses[casegraph.CodeOf(err)], err)
}

// writeStatus refuses a request in the form of a GraphQL answer.
func writeStatus(ctx context.Context, w http.ResponseWriter, status int, err error) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", typeJSON+"; charset=utf-8")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(status)
	writeErrors(w, gqlerror.List{resolvers.Present(ctx, err)})
}

func writeErrors(w http.ResponseWriter, errs gqlerror.List) {
	w.Write(append(append([]byte(`{"errors":`), encode(errs)...), "}\n"...))
}

func encode(errs gqlerror.List) []byte {
	text, err := json.Marshal(errs)
	if err != nil {
		return []byte(`[{"message":"the errors can't be told"}]`)
	}
	return text
}
