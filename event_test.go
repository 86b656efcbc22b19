package casegraph

import (
	"encoding/json"
	"testing"
)

func TestMomentsAreShownWhereverTheyLie(t *testing.T) {
	for name, test := range map[string]struct{ path, kept, shown string }{
		"an attribute":       {"resolvedAt", `1000`, `"1970-01-01T00:00:01.000Z"`},
		"none":               {"resolvedAt", `0`, ``},
		"within":             {"awaiting", `{"to":"Filed","by":"usr_1","at":1000}`, `{"at":"1970-01-01T00:00:01.000Z","by":"usr_1","to":"Filed"}`},
		"within a map":       {"checks", `{"a":{"by":"usr_1","at":1000},"at":{"by":"usr_1","at":2000}}`, `{"a":{"at":"1970-01-01T00:00:01.000Z","by":"usr_1"},"at":{"at":"1970-01-01T00:00:02.000Z","by":"usr_1"}}`},
		"deeper":             {"merged", `{"into":"case_1","at":1000,"before":{"status":"Open","resolvedAt":2000}}`, `{"at":"1970-01-01T00:00:01.000Z","before":{"resolvedAt":"1970-01-01T00:00:02.000Z","status":"Open"},"into":"case_1"}`},
		"a number":           {"version", `1000`, `1000`},
		"fields of a source": {"fields.at", `1000`, `1000`},
		"a mark":             {"risk", `{"level":"TRUSTED","reason":"a","at":1000,"expiresAt":2000}`, `{"at":"1970-01-01T00:00:01.000Z","expiresAt":"1970-01-01T00:00:02.000Z","level":"TRUSTED","reason":"a"}`},
	} {
		t.Run(name, func(t *testing.T) {
			shown := FieldChange{Path: test.path, Before: json.RawMessage(test.kept)}.Shown()
			if string(shown.Before) != test.shown || shown.After != nil {
				t.Errorf("shown as %s", shown.Before)
			}
		})
	}
}
