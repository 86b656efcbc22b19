package server_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"casegraph/demo"
)

// Each question of docs/investigating.md has the answer that stands below it,
// on every store.
func TestInvestigating(t *testing.T) {
	const path = "../docs/investigating.md"
	question := regexp.MustCompile("(?s)```graphql\n(.*?)```\n(\n```json\n(.*?)```\n)?")
	text := read(t, path)
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			if name == "local" { // as "make run" shows it
				if err := demo.LoadTown(t.Context(), f.store, f.committer); err != nil {
					t.Fatal(err)
				}
			}
			asked := 0
			told := question.ReplaceAllFunc(text, func(block []byte) []byte {
				asked++
				parts := question.FindSubmatch(block)
				a := f.as(demo.Ben, string(parts[1]), nil)
				if len(a.Errors) > 0 {
					t.Fatalf("%s\n%s", parts[1], a.Errors)
				}
				return []byte("```graphql\n" + string(parts[1]) + "```\n\n```json\n" + laidOut(t, a.Data) + "```\n")
			})
			if asked != 10 {
				t.Errorf("%d questions are asked, not ten", asked)
			}
			if *update {
				if err := os.WriteFile(path, told, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(told, text) {
				t.Errorf("%s differs; run with -update and read the difference. Got:\n%s", path, told)
			}
		})
	}
}

// laidOut is JSON for reading: an object that fits stands on one line.
func laidOut(t *testing.T, data json.RawMessage) string {
	t.Helper()
	var text bytes.Buffer
	if err := json.Indent(&text, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	leaf := regexp.MustCompile(`[{\[]\n\s+[^{}\[\]]*\n\s*[}\]]`)
	return string(leaf.ReplaceAllFunc(text.Bytes(), func(object []byte) []byte {
		if one := strings.Join(strings.Fields(string(object)), " "); len(one) <= 120 {
			return []byte(one)
		}
		return object
	})) + "\n"
}
