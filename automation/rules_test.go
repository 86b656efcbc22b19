package automation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/automation"
	"casegraph/cases"
)

// A dry run over what has happened tells what the rule then did.
func TestDryRunTellsWhatIsDone(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	twin := w.draft("twin", named(onReview))
	w.publish("review", onReview)
	for i := range 30 {
		status := []string{"pending", "needs_review", "approved"}[i%3]
		w.bring(fmt.Sprintf(`{"node":"INQUIRY","source":"s","referenceId":"i%d","status":%q,"note":"%d"}`, i%7, status, i))
	}
	w.settle()
	nodes, err := w.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{twin}})
	if err != nil {
		t.Fatal(err)
	}
	_, end, err := w.store.Events(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var would []*casegraph.RuleRun
	done := map[casegraph.ID]bool{}
	for at, pages := casegraph.Seq(0), 0; at < end; pages++ {
		runs, next, err := automation.New(w.store, w.committer, nil, nil).DryRun(t.Context(), nodes[twin].(*casegraph.Rule), at, end, 4)
		if err != nil || next <= at || len(runs) > 4 {
			t.Fatalf("%d runs, from %d to %d: %v", len(runs), at, next, err)
		}
		would, at = append(would, runs...), next
	}
	did := w.runs("review")
	slices.Reverse(did)
	if len(did) != len(would) || len(did) != 10 {
		t.Fatalf("%d runs, and %d would be", len(did), len(would))
	}
	for i := range did {
		first := !done[did[i].SubjectID]
		done[did[i].SubjectID] = true
		if did[i].Event != would[i].Event || did[i].SubjectID != would[i].SubjectID || first != (did[i].Outcome == casegraph.RuleDone) {
			t.Errorf("%+v, and would %+v", did[i], would[i])
		}
	}
}

func named(form casegraph.RuleForm) casegraph.RuleForm {
	form.Name = "A name"
	return form
}

// A rule runs from the event after its publication to its end, whichever of its
// revisions; a later one takes its place.
func TestRevisions(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	tag := func(text string) casegraph.RuleForm {
		return casegraph.RuleForm{On: []string{"account.created"}, Once: casegraph.OnceAnEvent, Do: []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{text}}}}
	}
	account := func(n int) casegraph.ID {
		return w.bring(fmt.Sprintf(`{"node":"ACCOUNT","source":"s","referenceId":"a%d"}`, n))[0]
	}
	ids := []casegraph.ID{account(0)}
	first := w.publish("rule", tag("first"))
	ids = append(ids, account(1))
	second := w.draft("rule", named(tag("second")))
	third := w.publish("rule", tag("third"))
	ids = append(ids, account(2))
	w.do(automation.Archive(cases.System(), automation.Input{RuleID: first}, "rule"))
	ids = append(ids, account(3))
	w.do(automation.Archive(cases.System(), automation.Input{RuleID: third}, "rule"))
	ids = append(ids, account(4))
	w.settle() // reads all of it at once, and yet by the rules of each time
	nodes, err := w.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: ids})
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, id := range ids {
		tags = append(tags, strings.Join(nodes[id].(*casegraph.Account).Tags, ","))
	}
	if want := []string{"", "first", "third", "third", ""}; !slices.Equal(tags, want) {
		t.Errorf("tags are %q, want %q", tags, want)
	}
	if _, err := w.committer.Do(t.Context(), must(automation.Publish(cases.System(), automation.Input{RuleID: second}, "rule", automation.Named{}))); err == nil || !strings.Contains(err.Error(), "revision 3 is published") {
		t.Errorf("an earlier revision was published after a later one: %v", err)
	}
	if _, err := w.committer.Do(t.Context(), must(automation.Update(cases.System(), automation.UpdateInput{RuleID: third, Form: named(tag("x"))}))); err == nil {
		t.Error("a published revision was changed")
	}
}

func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}

