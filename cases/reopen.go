package cases

import (
	"strings"

	"casegraph"
	"casegraph/commit"
)

// ReopenInput takes a case up again.
type ReopenInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	// Status is what the case becomes; "" is the first that may follow its end
	// and is none itself.
	Status string
	Reason string // 1 to MaxNote characters
}

// Reopen takes a case up again that is at its end, where its template lets one
// do so and by the same guards as SetStatus. Its clocks go on that
// the end stopped. It answers
// CaseAnswer; the event is case.reopened, or case.status-requested if a second
// person must confirm it.
func Reopen(by Asker, in ReopenInput, w *Workflow) (commit.Change, error) {
	if _, err := Text("reason", in.Reason, 1, MaxNote); err != nil {
		return commit.Change{}, err
	}
	return by.changeCaseTelling(in.CaseID, in.ExpectedVersion, in.Reason, w.calendarNeeds(), func(v *commit.View, c *casegraph.Case) (string, error) {
		if err := w.of(c); err != nil {
			return "", err
		}
		if err := standsAlone("caseId", c); err != nil {
			return "", err
		}
		if !w.ended(c) {
			return "", casegraph.BadInput("caseId: %s is not at an end", c.Number)
		}
		target, err := w.again(c, in.Status)
		if err != nil {
			return "", err
		}
		return w.setStatus(v, by, c, target, casegraph.TemplateResolution{}, strings.TrimSpace(in.Reason))
	})
}

// again is the status that a case gets when it is taken up again.
func (w *Workflow) again(c *casegraph.Case, name string) (*casegraph.TemplateStatus, error) {
	var names []string
	for _, t := range w.transitions(c) {
		target := w.status(t.To)
		if target.Stage == casegraph.StageEnd {
			continue
		}
		if names = append(names, target.Name); name == "" || strings.EqualFold(name, target.Name) {
			return target, nil
		}
	}
	if len(names) == 0 {
		return nil, casegraph.BadInput("caseId: a case that is %s is not taken up again", c.Status)
	}
	return nil, casegraph.BadInput("status: after %s comes %s", c.Status, strings.Join(names, " or "))
}
