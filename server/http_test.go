package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"casegraph/auth"
	"casegraph/demo"
)

const hello = `{"query":"{ viewer { name } }"}`

// Requests are answered with the statuses of the GraphQL over HTTP specification.
func TestStatuses(t *testing.T) {
	f := newFixture(t, localStore(t))
	big := `{"query":"{ viewer { name } }","variables":{"x":"` + strings.Repeat("x", 1<<20) + `"}}`
	for _, c := range []struct {
		name, method, contentType, accept, body string
		status                                  int
		holds, lacks                            string
	}{
		{"an operation", "POST", "application/json", "", hello, 200, `"Ben Okafor"`, "errors"},
		{"with a charset", "POST", "application/json; charset=utf-8", "*/*", hello, 200, `"Ben Okafor"`, "errors"},
		{"as a response of its own type", "POST", "application/json", "application/graphql-response+json", hello, 200, `"Ben Okafor"`, "errors"},
		{"a query by GET", "GET", "", "", "", 200, `"Ben Okafor"`, "errors"},
		{"a change by GET", "GET", "", "", "mutation", 405, "POST", "data"},
		{"a PUT", "PUT", "application/json", "", hello, 405, "POST", "data"},
		{"of no type", "POST", "", "", hello, 415, "application/json", "data"},
		{"a form", "POST", "application/x-www-form-urlencoded", "", "query={viewer{name}}", 415, "application/json", "data"},
		{"in another charset", "POST", "application/json; charset=utf-16", "", hello, 415, "UTF-8", "data"},
		{"for pictures alone", "POST", "application/json", "image/png", hello, 406, "application/json", "data"},
		{"no JSON", "POST", "application/json", "", "{", 400, "BAD_INPUT", "data"},
		{"a batch", "POST", "application/json", "", "[" + hello + "]", 400, "BAD_INPUT", "data"},
		{"something behind it", "POST", "application/json", "", hello + "{}", 400, "BAD_INPUT", "data"},
		{"no query", "POST", "application/json", "", `{"variables":{}}`, 400, "query", "data"},
		{"a query that is a number", "POST", "application/json", "", `{"query":1}`, 400, "BAD_INPUT", "data"},
		{"variables that are a list", "POST", "application/json", "", `{"query":"{ viewer { name } }","variables":[]}`, 400, "BAD_INPUT", "data"},
		{"too long", "POST", "application/json", "", big, 413, "TOO_LARGE", "data"},
		{"a document of no grammar, in the old type", "POST", "application/json", "application/json", `{"query":"{"}`, 200, "BAD_INPUT", "data"},
		{"a document of no grammar", "POST", "application/json", "application/graphql-response+json", `{"query":"{"}`, 400, "BAD_INPUT", "data"},
		{"a field that is none", "POST", "application/json", "application/graphql-response+json", `{"query":"{ vewer { name } }"}`, 400, "BAD_INPUT", "Did you mean"},
		{"an argument that is none", "POST", "application/json", "", `{"query":"{ cases(frist: 1) { totalCount } }"}`, 200, "BAD_INPUT", "Did you mean"},
		{"an operation that is none", "POST", "application/json", "application/graphql-response+json", `{"query":"query A { viewer { name } }","operationName":"B"}`, 400, "BAD_INPUT", "data"},
		{"a variable that does not fit", "POST", "application/json", "application/graphql-response+json", `{"query":"query($n: Int!) { cases(first: $n) { totalCount } }","variables":{"n":"x"}}`, 400, "BAD_INPUT", "data"},
		{"an Int past 32 bits", "POST", "application/json", "", `{"query":"{ cases(first: 3000000000) { totalCount } }"}`, 200, "BAD_INPUT", "INTERNAL"},
		{"a time that is none", "POST", "application/json", "", `{"query":"{ cases(filter: {createdAt: {lt: \"yesterday\"}}) { totalCount } }"}`, 200, `"field":"filter.createdAt.lt"`, "INTERNAL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, body := "/graphql", c.body
			if c.method == "GET" {
				query := map[string]string{"": "{ viewer { name } }", "mutation": `mutation { revokeApiKey(input: {keyId: "x"}) { key { id } } }`}[c.body]
				address, body = "/graphql?"+url.Values{"query": {query}}.Encode(), ""
			}
			request := httptest.NewRequest(c.method, address, strings.NewReader(body))
			request.Header.Set("Authorization", "Bearer "+f.keys[demo.Ben])
			if c.contentType != "" {
				request.Header.Set("Content-Type", c.contentType)
			}
			if c.accept != "" {
				request.Header.Set("Accept", c.accept)
			}
			response := httptest.NewRecorder()
			f.http.ServeHTTP(response, request)
			told := response.Body.String()
			if response.Code != c.status || !strings.Contains(told, c.holds) || strings.Contains(told, c.lacks) {
				t.Errorf("%d %s", response.Code, told)
			}
		})
	}
}

