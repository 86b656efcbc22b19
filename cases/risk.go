package cases

import (
	"casegraph"
	"casegraph/commit"
)

// MarkRiskInput is what somebody holds of a node.
type MarkRiskInput struct {
	NodeID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Level           casegraph.RiskLevel
	Reason          string // 1 to MaxNote characters
	// ExpiresAt is from when on the mark no longer counts; nil is never.
	ExpiresAt *casegraph.Time
}

// ClearRiskInput says which node's mark is taken off, and why.
type ClearRiskInput struct {
	NodeID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Reason          string // at most MaxNote characters
}

// RiskAnswer tells what became of the mark: MARKED or ALREADY_MARKED; of
// ClearRisk, CLEARED or NOT_MARKED.
type RiskAnswer struct {
	NodeID  casegraph.ID `json:"nodeId"`
	Outcome Outcome      `json:"outcome"`
}

// MarkRisk marks a case, an object or an identifier, in place of the mark that
// it has. One that says the same is left as it is. It answers RiskAnswer; the
// event is case.risk-marked, identifier.risk-marked, …
func MarkRisk(by Asker, in MarkRiskInput) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 1, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	if !in.Level.Valid() {
		return commit.Change{}, casegraph.BadInput("level: must be KNOWN_BAD, SUSPICIOUS or TRUSTED")
	}
	return by.changeRisk(in.NodeID, in.ExpectedVersion, ".risk-marked", "", func(v *commit.View, head *casegraph.Header) (Outcome, error) {
		mark := &casegraph.RiskMark{Level: in.Level, Reason: reason, By: by.ID, At: v.Now}
		if in.ExpiresAt != nil {
			mark.ExpiresAt = *in.ExpiresAt
		}
		if !mark.Counts(v.Now) {
			return "", casegraph.BadInput("expiresAt: must lie ahead")
		}
		if head.Risk.Says(mark) {
			return AlreadyMarked, nil
		}
		head.Risk = mark
		return Marked, nil
	})
}

// ClearRisk takes a node's mark off, an expired one too; what it said stays on
// record, and the reason in the log. It answers RiskAnswer; the event is
// case.risk-cleared, …
func ClearRisk(by Asker, in ClearRiskInput) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeRisk(in.NodeID, in.ExpectedVersion, ".risk-cleared", reason, func(_ *commit.View, head *casegraph.Header) (Outcome, error) {
		if head.Risk == nil {
			return NotMarked, nil
		}
		head.Risk = nil
		return Cleared, nil
	})
}

func (a Asker) changeRisk(id casegraph.ID, expected *int64, verb, note string,
	change func(*commit.View, *casegraph.Header) (Outcome, error)) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{id}}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		n := a.visible(v, id)
		if n == nil || !n.Kind().CanBeMarked() {
			return nil, casegraph.NoSuch("nodeId", "case, object or identifier", id)
		}
		if err := AtVersion(n, expected); err != nil {
			return nil, err
		}
		outcome, err := change(v, n.Head())
		if err != nil {
			return nil, err
		}
		return &commit.Writes{
			Nodes:  []casegraph.Node{n},
			Events: []commit.Event{{Name: eventName(n, verb), Subject: id, Note: note}},
			Answer: Encode(RiskAnswer{NodeID: id, Outcome: outcome}),
		}, nil
	}}, nil
}
