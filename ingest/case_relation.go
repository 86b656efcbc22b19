package ingest

import (
	"context"
	"errors"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// caseRelationPlan brings in how a case stands to another, by the rules of
// casework: both are there, and PARENT_OF makes no cycle.
type caseRelationPlan struct {
	*relationPlan
	store    casegraph.Store
	relation cases.Relation
	ancestry cases.Ancestry
}

func (s *Settings) prepareCaseRelation(row *Row) (plan, error) {
	err := lacks("a RELATES_TO link", attribute{"role", row.Role != ""}, attribute{"identifier", row.Identifier != nil},
		attribute{"score", row.Score != 0}, attribute{"confidence", row.Confidence != 0},
		attribute{"fields", len(row.Fields) > 0})
	if err != nil {
		return nil, err
	}
	if !cases.Relation(row.Key).Valid() {
		return nil, casegraph.BadInput("key: %s", cases.RelationRule())
	}
	switch {
	case row.State == "":
	case row.Key != string(cases.Relates):
		return nil, casegraph.BadInput("state: only RELATES has one")
	case row.State != casegraph.StateConfirmed && row.State != casegraph.StateRefused:
		return nil, casegraph.BadInput("state: must be CONFIRMED or REFUSED")
	}
	p, err := relation(row, casegraph.KindCase)
	return &caseRelationPlan{relationPlan: p, store: s.store, relation: cases.Relation(row.Key)}, err
}

func (p *caseRelationPlan) input() *cases.LinkCasesInput {
	return &cases.LinkCasesInput{FromID: p.from.ID, ToID: p.to.ID, Relation: p.relation, Ancestry: p.ancestry}
}

func (p *caseRelationPlan) needs(known nodeSet) casegraph.Needs {
	needs := p.input().Needs()
	needs.Nodes = known.unknown(nil, p.from.ID, p.to.ID)
	return needs
}

// need reads the cases above one. Another change may raise their version before
// this one is decided: then it is read again.
func (p *caseRelationPlan) need(ctx context.Context, _ *moreNeeded) (err error) {
	p.ancestry, err = cases.Ancestors(ctx, p.store, p.from.ID)
	return err
}

func (p *caseRelationPlan) decide(v *commit.View, known nodeSet) (*commit.Writes, bool, error) {
	for _, end := range []*Ref{&p.from, &p.to} {
		if !known[end.ID] && v.Node(end.ID) == nil {
			return nil, false, end.missing()
		}
	}
	in := p.input()
	standing, err := in.Standing(v, "to")
	if errors.Is(err, cases.ErrAncestryMoved) {
		return nil, false, &moreNeeded{ancestry: true}
	}
	if err != nil {
		return nil, false, err
	}
	w := &commit.Writes{Events: []commit.Event{event(p.from.ID, "linked", p.reason)}}
	created, err := p.put(w, standing)
	if err == nil && created {
		w.Values, err = in.Raised(v)
	}
	return w, created, err
}
