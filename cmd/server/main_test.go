package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"casegraph"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// call runs a command over the store in a folder.
func call(t *testing.T, folder string, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = execute(context.Background(), append([]string{"--data", folder}, args...), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// must is call where nothing may go wrong.
func must(t *testing.T, folder string, args ...string) string {
	t.Helper()
	code, out, err := call(t, folder, args...)
	if code != 0 {
		t.Fatalf("casegraph %v: exit %d: %s", args, code, err)
	}
	return out
}

const rows = `{"node":"ACCOUNT","source":"shop","referenceId":"1","name":"Ana","shows":[{"kind":"email","value":"Ana@Shop.De"}]}
{"node":"ACCOUNT","source":"shop","referenceId":"2","name":"Ben","shows":[{"kind":"email","value":"ana@shop.de"}]}
{"node":"TRANSACTION","source":"shop","referenceId":"t1","amount":"12.50","currency":"EUR","at":"2026-03-01T10:00:00Z","of":[{"role":"payer","referenceId":"1"},{"role":"payee","referenceId":"2"}]}
{"link":"RELATED","source":"shop","from":{"referenceId":"1"},"to":{"referenceId":"2"},"key":"guarantees"}
{"node":"ACCOUNT","source":"shop"}
`

func TestDataGoesInAndComesOut(t *testing.T) {
	folder := t.TempDir()
	file, rejects := filepath.Join(folder, "rows.ndjson"), filepath.Join(folder, "rejects.ndjson")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	first := must(t, filepath.Join(folder, "one"), "import", file, "--rejects", rejects)
	if !strings.Contains(first, "4 created") || !strings.Contains(first, "1 rejected") {
		t.Errorf("first import: %s", first)
	}
	if text, _ := os.ReadFile(rejects); !strings.Contains(string(text), `"line":5`) || !strings.Contains(string(text), "referenceId") {
		t.Errorf("rejects: %s", text)
	}
	again := must(t, filepath.Join(folder, "one"), "import", "--restart", file, "--rejects", rejects)
	if !strings.Contains(again, "0 created, 0 updated, 4 unchanged") {
		t.Errorf("second import: %s", again)
	}
	if check := must(t, filepath.Join(folder, "one"), "check"); !strings.Contains(check, "The log is whole") || !strings.Contains(check, "Nodes are as the log tells") {
		t.Errorf("check: %s", check)
	}

	out := filepath.Join(folder, "out.ndjson")
	must(t, filepath.Join(folder, "one"), "export", out)
	must(t, filepath.Join(folder, "two"), "import", out, "--rejects", rejects)
	twice := filepath.Join(folder, "twice.ndjson")
	must(t, filepath.Join(folder, "two"), "export", twice)
	a, _ := os.ReadFile(out)
	b, _ := os.ReadFile(twice)
	if len(a) == 0 || sorted(a) != sorted(b) {
		t.Errorf("exported:\n%s\nand from a store that was made from it:\n%s", a, b)
	}
	if code, _, err := call(t, filepath.Join(folder, "one"), "export", out); code != 1 || !strings.Contains(err, "exists") {
		t.Errorf("export over a file: exit %d: %s", code, err)
	}
}

func TestSumsThatWentWrongAreToldAndMended(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "rows.ndjson")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, folder, "import", file, "--rejects", filepath.Join(folder, "rejects"))
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE links SET count = 5 WHERE kind = ?", casegraph.LinkHas.Number()); err != nil {
		t.Fatal(err)
	}
	code, out, says := call(t, folder, "check")
	if code != 1 || strings.Count(out, " HAS idn_") != 2 || !strings.Contains(says, "2 of 2 sums") || !strings.Contains(says, "--repair") {
		t.Errorf("check: exit %d: %s%s", code, out, says)
	}
	if out := must(t, folder, "check", "--repair"); !strings.Contains(out, "2 sums of what accounts have were mended") {
		t.Errorf("repair: %s", out)
	}
	if out := must(t, folder, "check"); !strings.Contains(out, "What accounts have is what is shown: 2 accounts, 2 sums.") {
		t.Errorf("check after it: %s", out)
	}
}

func TestAnImportOfWhichNothingComesInFails(t *testing.T) {
	folder := t.TempDir()
	file, rejects := filepath.Join(folder, "rows.ndjson"), filepath.Join(folder, "rejects.ndjson")
	for text, code := range map[string]int{
		"{\n{\n":                             1,
		`{"node":"ACCOUNT","source":"shop"}`: 1,
		"{\n" + `{"node":"ACCOUNT","source":"shop","referenceId":"1"}`: 0,
		"": 0,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, _, says := call(t, folder, "import", file, "--rejects", rejects)
		if got != code || code == 1 && !strings.Contains(says, "every row was rejected; "+rejects) {
			t.Errorf("%q: exit %d: %s", text, got, says)
		}
	}
}

