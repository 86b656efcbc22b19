package cases

import (
	"fmt"
	"io"
	"strconv"

	"casegraph"
	"casegraph/commit"
)

// DecideInput confirms or refuses that two cases are related, or that two
// accounts are the same person's.
type DecideInput struct {
	OneID, OtherID casegraph.ID // either way round
	Decision       Decision
	Reason         string // 1 to MaxNote characters
}

// Decision is what somebody holds of a relation; it is the link's state.
type Decision string

// The decisions.
const (
	Confirm Decision = casegraph.StateConfirmed
	Refuse  Decision = casegraph.StateRefused
)

// Valid tells whether the decision exists.
func (d Decision) Valid() bool { return d == Confirm || d == Refuse }

// MarshalGQL writes the enum value.
func (d Decision) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads an enum value.
func (d *Decision) UnmarshalGQL(v any) error {
	*d = Decision(fmt.Sprint(v))
	if !d.Valid() {
		return fmt.Errorf("%q is no RelationDecision", *d)
	}
	return nil
}

// DecideAnswer tells what became of it: DECIDED, or ALREADY_DECIDED if that was
// decided before, whoever did and why.
type DecideAnswer struct {
	OneID   casegraph.ID `json:"oneId"`
	OtherID casegraph.ID `json:"otherId"`
	Outcome Outcome      `json:"outcome"`
}

// links are all that may stand between the two; what is decided is the first or
// the second, one either way round.
func (in *DecideInput) links(kind casegraph.Kind) []casegraph.LinkID {
	both := func(link casegraph.LinkKind, key string) []casegraph.LinkID {
		return []casegraph.LinkID{{From: in.OneID, Kind: link, To: in.OtherID, Key: key}, {From: in.OtherID, Kind: link, To: in.OneID, Key: key}}
	}
	if kind == casegraph.KindAccount {
		return both(casegraph.LinkSameAs, "")
	}
	var all []casegraph.LinkID
	for _, relation := range Relations() { // RELATES is the first
		all = append(all, both(casegraph.LinkRelatesTo, string(relation))...)
	}
	return all
}

// Decide keeps on the RELATES or SAME_AS link between the two what was decided,
// by whom, when and why; it makes the link if there is none. It raises no
// version. It answers DecideAnswer; the event is case.relation-confirmed,
// account.relation-refused, … about OneID.
func Decide(by Asker, in DecideInput) (commit.Change, error) {
	kind, reason, err := by.checkDecision(in)
	if err != nil {
		return commit.Change{}, err
	}
	ids := in.links(kind)
	needs := casegraph.Needs{Nodes: []casegraph.ID{in.OneID, in.OtherID}, Links: ids}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		for field, id := range map[string]casegraph.ID{"oneId": in.OneID, "otherId": in.OtherID} {
			if by.visible(v, id) == nil {
				return nil, casegraph.NoSuch(field, inLower(kind), id)
			}
		}
		for _, id := range ids[2:] {
			if v.Link(id) != nil && in.Decision == Refuse {
				return nil, casegraph.BadInput("otherId: one is %s the other; unlink that first", inWords(Relation(id.Key)))
			}
		}
		l := v.Link(ids[0])
		if l == nil {
			l = v.Link(ids[1])
		}
		w := &commit.Writes{Answer: Encode(DecideAnswer{OneID: in.OneID, OtherID: in.OtherID, Outcome: AlreadyDecided})}
		if l != nil && l.State == string(in.Decision) {
			return w, nil
		}
		if l == nil {
			l = &casegraph.Link{LinkID: ids[0], FirstSeen: v.Now, Count: 1}
		}
		l.LastSeen, l.State, l.By, l.Reason = v.Now, string(in.Decision), v.Actor, reason
		verb := ".relation-confirmed"
		if l.Refused() {
			verb = ".relation-refused"
		}
		w.Links = []casegraph.Link{*l}
		w.Events = []commit.Event{{Name: inLower(kind) + verb, Subject: in.OneID, Note: reason}}
		w.Answer = Encode(DecideAnswer{OneID: in.OneID, OtherID: in.OtherID, Outcome: Decided})
		return w, nil
	}}, nil
}

func (a Asker) checkDecision(in DecideInput) (kind casegraph.Kind, reason string, err error) {
	if err = a.Require(casegraph.RoleInvestigator); err != nil {
		return "", "", err
	}
	kind, _ = casegraph.KindOf(in.OneID)
	other, _ := casegraph.KindOf(in.OtherID)
	switch {
	case kind != casegraph.KindCase && kind != casegraph.KindAccount:
		return "", "", casegraph.NoSuch("oneId", "case or account", in.OneID)
	case other != kind:
		return "", "", casegraph.NoSuch("otherId", inLower(kind), in.OtherID)
	case in.OneID == in.OtherID:
		return "", "", casegraph.BadInput("otherId: must be another %s", inLower(kind))
	case !in.Decision.Valid():
		return "", "", casegraph.BadInput("decision: must be CONFIRMED or REFUSED")
	}
	reason, err = Text("reason", in.Reason, 1, MaxNote)
	return kind, reason, err
}
