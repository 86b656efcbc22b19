package cases

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// The bounds of bulks.
const (
	MaxBulk        = 1000 // nodes
	MaxBulkRunning = 3    // of one asker
)

// BulkInput is one thing to do to many nodes.
type BulkInput struct {
	IDs []casegraph.ID // 1 to MaxBulk, none twice
	// ViewID is the view that the nodes are taken from; "" for none.
	ViewID casegraph.ID
	Do     BulkDo
	DryRun bool
}

// BulkDo is what to do: exactly one of these is given. Each has what the change
// of one node has, but the node and its version.
type BulkDo struct {
	Assign    *BulkAssign    `json:"assign,omitempty"`
	Unassign  *BulkNote      `json:"unassign,omitempty"`
	SetStatus *BulkStatus    `json:"setStatus,omitempty"`
	Tag       *BulkTags      `json:"tag,omitempty"`
	Untag     *BulkTags      `json:"untag,omitempty"`
	SetQueue  *BulkQueue     `json:"setQueue,omitempty"`
	Escalate  *BulkEscalate  `json:"escalate,omitempty"`
	MarkRisk  *BulkMarkRisk  `json:"markRisk,omitempty"`
	ClearRisk *BulkClearRisk `json:"clearRisk,omitempty"`
}

// BulkAssign is AssignInput's.
type BulkAssign struct {
	AssigneeID casegraph.ID `json:"assigneeId"`
	Note       string       `json:"note,omitempty"`
}

// BulkNote is UnassignInput's.
type BulkNote struct {
	Note string `json:"note,omitempty"`
}

// BulkStatus is SetStatusInput's.
type BulkStatus struct {
	Status     string `json:"status"`
	Resolution string `json:"resolution,omitempty"`
	Note       string `json:"note,omitempty"`
}

// BulkTags is TagInput's.
type BulkTags struct {
	Tags []string `json:"tags"`
}

// BulkQueue is SetQueueInput's.
type BulkQueue struct {
	QueueID *casegraph.ID `json:"queueId,omitempty"` // nil is none
	Note    string        `json:"note,omitempty"`
}

// BulkEscalate is EscalateInput's.
type BulkEscalate struct {
	QueueID casegraph.ID `json:"queueId"`
	Note    string       `json:"note"`
}

// BulkMarkRisk is MarkRiskInput's.
type BulkMarkRisk struct {
	Level     casegraph.RiskLevel `json:"level"`
	Reason    string              `json:"reason"`
	ExpiresAt *casegraph.Time     `json:"expiresAt,omitempty"`
}

// BulkClearRisk is ClearRiskInput's.
type BulkClearRisk struct {
	Reason string `json:"reason,omitempty"`
}

// given are the actions that an input has, and their names in it.
func (do *BulkDo) given() (actions []casegraph.BulkAction, names []string) {
	for _, each := range []struct {
		action casegraph.BulkAction
		name   string
		input  any
	}{
		{casegraph.BulkAssign, "assign", do.Assign},
		{casegraph.BulkUnassign, "unassign", do.Unassign},
		{casegraph.BulkSetStatus, "setStatus", do.SetStatus},
		{casegraph.BulkTag, "tag", do.Tag},
		{casegraph.BulkUntag, "untag", do.Untag},
		{casegraph.BulkSetQueue, "setQueue", do.SetQueue},
		{casegraph.BulkEscalate, "escalate", do.Escalate},
		{casegraph.BulkMarkRisk, "markRisk", do.MarkRisk},
		{casegraph.BulkClearRisk, "clearRisk", do.ClearRisk},
	} {
		if !reflect.ValueOf(each.input).IsNil() {
			actions, names = append(actions, each.action), append(names, each.name)
		}
	}
	return actions, names
}

// Action is what is done.
func (do *BulkDo) Action() casegraph.BulkAction {
	actions, _ := do.given()
	return actions[0]
}

// Queue is the queue into which cases are brought, where an assignment policy
// may give them to somebody; false if they are not.
func (do *BulkDo) Queue() (id casegraph.ID, brought bool) {
	switch {
	case do.Escalate != nil:
		return do.Escalate.QueueID, true
	case do.SetQueue != nil && do.SetQueue.QueueID != nil:
		return *do.SetQueue.QueueID, true
	}
	return "", do.SetQueue != nil
}

// Change is the change of one node, as if it were asked for alone. w is what
// judges the case; only SetStatus looks at it.
func (do *BulkDo) Change(by Asker, id casegraph.ID, w *Workflow) (commit.Change, error) {
	switch {
	case do.Assign != nil:
		return Assign(by, AssignInput{CaseID: id, AssigneeID: do.Assign.AssigneeID, Note: do.Assign.Note})
	case do.Unassign != nil:
		return Unassign(by, UnassignInput{CaseID: id, Note: do.Unassign.Note})
	case do.SetStatus != nil:
		return SetStatus(by, SetStatusInput{CaseID: id, Status: do.SetStatus.Status, Resolution: do.SetStatus.Resolution, Note: do.SetStatus.Note}, w)
	case do.Tag != nil:
		return Tag(by, TagInput{NodeID: id, Tags: do.Tag.Tags})
	case do.Untag != nil:
		return Untag(by, TagInput{NodeID: id, Tags: do.Untag.Tags})
	case do.SetQueue != nil:
		return SetQueue(by, SetQueueInput{CaseID: id, QueueID: do.SetQueue.QueueID, Note: do.SetQueue.Note})
	case do.Escalate != nil:
		return Escalate(by, EscalateInput{CaseID: id, QueueID: do.Escalate.QueueID, Note: do.Escalate.Note})
	case do.MarkRisk != nil:
		return MarkRisk(by, MarkRiskInput{NodeID: id, Level: do.MarkRisk.Level, Reason: do.MarkRisk.Reason, ExpiresAt: do.MarkRisk.ExpiresAt})
	}
	return ClearRisk(by, ClearRiskInput{NodeID: id, Reason: do.ClearRisk.Reason})
}

// CheckBulk refuses what no node could have done to it, whichever it is.
func CheckBulk(by Asker, in *BulkInput) error {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return err
	}
	_, names := in.Do.given()
	if len(names) != 1 {
		return casegraph.BadInput("do: give exactly one; %d are given", len(names))
	}
	if len(in.IDs) == 0 || len(in.IDs) > MaxBulk {
		return casegraph.BadInput("ids: from 1 to %d", MaxBulk)
	}
	first := make(map[casegraph.ID]int, len(in.IDs))
	for i, id := range in.IDs {
		if j, twice := first[id]; twice {
			return casegraph.BadInput("ids[%d]: the same as ids[%d]", i, j)
		}
		first[id] = i
	}
	return within("do."+names[0], in.Do.check(by, in.IDs[0]))
}

// check refuses what does not depend on the node. What a status is called
// depends on the case's template.
func (do *BulkDo) check(by Asker, id casegraph.ID) error {
	if s := do.SetStatus; s != nil {
		_, err := Text("note", s.Note, 0, MaxNote)
		if err == nil {
			_, err = Text("resolution", s.Resolution, 0, MaxResolution)
		}
		return err
	}
	_, err := do.Change(by, id, nil)
	return err
}

// within tells of an input that is part of another.
func within(place string, err error) error {
	var known *casegraph.Error
	if !errors.As(err, &known) || known.Field == "" {
		return err
	}
	told := *known
	told.Field = place + "." + known.Field
	if rest, named := strings.CutPrefix(known.Message, known.Field+": "); named {
		told.Message = fmt.Sprintf("%s: %s", told.Field, rest)
	}
	return &told
}
