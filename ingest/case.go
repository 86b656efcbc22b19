package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// casePlan brings in a case that was worked elsewhere.
type casePlan struct {
	ref        Ref // its ReferenceID is the case's number
	attributes Attributes
	people     map[string]casegraph.ID // users by attribute
	contains   []Content
	by         casegraph.ID
}

// maxContents is how many objects one row attaches at most.
const maxContents = 1000

func (s *Settings) prepareCase(ctx context.Context, row *Row) (plan, error) {
	p := &casePlan{ref: Ref{Kind: row.Node, ID: row.ID, Source: row.Source, ReferenceID: row.ReferenceID}, by: s.Actor}
	if p.ref.ReferenceID == "" {
		return nil, casegraph.BadInput("referenceId: must be given; it is the case's number at its source")
	}
	if err := p.ref.resolve(""); err != nil {
		return nil, err
	}
	if err := lacks(row.Node, attribute{"of", row.Of != nil}, attribute{"shows", row.Shows != nil}); err != nil {
		return nil, err
	}
	if err := nodeOnly(row); err != nil {
		return nil, err
	}
	p.attributes = row.Attributes
	if err := p.resolvePeople(ctx, s); err != nil {
		return nil, err
	}
	return p, p.resolveContents(row.Contains)
}

// resolvePeople finds users; whoever is none is kept in the fields.
func (p *casePlan) resolvePeople(ctx context.Context, s *Settings) error {
	p.people = map[string]casegraph.ID{}
	strangers := map[string]any{}
	for name, email := range map[string]*string{"assignee": p.attributes.Assignee, "creator": p.attributes.Creator, "resolver": p.attributes.Resolver} {
		if email == nil {
			continue
		}
		var user casegraph.ID
		if *email != "" && s.UserByEmail != nil {
			var err error
			if user, err = s.UserByEmail(ctx, *email); err != nil {
				return err
			}
		}
		p.people[name] = user
		strangers[name] = nil
		if user == "" && *email != "" {
			strangers[name] = *email
		}
	}
	if len(strangers) == 0 {
		return nil
	}
	given := map[string]any{}
	if len(p.attributes.Fields) > 0 {
		var kept map[string]json.RawMessage
		if err := json.Unmarshal(p.attributes.Fields, &kept); err != nil {
			return fmt.Errorf("ingest: fields: %w", err)
		}
		for name, value := range kept {
			given[name] = value
		}
	}
	for name, email := range strangers {
		given[name] = email
	}
	fields, err := casegraph.FieldsOf(given)
	p.attributes.Fields = fields
	return err
}

func (p *casePlan) resolveContents(contents []Content) error {
	if len(contents) > maxContents {
		return casegraph.BadInput("contains: at most %d", maxContents)
	}
	p.contains = slices.Clone(contents)
	for i := range p.contains {
		c, name := &p.contains[i], fmt.Sprintf("contains[%d]", i)
		if c.Source == "" && c.ID == "" {
			c.Source = p.ref.Source
		}
		if c.Kind == "" && c.ID == "" {
			return casegraph.BadInput("%s.kind: must be given with a referenceId", name)
		}
		if err := c.resolve(name); err != nil {
			return err
		}
		if !c.Kind.IsObject() {
			return casegraph.BadInput("%s.kind: a case contains objects, not a %s", name, c.Kind)
		}
		if c.Role != "" && !wordRule.MatchString(c.Role) {
			return casegraph.BadInput("%s.role: must be 1 to 60 lower-case letters, digits and -", name)
		}
		if err := checkText(name+".reason", c.Reason, 1000); err != nil {
			return err
		}
	}
	return nil
}

func (p *casePlan) node() casegraph.ID                      { return p.ref.ID }
func (p *casePlan) need(context.Context, *moreNeeded) error { return nil }
func (p *casePlan) links() int                              { return len(p.contains) }

func (p *casePlan) needs(known nodeSet) casegraph.Needs {
	needs := casegraph.Needs{Nodes: []casegraph.ID{p.ref.ID}}
	for i := range p.contains {
		needs.Nodes = known.unknown(needs.Nodes, p.contains[i].ID)
		needs.Links = append(needs.Links, p.attached(i))
	}
	return needs
}

func (p *casePlan) attached(i int) casegraph.LinkID {
	return casegraph.LinkID{From: p.ref.ID, Kind: casegraph.LinkContains, To: p.contains[i].ID}
}

func (p *casePlan) decide(v *commit.View, known nodeSet) (*commit.Writes, bool, error) {
	w := &commit.Writes{}
	c, there := v.Node(p.ref.ID).(*casegraph.Case)
	if !there {
		c = &casegraph.Case{Header: casegraph.Header{ID: p.ref.ID}, Number: p.ref.ReferenceID, Title: p.ref.ReferenceID,
			CaseType: "general", Status: "Open", Source: p.ref.Source}
	}
	changed, err := p.apply(c)
	if err != nil {
		return nil, false, err
	}
	if changed || !there {
		w.Nodes = append(w.Nodes, c)
	}
	verb := verb(!there, changed)
	if verb == "linked" {
		verb = "objects-attached"
	}
	w.Events = append(w.Events, event(p.ref.ID, verb, ""))
	var refs []Ref
	for i := range p.contains {
		refs = append(refs, p.contains[i].Ref)
		l, changes := p.attach(v, i)
		if changes {
			w.Links = append(w.Links, l)
		}
	}
	if c.Awaiting != nil && (changed || len(w.Links) > 0) {
		cases.AskAnew(c)
		w.Nodes = []casegraph.Node{c}
	}
	return w, !there, stubs(v, known, w, refs, p.ref.ID)
}

func (p *casePlan) attach(v *commit.View, i int) (l casegraph.Link, changes bool) {
	content := &p.contains[i]
	l = casegraph.Link{LinkID: p.attached(i), FirstSeen: v.Now, LastSeen: v.Now, Count: 1,
		LinkProps: casegraph.LinkProps{Source: p.ref.Source, By: p.by}}
	known := v.Link(l.LinkID)
	if known != nil {
		l = *known
	}
	if content.Role != "" {
		l.Role = content.Role
	}
	if content.Reason != "" {
		l.Reason = content.Reason
	}
	return l, known == nil || !reflect.DeepEqual(*known, l)
}

// apply puts the given attributes on the case and tells whether that changed it.
func (p *casePlan) apply(c *casegraph.Case) (changed bool, err error) {
	a := &p.attributes
	changed = put(&c.Number, &p.ref.ReferenceID)
	changed = put(&c.Title, a.Title) || changed
	changed = put(&c.CaseType, a.CaseType) || changed
	changed = put(&c.Status, a.Status) || changed
	changed = put(&c.Resolution, a.Resolution) || changed
	changed = put(&c.Description, a.Description) || changed
	changed = putTags(&c.Tags, a.Tags) || changed
	if a.Restricted != nil && *a.Restricted != c.Restricted {
		c.Restricted, changed = *a.Restricted, true
	}
	changed = putTime(&c.AssignedAt, a.AssignedAt) || changed
	changed = putTime(&c.ResolvedAt, a.ResolvedAt) || changed
	for name, attribute := range map[string]*casegraph.ID{"assignee": &c.AssigneeID, "creator": &c.CreatorID, "resolver": &c.ResolverID} {
		if user, given := p.people[name]; given {
			changed = put(attribute, &user) || changed
		}
	}
	merged, err := mergeFields(&c.Fields, a.Fields)
	return merged || changed, err
}
