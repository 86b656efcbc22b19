package cases

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// MaxMigrated is how many cases one request moves.
const MaxMigrated = 100

// MigrateInput moves cases to another revision, or to another template.
type MigrateInput struct {
	CaseIDs []casegraph.ID // 1 to MaxMigrated
	// TemplateID is the revision that they shall follow.
	TemplateID casegraph.ID
	// Statuses says what becomes of statuses that the new revision does not
	// have; the rest keep theirs.
	Statuses []StatusChange
	DryRun   bool
}

// MigrateAnswer is what became of each case, in the order given.
type MigrateAnswer struct {
	Items []*MigratedItem `json:"items"`
}

// StatusChange is what becomes of a status.
type StatusChange struct{ From, To string }

// MigratedItem is what became of one case.
type MigratedItem struct {
	CaseID  casegraph.ID `json:"caseId"`
	Outcome Outcome      `json:"outcome"`
	// Reason is why a case was refused.
	Reason string `json:"reason,omitempty"`
	// Field is the input or attribute at fault.
	Field string `json:"field,omitempty"`
}

// Migrate moves cases, each if it meets the template's rules; one that does not
// stays and says why. Fields that are absent get their defaults. It answers
// MigrateAnswer; the event of each is case.migrated.
func Migrate(by Asker, in MigrateInput, w *Workflow) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if n := len(in.CaseIDs); n == 0 || n > MaxMigrated {
		return commit.Change{}, casegraph.BadInput("caseIds: from 1 to %d", MaxMigrated)
	}
	for i, s := range in.Statuses {
		if w.status(s.To) == nil {
			return commit.Change{}, casegraph.BadInput("statuses[%d].to: the template has no status %.100q", i, s.To)
		}
	}
	needs := casegraph.Needs{Nodes: slices.Concat([]casegraph.ID{w.Template.ID}, in.CaseIDs, w.calendarNeeds())}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if err := opens(v, w.Template.ID); err != nil {
			return nil, err
		}
		writes, answer := &commit.Writes{}, MigrateAnswer{}
		for i, id := range in.CaseIDs {
			item := &MigratedItem{CaseID: id, Outcome: AlreadyMigrated}
			c, err := by.caseNode(v, fmt.Sprintf("caseIds[%d]", i), id, nil)
			if err == nil && c.TemplateID != w.Template.ID && !slices.Contains(in.CaseIDs[:i], id) {
				item.Outcome = Migrated
				if err = w.adopt(c, in.Statuses); err == nil {
					err = w.adoptClocks(v, c)
				}
			}
			var refused *casegraph.Error
			switch {
			case errors.As(err, &refused):
				item.Outcome, item.Reason, item.Field = Refused, refused.Message, refused.Field
			case err != nil:
				return nil, err
			case item.Outcome == Migrated && in.DryRun:
				item.Outcome = WouldMigrate
			case item.Outcome == Migrated:
				writes.Nodes = append(writes.Nodes, c)
				writes.Events = append(writes.Events, commit.Event{Name: "case.migrated", Subject: id})
				writes.Events = append(writes.Events, rung(v.Node(id).(*casegraph.Case), c)...)
			}
			answer.Items = append(answer.Items, item)
		}
		writes.Answer = Encode(answer)
		return writes, nil
	}}, nil
}

// adoptClocks starts the clocks that a case would have had from its opening,
// and lets go of those that the template does not have but for the one that a
// case is opened with. What ran goes on.
func (w *Workflow) adoptClocks(v *commit.View, c *casegraph.Case) error {
	k, err := w.clocks(v)
	if err != nil {
		return err
	}
	ring(c, v.Now)
	kept := map[string]casegraph.Clock{}
	for name, clock := range c.Clocks {
		if name == ClockDue || k.rule(name) != nil {
			kept[name] = clock
		}
	}
	if c.SetClocks(kept); c.ResolvedAt != 0 {
		return nil
	}
	return k.enter(c, w.status(c.Status), true, false)
}

// adopt makes a case follow the template.
func (w *Workflow) adopt(c *casegraph.Case, statuses []StatusChange) error {
	if err := standsAlone("caseIds", c); err != nil {
		return err
	}
	status := c.Status
	for _, s := range statuses {
		if strings.EqualFold(s.From, status) {
			status = s.To
			break
		}
	}
	known := w.status(status)
	if known == nil {
		return casegraph.BadInput("statuses: say what becomes of %q", c.Status)
	}
	if ended := c.ResolvedAt != 0; ended != (known.Stage == casegraph.StageEnd) {
		return casegraph.BadInput("statuses: %s and %s differ in whether the case is at its end", c.Status, known.Name)
	}
	fields, err := w.withDefaults(c.Fields)
	if err != nil {
		return err
	}
	if err := w.checkFields(fields); err != nil {
		return err
	}
	c.Fields, c.Status, c.TemplateID, c.CaseType, c.Awaiting = fields, known.Name, w.Template.ID, w.Template.Key, nil
	if r := w.resolution(c.Resolution); r != nil {
		c.Outcome = r.Outcome
	}
	checks := map[string]casegraph.Check{}
	for key, check := range c.Checks {
		if w.item(key) != nil {
			checks[key] = check
		}
	}
	if c.Checks = checks; len(checks) == 0 {
		c.Checks = nil
	}
	return nil
}