// Whoever is not known gets 401 in the form of an answer, before anything is read.
func TestNobodySignedIn(t *testing.T) {
	f := newFixture(t, localStore(t))
	for name, header := range map[string][2]string{
		"nothing":      {"X-Nothing", "1"},
		"a wrong key":  {"Authorization", "Bearer cg_wrong"},
		"another form": {"Authorization", "Basic YTpi"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest("POST", "/graphql", strings.NewReader(hello))
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set(header[0], header[1])
			response := httptest.NewRecorder()
			f.http.ServeHTTP(response, request)
			if response.Code != 401 || !strings.Contains(response.Body.String(), `"code":"UNAUTHENTICATED"`) || response.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%d %s", response.Code, response.Body)
			}
		})
	}
}

// A sign-in link lets a browser in once; its cookie opens nothing for another
// site's page, which can't send our header.
func TestSignInLink(t *testing.T) {
	f := newFixture(t, localStore(t))
	link := "/sign-in?token=" + f.auth.SignInToken(demo.Vera)
	scanned := httptest.NewRecorder()
	f.http.ServeHTTP(scanned, httptest.NewRequest("HEAD", link, nil)) // as mail programs do; it spends nothing
	if len(scanned.Result().Cookies()) != 0 {
		t.Errorf("HEAD signs in: %d %v", scanned.Code, scanned.Header())
	}
	response := httptest.NewRecorder()
	f.http.ServeHTTP(response, httptest.NewRequest("GET", link, nil))
	if response.Code != http.StatusSeeOther || len(response.Result().Cookies()) != 1 {
		t.Fatalf("%d %s", response.Code, response.Body)
	}
	cookie := response.Result().Cookies()[0]
	ask := func(headers ...string) *httptest.ResponseRecorder {
		request := httptest.NewRequest("POST", "/graphql", strings.NewReader(hello))
		request.Header.Set("Content-Type", "application/json")
		request.AddCookie(cookie)
		for _, name := range headers {
			request.Header.Set(name, "playground")
		}
		response := httptest.NewRecorder()
		f.http.ServeHTTP(response, request)
		return response
	}
	if got := ask(auth.ClientHeader); !strings.Contains(got.Body.String(), "Vera Lind") {
		t.Errorf("with the header: %d %s", got.Code, got.Body)
	}
	if got := ask(); got.Code != 401 {
		t.Errorf("without the header: %d %s", got.Code, got.Body)
	}
	again := httptest.NewRecorder()
	f.http.ServeHTTP(again, httptest.NewRequest("GET", link, nil))
	if again.Code != 401 || len(again.Result().Cookies()) != 0 {
		t.Errorf("the link again: %d %s", again.Code, again.Body)
	}
}

func TestOtherPaths(t *testing.T) {
	f := newFixture(t, localStore(t))
	for path, want := range map[string]string{
		"/healthz":                    `"version":"test"`,
		"/readyz":                     "ready",
		"/schema.graphql":             "type Account implements Node & Object",
		"/playground/operations.json": "[]",
		"/":                           "the playground",
	} {
		response := httptest.NewRecorder()
		f.http.ServeHTTP(response, httptest.NewRequest("GET", path, nil))
		if response.Code != 200 || !strings.Contains(response.Body.String(), want) || strings.Contains(response.Body.String(), "goField") {
			t.Errorf("%s: %d %.300s", path, response.Code, response.Body)
		}
		for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "X-Request-Id"} {
			if response.Header().Get(name) == "" {
				t.Errorf("%s lacks %s", path, name)
			}
		}
	}
}
