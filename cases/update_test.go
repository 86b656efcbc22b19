package cases

import (
	"strings"
	"testing"

	"casegraph"
)

func given(s string) casegraph.OptString { return casegraph.OptString{Set: true, Value: &s} }

var null = casegraph.OptString{Set: true}

// patch is fields that are given.
func patch[T ~string | ~[]byte](text T) casegraph.OptFields {
	return casegraph.OptFields{Set: true, Value: casegraph.Fields(text)}
}

func TestAbsentLeavesAloneAndNullTakesAway(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{Title: "one", Description: "long", Fields: casegraph.Fields(`{"a":1,"b":{"c":2,"d":3}}`)}).ID
	update := func(in UpdateFieldsInput) {
		t.Helper()
		in.NodeID = id
		change, err := UpdateFields(investigator, in, General)
		w.must(t, change, err)
	}
	want := func(title, description, fields string, version int64) {
		t.Helper()
		if c := w.caseOf(id); c.Title != title || c.Description != description || string(c.Fields) != fields || c.Version != version {
			t.Errorf("got %q %q %s at %d", c.Title, c.Description, c.Fields, c.Version)
		}
	}
	update(UpdateFieldsInput{})
	want("one", "long", `{"a":1,"b":{"c":2,"d":3}}`, 1)
	update(UpdateFieldsInput{Title: given("two")})
	want("two", "long", `{"a":1,"b":{"c":2,"d":3}}`, 2)
	update(UpdateFieldsInput{Description: null, Fields: patch(`{"a":null,"b":{"c":9007199254740993}}`)})
	want("two", "", `{"b":{"c":9007199254740993,"d":3}}`, 3)
	if told := w.lastEvent(); told.Name != "case.updated" || len(told.Changes) != 3 {
		t.Errorf("told %+v", told)
	}
	update(UpdateFieldsInput{Fields: patch(`{ "b": {"d": 3, "none": null} }`)})
	want("two", "", `{"b":{"c":9007199254740993,"d":3}}`, 3)
	update(UpdateFieldsInput{Fields: patch(`{"b":null}`)})
	want("two", "", "", 4)
}

func TestFieldsOfObjects(t *testing.T) {
	w := newWorld()
	change, err := UpdateFields(investigator, UpdateFieldsInput{NodeID: account, Fields: patch(`{"risk":"high"}`)}, General)
	w.must(t, change, err)
	if a := w.nodes[account].(*casegraph.Account); string(a.Fields) != `{"risk":"high"}` || w.lastEvent().Name != "account.updated" {
		t.Errorf("updated: %+v", a)
	}
	_, err = w.try(UpdateFields(investigator, UpdateFieldsInput{NodeID: account, Title: given("x")}, General))
	refused(t, err, casegraph.CodeBadInput, "title")
	_, err = w.try(UpdateFields(investigator, UpdateFieldsInput{NodeID: account, Description: null}, General))
	refused(t, err, casegraph.CodeBadInput, "description")
}

func TestUpdateRefuses(t *testing.T) {
	half := `"` + strings.Repeat("x", casegraph.MaxFieldsBytes/2) + `"`
	for name, test := range map[string]struct {
		in    UpdateFieldsInput
		field string
	}{
		"no title":        {UpdateFieldsInput{Title: null}, "title"},
		"a long title":    {UpdateFieldsInput{Title: given(strings.Repeat("x", 301))}, "title"},
		"a long note":     {UpdateFieldsInput{Note: strings.Repeat("x", 1001)}, "note"},
		"a list":          {UpdateFieldsInput{Fields: patch(`[]`)}, "fields"},
		"no JSON":         {UpdateFieldsInput{Fields: patch(`{"a"`)}, "fields"},
		"too much in all": {UpdateFieldsInput{Fields: patch(`{"b":` + half + `}`)}, "fields"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			test.in.NodeID = w.open(t, CreateInput{Fields: casegraph.Fields(`{"a":` + half + `}`)}).ID
			_, err := w.try(UpdateFields(investigator, test.in, General))
			refused(t, err, casegraph.CodeBadInput, test.field)
		})
	}
}

func TestNullTakesAllFieldsAway(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{Fields: casegraph.Fields(`{"a":1}`)}).ID
	for _, step := range []struct {
		fields casegraph.OptFields
		want   string
	}{{casegraph.OptFields{}, `{"a":1}`}, {patch(`{}`), `{"a":1}`}, {casegraph.OptFields{Set: true}, ""}} {
		change, err := UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Fields: step.fields}, General)
		w.must(t, change, err)
		if got := string(w.caseOf(id).Fields); got != step.want {
			t.Errorf("after %+v: %q; want %q", step.fields, got, step.want)
		}
	}
}
