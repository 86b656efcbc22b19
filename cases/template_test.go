package cases

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/commit"
)

// fraud is a template with one of everything.
func fraud() casegraph.TemplateForm {
	return casegraph.TemplateForm{
		Name: "Fraud", Prefix: "FR",
		Fields: []casegraph.TemplateField{
			{Key: "amount", Type: casegraph.FieldNumber, Schema: casegraph.Fields(`{"minimum":0}`)},
			{Key: "seen", Type: casegraph.FieldDate, Required: true, WriteOnce: true},
			{Key: "risk", Type: casegraph.FieldChoices, Choices: []string{"low", "high"}, Default: []byte(`"low"`)},
		},
		Statuses: []casegraph.TemplateStatus{
			{Name: "New", Stage: casegraph.StageInitial, Transitions: to("Work")},
			{Name: "Work", Stage: casegraph.StageIntermediate, Transitions: []casegraph.TemplateTransition{
				{To: "Done", Fields: []string{"amount"}, Checklist: true, Note: true, Resolution: true},
				{To: "Filed", SecondPerson: true}, {To: "Dropped", Role: casegraph.RoleAdmin}}},
			{Name: "Done", Stage: casegraph.StageEnd, Transitions: to("New")},
			{Name: "Filed", Stage: casegraph.StageEnd}, {Name: "Dropped", Stage: casegraph.StageEnd},
		},
		Resolutions: []casegraph.TemplateResolution{{Name: "Fraud", Outcome: casegraph.OutcomeConfirmed}, {Name: "Mistake", Outcome: casegraph.OutcomeFalsePositive}},
		Checklist: []casegraph.TemplateItem{{Key: "look", Label: "Look", Required: true}, {Key: "tell", Label: "Tell", Required: true, After: []string{"look"}},
			{Key: "extra", Label: "More"}},
		Layout: []casegraph.TemplateSection{{Title: "Facts", Panel: casegraph.PanelFields, Fields: []string{"amount", "seen"}}, {Title: "Links", Panel: casegraph.PanelGraph}},
	}
}

// publish records and publishes a revision.
func (w *world) publish(t testing.TB, key string, form casegraph.TemplateForm) *Workflow {
	t.Helper()
	change, err := CreateTemplate(admin, CreateTemplateInput{Key: key, Form: form}, w.newID)
	id := answer[TemplateAnswer](t, w.must(t, change, err)).TemplateID
	change, err = PublishTemplate(admin, TemplateInput{TemplateID: id}, key, Named{})
	w.must(t, change, err)
	flow, err := NewWorkflow(w.nodes[id].(*casegraph.Template))
	if err != nil {
		t.Fatal(err)
	}
	return flow
}

// openBy makes a case of a template.
func (w *world) openBy(t testing.TB, flow *Workflow, fields string) casegraph.ID {
	t.Helper()
	change, err := Create(investigator, CreateInput{Title: "A case", Fields: casegraph.Fields(fields)}, flow, w.newID)
	return answer[CreateAnswer](t, w.must(t, change, err)).CaseID
}

func TestRevisionsOfATemplate(t *testing.T) {
	w := newWorld()
	first := w.publish(t, "fraud", fraud())
	if first.Template.Revision != 1 || first.Template.State != casegraph.TemplatePublished || first.Template.PublishedAt == 0 {
		t.Errorf("the first is %+v", first.Template)
	}
	_, err := w.try(UpdateTemplate(admin, UpdateTemplateInput{TemplateID: first.Template.ID, Form: fraud()}))
	refused(t, err, casegraph.CodeBadInput, "templateId")
	second := w.publish(t, "fraud", fraud())
	if second.Template.Revision != 2 {
		t.Errorf("the second is %d", second.Template.Revision)
	}
	if id, _ := PublishedRevision(w.values["template/fraud"].Data); id != second.Template.ID {
		t.Errorf("new cases follow %s", id)
	}
	w.openBy(t, first, `{"seen":"2026-01-31"}`) // by its id an older one still may
	change, err := ArchiveTemplate(admin, TemplateInput{TemplateID: second.Template.ID}, "fraud")
	w.must(t, change, err)
	if id, _ := PublishedRevision(w.values["template/fraud"].Data); id != "" {
		t.Errorf("new cases follow the archived %s", id)
	}
	_, err = w.try(Create(admin, CreateInput{Title: "x", Fields: casegraph.Fields(`{"seen":"2026-01-31"}`)}, second, w.newID))
	refused(t, err, casegraph.CodeBadInput, "templateId")
	_, err = w.try(CreateTemplate(investigator, CreateTemplateInput{Key: "x", Form: fraud()}, w.newID))
	refused(t, err, casegraph.CodeForbidden, "")
}

