package cases

import (
	"testing"

	"casegraph"
)

// queue makes one.
func (w *world) queue(t testing.TB, name string) casegraph.ID {
	t.Helper()
	change, err := CreateQueue(admin, CreateQueueInput{Name: name}, w.newID)
	return answer[QueueAnswer](t, w.must(t, change, err)).QueueID
}

func TestQueues(t *testing.T) {
	w := newWorld()
	queue := w.queue(t, "Fraud")
	_, err := w.try(CreateQueue(admin, CreateQueueInput{Name: " fraud "}, w.newID))
	refused(t, err, casegraph.CodeBadInput, "name")
	_, err = w.try(CreateQueue(investigator, CreateQueueInput{Name: "Mine"}, w.newID))
	refused(t, err, casegraph.CodeForbidden, "")

	id := w.open(t, CreateInput{QueueID: queue, AssigneeID: ben}).ID
	other := w.queue(t, "Second line")
	_, err = w.try(Escalate(investigator, EscalateInput{CaseID: id, QueueID: other}))
	refused(t, err, casegraph.CodeBadInput, "note")
	if _, err := w.try(Escalate(investigator, EscalateInput{CaseID: id, QueueID: other, Note: "too big for us"})); err != nil {
		t.Fatal(err)
	}
	if c := w.caseOf(id); c.QueueID != other || c.AssigneeID != "" || w.lastEvent().Name != "case.escalated" {
		t.Errorf("escalated: %+v", c)
	}
	change, err := ArchiveQueue(admin, ArchiveQueueInput{QueueID: queue, Archived: true})
	w.must(t, change, err)
	_, err = w.try(SetQueue(investigator, SetQueueInput{CaseID: id, QueueID: &queue}))
	refused(t, err, casegraph.CodeBadInput, "queueId")
	_, err = w.try(SetQueue(investigator, SetQueueInput{CaseID: id, QueueID: new(casegraph.ID("que_none"))}))
	refused(t, err, casegraph.CodeNotFound, "queueId")
	if _, err := w.try(SetQueue(investigator, SetQueueInput{CaseID: id})); err != nil || w.caseOf(id).QueueID != "" {
		t.Errorf("out of all: %v, %+v", err, w.caseOf(id))
	}
}

func TestClaimingTakesTheFirstThatWaits(t *testing.T) {
	w := newWorld()
	queue := w.queue(t, "Fraud")
	var ids []casegraph.ID
	for range 5 {
		ids = append(ids, w.open(t, CreateInput{QueueID: queue}).ID)
	}
	w.caseOf(ids[0]).AssigneeID = ana
	w.caseOf(ids[1]).ResolvedAt = 1
	w.caseOf(ids[2]).QueueID = ""
	w.caseOf(ids[3]).Snooze = &casegraph.Snooze{Until: w.now + 100}
	claim := func() (casegraph.ID, error) {
		change, err := ClaimNext(investigator, queue, ids)
		result, err := w.try(change, err)
		if err != nil {
			return "", err
		}
		return answer[ClaimAnswer](t, result).CaseID, nil
	}
	if got, err := claim(); err != nil || got != ids[4] || w.caseOf(got).AssigneeID != ben || w.lastEvent().Name != "case.claimed" {
		t.Errorf("claimed %s, %v", got, err)
	}
	if _, err := claim(); err != ErrTaken {
		t.Errorf("with none left: %v", err)
	}
	w.now += 200 // the snooze is over
	if got, err := claim(); err != nil || got != ids[3] || w.caseOf(got).Snooze != nil {
		t.Errorf("woken: %s, %v", got, err)
	}
	_, err := w.try(ClaimNext(viewer, queue, ids))
	refused(t, err, casegraph.CodeForbidden, "")
}

func TestSnoozing(t *testing.T) {
	w := newWorld()
	id := w.open(t, CreateInput{}).ID
	snooze := func(until casegraph.Time, untilAttached bool) error {
		_, err := w.try(SnoozeCase(investigator, SnoozeInput{CaseID: id, Until: until, UntilAttached: untilAttached}))
		return err
	}
	refused(t, snooze(w.now, false), casegraph.CodeBadInput, "until")
	refused(t, snooze(w.now+367*24*60*60*1000, false), casegraph.CodeBadInput, "until")
	attach := func(object casegraph.ID) {
		change, err := Attach(investigator, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: object}}})
		w.must(t, change, err)
	}
	if err := snooze(w.now+1000, false); err != nil || !w.caseOf(id).Snooze.Sleeps(w.now) || w.caseOf(id).Snooze.Sleeps(w.now+1000) {
		t.Fatalf("until a time: %v, %+v", err, w.caseOf(id).Snooze)
	}
	if attach(account); w.caseOf(id).Snooze == nil {
		t.Error("an object woke a case that waits for a time")
	}
	if err := snooze(0, true); err != nil || !w.caseOf(id).Snooze.Sleeps(1<<60) {
		t.Fatalf("until something is attached: %v", err)
	}
	if attach(account); w.caseOf(id).Snooze == nil {
		t.Error("an object that was there woke the case")
	}
	if attach(session); w.caseOf(id).Snooze != nil {
		t.Error("a new object did not wake the case")
	}
	if err := snooze(0, false); err != nil || w.caseOf(id).Snooze != nil {
		t.Errorf("woken: %v", err)
	}
	w.caseOf(id).ResolvedAt = 1
	refused(t, snooze(w.now+1000, false), casegraph.CodeBadInput, "caseId")
}
