package cases

import (
	"slices"
	"testing"

	"casegraph"
)

func TestAttachingAndDetachingAgainChangesNothing(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{Objects: []ObjectInput{{ID: account, Role: "subject"}}}).ID
	steps := []struct {
		attach  bool
		objects []casegraph.ID
		want    []Outcome
		event   string // "" for none
	}{
		{true, []casegraph.ID{account, session}, []Outcome{AlreadyAttached, Attached}, "case.objects-attached"},
		{true, []casegraph.ID{account, session}, []Outcome{AlreadyAttached, AlreadyAttached}, ""},
		{false, []casegraph.ID{session}, []Outcome{Detached}, "case.objects-detached"},
		{false, []casegraph.ID{session, account}, []Outcome{NotAttached, Detached}, "case.objects-detached"},
		{false, []casegraph.ID{session, account}, []Outcome{NotAttached, NotAttached}, ""},
		{true, []casegraph.ID{account}, []Outcome{Attached}, "case.objects-attached"},
	}
	for i, step := range steps {
		before := len(w.events)
		change, err := Detach(investigator, DetachInput{CaseID: id, ObjectIDs: step.objects, Note: "why"})
		if step.attach {
			var objects []ObjectInput
			for _, object := range step.objects {
				objects = append(objects, ObjectInput{ID: object})
			}
			change, err = Attach(investigator, AttachInput{CaseID: id, Objects: objects})
		}
		items := answer[AttachAnswer](t, w.must(t, change, err)).Items
		for j, item := range items {
			if item != (AttachedItem{step.objects[j], step.want[j]}) {
				t.Errorf("step %d answers %+v", i, items)
			}
		}
		told := w.events[before:]
		if (step.event == "") != (len(told) == 0) || (step.event != "" && told[0].Name != step.event) {
			t.Errorf("step %d tells %+v", i, told)
		}
	}
	if v := w.caseOf(id).Version; v != 1 {
		t.Errorf("attaching raised the version to %d", v)
	}
}

func TestABadObjectRefusesTheWholeBatch(t *testing.T) {
	hundredAndOne := make([]casegraph.ID, 101)
	for name, test := range map[string]struct {
		objects []casegraph.ID
		code    casegraph.Code
		index   string
	}{
		"missing":       {[]casegraph.ID{account, session, "act_missing"}, casegraph.CodeNotFound, "[2]"},
		"no id":         {[]casegraph.ID{account, "what"}, casegraph.CodeNotFound, "[1]"},
		"an identifier": {[]casegraph.ID{account, "idn_x"}, casegraph.CodeBadInput, "[1]"},
		"a case":        {[]casegraph.ID{"case_x", account}, casegraph.CodeBadInput, "[0]"},
		"a user":        {[]casegraph.ID{account, ben}, casegraph.CodeBadInput, "[1]"},
		"twice":         {[]casegraph.ID{account, session, account}, casegraph.CodeBadInput, "[2]"},
		"none":          {nil, casegraph.CodeBadInput, ""},
		"too many":      {hundredAndOne, casegraph.CodeBadInput, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			id := w.open(t, CreateInput{}).ID
			var objects []ObjectInput
			for _, object := range test.objects {
				objects = append(objects, ObjectInput{ID: object})
			}
			_, err := w.try(Attach(admin, AttachInput{CaseID: id, Objects: objects}))
			field := "objects"
			if test.index != "" {
				field += test.index + ".id"
			}
			refused(t, err, test.code, field)
			_, err = w.try(Detach(admin, DetachInput{CaseID: id, ObjectIDs: test.objects}))
			refused(t, err, test.code, "objectIds"+test.index)
			if len(w.links) != 0 {
				t.Error("a refused batch left a link")
			}
		})
	}
}

func TestARoleAndAReasonAreBounded(t *testing.T) {
	long := string(slices.Repeat([]byte("x"), 1001))
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	_, err := w.try(Attach(admin, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: account, Role: long}}}))
	refused(t, err, casegraph.CodeBadInput, "objects[0].role")
	_, err = w.try(Attach(admin, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: account, Reason: long}}}))
	refused(t, err, casegraph.CodeBadInput, "objects[0].reason")
}
