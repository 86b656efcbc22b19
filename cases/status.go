package cases

import (
	"cmp"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// The statuses of cases without a template. An imported case may have another,
// until it gets one of these.
const (
	StatusOpen     = "Open"
	StatusInReview = "In review"
	StatusWaiting  = "Waiting"
	StatusResolved = "Resolved"
)

// SetStatusInput moves a case on.
type SetStatusInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Status          string // one of the template's, in whatever case
	// Resolution says how a case came out: one of the template's, where it lists
	// any, else text of at most MaxResolution characters. Only an end takes one.
	Resolution string
	Note       string // at most MaxNote characters
}

// SetStatus moves a case to a status that may follow its own, if the guards
// between them let it. The same status again changes nothing, but drops what
// waits for a second person. An end sets who and when, reopening takes that and
// the resolution back, and is counted. It answers CaseAnswer; the event is
// case.status-changed, case.reopened, or case.status-requested if a second
// person must confirm it.
func SetStatus(by Asker, in SetStatusInput, w *Workflow) (commit.Change, error) {
	target := w.status(in.Status)
	resolution, err := Text("resolution", in.Resolution, 0, MaxResolution)
	switch {
	case err != nil:
		return commit.Change{}, err
	case target == nil:
		return commit.Change{}, casegraph.BadInput("status: one of %s", strings.Join(w.Statuses(), ", "))
	case resolution != "" && target.Stage != casegraph.StageEnd:
		return commit.Change{}, casegraph.BadInput("resolution: only the status %s takes one", w.ends())
	}
	checked, err := w.checkResolution(resolution)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeCaseTelling(in.CaseID, in.ExpectedVersion, in.Note, w.calendarNeeds(), func(v *commit.View, c *casegraph.Case) (string, error) {
		if err := w.of(c); err != nil {
			return "", err
		}
		if err := standsAlone("caseId", c); err != nil {
			return "", err
		}
		return w.setStatus(v, by, c, target, checked, strings.TrimSpace(in.Note))
	})
}

// setStatus tells the event's name.
func (w *Workflow) setStatus(v *commit.View, by Asker, c *casegraph.Case, target *casegraph.TemplateStatus,
	resolution casegraph.TemplateResolution, note string) (string, error) {
	if strings.EqualFold(c.Status, target.Name) {
		if resolution.Name != "" && resolution.Name != c.Resolution {
			return "", casegraph.BadInput("resolution: the case is resolved already; reopen it first")
		}
		c.Awaiting = nil
		return "case.status-request-dropped", nil
	}
	var leads []string
	var way *casegraph.TemplateTransition
	for _, t := range w.transitions(c) {
		if leads = append(leads, t.To); t.To == target.Name {
			way = &t
		}
	}
	if way == nil {
		return "", casegraph.BadInput("status: after %s comes %s, not %s", c.Status, cmp.Or(strings.Join(leads, " or "), "nothing"), target.Name)
	}
	confirming := way.SecondPerson && c.Awaiting != nil && c.Awaiting.To == target.Name
	given := resolution.Name
	if confirming {
		given = cmp.Or(given, c.Awaiting.Resolution)
	}
	if err := w.guard(by, c, *way, given, note); err != nil {
		return "", err
	}
	if way.SecondPerson {
		confirmed, err := secondPerson(v, c, target.Name, &resolution)
		if err != nil || !confirmed {
			return "case.status-requested", err
		}
		resolution, _ = w.checkResolution(resolution.Name) // it was checked when it was asked for
	}
	event, ended := "case.status-changed", w.ended(c)
	if ended && target.Stage != casegraph.StageEnd {
		event = "case.reopened"
		c.Reopened++
	}
	c.Status, c.Awaiting = target.Name, nil
	c.Resolution, c.Outcome, c.ResolvedAt, c.ResolverID = "", "", 0, ""
	if target.Stage == casegraph.StageEnd {
		c.Resolution, c.Outcome, c.ResolvedAt, c.ResolverID = resolution.Name, resolution.Outcome, v.Now, v.Actor
	}
	k, err := w.clocks(v)
	if err != nil {
		return "", err
	}
	return event, k.enter(c, target, false, ended)
}
