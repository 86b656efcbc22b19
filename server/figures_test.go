package server_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"casegraph"
	"casegraph/demo"
)

func (f *fixture) table(user casegraph.ID, parameters url.Values) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, "/case-analytics.csv?"+parameters.Encode(), nil)
	request.Header.Set("Authorization", "Bearer "+f.keys[user])
	response := httptest.NewRecorder()
	f.http.ServeHTTP(response, request)
	return response
}

// The table has the rows of the answer, for those who may see them.
func TestCaseAnalyticsTable(t *testing.T) {
	f := newFixture(t, localStore(t))
	get(t, f.as(demo.Ben, `mutation { tagNode(input: {nodeId: "`+string(demo.Case(2))+`", tags: ["=1+1", "a, \"b\""]}) { items { outcome } } }`, nil))
	asked := url.Values{"groupBy": {"TAG"}, "from": {"2026-11-01T00:00:00Z"}, "filter": {`{"not": {"caseType": {"eq": "dispute"}}}`}}
	response := f.table(demo.Ben, asked)
	if got := response.Header().Get("Content-Type"); response.Code != http.StatusOK || !strings.HasPrefix(got, "text/csv") {
		t.Fatalf("%d %s: %s", response.Code, got, response.Body)
	}
	rows, err := csv.NewReader(response.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]string{}
	for _, row := range rows {
		counts[row[0]] = row[4] + " " + row[8]
	}
	want := map[string]string{"group": "opened open", "'=1+1": "0 1", `a, "b"`: "0 1", "night": "1 1", "payout": "1 1", "watchlist": "1 0", "": "2 1"}
	for group := range want {
		if counts[group] != want[group] {
			t.Errorf("%q: %q, not %q", group, counts[group], want[group])
		}
	}
	for _, user := range []casegraph.ID{demo.Ana, demo.Ben, demo.Vera} {
		names := f.table(user, url.Values{"groupBy": {"CASE_TYPE"}}).Body.String()
		if strings.Contains(names, "internal") != (user == demo.Ana) {
			t.Errorf("%s sees:\n%s", user, names)
		}
	}
}

// What is asked wrongly is refused as the API refuses it.
func TestCaseAnalyticsTableRefusals(t *testing.T) {
	f := newFixture(t, localStore(t))
	for name, c := range map[string]struct {
		user       casegraph.ID
		parameters string
		status     int
		says       string
	}{
		"nobody":               {"usr_nobody", "", 401, "UNAUTHENTICATED"},
		"an unknown parameter": {demo.Ben, "group=TAG", 400, "parameters are groupBy"},
		"twice":                {demo.Ben, "groupBy=TAG&groupBy=QUEUE", 400, "give it once"},
		"no grouping":          {demo.Ben, "groupBy=MOON", 400, "MOON"},
		"a filter of text":     {demo.Ben, "filter=x", 400, "must be a JSON object"},
		"an unknown condition": {demo.Ben, `filter={"moon":1}`, 400, "moon"},
		"a zone that is none":  {demo.Ben, "timeZone=Mars", 400, "timeZone"},
		"a future that is far": {demo.Ben, `asOf={"event":1000000}`, 400, "the log's last event"},
	} {
		t.Run(name, func(t *testing.T) {
			values, err := url.ParseQuery(c.parameters)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.table(c.user, values); got.Code != c.status || !strings.Contains(got.Body.String(), c.says) {
				t.Errorf("%d %s", got.Code, got.Body)
			}
		})
	}
}