func TestATemplateMustNotContradictItself(t *testing.T) {
	for field, spoil := range map[string]func(*casegraph.TemplateForm){
		"name":                 func(f *casegraph.TemplateForm) { f.Name = "" },
		"prefix":               func(f *casegraph.TemplateForm) { f.Prefix = "fr" },
		"fields[0].key":        func(f *casegraph.TemplateForm) { f.Fields[0].Key = "a b" },
		"fields[1].key":        func(f *casegraph.TemplateForm) { f.Fields[1].Key = "amount" },
		"fields[2].choices":    func(f *casegraph.TemplateForm) { f.Fields[2].Choices = nil },
		"fields[2].choices[1]": func(f *casegraph.TemplateForm) { f.Fields[2].Choices = []string{"low", "low"} },
		"fields[2].default":    func(f *casegraph.TemplateForm) { f.Fields[2].Default = []byte(`"middle"`) },
		"fields[0].schema": func(f *casegraph.TemplateForm) {
			f.Fields[0].Schema = casegraph.Fields(`{"$ref":"file:///etc/passwd"}`)
		},
		"statuses":                              func(f *casegraph.TemplateForm) { f.Statuses[1].Stage = casegraph.StageInitial },
		"statuses[2].name":                      func(f *casegraph.TemplateForm) { f.Statuses[2].Name = "work" },
		"statuses[4]":                           func(f *casegraph.TemplateForm) { f.Statuses[1].Transitions = f.Statuses[1].Transitions[:2] },
		"statuses[1].transitions[0].to":         func(f *casegraph.TemplateForm) { f.Statuses[1].Transitions[0].To = "Nowhere" },
		"statuses[1].transitions[0].fields[0]":  func(f *casegraph.TemplateForm) { f.Statuses[1].Transitions[0].Fields[0] = "sum" },
		"statuses[0].transitions[0].resolution": func(f *casegraph.TemplateForm) { f.Statuses[0].Transitions[0].Resolution = true },
		"resolutions[1].name":                   func(f *casegraph.TemplateForm) { f.Resolutions[1].Name = "FRAUD" },
		"checklist[0].after[0]":                 func(f *casegraph.TemplateForm) { f.Checklist[0].After = []string{"tell"} },
		"checklist[1].key":                      func(f *casegraph.TemplateForm) { f.Checklist[1].Key = "look" },
		"layout[0].fields[0]":                   func(f *casegraph.TemplateForm) { f.Layout[0].Fields[0] = "sum" },
		"layout[1].fields":                      func(f *casegraph.TemplateForm) { f.Layout[1].Fields = []string{"amount"} },
	} {
		t.Run(field, func(t *testing.T) {
			form := fraud()
			spoil(&form)
			_, err := NewWorkflow(&casegraph.Template{TemplateForm: form})
			refused(t, err, casegraph.CodeBadInput, field)
		})
	}
}

