package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"casegraph/demo"
)

// What is too large is refused before it costs anything: no call to the store
// is made for it.
func TestLimits(t *testing.T) {
	f := newFixture(t, localStore(t))
	fragments := "query { ...F0 } "
	for i := range 30 {
		fragments += fmt.Sprintf("fragment F%d on Query { ...F%d ...F%d } ", i, i+1, i+1)
	}
	fragments += "fragment F30 on Query { viewer { name } }"
	for name, query := range map[string]string{
		"tokens":            "{ viewer { " + strings.Repeat("name ", 15_001) + "} }",
		"fields":            "{ viewer { " + strings.Repeat("name ", 1_001) + "} }",
		"depth":             "{ cases { nodes { " + strings.Repeat("objects { nodes { cases { nodes { ", 4) + "id" + strings.Repeat(" } } } }", 4) + " } } }",
		"depth, past 30":    "{ cases { nodes { " + strings.Repeat("objects { nodes { cases { nodes { ", 9) + "id" + strings.Repeat(" } } } }", 9) + " } } }",
		"aliases":           "{ viewer { " + repeat(101, "a%d: name ") + "} }",
		"root fields":       "{ " + repeat(21, "a%d: viewer { name } ") + "}",
		"spread fragments":  fragments,
		"directives":        "{ viewer { name " + strings.Repeat("@skip(if: false) ", 51) + "} }",
		"price":             "{ cases(first: 100) { nodes { objects(first: 100) { nodes { id at status } } } } }",
		"price by variable": "query($n: Int) { cases(first: $n) { nodes { objects(first: $n) { nodes { id at status } } } } }",
		"introspection":     "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
		"inline fragments":  "{ " + strings.Repeat("... { ", 40) + "viewer { name }" + strings.Repeat(" }", 40) + " }",
	} {
		t.Run(name, func(t *testing.T) {
			f.store.counted()
			a := f.as(demo.Ben, query, json.RawMessage(`{"n":100}`))
			code := `"code":"TOO_LARGE"`
			if name == "introspection" {
				code = `"code":"` // validation may be the first to say so
			}
			if len(a.Errors) != 1 || !strings.Contains(string(a.Errors[0]), code) || a.Data != nil || len(f.store.counted()) != 0 {
				t.Errorf("%s %s", a.Data, a.Errors)
			}
			deep := strings.HasPrefix(name, "depth") || name == "inline fragments"
			if deep && !strings.Contains(string(a.Errors[0]), "at most 15 deep, 30 with the inline fragments") {
				t.Errorf("how deep it may be is told as %s", a.Errors[0])
			}
		})
	}
}

func repeat(n int, format string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i)
	}
	return text.String()
}

// An error does not send back what was sent.
func TestLongInputIsNotRepeated(t *testing.T) {
	f := newFixture(t, localStore(t))
	a := f.as(demo.Ben, `query($n: Int!) { cases(first: $n) { totalCount } }`, json.RawMessage(`{"n":"`+strings.Repeat("x", 100_000)+`"}`))
	if len(a.Errors) != 1 || len(a.Errors[0]) > 1_000 {
		t.Errorf("%d errors, the first of %d bytes", len(a.Errors), len(a.Errors[0]))
	}
	a = f.as(demo.Ben, "{ viewer { "+repeat(200, "nothing%d ")+"} }", nil)
	if len(a.Errors) != 20 {
		t.Errorf("%d errors are told", len(a.Errors))
	}
}

// A fragment that spreads itself is refused, not followed.
func TestFragmentCircle(t *testing.T) {
	f := newFixture(t, localStore(t))
	a := f.as(demo.Ben, "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", nil)
	if len(a.Errors) == 0 || !strings.Contains(string(a.Errors[0]), "BAD_INPUT") {
		t.Errorf("%s %s", a.Data, a.Errors)
	}
}

// The introspection that tools send is within bounds.
func TestIntrospection(t *testing.T) {
	f := newFixture(t, localStore(t))
	typeRef := "kind name " + strings.Repeat("ofType { kind name ", 9) + strings.Repeat("}", 9)
	a := f.as(demo.Vera, `query IntrospectionQuery { __schema { description queryType { name } mutationType { name } subscriptionType { name }
		types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
		fragment FullType on __Type { kind name description specifiedByURL isOneOf
			fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
			inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
			enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
		fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
		fragment TypeRef on __Type { `+typeRef+` }`, nil)
	if len(a.Errors) != 0 || !strings.Contains(string(a.Data), `"relatedCases"`) {
		t.Errorf("%.300s %s", a.Data, a.Errors)
	}
}
