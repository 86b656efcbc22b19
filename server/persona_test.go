package server_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"casegraph/graph"
)

// Every name of ours that docs/persona.md tells is in the schema, and every
// event in the code.
func TestPersonaPageTellsWhatIs(t *testing.T) {
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	code := source(t)
	coordinate := regexp.MustCompile(`^([A-Z]\w*)\.(\w+)(?:\((\w+):\))?$`)
	event := regexp.MustCompile(`^(case|template|inquiry)(\.[a-z-]+)$`)
	named := 0
	for _, line := range strings.Split(string(read(t, "../docs/persona.md")), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[2]+cells[4], -1) {
			if parts := coordinate.FindStringSubmatch(name[1]); parts != nil {
				named++
				if !exists(schema, parts[1], parts[2], parts[3]) {
					t.Errorf("the schema has no %s", name[1])
				}
			} else if parts := event.FindStringSubmatch(name[1]); parts != nil {
				named++
				verb := strings.TrimPrefix(parts[2], ".")
				begins := name[1][:strings.LastIndexAny(name[1], "-.")+1] // some end in what a clock did
				if !strings.Contains(code, `"`+name[1]+`"`) && !strings.Contains(code, `"`+parts[2]+`"`) && !strings.Contains(code, `"`+verb+`"`) &&
					!(strings.HasSuffix(begins, "-") && strings.Contains(code, `"`+begins+`"`)) {
					t.Errorf("no code tells of an event %s", name[1])
				}
			}
		}
	}
	if named < 100 {
		t.Errorf("the page names %d things of ours: it has more", named)
	}
}

// exists tells whether a type has a field or a value, and the field an argument.
func exists(schema *ast.Schema, is, member, argument string) bool {
	definition := schema.Types[is]
	if definition == nil {
		return false
	}
	field := definition.Fields.ForName(member)
	if field == nil {
		return argument == "" && definition.EnumValues.ForName(member) != nil
	}
	return argument == "" || field.Arguments.ForName(argument) != nil
}

// source is the code that tells events.
func source(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, room := range []string{"cases", "ingest", "automation"} {
		paths, err := filepath.Glob("../" + room + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}
