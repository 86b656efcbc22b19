package cases

import (
	"strings"
	"testing"

	"casegraph"
)

func TestRiskMarks(t *testing.T) {
	w := newWorld()
	const mail casegraph.ID = "idn_mail"
	w.put(mail, &casegraph.Identifier{IdentifierKind: "email", Value: "a@b.c"})
	for _, id := range []casegraph.ID{w.open(t, CreateInput{}).ID, account, mail} {
		kind := strings.ToLower(string(w.nodes[id].Kind()))
		mark := func(level casegraph.RiskLevel, reason string, expires casegraph.Time) Outcome {
			t.Helper()
			in := MarkRiskInput{NodeID: id, Level: level, Reason: reason}
			if expires != 0 {
				in.ExpiresAt = &expires
			}
			change, err := MarkRisk(investigator, in)
			return answer[RiskAnswer](t, w.must(t, change, err)).Outcome
		}
		clear := func() Outcome {
			t.Helper()
			change, err := ClearRisk(investigator, ClearRiskInput{NodeID: id, Reason: "a mistake"})
			return answer[RiskAnswer](t, w.must(t, change, err)).Outcome
		}
		if got := mark(casegraph.RiskSuspicious, " many resets ", 0); got != Marked || w.lastEvent().Name != kind+".risk-marked" {
			t.Errorf("%s, told %s", got, w.lastEvent().Name)
		}
		first := *w.nodes[id].Head().Risk
		if want := (casegraph.RiskMark{Level: casegraph.RiskSuspicious, Reason: "many resets", By: investigator.ID, At: w.now}); first != want {
			t.Errorf("marked %+v, want %+v", first, want)
		}
		if got := mark(casegraph.RiskSuspicious, "many resets", 0); got != AlreadyMarked || *w.nodes[id].Head().Risk != first {
			t.Errorf("again: %s, %+v", got, w.nodes[id].Head().Risk)
		}
		if got := mark(casegraph.RiskKnownBad, "a mule", w.now+10); got != Marked {
			t.Errorf("another: %s", got)
		}
		if got := w.nodes[id].Head(); got.Version != 3 || got.Risk.Level != casegraph.RiskKnownBad || !got.Risk.Counts(w.now) || got.Risk.Counts(w.now+10) {
			t.Errorf("version %d, %+v", got.Version, got.Risk)
		}
		change := w.lastEvent().Changes
		if len(change) != 1 || change[0].Path != "risk" || !strings.Contains(string(change[0].Before), "resets") || !strings.Contains(string(change[0].Shown().After), `"at":"1970-`) {
			t.Errorf("told %s", change)
		}
		if got := clear(); got != Cleared || w.nodes[id].Head().Risk != nil || w.lastEvent().Name != kind+".risk-cleared" || w.lastEvent().Note != "a mistake" {
			t.Errorf("cleared: %s, told %+v", got, w.lastEvent())
		}
		if got := clear(); got != NotMarked {
			t.Errorf("cleared again: %s", got)
		}
	}
}

func TestRiskMarksRefused(t *testing.T) {
	w := newWorld()
	past := w.now - 1
	for name, test := range map[string]struct {
		by    Asker
		in    MarkRiskInput
		code  casegraph.Code
		field string
	}{
		"without a reason":  {investigator, MarkRiskInput{NodeID: account, Level: casegraph.RiskTrusted, Reason: " "}, casegraph.CodeBadInput, "reason"},
		"of no level":       {investigator, MarkRiskInput{NodeID: account, Level: "BAD", Reason: "x"}, casegraph.CodeBadInput, "level"},
		"expired":           {investigator, MarkRiskInput{NodeID: account, Level: casegraph.RiskTrusted, Reason: "x", ExpiresAt: &past}, casegraph.CodeBadInput, "expiresAt"},
		"on nothing":        {investigator, MarkRiskInput{NodeID: "act_none", Level: casegraph.RiskTrusted, Reason: "x"}, casegraph.CodeNotFound, "nodeId"},
		"on a user":         {investigator, MarkRiskInput{NodeID: ben, Level: casegraph.RiskTrusted, Reason: "x"}, casegraph.CodeNotFound, "nodeId"},
		"by a viewer":       {Asker{ID: vic, Role: casegraph.RoleViewer}, MarkRiskInput{NodeID: account, Level: casegraph.RiskTrusted, Reason: "x"}, casegraph.CodeForbidden, ""},
		"of an old version": {investigator, MarkRiskInput{NodeID: account, Level: casegraph.RiskTrusted, Reason: "x", ExpectedVersion: version(7)}, casegraph.CodeConflict, "expectedVersion"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.try(MarkRisk(test.by, test.in))
			refused(t, err, test.code, test.field)
		})
	}
	w.put("idn_ip", &casegraph.Identifier{IdentifierKind: "ip", Value: "1.2.3.4"})
	blind := investigator
	blind.Mask.IdentifierKinds = []casegraph.IdentifierKind{"ip"}
	_, err := w.try(MarkRisk(blind, MarkRiskInput{NodeID: "idn_ip", Level: casegraph.RiskTrusted, Reason: "x"}))
	refused(t, err, casegraph.CodeNotFound, "nodeId")
}
