package cases

import (
	"casegraph"
	"casegraph/commit"
)

// MarkRiskInput is what somebody holds of a node or a link.
type MarkRiskInput struct {
	NodeID          casegraph.ID      // either a case, an object or an identifier
	Link            *casegraph.LinkID // or a link
	ExpectedVersion *int64            // of a link: of its mark, 0 if there is none; nil is any
	Level           casegraph.RiskLevel
	Reason          string // 1 to MaxNote characters
	// ExpiresAt is from when on the mark no longer counts; nil is never.
	ExpiresAt *casegraph.Time
}

// ClearRiskInput says whose mark is taken off, and why.
type ClearRiskInput struct {
	NodeID          casegraph.ID      // either a node's
	Link            *casegraph.LinkID // or a link's
	ExpectedVersion *int64            // as MarkRiskInput's
	Reason          string            // at most MaxNote characters
}

// RiskAnswer tells what became of the mark: MARKED or ALREADY_MARKED; of
// ClearRisk, CLEARED or NOT_MARKED.
type RiskAnswer struct {
	NodeID  casegraph.ID    `json:"nodeId,omitempty"`
	Link    *casegraph.Link `json:"link,omitempty"`
	Outcome Outcome         `json:"outcome"`
}

// MarkRisk marks a case, an object, an identifier or a link, in place of the mark that
// it has. One that says the same is left as it is. It answers RiskAnswer; the
// event is case.risk-marked, identifier.risk-marked, link.risk-marked, …
func MarkRisk(by Asker, in MarkRiskInput) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 1, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	if !in.Level.Valid() {
		return commit.Change{}, casegraph.BadInput("level: must be KNOWN_BAD, SUSPICIOUS or TRUSTED")
	}
	return by.changeRisk(subject{in.NodeID, in.Link}, in.ExpectedVersion, ".risk-marked", "", func(v *commit.View, head *casegraph.Header) (Outcome, error) {
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

// ClearRisk takes a mark off, an expired one too; what it said stays on
// record, and the reason in the log. It answers RiskAnswer; the event is
// case.risk-cleared, …
func ClearRisk(by Asker, in ClearRiskInput) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeRisk(subject{in.NodeID, in.Link}, in.ExpectedVersion, ".risk-cleared", reason, func(_ *commit.View, head *casegraph.Header) (Outcome, error) {
		if head.Risk == nil {
			return NotMarked, nil
		}
		head.Risk = nil
		return Cleared, nil
	})
}

func (a Asker) changeRisk(on subject, expected *int64, verb, note string,
	change func(*commit.View, *casegraph.Header) (Outcome, error)) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	needs, err := on.needs()
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		n, err := a.marked(v, on, expected)
		if err != nil {
			return nil, err
		}
		outcome, err := change(v, n.Head())
		if err != nil {
			return nil, err
		}
		w, err := tell(v, n, verb, note)
		if err != nil {
			return nil, err
		}
		w.Answer = Encode(RiskAnswer{NodeID: on.nodeID, Link: on.read(v), Outcome: outcome})
		return w, nil
	}}, err
}

// marked is what has the risk mark: a node, or the mark of a link.
func (a Asker) marked(v *commit.View, on subject, expected *int64) (casegraph.Node, error) {
	if on.link != nil {
		return a.linkMark(v, *on.link, expected)
	}
	n := a.visible(v, on.nodeID)
	if n == nil || !n.Kind().CanBeMarked() {
		return nil, casegraph.NoSuch("nodeId", "case, object or identifier", on.nodeID)
	}
	return n, AtVersion(n, expected)
}