// Rules that set each other off end, and events tell which rule did it.
func TestRulesThatSetEachOtherOff(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	one, two := w.queue("one"), w.queue("two")
	for key, to := range map[string][2]casegraph.ID{"ping": {one, two}, "pong": {two, one}} {
		w.publish(key, casegraph.RuleForm{On: []string{"case.queue-changed"}, If: fmt.Sprintf("case.queueId == %q", to[0]), Once: casegraph.OnceAnEvent,
			Do: []casegraph.RuleAction{{Action: casegraph.DoSetQueue, QueueID: to[1]}}})
	}
	created, err := cases.Answer[cases.CreateAnswer](w.do(cases.Create(cases.System(), cases.CreateInput{Title: "A"}, cases.General, newID)))
	if err != nil {
		t.Fatal(err)
	}
	w.do(cases.SetQueue(cases.System(), cases.SetQueueInput{CaseID: created.CaseID, QueueID: &one}))
	w.settle()
	told, err := w.store.Timeline(t.Context(), casegraph.TimelineRequest{IDs: []casegraph.ID{created.CaseID}, First: 50})
	if err != nil {
		t.Fatal(err)
	}
	var depths []int
	for _, e := range told[created.CaseID] {
		if e.Cause != nil {
			depths = append(depths, e.Cause.Depth)
		}
	}
	if want := []int{3, 2, 1}; !slices.Equal(depths, want) {
		t.Errorf("the case was moved by rules at the depths %v, want %v", depths, want)
	}
	if got := outcomes(w.runs("pong")); !slices.Equal(got, []casegraph.RuleOutcome{casegraph.RuleTooDeep, casegraph.RuleDone}) {
		t.Errorf("pong came to %v", got)
	}
}

func (w *world) queue(name string) casegraph.ID {
	w.Helper()
	answer, err := cases.Answer[cases.QueueAnswer](w.do(cases.CreateQueue(cases.System(), cases.CreateQueueInput{Name: name}, newID)))
	if err != nil {
		w.Fatal(err)
	}
	return answer.QueueID
}

// A dry run decides what it would do: what can't be done it tells, with the
// error, and nothing is done.
func TestDryRunTellsWhatCantBeDone(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	if _, err := w.committer.DoAll(t.Context(), cases.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	w.bring(`{"node":"INQUIRY","source":"s","referenceId":"i","status":"needs_review"}`)
	_, end, err := w.store.Events(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		do      casegraph.RuleAction
		outcome casegraph.RuleOutcome
		says    string
	}{
		{casegraph.RuleAction{Template: "account-takeover"}, casegraph.RuleWouldDo, ""},
		{casegraph.RuleAction{Template: "missing"}, casegraph.RuleRefused, "no published template"},
		{casegraph.RuleAction{Template: "aml"}, casegraph.RuleRefused, "detectedAt"},
		{casegraph.RuleAction{Template: "aml", Fields: casegraph.Fields(`{"detectedAt":"{at}"}`)}, casegraph.RuleWouldDo, ""},
		{casegraph.RuleAction{QueueID: "que_missing"}, casegraph.RuleRefused, "queueId"},
	} {
		test.do.Action, test.do.Title = casegraph.DoOpenCase, "A"
		form := onReview
		form.Do = []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"seen"}}, test.do}
		rule := &casegraph.Rule{RuleForm: named(form)}
		runs, _, err := automation.New(w.store, w.committer, nil, nil).DryRun(t.Context(), rule, 0, end, 10)
		if err != nil || len(runs) != 1 || len(runs[0].Items) != 2 {
			t.Fatalf("%+v: %+v, %v", test.do, runs, err)
		}
		got := runs[0]
		if got.Outcome != test.outcome || got.Items[0].Error != "" || got.Items[1].CaseID != "" || !strings.Contains(got.Items[1].Error, test.says) || (test.says == "") != (got.Items[1].Error == "") {
			t.Errorf("%+v: %+v", test.do, got)
		}
	}
	if _, at, err := w.store.Events(t.Context(), 0, 0); err != nil || at != end || len(w.cases()) != 0 {
		t.Errorf("a dry run left something: the log ends at %d, not %d: %v", at, end, err)
	}
}