func TestFieldsMeetTheTemplate(t *testing.T) {
	w := newWorld()
	flow := w.publish(t, "fraud", fraud())
	id := w.openBy(t, flow, `{"seen":"2026-01-31"}`)
	if c := w.caseOf(id); string(c.Fields) != `{"risk":"low","seen":"2026-01-31"}` || c.Number != "FR-1" || c.Status != "New" || c.CaseType != "fraud" || c.TemplateID != flow.Template.ID {
		t.Errorf("the case is %+v", c)
	}
	for text, pointer := range map[string]string{`{"amount":-1}`: `"/amount"`, `{"amount":"1"}`: `"/amount"`, `{"seen":"2026-02-01"}`: `"/seen"`, `{"seen":null}`: `"/seen"`,
		`{"risk":"middle"}`: `"/risk"`, `{"other":1}`: "other"} {
		_, err := w.try(UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Fields: patch(text)}, flow))
		refused(t, err, casegraph.CodeBadInput, "fields")
		if !strings.Contains(err.Error(), pointer) {
			t.Errorf("%s: %v; want the place %s", text, err, pointer)
		}
	}
	_, err := w.try(Create(investigator, CreateInput{Title: "x"}, flow, w.newID))
	refused(t, err, casegraph.CodeBadInput, "fields")
	_, err = w.try(UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Fields: patch(`{"amount":1}`)}, General))
	if err != error(ErrMoved) {
		t.Errorf("by another template: %v", err)
	}
}

func TestEveryTypeOfField(t *testing.T) {
	for _, test := range []struct {
		field     casegraph.FieldType
		good, bad string
	}{
		{casegraph.FieldString, `"a"`, `1`}, {casegraph.FieldInteger, `9223372036854775807123`, `1.5`}, {casegraph.FieldNumber, `1.5`, `"1"`},
		{casegraph.FieldBoolean, `false`, `"no"`}, {casegraph.FieldDate, `"2028-02-29"`, `"2027-02-29"`}, {casegraph.FieldDatetime, `"2026-01-31T10:00:00+01:00"`, `"2026-01-31"`},
		{casegraph.FieldEmailAddress, `"a@b.example"`, `"a"`}, {casegraph.FieldChoices, `"x"`, `"z"`}, {casegraph.FieldMultiChoices, `["x","y"]`, `["x","x"]`},
		{casegraph.FieldArray, `[1,{}]`, `{}`}, {casegraph.FieldHash, `{"a":1}`, `[]`}, {casegraph.FieldFile, `{"filename":"a.pdf","url":"https://x.example/a.pdf","byteSize":3}`, `{"filename":"a.pdf"}`},
		{casegraph.FieldRelation, `"act_1"`, `"Jo Doe"`},
	} {
		form := fraud()
		form.Fields = append(form.Fields, casegraph.TemplateField{Key: "it", Type: test.field})
		if strings.Contains(string(test.field), "CHOICES") {
			form.Fields[3].Choices = []string{"x", "y"}
		}
		flow, err := NewWorkflow(&casegraph.Template{TemplateForm: form})
		if err != nil {
			t.Fatal(err)
		}
		if err := flow.checkFields(casegraph.Fields(`{"seen":"2026-01-31","it":` + test.good + `}`)); err != nil {
			t.Errorf("%s refuses %s: %v", test.field, test.good, err)
		}
		if err := flow.checkFields(casegraph.Fields(`{"seen":"2026-01-31","it":` + test.bad + `}`)); err == nil {
			t.Errorf("%s allows %s", test.field, test.bad)
		}
	}
}

