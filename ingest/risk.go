package ingest

import (
	"context"
	"reflect"
	"strings"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// riskPlan brings in a risk mark, such as a line of a list of what is known to
// be bad. A mark that was set later stays; a row without a time marks only what
// has no mark.
type riskPlan struct {
	on   Ref    // or
	show *sight // an identifier
	id   casegraph.ID
	mark casegraph.RiskMark // At is 0 if the row has no time
}

func (s *Settings) prepareRisk(ctx context.Context, row *Row) (plan, error) {
	if err := riskOnly(row); err != nil {
		return nil, err
	}
	if !row.Risk.Valid() {
		return nil, casegraph.BadInput("risk: must be KNOWN_BAD, SUSPICIOUS or TRUSTED")
	}
	reason, err := cases.Text("reason", row.Reason, 1, cases.MaxNote)
	if err != nil {
		return nil, err
	}
	p := &riskPlan{mark: casegraph.RiskMark{Level: row.Risk, Reason: reason, At: casegraph.Time(row.At), ExpiresAt: casegraph.Time(row.ExpiresAt)}}
	if row.By != nil && s.UserByEmail != nil {
		if p.mark.By, err = s.UserByEmail(ctx, *row.By); err != nil {
			return nil, err
		}
	}
	if (row.On == nil) == (row.Identifier == nil) {
		return nil, casegraph.BadInput("on: a mark is on either a node or an identifier")
	}
	if row.Identifier != nil {
		return p, p.onIdentifier(s, *row.Identifier)
	}
	return p, p.onNode(*row.On, row.Source)
}

// riskOnly refuses what a risk mark can't have.
func riskOnly(row *Row) error {
	bare := *row
	bare.Risk, bare.Source, bare.On, bare.Identifier, bare.Reason, bare.By, bare.At, bare.ExpiresAt = "", "", nil, nil, "", nil, 0, 0
	t, v := reflect.TypeFor[Row](), reflect.ValueOf(bare)
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && !v.FieldByIndex(field.Index).IsZero() {
			return casegraph.BadInput("%s: is no attribute of a risk mark", name)
		}
	}
	return nil
}

func (p *riskPlan) onIdentifier(s *Settings, given Sight) error {
	var found sights
	if err := found.add("identifier", given, s.Identity); err != nil {
		return err
	}
	if len(found.all) == 0 {
		return casegraph.BadInput("identifier: %q stands for no value, and joins nobody to anybody", given.Value)
	}
	p.show = &found.all[0] // an IP's network comes behind it
	p.id = p.show.id
	return nil
}

func (p *riskPlan) onNode(on Ref, source string) error {
	if p.on = on; on.Source == "" && on.ID == "" {
		p.on.Source = source
	}
	if on.Kind == "" && on.ID == "" {
		return casegraph.BadInput("on.kind: must be given with a referenceId")
	}
	if err := p.on.resolve("on"); err != nil {
		return err
	}
	if !p.on.Kind.CanBeMarked() || p.on.Kind == casegraph.KindIdentifier && p.on.ReferenceID != "" {
		return casegraph.BadInput("on.kind: a mark is on a case or an object; name an identifier by its kind and value in identifier")
	}
	p.id = p.on.ID
	return nil
}

func (p *riskPlan) node() casegraph.ID                      { return p.id }
func (p *riskPlan) need(context.Context, *moreNeeded) error { return nil }
func (p *riskPlan) links() int                              { return 1 }
func (p *riskPlan) needs(nodeSet) casegraph.Needs {
	return casegraph.Needs{Nodes: []casegraph.ID{p.id}}
}

func (p *riskPlan) decide(v *commit.View, _ nodeSet) (w *commit.Writes, created bool, err error) {
	w = &commit.Writes{}
	n := v.Node(p.id)
	if n == nil {
		if n, err = p.unmet(); err != nil {
			return nil, false, err
		}
		created = true
	}
	mark, head := p.mark, n.Head()
	if head.Risk != nil && (mark.At == 0 || head.Risk.At > mark.At || *head.Risk == mark) {
		return w, false, nil
	}
	if mark.At == 0 {
		mark.At = v.Now
	}
	head.Risk = &mark
	w.Nodes, w.Events = []casegraph.Node{n}, []commit.Event{event(p.id, "risk-marked", "")}
	return w, created, nil
}

// unmet is what the mark is on, if it was not met before: marked, it is known
// when it is.
func (p *riskPlan) unmet() (casegraph.Node, error) {
	switch {
	case p.show != nil:
		return p.show.node(), nil
	case p.on.Kind.IsObject():
		return p.on.stub()
	}
	return nil, p.on.missing()
}
