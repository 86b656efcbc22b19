package ingest

import (
	"cmp"
	"context"
	"reflect"
	"regexp"

	"casegraph"
	"casegraph/commit"
)

// relationPlan brings in a link between two nodes of one kind: RELATED or
// SAME_AS between accounts, and what case_relation.go adds between cases.
type relationPlan struct {
	from, to    Ref
	id          casegraph.LinkID
	source      string
	fields      casegraph.Fields
	confidence  float64
	state       string
	score       float64
	reason      string
	first, last casegraph.Time
	count       int64
}

var relationRule = regexp.MustCompile(`^[a-z][a-z0-9-]*(:[^\x00]*)?$`)

func prepareRelation(row *Row) (plan, error) {
	err := lacks("a RELATED link", attribute{"role", row.Role != ""}, attribute{"identifier", row.Identifier != nil},
		attribute{"state", row.State != ""}, attribute{"score", row.Score != 0}, attribute{"reason", row.Reason != ""})
	if err != nil {
		return nil, err
	}
	if len(row.Key) > 200 || !relationRule.MatchString(row.Key) {
		return nil, casegraph.BadInput("key: must begin with a lower-case word for the relation, such as owns or owns:2024, and have at most 200 bytes")
	}
	return relation(row, casegraph.KindAccount)
}

func prepareSameness(row *Row) (plan, error) {
	err := lacks("a SAME_AS link", attribute{"role", row.Role != ""}, attribute{"identifier", row.Identifier != nil},
		attribute{"key", row.Key != ""}, attribute{"confidence", row.Confidence != 0})
	if err != nil {
		return nil, err
	}
	switch row.State {
	case "", casegraph.StateProposed, casegraph.StateConfirmed, casegraph.StateRefused:
	default:
		return nil, casegraph.BadInput("state: must be %s, %s or %s", casegraph.StateProposed, casegraph.StateConfirmed, casegraph.StateRefused)
	}
	return relation(row, casegraph.KindAccount)
}

// maxReason is how many characters the reason of a link has at most.
const maxReason = 1000

// relation is what all links between two nodes of a kind have in common.
func relation(row *Row, kind casegraph.Kind) (*relationPlan, error) {
	p := &relationPlan{source: row.Source, confidence: row.Confidence, state: row.State, score: row.Score,
		reason: row.Reason, count: max(row.Count, 1)}
	p.first, p.last = firstAndLast(casegraph.Time(row.FirstSeen), casegraph.Time(row.LastSeen))
	if !sourceRule.MatchString(p.source) {
		return nil, badSource("source")
	}
	for _, end := range []struct {
		name  string
		given *Ref
		ref   *Ref
	}{{"from", row.From, &p.from}, {"to", row.To, &p.to}} {
		if end.given == nil {
			return nil, casegraph.BadInput("%s: must name the %s", end.name, inLower(kind))
		}
		*end.ref = *end.given
		if end.ref.Kind == "" {
			end.ref.Kind = kind
		}
		if end.ref.Kind != kind {
			return nil, casegraph.BadInput("%s.kind: must be %s", end.name, kind)
		}
		if end.ref.Source == "" && end.ref.ID == "" {
			end.ref.Source = row.Source
		}
		if err := end.ref.resolve(end.name); err != nil {
			return nil, err
		}
	}
	if p.from.ID == p.to.ID {
		return nil, casegraph.BadInput("to: must be another %s than from", inLower(kind))
	}
	if err := checkText("reason", p.reason, maxReason); err != nil {
		return nil, err
	}
	fields := Attributes{Fields: row.Fields}
	if err := fields.checkFields(); err != nil {
		return nil, err
	}
	p.fields = fields.Fields
	p.id = casegraph.LinkID{From: p.from.ID, Kind: row.Link, To: p.to.ID, Key: row.Key}
	return p, nil
}

func (p *relationPlan) node() casegraph.ID                      { return p.from.ID }
func (p *relationPlan) need(context.Context, *moreNeeded) error { return nil }
func (p *relationPlan) links() int                              { return 1 }

func (p *relationPlan) inverse() casegraph.LinkID {
	return casegraph.LinkID{From: p.to.ID, Kind: p.id.Kind, To: p.from.ID, Key: p.id.Key}
}

func (p *relationPlan) needs(known nodeSet) casegraph.Needs {
	needs := casegraph.Needs{Nodes: known.unknown(nil, p.from.ID, p.to.ID), Links: []casegraph.LinkID{p.id}}
	if p.id.Kind == casegraph.LinkSameAs {
		needs.Links = append(needs.Links, p.inverse())
	}
	return needs
}

func (p *relationPlan) decide(v *commit.View, known nodeSet) (*commit.Writes, bool, error) {
	w := &commit.Writes{Events: []commit.Event{event(p.from.ID, "linked", "")}}
	if err := stubs(v, known, w, []Ref{p.from, p.to}, p.from.ID); err != nil {
		return nil, false, err
	}
	standing := v.Link(p.id)
	if p.id.Kind == casegraph.LinkSameAs && standing == nil {
		standing = v.Link(p.inverse()) // it says the same
	}
	created, err := p.put(w, standing)
	return w, created, err
}

// put adds the link to the writes as it shall be, unless it is so already.
func (p *relationPlan) put(w *commit.Writes, was *casegraph.Link) (created bool, err error) {
	l := casegraph.Link{LinkID: p.id, LinkProps: casegraph.LinkProps{Source: p.source}}
	if created = was == nil; !created {
		l = *was
	}
	widen(&l, p.first, p.last)
	l.Count = max(l.Count, p.count)
	l.Confidence = cmp.Or(p.confidence, l.Confidence)
	l.Score = cmp.Or(p.score, l.Score)
	l.Reason = cmp.Or(p.reason, l.Reason)
	l.State = p.stateAfter(l.State)
	if _, err := mergeFields(&l.Fields, p.fields); err != nil {
		return false, err
	}
	if created || !reflect.DeepEqual(*was, l) {
		w.Links = append(w.Links, l)
	}
	return created, nil
}

// stateAfter is the state of a SAME_AS or RELATES_TO link: a proposal, or a
// relation of no state, that comes again does not undo what was decided of it.
func (p *relationPlan) stateAfter(was string) string {
	if p.id.Kind == casegraph.LinkRelatesTo {
		return cmp.Or(p.state, was)
	}
	if p.id.Kind != casegraph.LinkSameAs || was != "" && (p.state == "" || p.state == casegraph.StateProposed) {
		return was
	}
	return cmp.Or(p.state, casegraph.StateProposed)
}