// The fields of a case that a rule opens are what the rule says, with what its
// placeholders stand for, whatever characters that has.
func TestFieldsOfACaseThatARuleOpens(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	if _, err := w.committer.DoAll(t.Context(), cases.BuiltIn()); err != nil {
		t.Fatal(err)
	}
	form := onReview
	form.Do = []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Title: "A", Template: "aml",
		Fields: casegraph.Fields(`{"amount":12,"detectedAt":"{at}","narrative":"{referenceId} is {id}"}`)}}
	w.publish("review", form)
	ids := w.bring(`{"node":"INQUIRY","source":"s","referenceId":"i \"1\" \\","status":"needs_review"}`)
	w.settle()
	all, runs := w.cases(), w.runs("review")
	if len(all) != 1 {
		t.Fatalf("%d cases, and %+v", len(all), runs)
	}
	events, _, err := w.store.Events(t.Context(), runs[0].Event-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(int64(events[0].At)).UTC().Format(time.RFC3339)
	if want := fmt.Sprintf(`{"amount":12,"detectedAt":%q,"narrative":"i \"1\" \\ is %s"}`, at, ids[0]); string(all[0].Fields) != want {
		t.Errorf("fields are %s, want %s", all[0].Fields, want)
	}
}

// A rule is published if what it names is there.
func TestARuleNamesWhatIsThere(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	archived := w.queue("Old")
	w.do(cases.ArchiveQueue(cases.System(), cases.ArchiveQueueInput{QueueID: archived, Archived: true}))
	for _, test := range []struct {
		do    casegraph.RuleAction
		field string
	}{
		{casegraph.RuleAction{Template: "missing"}, "ruleId.do[1].template"},
		{casegraph.RuleAction{QueueID: "que_missing"}, "ruleId.do[1].queueId"},
		{casegraph.RuleAction{QueueID: archived}, "ruleId.do[1].queueId"},
		{casegraph.RuleAction{AssigneeID: "usr_missing"}, "ruleId.do[1].assigneeId"},
	} {
		test.do.Action, test.do.Title = casegraph.DoOpenCase, "A"
		form := named(onReview)
		form.Do = []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"seen"}}, test.do}
		id := w.draft("rule", form)
		_, err := w.committer.Do(t.Context(), must(automation.Publish(cases.System(), automation.Input{RuleID: id}, "rule", automation.NamedBy(&form))))
		if known, ok := err.(*casegraph.Error); !ok || known.Field != test.field {
			t.Errorf("%+v was published: %v", test.do, err)
		}
		_, err = w.committer.Do(t.Context(), must(automation.Publish(cases.System(), automation.Input{RuleID: id}, "rule", automation.Named{})))
		if casegraph.CodeOf(err) != casegraph.CodeConflict {
			t.Errorf("a draft that has changed was published: %v", err)
		}
	}
}

// What can't be done is told and nothing of it is; a rule that runs once an
// object tries again at the next event.
func TestRefusals(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	reviews := w.queue("Reviews")
	form := onReview
	form.Do = []casegraph.RuleAction{{Action: casegraph.DoOpenCase, QueueID: reviews, Title: "A"}}
	w.publish("review", form)
	w.do(cases.ArchiveQueue(cases.System(), cases.ArchiveQueueInput{QueueID: reviews, Archived: true}))
	w.publish("broken", casegraph.RuleForm{On: []string{"inquiry.*"}, If: "inquiry.fields.score > 1", Once: casegraph.OnceAnEvent, Do: onPayment.Do[1:]})
	w.bring(`{"node":"INQUIRY","source":"s","referenceId":"i","status":"needs_review"}`)
	w.settle()
	if got := w.runs("review"); len(got) != 1 || got[0].Outcome != casegraph.RuleRefused || !strings.Contains(got[0].Items[0].Error, "archived") || len(w.cases()) != 0 {
		t.Fatalf("%+v, and %d cases", got, len(w.cases()))
	}
	if got := w.runs("broken"); len(got) != 1 || got[0].Outcome != casegraph.RuleFailed || !strings.Contains(got[0].Error, "no such key") {
		t.Fatalf("%+v", got)
	}
	w.do(cases.ArchiveQueue(cases.System(), cases.ArchiveQueueInput{QueueID: reviews}))
	w.bring(`{"node":"INQUIRY","source":"s","referenceId":"i","status":"needs_review","note":"again"}`)
	w.settle()
	w.bring(`{"node":"INQUIRY","source":"s","referenceId":"i","status":"needs_review","note":"and again"}`)
	w.settle()
	if got := outcomes(w.runs("review")); len(w.cases()) != 1 ||
		!slices.Equal(got, []casegraph.RuleOutcome{casegraph.RuleAlready, casegraph.RuleDone, casegraph.RuleRefused}) {
		t.Errorf("%v, and %d cases", got, len(w.cases()))
	}
}

