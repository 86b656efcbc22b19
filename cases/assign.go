package cases

import (
	"reflect"

	"casegraph"
	"casegraph/commit"
)

// AssignInput gives a case to somebody.
type AssignInput struct {
	CaseID          casegraph.ID
	AssigneeID      casegraph.ID
	ExpectedVersion *int64 // nil is any
	Note            string // at most MaxNote characters
}

// Assign gives a case to a user who can work it. Giving it to whoever has it
// changes nothing. It answers CaseAnswer; the event is case.assigned.
func Assign(by Asker, in AssignInput) (commit.Change, error) {
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, "case.assigned", []casegraph.ID{in.AssigneeID},
		func(v *commit.View, c *casegraph.Case) error { return by.assign(v, c, in.AssigneeID) })
}

// UnassignInput takes a case from whoever has it.
type UnassignInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Note            string // at most MaxNote characters
}

// Unassign leaves a case to nobody. It answers CaseAnswer; the event is
// case.unassigned.
func Unassign(by Asker, in UnassignInput) (commit.Change, error) {
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, "case.unassigned", nil,
		func(_ *commit.View, c *casegraph.Case) error {
			c.AssigneeID, c.AssignedAt = "", 0
			return nil
		})
}

func (a Asker) assign(v *commit.View, c *casegraph.Case, assignee casegraph.ID) error {
	user, ok := a.visible(v, assignee).(*casegraph.User)
	needed := casegraph.RoleInvestigator
	if c.Restricted {
		needed = casegraph.RoleAdmin
	}
	switch {
	case !ok:
		return casegraph.NoSuch("assigneeId", "user", assignee)
	case user.Disabled:
		return casegraph.BadInput("assigneeId: the user is disabled")
	case user.Role.Rank() < needed.Rank():
		return casegraph.BadInput("assigneeId: the user needs the role %s to work this case", needed)
	case c.AssigneeID != assignee:
		c.AssigneeID, c.AssignedAt = assignee, v.Now
	}
	return nil
}

// changeCase is a change of one case's own attributes, told by one event.
func (a Asker) changeCase(id casegraph.ID, expected *int64, note, event string, alsoNeeds []casegraph.ID,
	change func(*commit.View, *casegraph.Case) error) (commit.Change, error) {
	return a.changeCaseTelling(id, expected, note, alsoNeeds, func(v *commit.View, c *casegraph.Case) (string, error) {
		return event, change(v, c)
	})
}

// changeCaseTelling is a change whose event depends on what it comes to.
func (a Asker) changeCaseTelling(id casegraph.ID, expected *int64, note string, alsoNeeds []casegraph.ID,
	change func(*commit.View, *casegraph.Case) (event string, err error)) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	note, err := Text("note", note, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{id}, alsoNeeds...), Values: noteValues(id, note)}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := a.caseNode(v, "caseId", id, expected)
		if err != nil {
			return nil, err
		}
		was := c.Clone().(*casegraph.Case)
		event, err := change(v, c)
		if err != nil {
			return nil, err
		}
		w := &commit.Writes{
			Nodes:  []casegraph.Node{c},
			Events: append([]commit.Event{{Name: event, Subject: id, Note: note}}, rung(was, c)...),
			Answer: Encode(CaseAnswer{CaseID: id}),
		}
		if !reflect.DeepEqual(was, c) {
			responded(v, c, w)
		}
		return keepNote(v, c, note, w), nil
	}}, nil
}
