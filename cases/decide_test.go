package cases

import (
	"testing"

	"casegraph"
)

func TestARelationIsConfirmedOrRefused(t *testing.T) {
	w := newWorld()
	w.put("act_two", &casegraph.Account{})
	one, two := w.open(t, CreateInput{}).ID, w.open(t, CreateInput{}).ID
	for _, pair := range []struct {
		one, two casegraph.ID
		link     casegraph.LinkID
		kind     string
	}{
		{one, two, casegraph.LinkID{From: one, Kind: casegraph.LinkRelatesTo, To: two, Key: "RELATES"}, "case"},
		{account, "act_two", casegraph.LinkID{From: account, Kind: casegraph.LinkSameAs, To: "act_two"}, "account"},
	} {
		decide := func(a, b casegraph.ID, decision Decision, reason string) Outcome {
			t.Helper()
			change, err := Decide(investigator, DecideInput{OneID: a, OtherID: b, Decision: decision, Reason: reason})
			return answer[DecideAnswer](t, w.must(t, change, err)).Outcome
		}
		if got := decide(pair.one, pair.two, casegraph.StateRefused, "twins"); got != Decided || w.lastEvent().Name != pair.kind+".relation-refused" || w.lastEvent().Note != "twins" {
			t.Errorf("%s, told %s", got, w.lastEvent().Name)
		}
		if l := w.links[pair.link]; l == nil || !l.Refused() || l.By != investigator.ID || l.LastSeen != w.now || l.Reason != "twins" {
			t.Errorf("kept %+v", l)
		}
		if got := decide(pair.two, pair.one, casegraph.StateRefused, "again"); got != AlreadyDecided || w.links[pair.link].Reason != "twins" {
			t.Errorf("again, the other way round: %s, %+v", got, w.links[pair.link])
		}
		if got := decide(pair.two, pair.one, Confirm, "one passport"); got != Decided || w.lastEvent().Name != pair.kind+".relation-confirmed" || w.links[pair.link].State != casegraph.StateConfirmed {
			t.Errorf("%s, told %s, kept %+v", got, w.lastEvent().Name, w.links[pair.link])
		}
	}
	// A link said again stands again, and one that says more must be taken back first.
	change, err := Decide(investigator, DecideInput{OneID: one, OtherID: two, Decision: Refuse, Reason: "no"})
	w.must(t, change, err)
	change, err = LinkCases(investigator, LinkCasesInput{FromID: two, ToID: one, Relation: Relates, Reason: "yes"})
	if got := answer[LinkCasesAnswer](t, w.must(t, change, err)).Outcome; got != Linked || w.links[casegraph.LinkID{From: one, Kind: casegraph.LinkRelatesTo, To: two, Key: "RELATES"}].Refused() {
		t.Errorf("linked: %s", got)
	}
	change, err = LinkCases(investigator, LinkCasesInput{FromID: two, ToID: one, Relation: DuplicateOf})
	w.must(t, change, err)
	_, err = w.try(Decide(investigator, DecideInput{OneID: one, OtherID: two, Decision: Refuse, Reason: "no"}))
	refused(t, err, casegraph.CodeBadInput, "otherId")
}

func TestDecisionsRefused(t *testing.T) {
	w := newWorld()
	w.put("act_two", &casegraph.Account{})
	secret := w.open(t, CreateInput{Restricted: true}).ID
	open := w.open(t, CreateInput{}).ID
	blind := investigator
	blind.Mask.RestrictedCases = true
	for name, test := range map[string]struct {
		by    Asker
		in    DecideInput
		code  casegraph.Code
		field string
	}{
		"without a reason":    {investigator, DecideInput{OneID: account, OtherID: "act_two", Decision: "REFUSED"}, casegraph.CodeBadInput, "reason"},
		"of no sort":          {investigator, DecideInput{OneID: account, OtherID: "act_two", Decision: "PROPOSED", Reason: "x"}, casegraph.CodeBadInput, "decision"},
		"of one":              {investigator, DecideInput{OneID: account, OtherID: account, Decision: "REFUSED", Reason: "x"}, casegraph.CodeBadInput, "otherId"},
		"of different things": {investigator, DecideInput{OneID: account, OtherID: open, Decision: "REFUSED", Reason: "x"}, casegraph.CodeNotFound, "otherId"},
		"of a session":        {investigator, DecideInput{OneID: session, OtherID: account, Decision: "REFUSED", Reason: "x"}, casegraph.CodeNotFound, "oneId"},
		"of what is not there": {investigator, DecideInput{OneID: account, OtherID: "act_none", Decision: "REFUSED", Reason: "x"},
			casegraph.CodeNotFound, "otherId"},
		"of what is hidden": {blind, DecideInput{OneID: open, OtherID: secret, Decision: "REFUSED", Reason: "x"}, casegraph.CodeNotFound, "otherId"},
		"by a viewer":       {Asker{ID: vic, Role: casegraph.RoleViewer}, DecideInput{OneID: account, OtherID: "act_two", Decision: "REFUSED", Reason: "x"}, casegraph.CodeForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.try(Decide(test.by, test.in))
			refused(t, err, test.code, test.field)
		})
	}
}