func TestGuards(t *testing.T) {
	w := newWorld()
	flow := w.publish(t, "fraud", fraud())
	id := w.openBy(t, flow, `{"seen":"2026-01-31"}`)
	set := func(by Asker, status, resolution, note string) error {
		_, err := w.try(SetStatus(by, SetStatusInput{CaseID: id, Status: status, Resolution: resolution, Note: note}, flow))
		return err
	}
	check := func(item string, done bool) error {
		_, err := w.try(CheckItem(investigator, CheckItemInput{CaseID: id, Item: item, Done: done}, flow))
		return err
	}
	refused(t, set(investigator, "Done", "", ""), casegraph.CodeBadInput, "status")
	if err := set(investigator, "work", "", ""); err != nil || w.caseOf(id).Status != "Work" {
		t.Fatalf("work: %v, %s", err, w.caseOf(id).Status)
	}
	if a := flow.Allowed(investigator, w.caseOf(id)); len(a) != 3 || len(a[0].MissingFields) != 1 || len(a[0].MissingItems) != 2 || !a[0].RoleAllows || a[2].RoleAllows {
		t.Errorf("allowed are %+v", a)
	}
	refused(t, set(investigator, "Done", "Fraud", "seen"), casegraph.CodeBadInput, "status") // the field
	w.must(t, mustChange(t)(UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Fields: patch(`{"amount":10}`)}, flow)), nil)
	refused(t, set(investigator, "Done", "Fraud", "seen"), casegraph.CodeBadInput, "status") // the checklist
	refused(t, check("tell", true), casegraph.CodeBadInput, "item")
	refused(t, check("nothing", true), casegraph.CodeBadInput, "item")
	for _, item := range []string{"look", "tell"} {
		if err := check(item, true); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, check("look", false), casegraph.CodeBadInput, "item")
	refused(t, set(investigator, "Done", "Fraud", "  "), casegraph.CodeBadInput, "note")
	refused(t, set(investigator, "Done", "", "seen"), casegraph.CodeBadInput, "resolution")
	refused(t, set(investigator, "Done", "Other", "seen"), casegraph.CodeBadInput, "resolution")
	refused(t, set(investigator, "Dropped", "", ""), casegraph.CodeForbidden, "status")
	if err := set(investigator, "Done", "fraud", "seen"); err != nil {
		t.Fatal(err)
	}
	if c := w.caseOf(id); c.Resolution != "Fraud" || c.Outcome != casegraph.OutcomeConfirmed || c.ResolverID != ben || c.ResolvedAt != w.now {
		t.Errorf("done: %+v", c)
	}
	if err := set(investigator, "New", "", ""); err != nil || w.caseOf(id).Outcome != "" {
		t.Errorf("reopened: %v, %+v", err, w.caseOf(id))
	}
}