// The newest runs are kept.
func TestRunsAreBounded(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	w.publish("tag", casegraph.RuleForm{On: []string{"account.*"}, Once: casegraph.OnceAnEvent, Do: onPayment.Do[1:]})
	rows := make([]string, 100)
	for range 2 + automation.MaxRuns/len(rows) {
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"node":"ACCOUNT","source":"s","referenceId":%q}`, newID(casegraph.KindAccount))
		}
		w.bring(rows...)
	}
	w.settle()
	runs := w.runs("tag")
	if len(runs) != automation.MaxRuns || runs[0].Event < runs[1].Event {
		t.Errorf("%d runs, the first on events %d and %d", len(runs), runs[0].Event, runs[1].Event)
	}
}

// Each rule about a rule names the place.
func TestFormsRefused(t *testing.T) {
	good := named(onReview)
	for want, spoil := range map[string]func(*casegraph.RuleForm){
		"form.name":         func(f *casegraph.RuleForm) { f.Name = "" },
		"form.on":           func(f *casegraph.RuleForm) { f.On = nil },
		"form.on[1]":        func(f *casegraph.RuleForm) { f.On = []string{"inquiry.created", "account.created"} },
		"form.on[0]":        func(f *casegraph.RuleForm) { f.On = []string{"template.published"} },
		"form.if":           func(f *casegraph.RuleForm) { f.If = "inquiry.x" },
		"form.do":           func(f *casegraph.RuleForm) { f.Do = nil },
		"form.do[0].action": func(f *casegraph.RuleForm) { f.Do = []casegraph.RuleAction{{Action: casegraph.DoAssign}} },
		"form.do[0].title":  func(f *casegraph.RuleForm) { f.Do = []casegraph.RuleAction{{Action: casegraph.DoOpenCase}} },
		"form.do[0].tags[1]": func(f *casegraph.RuleForm) {
			f.Do = []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"a", "A"}}}
		},
		"form.do[0].note": func(f *casegraph.RuleForm) {
			f.Do = []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"a"}, Note: "b"}}
		},
		"form.do[0].fields": func(f *casegraph.RuleForm) {
			f.Do = []casegraph.RuleAction{{Action: casegraph.DoTag, Tags: []string{"a"}, Fields: casegraph.Fields(`{"a":1}`)}}
		},
		"form.do[0].attach[0]": func(f *casegraph.RuleForm) {
			f.Do = []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Title: "A", Attach: []casegraph.Kind{casegraph.KindCase}}}
		},
	} {
		form := good
		spoil(&form)
		_, err := automation.Create(cases.System(), automation.CreateInput{Key: "a", Form: form}, newID)
		if known, ok := err.(*casegraph.Error); !ok || known.Field != want || !strings.HasPrefix(known.Message, want+": ") {
			t.Errorf("%v, want an error of %s", err, want)
		}
	}
	if _, err := automation.Create(cases.Asker{Role: casegraph.RoleInvestigator}, automation.CreateInput{Key: "a", Form: good}, newID); casegraph.CodeOf(err) != casegraph.CodeForbidden {
		t.Errorf("an investigator made a rule: %v", err)
	}
}
