package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"casegraph"
	"casegraph/resolvers"
)

// csvOperation is what the table is an answer to: so it has the bounds, rules
// and errors of the API.
const csvOperation = `query CaseAnalytics($groupBy: CaseGrouping, $interval: FiguresInterval, $timeZone: String = "UTC", $filter: CaseAnalyticsFilter, $from: Time, $to: Time, $asOf: Moment) {
	caseAnalytics(groupBy: $groupBy, interval: $interval, timeZone: $timeZone, filter: $filter, from: $from, to: $to, asOf: $asOf) { csv }
}`

// The parameters of the table's address.
var (
	plainParameters = []string{"groupBy", "interval", "timeZone", "from", "to"}
	jsonParameters  = []string{"filter", "asOf"}
)

// caseAnalytics answers caseAnalytics as a table to download. Its arguments
// stand in the address, those that are objects as JSON.
func (e *endpoint) caseAnalytics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), maxRequestTime)
	defer cancel()
	asker, err := e.auth.Authenticate(ctx, r)
	if err != nil {
		writeError(ctx, w, err)
		return
	}
	variables, err := csvVariables(r.URL.Query())
	if err != nil {
		writeError(ctx, w, err)
		return
	}
	ctx = graphql.StartOperationTrace(resolvers.WithAsker(ctx, asker))
	op, errs := e.exec.CreateOperationContext(ctx, &graphql.RawParams{Query: csvOperation, Variables: variables})
	if errs != nil {
		refused := e.exec.DispatchError(graphql.WithOperationContext(ctx, op), errs[:min(len(errs), maxErrors)])
		writeTableErrors(w, refused.Errors)
		return
	}
	respond, ctx := e.exec.DispatchOperation(ctx, op)
	response := respond(ctx)
	if len(response.Errors) > 0 {
		writeTableErrors(w, response.Errors)
		return
	}
	var answer struct{ CaseAnalytics struct{ CSV string } }
	if err := json.Unmarshal(response.Data, &answer); err != nil {
		writeError(ctx, w, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="case-analytics.csv"`)
	io.WriteString(w, answer.CaseAnalytics.CSV)
}

// csvVariables reads the address.
func csvVariables(values url.Values) (map[string]any, error) {
	variables := map[string]any{}
	for name, given := range values {
		switch {
		case len(given) != 1:
			return nil, casegraph.BadInput("%.50s: give it once", name)
		case slices.Contains(plainParameters, name):
			variables[name] = given[0]
		case slices.Contains(jsonParameters, name):
			decoder := json.NewDecoder(strings.NewReader(given[0]))
			decoder.UseNumber()
			var value map[string]any
			if err := decoder.Decode(&value); err != nil || decoder.More() || casegraph.LoneSurrogate([]byte(given[0])) {
				return nil, casegraph.BadInput("%s: must be a JSON object", name)
			}
			variables[name] = value
		default:
			return nil, casegraph.BadInput("parameters are %s", strings.Join(append(plainParameters, jsonParameters...), ", "))
		}
	}
	return variables, nil
}

// writeTableErrors says why there is no table, by the status of the first error.
func writeTableErrors(w http.ResponseWriter, errs gqlerror.List) {
	status := http.StatusBadRequest
	if code, ok := errs[0].Extensions["code"].(casegraph.Code); ok {
		status = statuses[code]
	}
	w.Header().Set("Content-Type", typeJSON+"; charset=utf-8")
	w.WriteHeader(status)
	writeErrors(w, errs)
}