func mustChange(t *testing.T) func(commit.Change, error) commit.Change {
	return func(c commit.Change, err error) commit.Change {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func TestASecondPersonConfirms(t *testing.T) {
	w := newWorld()
	flow := w.publish(t, "fraud", fraud())
	id := w.openBy(t, flow, `{"seen":"2026-01-31"}`)
	set := func(by Asker, status, resolution string) error {
		_, err := w.try(SetStatus(by, SetStatusInput{CaseID: id, Status: status, Resolution: resolution}, flow))
		return err
	}
	for _, step := range []struct{ status, event string }{{"Work", "case.status-changed"}, {"Filed", "case.status-requested"}} {
		if err := set(investigator, step.status, ""); err != nil || w.lastEvent().Name != step.event {
			t.Fatalf("%s: %v, %s", step.status, err, w.lastEvent().Name)
		}
	}
	if c := w.caseOf(id); c.Status != "Work" || c.Awaiting == nil || c.Awaiting.ByID != ben || c.ResolvedAt != 0 {
		t.Fatalf("asked for: %+v", c)
	}
	refused(t, set(investigator, "Filed", ""), casegraph.CodeForbidden, "status")
	refused(t, set(admin, "Filed", "Fraud"), casegraph.CodeBadInput, "resolution")
	if err := set(investigator, "Work", ""); err != nil || w.caseOf(id).Awaiting != nil {
		t.Fatalf("dropped: %v, %+v", err, w.caseOf(id))
	}
	if err := set(investigator, "Filed", "Fraud"); err != nil {
		t.Fatal(err)
	}
	if err := set(admin, "Filed", ""); err != nil {
		t.Fatal(err)
	}
	if c := w.caseOf(id); c.Status != "Filed" || c.Awaiting != nil || c.Resolution != "Fraud" || c.Outcome != casegraph.OutcomeConfirmed || c.ResolverID != ana {
		t.Errorf("confirmed: %+v", c)
	}
}

func TestCasesMoveToAnotherRevision(t *testing.T) {
	w := newWorld()
	first := w.publish(t, "fraud", fraud())
	id := w.openBy(t, first, `{"seen":"2026-01-31"}`)
	form := fraud()
	form.Statuses[0].Name = "Begun"
	form.Statuses[2].Transitions = to("Begun")
	form.Fields = append(form.Fields, casegraph.TemplateField{Key: "team", Type: casegraph.FieldString, Required: true, Default: []byte(`"one"`)})
	second := w.publish(t, "fraud", form)
	move := func(in MigrateInput, flow *Workflow) MigratedItem {
		in.CaseIDs = []casegraph.ID{id}
		change, err := Migrate(admin, in, flow)
		return *answer[MigrateAnswer](t, w.must(t, change, err)).Items[0]
	}
	if got := move(MigrateInput{}, second); got.Outcome != Refused || got.Field != "statuses" {
		t.Errorf("without a word on New: %+v", got)
	}
	statuses := []StatusChange{{From: "new", To: "Begun"}}
	before := len(w.events)
	if got := move(MigrateInput{Statuses: statuses, DryRun: true}, second); got.Outcome != WouldMigrate || len(w.events) != before {
		t.Errorf("dry: %+v", got)
	}
	if got := move(MigrateInput{Statuses: statuses}, second); got.Outcome != Migrated {
		t.Errorf("moved: %+v", got)
	}
	if c := w.caseOf(id); c.Status != "Begun" || c.TemplateID != second.Template.ID || string(c.Fields) != `{"risk":"low","seen":"2026-01-31","team":"one"}` || c.Number != "FR-1" {
		t.Errorf("the case is %+v", c)
	}
	if got := move(MigrateInput{}, second); got.Outcome != AlreadyMigrated {
		t.Errorf("again: %+v", got)
	}
	if got := move(MigrateInput{Statuses: []StatusChange{{From: "Begun", To: "New"}}}, first); got.Outcome != Refused || got.Field != "fields" {
		t.Errorf("back, where the field is not known: %+v", got)
	}
}

func TestTheTemplatesBroughtAlong(t *testing.T) {
	w := newWorld()
	own := w.publish(t, "aml", fraud())
	for range 2 {
		for _, change := range BuiltIn() {
			w.must(t, change, nil)
		}
	}
	keys := map[string]bool{}
	for _, n := range w.nodes {
		if template, ok := n.(*casegraph.Template); ok && template.ID != own.Template.ID {
			if _, err := NewWorkflow(template); err != nil {
				t.Errorf("%s: %v", template.Key, err)
			}
			keys[template.Key] = true
		}
	}
	if len(keys) != 4 || keys["aml"] {
		t.Errorf("brought along beside one's own aml: %v", keys)
	}
}

// Two people look at the same: whatever makes the case another takes back what
// the first one asked for, and says so; what does not leaves it.
func TestWhatIsConfirmedIsWhatWasAskedFor(t *testing.T) {
	type does func(w *world, flow *Workflow, id casegraph.ID) (commit.Change, error)
	update := func(in UpdateFieldsInput) does {
		return func(_ *world, flow *Workflow, id casegraph.ID) (commit.Change, error) {
			in.NodeID = id
			return UpdateFields(investigator, in, flow)
		}
	}
	check := func(item string, done bool) does {
		return func(_ *world, flow *Workflow, id casegraph.ID) (commit.Change, error) {
			return CheckItem(investigator, CheckItemInput{CaseID: id, Item: item, Done: done}, flow)
		}
	}
	merge := func(how func(w *world, flows Workflows, id, other casegraph.ID) (commit.Change, error), objects ...ObjectInput) does {
		return func(w *world, flow *Workflow, id casegraph.ID) (commit.Change, error) {
			return how(w, Workflows{"": General, flow.Template.ID: flow}, id, w.open(t, CreateInput{Objects: objects}).ID)
		}
	}
	into := func(_ *world, flows Workflows, id, other casegraph.ID) (commit.Change, error) {
		return Merge(investigator, mergeOf(id, other), flows)
	}
	for name, test := range map[string]struct {
		do    does
		stays bool
	}{
		"a field":              {do: update(UpdateFieldsInput{Fields: patch(`{"amount":2}`)})},
		"a field as it is":     {do: update(UpdateFieldsInput{Fields: patch(`{"amount":1}`)}), stays: true},
		"the description":      {do: update(UpdateFieldsInput{Description: casegraph.OptString{Set: true, Value: new("More")}})},
		"an item undone":       {do: check("look", false)},
		"an item done":         {do: check("extra", true)},
		"an item that is done": {do: check("look", true), stays: true},
		"an object in": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Attach(investigator, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: session}}})
		}},
		"an object that is in": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Attach(investigator, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: account}}})
		}, stays: true},
		"an object out": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Detach(investigator, DetachInput{CaseID: id, ObjectIDs: []casegraph.ID{account}})
		}},
		"an object that is out": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Detach(investigator, DetachInput{CaseID: id, ObjectIDs: []casegraph.ID{session}})
		}, stays: true},
		"an object split off": {do: func(w *world, flow *Workflow, id casegraph.ID) (commit.Change, error) {
			return Split(investigator, SplitInput{CaseID: id, Title: "B", Reason: "x", ObjectIDs: []casegraph.ID{account}}, w.caseOf(id), flow, w.newID)
		}},
		"an object by a merge": {do: merge(into, ObjectInput{ID: session})},
		"nothing by a merge":   {do: merge(into), stays: true},
		"a comment": {do: func(w *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Comment(investigator, CommentInput{CaseID: id, Body: "so"}, nil, w.newID)
		}, stays: true},
		"somebody else's": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Assign(investigator, AssignInput{CaseID: id, AssigneeID: ana})
		}, stays: true},
		"a tag": {do: func(_ *world, _ *Workflow, id casegraph.ID) (commit.Change, error) {
			return Tag(investigator, TagInput{NodeID: id, Tags: []string{"x"}})
		}, stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			flow := w.publish(t, "fraud", fraud())
			id := w.openBy(t, flow, `{"seen":"2026-01-31","amount":1}`)
			w.must(t, mustChange(t)(CheckItem(investigator, CheckItemInput{CaseID: id, Item: "look", Done: true}, flow)), nil)
			w.must(t, mustChange(t)(Attach(investigator, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: account}}})), nil)
			for _, status := range []string{"Work", "Filed"} {
				w.must(t, mustChange(t)(SetStatus(investigator, SetStatusInput{CaseID: id, Status: status}, flow)), nil)
			}
			events := len(w.events)
			w.must(t, mustChange(t)(test.do(w, flow, id)), nil)
			if waits := w.caseOf(id).Awaiting != nil; waits != test.stays {
				t.Fatalf("waits: %t", waits)
			}
			told := slices.ContainsFunc(w.events[events:], func(e casegraph.Event) bool {
				return e.Subject == id && slices.ContainsFunc(e.Changes, func(c casegraph.FieldChange) bool { return strings.HasPrefix(c.Path, "awaiting") })
			})
			if told == test.stays {
				t.Errorf("told: %t, in %+v", told, w.events[events:])
			}
			w.must(t, mustChange(t)(SetStatus(admin, SetStatusInput{CaseID: id, Status: "Filed"}, flow)), nil)
			if filed := w.caseOf(id).Status == "Filed"; filed != test.stays {
				t.Errorf("the second person filed it: %t", filed)
			}
		})
	}
}

