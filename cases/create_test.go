package cases

import (
	"strings"
	"testing"

	"casegraph"
)

func TestACaseBeginsOpenAndNumbered(t *testing.T) {
	w := newWorld()
	change, err := Create(investigator, CreateInput{Title: " Shared device ", Tags: []string{"ring"}, AssigneeID: ben,
		Objects: []ObjectInput{{ID: account, Role: " subject ", Reason: "reported"}, {ID: session}}}, General, w.newID)
	got := answer[CreateAnswer](t, w.must(t, change, err))
	c := w.caseOf(got.CaseID)
	if c.Title != "Shared device" || c.Status != "Open" || c.CaseType != "general" || c.Number != "CASE-1" ||
		c.CreatorID != ben || c.AssigneeID != ben || c.AssignedAt != w.now || c.Version != 1 {
		t.Errorf("the case is %+v", c)
	}
	if got.Number != "CASE-1" || len(got.Items) != 2 || got.Items[0] != (AttachedItem{account, Attached}) {
		t.Errorf("the answer is %+v", got)
	}
	l := w.links[contains(c.ID, account)]
	if l == nil || l.Role != "subject" || l.Reason != "reported" || l.By != ben || l.FirstSeen != w.now || l.LastSeen != w.now || l.Count != 1 {
		t.Errorf("the link is %+v", l)
	}
	if len(w.events) != 1 || w.events[0].Name != "case.created" || w.events[0].Subject != c.ID || w.events[0].Actor != ben || len(w.events[0].Links) != 2 {
		t.Errorf("the events are %+v", w.events)
	}
}

func TestARefusedCaseTakesNoNumber(t *testing.T) {
	w := newWorld()
	w.open(t, CreateInput{})
	change, err := Create(admin, CreateInput{Title: "x", Objects: []ObjectInput{{ID: account}, {ID: "act_missing"}}}, General, w.newID)
	_, err = w.try(change, err)
	refused(t, err, casegraph.CodeNotFound, "objects[1].id")
	if second := w.open(t, CreateInput{}); second.Number != "CASE-2" {
		t.Errorf("the number after a refused one is %s", second.Number)
	}
}

func TestCreateRefuses(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, test := range map[string]struct {
		in    CreateInput
		by    Asker
		code  casegraph.Code
		field string
	}{
		"no title":              {CreateInput{Title: " "}, admin, casegraph.CodeBadInput, "title"},
		"a long title":          {CreateInput{Title: long(301)}, admin, casegraph.CodeBadInput, "title"},
		"a control character":   {CreateInput{Title: "a\x00b"}, admin, casegraph.CodeBadInput, "title"},
		"no UTF-8":              {CreateInput{Title: "a\xff"}, admin, casegraph.CodeBadInput, "title"},
		"a long description":    {CreateInput{Title: "x", Description: long(10_001)}, admin, casegraph.CodeBadInput, "description"},
		"a type with capitals":  {CreateInput{Title: "x", CaseType: "Fraud"}, admin, casegraph.CodeBadInput, "caseType"},
		"a type with hyphens":   {CreateInput{Title: "x", CaseType: "a--b"}, admin, casegraph.CodeBadInput, "caseType"},
		"a long type":           {CreateInput{Title: "x", CaseType: long(31)}, admin, casegraph.CodeBadInput, "caseType"},
		"tags alike":            {CreateInput{Title: "x", Tags: []string{"Café", "cafe"}}, admin, casegraph.CodeBadInput, "tags[1]"},
		"fields that are none":  {CreateInput{Title: "x", Fields: casegraph.Fields(`[1]`)}, admin, casegraph.CodeBadInput, "fields"},
		"no such assignee":      {CreateInput{Title: "x", AssigneeID: "usr_missing"}, admin, casegraph.CodeNotFound, "assigneeId"},
		"a viewer to work it":   {CreateInput{Title: "x", AssigneeID: vic}, admin, casegraph.CodeBadInput, "assigneeId"},
		"someone disabled":      {CreateInput{Title: "x", AssigneeID: gone}, admin, casegraph.CodeBadInput, "assigneeId"},
		"someone it hides from": {CreateInput{Title: "x", AssigneeID: ben, Restricted: true}, admin, casegraph.CodeBadInput, "assigneeId"},
		"restricted by another": {CreateInput{Title: "x", Restricted: true}, investigator, casegraph.CodeForbidden, "restricted"},
		"by a viewer":           {CreateInput{Title: "x"}, viewer, casegraph.CodeForbidden, ""},
		"too many objects":      {CreateInput{Title: "x", Objects: make([]ObjectInput, 101)}, admin, casegraph.CodeBadInput, "objects"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			_, err := w.try(Create(test.by, test.in, General, w.newID))
			refused(t, err, test.code, test.field)
			if len(w.events) != 0 || len(w.values) != 0 {
				t.Error("a refused case left a trace")
			}
		})
	}
}

func TestTextMayBeAsLongAsItSays(t *testing.T) {
	w := newWorld()
	c := w.open(t, CreateInput{Title: strings.Repeat("ü", 300), Description: strings.Repeat("ü", 10_000), CaseType: strings.Repeat("a", 60)})
	if len(c.Description) != 20_000 {
		t.Errorf("the description has %d bytes", len(c.Description))
	}
}
