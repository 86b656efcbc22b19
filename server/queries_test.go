package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"casegraph"
	"casegraph/demo"
)

var update = flag.Bool("update", false, "rewrite the goldens and the playground's operations")

const queries = "../testdata/queries"

// operation is one of the ready operations of testdata/queries.
type operation struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Job         string `json:"job"`
	Description string `json:"description"`
	Query       string `json:"query"`
	Variables   string `json:"variables"`

	path string // without its ending
}

var (
	ordered = regexp.MustCompile(`^\d+-`)
	comment = regexp.MustCompile(`^# (title|job|description): (.+)\n`)
)

func operations(t testing.TB) []operation {
	t.Helper()
	paths, err := filepath.Glob(queries + "/*.graphql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no operations: %v", err)
	}
	list := make([]operation, len(paths))
	for i, path := range paths {
		list[i] = readOperation(t, path)
	}
	return list
}

// forAdministrators tells whether an operation is refused to everybody else.
func (o *operation) forAdministrators() bool {
	return strings.HasSuffix(o.Description, "For administrators.")
}

// user is who asks it: Ben, who investigates, where he may.
func (o *operation) user() casegraph.ID {
	if o.forAdministrators() {
		return demo.Ana
	}
	return demo.Ben
}

func readOperation(t testing.TB, path string) operation {
	t.Helper()
	text := string(read(t, path))
	o := operation{path: strings.TrimSuffix(path, ".graphql")}
	o.Name = ordered.ReplaceAllString(filepath.Base(o.path), "")
	for match := comment.FindStringSubmatch(text); match != nil; match = comment.FindStringSubmatch(text) {
		switch match[1] {
		case "title":
			o.Title = match[2]
		case "job":
			o.Job = match[2]
		case "description":
			o.Description = match[2]
		}
		text = text[len(match[0]):]
	}
	if o.Title == "" || o.Job == "" || o.Description == "" {
		t.Fatalf("%s says no title, job or description", path)
	}
	o.Query = strings.TrimLeft(text, "\n")
	o.Variables = "{}"
	if _, err := os.Stat(o.path + ".variables.json"); err == nil {
		o.Variables = strings.TrimSpace(string(read(t, o.path+".variables.json")))
	}
	return o
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// golden is what an operation answers, and how many calls to the store that takes.
type golden struct {
	Calls map[string]int `json:"calls"`
	answer
}

// Every ready operation answers the same on each store, for the same calls.
// Those that change something come last, each finding what those before it did.
func TestOperations(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			if err := demo.LoadQueues(t.Context(), f.committer); err != nil {
				t.Fatal(err)
			}
			for _, changes := range []bool{false, true} {
				for _, o := range operations(t) {
					if strings.HasPrefix(o.Query, "mutation") != changes {
						continue
					}
					f.store.counted()
					a := f.as(o.user(), o.Query, json.RawMessage(o.Variables))
					compare(t, o.path+".golden.json", golden{Calls: f.store.counted(), answer: a})
				}
			}
		})
	}
}

// The playground offers the operations that are tested here.
func TestPlaygroundOperations(t *testing.T) {
	compare(t, "../demo/operations.json", operations(t))
}

func compare(t *testing.T, path string, got any) {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, path); !bytes.Equal(text.Bytes(), want) {
		t.Errorf("%s differs; run with -update and read the difference.\ngot:\n%s", filepath.Base(path), text.Bytes())
	}
}