// TestNoCaseGetsRoundAGuard drives a case about at random: whatever is done, a
// status is reached only over a transition whose guards hold; of a merge, one
// that the asker's role may bring about, and alone.
func TestNoCaseGetsRoundAGuard(t *testing.T) {
	test := t
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		flow := w.publish(test, "fraud", fraud())
		id, other := w.openBy(test, flow, `{"seen":"2026-01-31"}`), w.open(test, CreateInput{}).ID
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			before := *w.caseOf(id)
			by := rapid.SampledFrom([]Asker{admin, investigator}).Draw(t, "by")
			var change commit.Change
			var err error
			note, resolution := rapid.SampledFrom([]string{"", "said"}).Draw(t, "note"), rapid.SampledFrom([]string{"", "Fraud"}).Draw(t, "resolution")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				change, err = SetStatus(by, SetStatusInput{CaseID: id, Status: rapid.SampledFrom(flow.Statuses()).Draw(t, "status"), Note: note, Resolution: resolution}, flow)
			case 1:
				change, err = CheckItem(by, CheckItemInput{CaseID: id, Item: rapid.SampledFrom([]string{"look", "tell", "extra"}).Draw(t, "item"), Done: rapid.Bool().Draw(t, "done")}, flow)
			case 2:
				change, err = UpdateFields(by, UpdateFieldsInput{NodeID: id, Fields: patch(rapid.SampledFrom([]string{`{"amount":1}`, `{"amount":null}`}).Draw(t, "fields"))}, flow)
			case 3:
				change, err = Merge(by, MergeInput{IntoID: other, Reason: "the same", From: []MergedInput{{CaseID: id,
					Status: rapid.SampledFrom(append(flow.Statuses(), "")).Draw(t, "end"), Resolution: resolution}}}, Workflows{"": General, flow.Template.ID: flow})
			case 4:
				change, err = Unmerge(by, mergeOf(other, id))
			case 5:
				change, err = SetStatus(by, SetStatusInput{CaseID: other, Status: rapid.SampledFrom(General.Statuses()).Draw(t, "of the other")}, General)
			}
			w.try(change, err)
			after := w.caseOf(id)
			if after.Awaiting != nil && before.Awaiting != nil && (string(after.Fields) != string(before.Fields) || !maps.Equal(after.Checks, before.Checks)) {
				t.Fatal("what is to be confirmed is not what was asked for")
			}
			if after.Merged != nil && after.Awaiting != nil {
				t.Fatalf("merged, and %+v waits", after.Awaiting)
			}
			if before.Merged == nil && after.Merged != nil {
				switch {
				case w.caseOf(other).ResolvedAt != 0:
					t.Fatal("merged into a case at its end")
				case before.ResolvedAt == 0 && (after.Status == "Filed" || after.Status == "Dropped" && by.Role != casegraph.RoleAdmin):
					t.Fatalf("%s by a merge of %s", after.Status, by.ID)
				}
				continue
			}
			if before.Merged != nil && after.Merged == nil {
				continue // it stands as it stood
			}
			if after.Checks["tell"].At != 0 && after.Checks["look"].At == 0 {
				t.Fatal("an item is done before what comes before it")
			}
			if (flow.status(after.Status).Stage == casegraph.StageEnd) != (after.ResolvedAt != 0) {
				t.Fatalf("%s, resolved at %d", after.Status, after.ResolvedAt)
			}
			if after.Status == before.Status {
				continue
			}
			switch after.Status {
			case "Done":
				if string(before.Fields) == `{"risk":"low","seen":"2026-01-31"}` || before.Checks["tell"].At == 0 || note == "" || after.Resolution == "" {
					t.Fatalf("done from %+v with the note %q", before, note)
				}
			case "Filed":
				if before.Awaiting == nil || before.Awaiting.ByID == after.ResolverID {
					t.Fatalf("filed by %s, asked for by %+v", after.ResolverID, before.Awaiting)
				}
			case "Dropped":
				if by.Role != casegraph.RoleAdmin {
					t.Fatal("dropped by one who may not")
				}
			}
		}
	})
}
