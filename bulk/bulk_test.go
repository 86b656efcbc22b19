package bulk_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"casegraph"
	"casegraph/bulk"
	"casegraph/cases"
)

// A dry run tells what the bulk gives that is begun after it, whoever gets the
// cases, and writes nothing.
func TestDryRun(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			ids := w.open(130)
			r := w.newRunner(w.store)
			_, end, err := w.store.Events(t.Context(), 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			in := w.escalates(ids)
			in.DryRun = true
			dry := w.start(r, ben, in)
			w.finish(r, dry)
			if _, now, _ := w.store.Events(t.Context(), 0, 0); now != end {
				t.Errorf("a dry run wrote %d events", now-end)
			}
			in.DryRun = false
			done := w.start(r, ben, in)
			w.finish(r, done)
			w.holds(done, ids)
			if told, came := w.items(dry), w.items(done); !reflect.DeepEqual(told, came) {
				t.Errorf("told\n%v\ncame\n%v", told, came)
			}
			if b := w.bulk(dry); !b.DryRun || b.State != casegraph.BulkDone || b.Done != w.bulk(done).Done {
				t.Errorf("%+v", b)
			}
		})
	}
}

// Small bulks are done when they are answered; of a larger one some wait.
func TestSmallOnesAreDoneAtOnce(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	r, ids := w.newRunner(w.store), w.open(bulk.AtOnce+1)
	if id := w.start(r, ben, w.escalates(ids[:bulk.AtOnce])); w.bulk(id).State != casegraph.BulkDone {
		t.Errorf("%+v", w.bulk(id))
	}
	tag := cases.BulkInput{IDs: ids, Do: cases.BulkDo{Tag: &cases.BulkTags{Tags: []string{"x"}}}}
	id := w.start(r, ben, tag)
	if w.bulk(id).State != casegraph.BulkRunning {
		t.Errorf("%+v", w.bulk(id))
	}
	for range 3 {
		if _, err := r.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if b := w.bulk(id); b.State != casegraph.BulkDone || b.EndedAt == 0 {
		t.Errorf("%+v", b)
	}
	again := w.start(r, ben, tag)
	w.finish(r, again)
	if b := w.bulk(again); b.Unchanged != 81 || b.Refused != 20 || b.Done != 0 {
		t.Errorf("labels that are there: %+v", b)
	}
}

// A request that is sent again answers with the bulk that it began, however it
// went on, and is not refused for want of room.
func TestSentAgain(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	r, ids := w.newRunner(w.store), w.open(10)
	in := w.escalates(ids)
	once, err := cases.Once(ben.ID, "startBulk/startBulk", "monday", in)
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.Start(t.Context(), ben, in, once, newID)
	if err != nil {
		t.Fatal(err)
	}
	for range cases.MaxBulkRunning {
		w.start(w.newRunner(w.store), ben, w.escalates(w.open(bulk.AtOnce+1)))
	}
	again, err := w.newRunner(w.store).Start(t.Context(), ben, in, once, newID)
	if again != first || err != nil {
		t.Errorf("%s, then %s, %v", first, again, err)
	}
	w.holds(first, ids)
}

// A bulk is ended by who asked for it, or an administrator; what was done stays,
// and there is room for another.
func TestCancel(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	r, ids := w.newRunner(w.store), w.open(bulk.AtOnce+1)
	for by, code := range map[casegraph.ID]casegraph.Code{eve.ID: casegraph.CodeNotFound, ben.ID: "", ana.ID: ""} {
		id := w.start(r, ben, w.escalates(ids))
		if _, err := r.Step(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		change, err := bulk.Cancel(w.people[by], id)
		if err == nil {
			_, err = w.committer.Do(t.Context(), change)
		}
		if (err == nil) != (code == "") || err != nil && casegraph.CodeOf(err) != code {
			t.Errorf("%s: %v", by, err)
		}
		w.finish(r, id)
		b := w.bulk(id)
		if cancelled := b.State == casegraph.BulkCancelled; cancelled != (code == "") || cancelled != (b.Left() == 51) || b.EndedAt == 0 {
			t.Errorf("%s: %+v", by, b)
		}
		if seen, err := r.Bulk(t.Context(), eve, id); seen != nil || err != nil {
			t.Errorf("Eve sees %+v, %v", seen, err)
		}
	}
	for range cases.MaxBulkRunning {
		w.start(r, ben, w.escalates(ids))
	}
}

// What somebody asked for who may no longer sign in is not done.
func TestShutOut(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	r, ids := w.newRunner(w.store), w.open(bulk.AtOnce+1)
	id := w.start(r, ben, w.escalates(ids))
	delete(w.people, ben.ID)
	w.finish(r, id)
	if b := w.bulk(id); b.State != casegraph.BulkCancelled || b.Left() != b.Total || len(w.told("case.escalated")) != 0 {
		t.Errorf("%+v", b)
	}
}

// What is wrong with a bulk as a whole is refused before anything is kept, and
// named by its place in the input.
func TestRefusals(t *testing.T) {
	w := newWorld(t, stores["local"](t))
	r, ids := w.newRunner(w.store), w.open(1)
	tag := cases.BulkDo{Tag: &cases.BulkTags{Tags: []string{"x"}}}
	many := make([]casegraph.ID, cases.MaxBulk+1)
	for i := range many {
		many[i] = newID(casegraph.KindCase)
	}
	long := strings.Repeat("x", cases.MaxNote+1)
	for name, c := range map[string]struct {
		by    cases.Asker
		in    cases.BulkInput
		code  casegraph.Code
		field string
	}{
		"a viewer":             {cases.Asker{ID: "usr_vic", Role: casegraph.RoleViewer}, cases.BulkInput{IDs: ids, Do: tag}, casegraph.CodeForbidden, ""},
		"nothing to do":        {ben, cases.BulkInput{IDs: ids}, casegraph.CodeBadInput, "do"},
		"two things to do":     {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{Tag: tag.Tag, Untag: tag.Tag}}, casegraph.CodeBadInput, "do"},
		"no nodes":             {ben, cases.BulkInput{Do: tag}, casegraph.CodeBadInput, "ids"},
		"too many nodes":       {ben, cases.BulkInput{IDs: many, Do: tag}, casegraph.CodeBadInput, "ids"},
		"a node twice":         {ben, cases.BulkInput{IDs: []casegraph.ID{"case_a", "case_b", "case_a"}, Do: tag}, casegraph.CodeBadInput, "ids[2]"},
		"no labels":            {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{Tag: &cases.BulkTags{}}}, casegraph.CodeBadInput, "do.tag.tags"},
		"an empty label":       {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{Untag: &cases.BulkTags{Tags: []string{"x", ""}}}}, casegraph.CodeBadInput, "do.untag.tags[1]"},
		"a long note":          {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{Assign: &cases.BulkAssign{AssigneeID: ben.ID, Note: long}}}, casegraph.CodeBadInput, "do.assign.note"},
		"a status's long note": {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{SetStatus: &cases.BulkStatus{Status: "Open", Note: long}}}, casegraph.CodeBadInput, "do.setStatus.note"},
		"no reason":            {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{Escalate: &cases.BulkEscalate{QueueID: w.queue}}}, casegraph.CodeBadInput, "do.escalate.note"},
		"no level":             {ben, cases.BulkInput{IDs: ids, Do: cases.BulkDo{MarkRisk: &cases.BulkMarkRisk{Reason: "x"}}}, casegraph.CodeBadInput, "do.markRisk.level"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Start(t.Context(), c.by, c.in, nil, newID)
			told, _ := err.(*casegraph.Error)
			if told == nil || told.Code != c.code || told.Field != c.field || !strings.HasPrefix(told.Message, c.field) {
				t.Errorf("%v: %+v", err, told)
			}
		})
	}
	var running []string
	for range cases.MaxBulkRunning {
		running = append(running, string(w.start(r, ben, cases.BulkInput{IDs: many[:bulk.AtOnce+1], Do: tag})))
	}
	_, err := r.Start(t.Context(), ben, cases.BulkInput{IDs: ids, Do: tag}, nil, newID)
	if casegraph.CodeOf(err) != casegraph.CodeConflict || slices.ContainsFunc(running, func(id string) bool { return !strings.Contains(err.Error(), id) }) {
		t.Errorf("one more than may run: %v", err)
	}
	w.start(r, eve, cases.BulkInput{IDs: ids, Do: tag})
}
