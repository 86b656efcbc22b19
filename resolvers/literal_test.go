package resolvers

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"casegraph"
)

func TestNumberLiteralsThatWouldLoseDigitsAreRefused(t *testing.T) {
	for literal, field := range map[string]string{
		`9007199254740993`:                     "", // 64 bits hold it
		`-9223372036854775808`:                 "",
		`9223372036854775808`:                  "value",
		`0.1`:                                  "",
		`-12.50`:                               "",
		`100.000e2`:                            "",
		`0.000`:                                "",
		`1e308`:                                "",
		`1e309`:                                "value",
		`1e-999999999999999999999`:             "value",
		`1e-400`:                               "value",
		`0.12345678901234567890`:               "value",
		`123456789012345678.5`:                 "value",
		`9007199254740993.0`:                   "value",
		`{a: [1, {b: 0.1234567890123456789}]}`: "value.a[1].b",
		`"9223372036854775808"`:                "",
		`$v`:                                   "",
	} {
		for place, document := range map[string]string{
			"an argument":            `query($v: JSON) { f(value: ` + literal + `) }`,
			"a directive's argument": `query($v: JSON) { f @d(value: ` + literal + `) }`,
			"a fragment's argument":  `query($v: JSON) { ...F } fragment F on Query { ... on Query { f(value: ` + literal + `) } }`,
		} {
			doc, err := parser.ParseQuery(&ast.Source{Input: document})
			if err != nil {
				t.Fatal(err)
			}
			wantsField(t, literal+" in "+place, CheckShape(doc), field)
		}
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: `query($v: JSON = {n: 9223372036854775808}) { f(value: $v) }`})
	if err != nil {
		t.Fatal(err)
	}
	wantsField(t, "a variable's default", CheckShape(doc), "variable.v.n")
}

func wantsField(t *testing.T, what string, err error, field string) {
	t.Helper()
	known, _ := err.(*casegraph.Error)
	if field == "" && err != nil || field != "" && (known == nil || known.Code != casegraph.CodeBadInput || known.Field != field) {
		t.Errorf("%s: %v; want it refused at %q", what, err, field)
	}
}
