package ingest

import (
	"strings"
	"testing"

	"casegraph"
)

// risk is a node's mark: level, reason, time.
func (w *world) risk(id casegraph.ID) string {
	w.Helper()
	n := w.node(id)
	if n == nil || n.Head().Risk == nil {
		return "none"
	}
	mark := n.Head().Risk
	return strings.Join([]string{string(mark.Level), mark.Reason, mark.At.String(), mark.ExpiresAt.String()}, "|")
}

func TestTheMarkThatWasSetLastStays(t *testing.T) {
	w := newWorld(t)
	on := `"on":{"kind":"ACCOUNT","source":"bank","referenceId":"ana"}`
	for _, step := range []struct{ row, outcome, mark string }{
		{`{"risk":"SUSPICIOUS","reason":"a list",` + on + `}`, "CREATED", "SUSPICIOUS|a list|2026-11-22T09:00:00.000Z|"},
		{`{"risk":"KNOWN_BAD","reason":"another",` + on + `}`, "UNCHANGED", "SUSPICIOUS|a list|2026-11-22T09:00:00.000Z|"},
		{`{"risk":"KNOWN_BAD","reason":"before","at":"2026-11-22T08:59:59Z",` + on + `}`, "UNCHANGED", "SUSPICIOUS|a list|2026-11-22T09:00:00.000Z|"},
		{`{"risk":"KNOWN_BAD","reason":"later","at":"2026-11-22T10:00:00Z","expiresAt":"2027-01-01T00:00:00Z",` + on + `}`, "UPDATED", "KNOWN_BAD|later|2026-11-22T10:00:00.000Z|2027-01-01T00:00:00.000Z"},
		{`{"risk":"KNOWN_BAD","reason":"later","at":"2026-11-22T10:00:00Z","expiresAt":"2027-01-01T00:00:00Z",` + on + `}`, "UNCHANGED", "KNOWN_BAD|later|2026-11-22T10:00:00.000Z|2027-01-01T00:00:00.000Z"},
	} {
		if got := w.accept(step.row)[0]; !strings.EqualFold(string(got), step.outcome) {
			t.Errorf("%s: %s, want %s", step.row, got, step.outcome)
		}
		w.equal(step.row, w.risk(account("ana")), step.mark)
	}
}

// What is known to be bad is marked before it is met, and keeps its mark when
// it is.
func TestAListOfBadIdentifiers(t *testing.T) {
	w := newWorld(t)
	w.accept(`{"risk":"KNOWN_BAD","reason":"burner","identifier":{"kind":"phone","value":"+44 20 7183 8750"}}`)
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"phone","value":"+442071838750"}]}`)
	w.equal("mark", w.risk(casegraph.IdentifierID("phone", "+442071838750")), "KNOWN_BAD|burner|2026-11-22T09:00:00.000Z|")
	w.equal("links", w.links(account("ana"), casegraph.LinkHas), []string{"HAS → phone +442071838750"})
}

func TestRiskMarksThatCantComeIn(t *testing.T) {
	w := newWorld(t)
	for row, reason := range map[string]string{
		`{"risk":"BAD","reason":"x","on":{"id":"act_1"}}`:                                             "risk: must be KNOWN_BAD, SUSPICIOUS or TRUSTED",
		`{"risk":"TRUSTED","on":{"id":"act_1"}}`:                                                      "reason: from 1 to 1000 characters",
		`{"risk":"TRUSTED","reason":"x"}`:                                                             "on: a mark is on either a node or an identifier",
		`{"risk":"TRUSTED","reason":"x","on":{"id":"act_1"},"status":"open"}`:                         "status: is no attribute of a risk mark",
		`{"risk":"TRUSTED","reason":"x","on":{"id":"act_1"},"node":"ACCOUNT"}`:                        "node: a row has one of node, link and risk",
		`{"risk":"TRUSTED","reason":"x","on":{"source":"bank","referenceId":"ana"}}`:                  "on.kind: must be given with a referenceId",
		`{"risk":"TRUSTED","reason":"x","on":{"id":"act_9"}}`:                                         `on.id: no account has the id "act_9"`,
		`{"risk":"TRUSTED","reason":"x","on":{"id":"idn_9"}}`:                                         `on.id: no identifier has the id "idn_9"`,
		`{"risk":"TRUSTED","reason":"x","on":{"id":"usr_9"}}`:                                         `on.kind: a mark is on a case or an object; name an identifier by its kind and value in identifier`,
		`{"risk":"TRUSTED","reason":"x","on":{"kind":"CASE","source":"old","referenceId":"9"}}`:       `on.referenceId: no case has the referenceId "9" at old`,
		`{"risk":"TRUSTED","reason":"x","identifier":{"kind":"email","value":"no mail"}}`:             "identifier: email: must have exactly one @",
		`{"risk":"TRUSTED","reason":"x","identifier":{"kind":"phone","value":"0000000000"}}`:          `identifier: "0000000000" stands for no value, and joins nobody to anybody`,
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","expiresAt":5}`:                          "expiresAt: is no attribute of ACCOUNT",
		`{"link":"OF","source":"bank","from":{"id":"txn_1"},"to":{"id":"act_1"},"on":{"id":"act_1"}}`: "on: is no attribute of a link",
	} {
		if o := w.bring(row)[0]; o.Outcome != Rejected || o.Reason != reason {
			t.Errorf("%s\nis %s: %s\nand should be rejected: %s", row, o.Outcome, o.Reason, reason)
		}
	}
}
