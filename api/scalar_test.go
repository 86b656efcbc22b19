package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"casegraph"
	"casegraph/api"
)

func written(m graphql.Marshaler) string {
	var text strings.Builder
	m.MarshalGQL(&text)
	return text.String()
}

// What the domain has no word for is null.
func TestEmptyIsNull(t *testing.T) {
	for want, got := range map[string]graphql.Marshaler{
		`"a\"b"`:  api.MarshalString(`a"b`),
		`"act_1"`: api.MarshalID("act_1"),
		`{"a":1}`: api.MarshalRawJSON(json.RawMessage(`{"a":1}`)),
	} {
		if written(got) != want {
			t.Errorf("%s, not %s", written(got), want)
		}
	}
	for _, none := range []graphql.Marshaler{api.MarshalString(""), api.MarshalID(""), api.MarshalRawJSON(nil)} {
		if written(none) != "null" {
			t.Errorf("%s, not null", written(none))
		}
	}
}

// An Int has 32 bits, and is no text or fraction.
func TestInt(t *testing.T) {
	for given, want := range map[any]int{int64(7): 7, json.Number("-8"): -8, json.Number("2147483647"): 2147483647} {
		if n, err := api.UnmarshalInt(given); err != nil || n != want {
			t.Errorf("%v is read as %d (%v)", given, n, err)
		}
	}
	for _, given := range []any{int64(1 << 31), json.Number("2147483648"), json.Number("1.5"), json.Number("1e3"), "7", 1.5, true} {
		if n, err := api.UnmarshalInt(given); err == nil {
			t.Errorf("%v is read as %d", given, n)
		}
	}
}

// An id is a text of a bounded length; which ids there are is not its business.
func TestID(t *testing.T) {
	if id, err := api.UnmarshalID("act_1"); err != nil || id != "act_1" {
		t.Errorf("%q %v", id, err)
	}
	for _, given := range []any{"", strings.Repeat("x", 201), int64(1), true} {
		if id, err := api.UnmarshalID(given); err == nil {
			t.Errorf("%v is read as %q", given, id)
		}
	}
}

// Null is told from absent: absent is never read at all.
func TestOptString(t *testing.T) {
	if o, err := api.UnmarshalOptString(nil); err != nil || !o.Set || o.Value != nil {
		t.Errorf("null is read as %v (%v)", o, err)
	}
	if o, err := api.UnmarshalOptString("x"); err != nil || !o.Set || *o.Value != "x" {
		t.Errorf("a text is read as %v (%v)", o, err)
	}
	if (casegraph.OptString{}).Set {
		t.Error("absent counts as given")
	}
}

// A scalar keeps whole numbers whole.
func TestScalar(t *testing.T) {
	for given, want := range map[any]any{"x": "x", true: true, json.Number("9007199254740993"): int64(9007199254740993), json.Number("1.5"): 1.5} {
		var s api.Scalar
		if err := s.UnmarshalGQL(given); err != nil || s.Value != want {
			t.Errorf("%v is read as %v (%v)", given, s.Value, err)
		}
	}
	var s api.Scalar
	if s.UnmarshalGQL([]any{"x"}) == nil {
		t.Error("a list is no scalar")
	}
}
