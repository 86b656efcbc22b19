package ingest

import (
	"reflect"
	"regexp"

	"casegraph"
	"casegraph/commit"
)

// relationPlan brings in a RELATED link between two accounts.
type relationPlan struct {
	from, to    Ref
	id          casegraph.LinkID
	source      string
	fields      casegraph.Fields
	confidence  float64
	first, last casegraph.Time
	count       int64
}

var relationRule = regexp.MustCompile(`^[a-z][a-z0-9-]*(:[^\x00]*)?$`)

func prepareRelation(row *Row) (plan, error) {
	if err := lacks("a RELATED link", attribute{"role", row.Role != ""}, attribute{"identifier", row.Identifier != nil}); err != nil {
		return nil, err
	}
	if len(row.Key) > 200 || !relationRule.MatchString(row.Key) {
		return nil, casegraph.BadInput("key: must begin with a lower-case word for the relation, such as owns or owns:2024, and have at most 200 bytes")
	}
	p := &relationPlan{source: row.Source, confidence: row.Confidence, count: max(row.Count, 1)}
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
			return nil, casegraph.BadInput("%s: must name an account", end.name)
		}
		*end.ref = *end.given
		if end.ref.Kind == "" {
			end.ref.Kind = casegraph.KindAccount
		}
		if end.ref.Kind != casegraph.KindAccount {
			return nil, casegraph.BadInput("%s.kind: must be ACCOUNT", end.name)
		}
		if end.ref.Source == "" && end.ref.ID == "" {
			end.ref.Source = row.Source
		}
		if err := end.ref.resolve(end.name); err != nil {
			return nil, err
		}
	}
	if p.from.ID == p.to.ID {
		return nil, casegraph.BadInput("to: an account can't be linked to itself")
	}
	fields := Attributes{Fields: row.Fields}
	if err := fields.checkFields(); err != nil {
		return nil, err
	}
	p.fields = fields.Fields
	p.id = casegraph.LinkID{From: p.from.ID, Kind: casegraph.LinkRelated, To: p.to.ID, Key: row.Key}
	return p, nil
}

func (p *relationPlan) node() casegraph.ID      { return p.from.ID }
func (p *relationPlan) need([]casegraph.LinkID) {}
func (p *relationPlan) links() int              { return 1 }

func (p *relationPlan) needs(known nodeSet) casegraph.Needs {
	return casegraph.Needs{Nodes: known.unknown(nil, p.from.ID, p.to.ID), Links: []casegraph.LinkID{p.id}}
}

func (p *relationPlan) decide(v *commit.View, known nodeSet) (*commit.Writes, bool, error) {
	w := &commit.Writes{Events: []commit.Event{event(p.from.ID, "linked", "")}}
	if err := stubs(v, known, w, []Ref{p.from, p.to}, p.from.ID); err != nil {
		return nil, false, err
	}
	l := casegraph.Link{LinkID: p.id, LinkProps: casegraph.LinkProps{Source: p.source}}
	was := v.Link(p.id)
	created := was == nil || was.Ended != 0
	if !created {
		l = *was
	}
	widen(&l, p.first, p.last)
	l.Count = max(l.Count, p.count)
	if p.confidence != 0 {
		l.Confidence = p.confidence
	}
	if _, err := mergeFields(&l.Fields, p.fields); err != nil {
		return nil, false, err
	}
	if created || !reflect.DeepEqual(*was, l) {
		w.Links = append(w.Links, l)
	}
	return w, created, nil
}
