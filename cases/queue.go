package cases

import (
	"errors"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// CreateQueueInput is a queue to be.
type CreateQueueInput struct {
	Name        string // 1 to 60 characters, not another's in whatever case
	Description string // at most MaxDescription characters
	// Assignment says to whom its cases are given; nil leaves that to their
	// templates.
	Assignment *casegraph.Assignment
}

// QueueAnswer names the queue that was changed.
type QueueAnswer struct {
	QueueID casegraph.ID `json:"queueId"`
}

// CreateQueue makes a queue. It answers QueueAnswer; the event is
// queue.created.
func CreateQueue(by Asker, in CreateQueueInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if err := checkAssignment("assignment", in.Assignment); err != nil {
		return commit.Change{}, err
	}
	q := &casegraph.Queue{Assignment: in.Assignment}
	var err error
	if q.Name, err = Text("name", in.Name, 1, MaxTemplateWord); err != nil {
		return commit.Change{}, err
	}
	if q.Description, err = Text("description", in.Description, 0, MaxDescription); err != nil {
		return commit.Change{}, err
	}
	q.ID = newID(casegraph.KindQueue)
	name := queueName(q.Name)
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{q.ID}, memberNeeds(q.Assignment)...), Values: []string{name}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if v.Value(name) != nil {
			return nil, casegraph.BadInput("name: another queue is called that")
		}
		if err := haveMembers(v, "assignment", q.Assignment); err != nil {
			return nil, err
		}
		return &commit.Writes{Nodes: []casegraph.Node{q.Clone()}, Values: []casegraph.Value{{Key: name, Data: []byte(q.ID)}},
			Events: []commit.Event{{Name: "queue.created", Subject: q.ID}}, Answer: Encode(QueueAnswer{q.ID})}, nil
	}}, nil
}

// queueName is the key of the value that keeps a name for its queue.
func queueName(name string) string { return "queue/" + casegraph.QueueKey(name).Reference }

// ArchiveQueueInput puts a queue out of use, or back.
type ArchiveQueueInput struct {
	QueueID         casegraph.ID
	ExpectedVersion *int64 // nil is any
	Archived        bool
}

// ArchiveQueue keeps new cases out of a queue, or takes that back; those in it
// stay and can be claimed. It answers QueueAnswer; the event is queue.archived
// or queue.restored.
func ArchiveQueue(by Asker, in ArchiveQueueInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{in.QueueID}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		q, ok := v.Node(in.QueueID).(*casegraph.Queue)
		if !ok {
			return nil, casegraph.NoSuch("queueId", "queue", in.QueueID)
		}
		if err := AtVersion(q, in.ExpectedVersion); err != nil {
			return nil, err
		}
		event := "queue.restored"
		switch {
		case in.Archived && q.ArchivedAt == 0:
			event, q.ArchivedAt = "queue.archived", v.Now
		case !in.Archived:
			q.ArchivedAt = 0
		}
		return &commit.Writes{Nodes: []casegraph.Node{q}, Events: []commit.Event{{Name: event, Subject: q.ID}}, Answer: Encode(QueueAnswer{q.ID})}, nil
	}}, nil
}

// SetQueueAssignmentInput says to whom a queue's cases are given.
type SetQueueAssignmentInput struct {
	QueueID         casegraph.ID
	ExpectedVersion *int64                // nil is any
	Assignment      *casegraph.Assignment // nil leaves that to the cases' templates
}

// SetQueueAssignment says to whom cases are given that come into a queue from
// now on. It answers QueueAnswer; the event is queue.assignment-changed.
func SetQueueAssignment(by Asker, in SetQueueAssignmentInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if err := checkAssignment("assignment", in.Assignment); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{in.QueueID}, memberNeeds(in.Assignment)...)}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		q, ok := v.Node(in.QueueID).(*casegraph.Queue)
		if !ok {
			return nil, casegraph.NoSuch("queueId", "queue", in.QueueID)
		}
		if err := AtVersion(q, in.ExpectedVersion); err != nil {
			return nil, err
		}
		if err := haveMembers(v, "assignment", in.Assignment); err != nil {
			return nil, err
		}
		q.Assignment = in.Assignment
		return &commit.Writes{Nodes: []casegraph.Node{q}, Events: []commit.Event{{Name: "queue.assignment-changed", Subject: q.ID}}, Answer: Encode(QueueAnswer{q.ID})}, nil
	}}, nil
}

// SetQueueInput puts a case into a queue.
type SetQueueInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64        // nil is any
	QueueID         *casegraph.ID // nil is none
	Note            string        // at most MaxNote characters
}

// SetQueue puts a case into another queue, or into none; whoever has it keeps
// it. It answers CaseAnswer; the event is case.queue-changed.
func SetQueue(by Asker, in SetQueueInput) (commit.Change, error) {
	id := casegraph.ID("")
	if in.QueueID != nil {
		id = *in.QueueID
	}
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, "case.queue-changed", queueNeeds(id),
		func(v *commit.View, c *casegraph.Case) error { return enqueue(v, c, id) })
}