func sorted(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i := range lines {
		for j := i; j > 0 && lines[j] < lines[j-1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return strings.Join(lines, "\n")
}

// output is what a running server prints.
type output struct {
	*io.PipeReader
	text strings.Builder
}

// until reads until the pattern is there.
func (o *output) until(t *testing.T, pattern string) string {
	t.Helper()
	wanted, piece := regexp.MustCompile(pattern), make([]byte, 4096)
	for {
		if found := wanted.FindString(o.text.String()); found != "" {
			return found
		}
		n, err := o.Read(piece)
		o.text.Write(piece[:n])
		if err != nil {
			t.Fatalf("%q never came: %s", pattern, o.text.String())
		}
	}
}

// TestARunOfTheDemo is what somebody new does: run, sign in, ask; look for the
// key of a program; stop; run again and find their data.
func TestARunOfTheDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	key := ""
	for _, found := range []string{"A demo investigation was made", "Your data was found again"} {
		reader, writer := io.Pipe()
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan int, 1)
		go func() {
			code := execute(ctx, []string{"--data", folder, "--log-level", "error", "run", "--listen", "127.0.0.1:0"}, writer, io.Discard)
			writer.Close()
			ended <- code
		}()
		out := &output{PipeReader: reader}
		link := out.until(t, `http://\S+/sign-in\?token=\S+`)
		out.until(t, "Ctrl-C")
		if !strings.Contains(out.text.String(), found) {
			t.Errorf("the greeting: %s", out.text.String())
		}
		address := link[:strings.Index(link, "/sign-in")]
		if health := must(t, folder, "health", "--address", address); health != "ready\n" {
			t.Errorf("health: %q", health)
		}
		if another := must(t, folder, "sign-in", "--address", address); !strings.HasPrefix(another, address+"/sign-in?token=") {
			t.Errorf("sign-in beside a running server: %q", another)
		}
		if code, _, err := call(t, folder, "key", "add", "--role", "admin"); code != 1 || !strings.Contains(err, "one process writes at a time") {
			t.Errorf("a second writer: exit %d: %s", code, err)
		}
		if key != "" {
			asksByKey(t, address, key)
		}
		asksByCookie(t, link, address)
		go io.Copy(io.Discard, reader)
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("stopped with exit %d", code)
		}
		key = strings.TrimSpace(must(t, folder, "key", "add", "--role", "viewer"))
	}
	http.DefaultClient.CloseIdleConnections()
}

func asksByCookie(t *testing.T, link, address string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	answer, err := client.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if again, err := client.Get(link); err != nil || again.StatusCode != http.StatusUnauthorized {
		t.Errorf("the link opened twice: %v, %v", again.Status, err)
	} else {
		again.Body.Close()
	}
	ask(t, client, address, func(r *http.Request) {
		for _, cookie := range answer.Cookies() {
			r.AddCookie(cookie)
		}
		r.Header.Set("X-Casegraph-Client", "test")
	}, "ADMIN")
}

func asksByKey(t *testing.T, address, key string) {
	t.Helper()
	ask(t, http.DefaultClient, address, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) }, "VIEWER")
}

func ask(t *testing.T, client *http.Client, address string, as func(*http.Request), role string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address+"/graphql", strings.NewReader(`{"query":"{viewer{role} cases(first:1){nodes{number}} then:case(number:\"CASE-1\",asOf:{event:152}){status} template(key:\"aml\"){revision}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	as(request)
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body struct {
		Data struct {
			Viewer struct{ Role string }
			Cases  struct{ Nodes []struct{ Number string } }
			// What ready operations and docs/investigating.md name by its event.
			Then     *struct{ Status string }
			Template *struct{ Revision int }
		}
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	if body.Data.Viewer.Role != role || len(body.Data.Cases.Nodes) != 1 || body.Data.Then == nil || body.Data.Then.Status != "Open" || body.Data.Template == nil {
		t.Errorf("asked as %s: %+v", role, body)
	}
}

func TestWrongCallsSayWhatIsWrong(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"fly"}, 2, "unexpected argument fly"},
		{[]string{"key", "add"}, 2, "--role"},
		{[]string{"key", "add", "--role", "king"}, 2, "viewer"},
		{[]string{"--restricted-kinds", "government_id", "migrate"}, 2, "--restricted-kinds"},
		{[]string{"--region", "Germany", "migrate"}, 2, "--region"},
		{[]string{"--cached-links=-1", "migrate"}, 2, "--cached-links"},
		{[]string{"--region", "XX", "migrate"}, 2, "--region"},
		{[]string{"import", "/no/such/file"}, 1, "no such file"},
		{[]string{"import", "--mapping", "nothing", "."}, 1, "--mapping"},
		{[]string{"import", "--persona", "--mapping", "finbench", "."}, 2, "--persona: goes without --mapping"},
		{[]string{"--redis-url", "http://x", "serve", "--listen", "127.0.0.1:0"}, 1, "CASEGRAPH_REDIS_URL"},
		{[]string{"--neo4j-uri", "http://x", "migrate"}, 1, "neo4j"},
		{[]string{"health", "--address", "http://127.0.0.1:1"}, 1, "connection refused"},
		{[]string{"--data", folder, "sign-in"}, 1, "there is no store yet"},
		{[]string{"serve", "--listen", "nowhere:port"}, 1, "--listen"},
		{[]string{"serve", "--compare-share", "1.5"}, 2, "--compare-share"},
	} {
		code, _, err := call(t, t.TempDir(), c.args...)
		if code != c.code || !strings.Contains(err, c.says) {
			t.Errorf("casegraph %v: exit %d: %s; want %d and %q", c.args, code, err, c.code, c.says)
		}
	}
}
