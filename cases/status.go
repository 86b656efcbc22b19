package cases

import (
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// The statuses of our own cases. An imported case may have another, until it
// gets one of these.
const (
	StatusOpen     = "Open"
	StatusInReview = "In review"
	StatusWaiting  = "Waiting"
	StatusResolved = "Resolved"
)

// transitions says which status may follow which.
var transitions = map[string][]string{
	StatusOpen:     {StatusInReview},
	StatusInReview: {StatusWaiting, StatusResolved},
	StatusWaiting:  {StatusInReview, StatusResolved},
	StatusResolved: {StatusOpen},
}

// Statuses lists our statuses in the order of work.
func Statuses() []string {
	return []string{StatusOpen, StatusInReview, StatusWaiting, StatusResolved}
}

// NextStatuses are the statuses that a case with this one may get: all of ours
// for a status that is not ours.
func NextStatuses(status string) []string {
	if next, ours := transitions[status]; ours {
		return slices.Clone(next)
	}
	return Statuses()
}

// SetStatusInput moves a case on.
type SetStatusInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Status          string // one of Statuses
	// Resolution says how a case came out: confirmed, false positive, … Only
	// StatusResolved takes one, of at most MaxResolution characters.
	Resolution string
	Note       string // at most MaxNote characters
}

// SetStatus moves a case to a status that may follow its own; the same status
// again changes nothing. Resolving sets who and when, reopening takes that and
// the resolution back. It answers CaseAnswer; the event is
// case.status-changed.
func SetStatus(by Asker, in SetStatusInput) (commit.Change, error) {
	resolution, err := Text("resolution", in.Resolution, 0, MaxResolution)
	switch {
	case err != nil:
		return commit.Change{}, err
	case !slices.Contains(Statuses(), in.Status):
		return commit.Change{}, casegraph.BadInput("status: one of %s", strings.Join(Statuses(), ", "))
	case resolution != "" && in.Status != StatusResolved:
		return commit.Change{}, casegraph.BadInput("resolution: only the status %s takes one", StatusResolved)
	}
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, "case.status-changed", nil,
		func(v *commit.View, c *casegraph.Case) error { return setStatus(v, c, in.Status, resolution) })
}

func setStatus(v *commit.View, c *casegraph.Case, status, resolution string) error {
	if c.Status == status {
		if resolution != "" && resolution != c.Resolution {
			return casegraph.BadInput("resolution: the case is resolved already; reopen it first")
		}
		return nil
	}
	if next := NextStatuses(c.Status); !slices.Contains(next, status) {
		return casegraph.BadInput("status: after %s comes %s, not %s", c.Status, strings.Join(next, " or "), status)
	}
	c.Status, c.Resolution, c.ResolvedAt, c.ResolverID = status, "", 0, ""
	if status == StatusResolved {
		c.Resolution, c.ResolvedAt, c.ResolverID = resolution, v.Now, v.Actor
	}
	return nil
}