// EscalateInput hands a case on to a queue of others.
type EscalateInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	QueueID         casegraph.ID
	Note            string // why, 1 to MaxNote characters
}

// Escalate puts a case into another queue, takes it from whoever has it and
// wakes it. It answers CaseAnswer; the event is case.escalated.
func Escalate(by Asker, in EscalateInput) (commit.Change, error) {
	if _, err := Text("note", in.Note, 1, MaxNote); err != nil {
		return commit.Change{}, err
	}
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, "case.escalated", queueNeeds(in.QueueID), func(v *commit.View, c *casegraph.Case) error {
		if c.ResolvedAt != 0 {
			return casegraph.BadInput("caseId: the case is at its end; reopen it first")
		}
		if err := enqueue(v, c, in.QueueID); err != nil {
			return err
		}
		c.AssigneeID, c.AssignedAt, c.Snooze = "", 0, nil
		return nil
	})
}

func queueNeeds(id casegraph.ID) []casegraph.ID {
	if id == "" {
		return nil
	}
	return []casegraph.ID{id}
}

func enqueue(v *commit.View, c *casegraph.Case, id casegraph.ID) error {
	if id != "" && id != c.QueueID {
		q, ok := v.Node(id).(*casegraph.Queue)
		switch {
		case !ok:
			return casegraph.NoSuch("queueId", "queue", id)
		case q.ArchivedAt != 0:
			return casegraph.BadInput("queueId: the queue %s is archived", q.Name)
		}
	}
	c.QueueID = id
	return nil
}

// CanGo refuses a queue into which no case comes, and a user who can't work any;
// "" is none. A change that asks needs both.
func CanGo(v *commit.View, queue, assignee casegraph.ID) error {
	var c casegraph.Case
	if err := enqueue(v, &c, queue); err != nil || assignee == "" {
		return err
	}
	return System().assign(v, &c, assignee)
}

// ErrTaken says that others took all candidates meanwhile: look again.
var ErrTaken = errors.New("cases: the candidates are taken")

// ClaimAnswer names the case that the asker has now.
type ClaimAnswer struct {
	CaseID casegraph.ID `json:"caseId"`
}

// ClaimNext gives the asker the first of the candidates that still waits in the
// queue; no two people get the same. It answers ClaimAnswer; the event is
// case.claimed.
func ClaimNext(by Asker, queue casegraph.ID, candidates []casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	needs := append([]casegraph.ID{by.ID}, candidates...)
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: needs}, Decide: func(v *commit.View) (*commit.Writes, error) {
		for _, id := range candidates {
			c, ok := by.visible(v, id).(*casegraph.Case)
			if !ok || c.QueueID != queue || c.AssigneeID != "" || c.ResolvedAt != 0 || c.Snooze.Sleeps(v.Now) {
				continue
			}
			if err := by.assign(v, c, by.ID); err != nil {
				return nil, err
			}
			c.Snooze = nil
			return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "case.claimed", Subject: id}}, Answer: Encode(ClaimAnswer{id})}, nil
		}
		return nil, ErrTaken
	}}, nil
}

// MaxSnooze is for how long a case may be out of its queue, in days.
const MaxSnooze = 366

// SnoozeInput keeps a case out of its queue, or wakes it where both are empty.
type SnoozeInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64         // nil is any
	Until           casegraph.Time // ahead, by at most MaxSnooze days; 0 is no time
	UntilAttached   bool
	Note            string // at most MaxNote characters
}

// SnoozeCase keeps an open case out of its queue until a time, or until an
// object is attached, whichever comes first. It answers CaseAnswer; the event
// is case.snoozed or case.woken.
func SnoozeCase(by Asker, in SnoozeInput) (commit.Change, error) {
	wakes := in.Until == 0 && !in.UntilAttached
	event := "case.snoozed"
	if wakes {
		event = "case.woken"
	}
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, event, nil, func(v *commit.View, c *casegraph.Case) error {
		const day = 24 * 60 * 60 * 1000
		switch {
		case wakes:
			c.Snooze = nil
			return nil
		case c.ResolvedAt != 0:
			return casegraph.BadInput("caseId: the case is at its end")
		case in.Until != 0 && (in.Until <= v.Now || in.Until > v.Now+MaxSnooze*day):
			return casegraph.BadInput("until: ahead, by at most %d days", MaxSnooze)
		}
		if was := c.Snooze; was != nil && was.Until == in.Until && was.UntilAttached == in.UntilAttached {
			return nil
		}
		c.Snooze = &casegraph.Snooze{Until: in.Until, UntilAttached: in.UntilAttached, ByID: v.Actor, At: v.Now}
		return nil
	})
}

// wake ends the snooze of a case to which something was attached, where it waited
// for that.
func wake(c *casegraph.Case) {
	if c.Snooze != nil && c.Snooze.UntilAttached {
		c.Snooze = nil
	}
}

func attachedAny(items []AttachedItem) bool {
	return slices.ContainsFunc(items, func(item AttachedItem) bool { return item.Outcome == Attached })
}
