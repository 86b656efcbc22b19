package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// objectPlan brings in what a row says of one object: its attributes, whose it
// is, and what it shows. An OF or SHOWS row is one without attributes.
type objectPlan struct {
	ref        Ref
	source     string
	attributes *Attributes
	owners     []Owner
	sights     sights
	// ownersStated and sightsStated: the row has all of them, others of the same
	// source end. Otherwise it adds to those that are there.
	ownersStated, sightsStated bool
	// first, last and count are of the links of an OF or SHOWS row; a row of the
	// object itself dates its links by the object.
	first, last casegraph.Time
	count       int64
	paid        []casegraph.LinkID
}

func (s *Settings) prepareObject(row *Row) (plan, []error, error) {
	p := &objectPlan{ref: Ref{Kind: row.Node, ID: row.ID, Source: row.Source, ReferenceID: row.ReferenceID},
		source: row.Source, attributes: &row.Attributes, count: 1}
	if err := p.ref.resolve(""); err != nil {
		return nil, nil, err
	}
	if err := nodeOnly(row); err != nil {
		return nil, nil, err
	}
	if row.Contains != nil {
		return nil, nil, casegraph.BadInput("contains: belongs to cases")
	}
	if row.Of != nil {
		p.owners, p.ownersStated = *row.Of, true
		if err := p.resolveOwners("of"); err != nil {
			return nil, nil, err
		}
	}
	if row.Shows != nil && len(*row.Shows) > maxSights {
		return nil, nil, casegraph.BadInput("shows: at most %d", maxSights)
	}
	p.sights, p.sightsStated = s.shown(row)
	return p, p.sights.warnings, nil
}

// prepareSight makes a SHOWS row's plan.
func (s *Settings) prepareSight(row *Row) (plan, []error, error) {
	if row.Identifier == nil {
		return nil, nil, casegraph.BadInput("identifier: a SHOWS link has a kind and a value here")
	}
	if err := lacks("a SHOWS link", attribute{"state", row.State != ""}, attribute{"score", row.Score != 0}, attribute{"reason", row.Reason != ""},
		attribute{"to", row.To != nil}, attribute{"key", row.Key != ""}, attribute{"role", row.Role != ""}); err != nil {
		return nil, nil, err
	}
	p, err := linkPlan(row)
	if err != nil {
		return nil, nil, err
	}
	given := *row.Identifier
	given.Confidence = max(given.Confidence, row.Confidence)
	if err := p.sights.add("identifier", given, s.Identity); err != nil {
		return nil, nil, err
	}
	return p, p.sights.warnings, nil
}

// prepareOwnership makes an OF row's plan.
func prepareOwnership(row *Row) (plan, error) {
	if row.To == nil {
		return nil, casegraph.BadInput("to: an OF link leads to an account")
	}
	if err := lacks("an OF link", attribute{"state", row.State != ""}, attribute{"score", row.Score != 0}, attribute{"reason", row.Reason != ""},
		attribute{"identifier", row.Identifier != nil}, attribute{"key", row.Key != ""}, attribute{"confidence", row.Confidence != 0}); err != nil {
		return nil, err
	}
	p, err := linkPlan(row)
	if err != nil {
		return nil, err
	}
	p.owners = []Owner{{Ref: *row.To, Role: row.Role}}
	return p, p.resolveOwners("to")
}

// linkPlan is what SHOWS and OF rows have in common.
func linkPlan(row *Row) (*objectPlan, error) {
	switch {
	case row.From == nil:
		return nil, casegraph.BadInput("from: must name an object")
	case len(row.Fields) > 0:
		return nil, casegraph.BadInput("fields: an OF or SHOWS link has none")
	}
	p := &objectPlan{ref: *row.From, source: row.Source, first: casegraph.Time(row.FirstSeen),
		last: casegraph.Time(row.LastSeen), count: max(row.Count, 1)}
	p.first, p.last = firstAndLast(p.first, p.last)
	if p.ref.Source == "" && p.ref.ReferenceID != "" {
		p.ref.Source = row.Source
	}
	if err := p.ref.resolve("from"); err != nil {
		return nil, err
	}
	if p.source == "" {
		p.source = p.ref.Source
	}
	if p.source != "" && !sourceRule.MatchString(p.source) {
		return nil, badSource("source")
	}
	if !p.ref.Kind.IsObject() {
		return nil, casegraph.BadInput("from.kind: must be ACCOUNT, INQUIRY, REPORT, TRANSACTION or SESSION")
	}
	return p, nil
}

// firstAndLast takes one for the other where only one is known.
func firstAndLast(first, last casegraph.Time) (casegraph.Time, casegraph.Time) {
	if first == 0 {
		first = last
	}
	return first, max(first, last)
}

func (p *objectPlan) resolveOwners(name string) error {
	if p.ref.Kind == casegraph.KindAccount {
		return casegraph.BadInput("%s: an account is of nobody; a RELATED link joins two", name)
	}
	if len(p.owners) > maxOwners {
		return casegraph.BadInput("%s: at most %d", name, maxOwners)
	}
	p.owners = slices.Clone(p.owners)
	roles := map[string]bool{}
	for i := range p.owners {
		o := &p.owners[i]
		here := name
		if p.ownersStated {
			here = fmt.Sprintf("%s[%d]", name, i)
		}
		if o.Kind == "" {
			o.Kind = casegraph.KindAccount
		}
		if o.Kind != casegraph.KindAccount {
			return casegraph.BadInput("%s.kind: must be ACCOUNT", here)
		}
		if o.Source == "" && o.ID == "" {
			o.Source = p.source
		}
		if err := o.resolve(here); err != nil {
			return err
		}
		if err := p.checkRole(here, o.Role, roles); err != nil {
			return err
		}
	}
	if payer, payee := p.owner(RolePayer), p.owner(RolePayee); p.ref.Kind == casegraph.KindTransaction {
		if id, ok := p.payment(payer, payee); ok {
			p.paid = append(p.paid, id)
		}
	}
	return nil
}

// maxOwners is how many accounts an object is of at most.
const maxOwners = 20

func (p *objectPlan) checkRole(name, role string, seen map[string]bool) error {
	if p.ref.Kind == casegraph.KindTransaction && role != "" {
		if role != RolePayer && role != RolePayee {
			return casegraph.BadInput("%s.role: must be payer or payee, or absent where it is not known", name)
		}
		if seen[role] {
			return casegraph.BadInput("%s.role: a transaction has one %s", name, role)
		}
		seen[role] = true
		return nil
	}
	if role != "" && !wordRule.MatchString(role) {
		return casegraph.BadInput("%s.role: must be 1 to 60 lower-case letters, digits and -", name)
	}
	return nil
}

func (p *objectPlan) owner(role string) casegraph.ID {
	for _, o := range p.owners {
		if o.Role == role {
			return o.ID
		}
	}
	return ""
}

// payment names the PAID link between two accounts; a transfer to oneself has none.
func (p *objectPlan) payment(payer, payee casegraph.ID) (casegraph.LinkID, bool) {
	id := casegraph.LinkID{From: payer, Kind: casegraph.LinkPaid, To: payee, Key: string(p.ref.ID)}
	return id, payer != "" && payee != "" && payer != payee
}

func (p *objectPlan) node() casegraph.ID { return p.ref.ID }

func (p *objectPlan) need(_ context.Context, more *moreNeeded) error {
	p.paid = append(p.paid, more.links...)
	return nil
}

func (p *objectPlan) links() int { return len(p.owners) + len(p.sights.all) + len(p.paid) }

func (p *objectPlan) needs(known nodeSet) casegraph.Needs {
	nodes := make([]casegraph.ID, 0, 1+len(p.owners)+len(p.sights.all))
	nodes = append(nodes, p.ref.ID)
	for i := range p.owners {
		nodes = known.unknown(nodes, p.owners[i].ID)
	}
	for i := range p.sights.all {
		nodes = known.unknown(nodes, p.sights.all[i].id)
	}
	return casegraph.Needs{Nodes: nodes, Evidence: []casegraph.ID{p.ref.ID}, Links: p.paid}
}

func (p *objectPlan) decide(v *commit.View, known nodeSet) (*commit.Writes, bool, error) {
	w := &commit.Writes{}
	n, created, err := p.current(v)
	if err != nil {
		return nil, false, err
	}
	object := n.(interface{ External() *casegraph.Object }).External()
	was := object.At
	changed, err := p.apply(n, object)
	if err != nil {
		return nil, false, err
	}
	if created || changed {
		w.Nodes = append(w.Nodes, n)
	}
	w.Events = append(w.Events, event(p.ref.ID, verb(created, changed), ""))
	refs := make([]Ref, len(p.owners))
	for i := range p.owners {
		refs[i] = p.owners[i].Ref
	}
	if err := stubs(v, known, w, refs, p.ref.ID); err != nil {
		return nil, false, err
	}
	for i := range p.sights.all {
		if s := &p.sights.all[i]; !known[s.id] && v.Node(s.id) == nil {
			w.Nodes = append(w.Nodes, s.node())
		}
	}
	standing := v.Evidence(p.ref.ID)
	links, ends := p.evidence(standing, was, object.At)
	for i := range links {
		if was := find(standing, links[i].LinkID); was == nil || !reflect.DeepEqual(*was, links[i]) {
			w.Links = append(w.Links, links[i])
		}
	}
	w.Ends = ends
	if transaction, ok := n.(*casegraph.Transaction); ok {
		if err := p.pay(v, w, transaction, standing, links); err != nil {
			return nil, false, err
		}
	}
	return w, created, nil
}

func verb(created, changed bool) string {
	switch {
	case created:
		return "created"
	case changed:
		return "updated"
	}
	return "linked"
}

// current is the object as it stands, or a new one.
func (p *objectPlan) current(v *commit.View) (n casegraph.Node, created bool, err error) {
	if n := v.Node(p.ref.ID); n != nil {
		return n, false, nil
	}
	n, err = p.ref.stub()
	return n, true, err
}

func (p *objectPlan) apply(n casegraph.Node, object *casegraph.Object) (changed bool, err error) {
	if p.attributes != nil {
		if changed, err = p.attributes.apply(n); err != nil {
			return false, err
		}
		// An id given as its own reference stands in until there is a real one.
		standIn := p.ref.ReferenceID == string(p.ref.ID) && object.ReferenceID != ""
		if p.ref.ReferenceID != "" && !standIn && (object.Source != p.ref.Source || object.ReferenceID != p.ref.ReferenceID) {
			object.Source, object.ReferenceID, changed = p.ref.Source, p.ref.ReferenceID, true
		}
	}
	kept, err := p.keepPlaceholders(&object.Fields)
	return changed || kept, err
}

// placeholdersField is where placeholders are kept: by identifier kind.
const placeholdersField = "placeholders"

func (p *objectPlan) keepPlaceholders(fields *casegraph.Fields) (changed bool, err error) {
	given, kept := p.sights.placeholders, keptPlaceholders(*fields)
	if len(given) == 0 && (len(kept) == 0 || !p.sightsStated) {
		return false, nil
	}
	byKind := map[string]any{}
	for kind, values := range kept {
		if byKind[kind] = values; p.sightsStated {
			byKind[kind] = nil // unless it is given again
		}
	}
	for kind, values := range given {
		if !p.sightsStated {
			values = union(values, kept[kind])
		}
		byKind[kind] = values
	}
	patch := map[string]any{placeholdersField: byKind}
	if len(given) == 0 {
		patch[placeholdersField] = nil
	}
	encoded, err := casegraph.FieldsOf(patch)
	if err != nil {
		return false, casegraph.BadInput("shows: %v", err)
	}
	return mergeFields(fields, encoded)
}

// keptPlaceholders are those that the fields hold; none where the field of
// this name is somebody else's.
func keptPlaceholders(fields casegraph.Fields) (byKind map[string][]string) {
	if !bytes.Contains(fields, []byte(`"`+placeholdersField+`"`)) {
		return nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(fields, &all) != nil || json.Unmarshal(all[placeholdersField], &byKind) != nil {
		return nil
	}
	return byKind
}

// evidence is how the object's OF and SHOWS links shall be, all that will
// stand, and which end.
func (p *objectPlan) evidence(standing []*casegraph.Link, was, now casegraph.Time) (links []casegraph.Link, ends []casegraph.LinkID) {
	links = make([]casegraph.Link, 0, len(p.owners)+len(p.sights.all)+len(standing))
	add := func(id casegraph.LinkID) *casegraph.Link {
		l := casegraph.Link{LinkID: id, LinkProps: casegraph.LinkProps{Source: p.source}}
		if p.attributes != nil {
			l.FirstSeen, l.LastSeen = was, was
		}
		if known := find(standing, id); known != nil {
			l = *known
		}
		p.date(&l, was, now)
		links = append(links, l)
		return &links[len(links)-1]
	}
	for i := range p.owners {
		add(casegraph.LinkID{From: p.ref.ID, Kind: casegraph.LinkOf, To: p.owners[i].ID, Key: p.owners[i].Role})
	}
	for i := range p.sights.all {
		s := &p.sights.all[i]
		l := add(casegraph.LinkID{From: p.ref.ID, Kind: casegraph.LinkShows, To: s.id})
		l.Raw = union(l.Raw, s.raw)
		if s.confidence != 0 {
			l.Confidence = s.confidence
		}
	}
	told := len(links)
	for _, l := range standing {
		if slices.ContainsFunc(links[:told], func(o casegraph.Link) bool { return o.LinkID == l.LinkID }) {
			continue
		}
		if p.ends(l) {
			ends = append(ends, l.LinkID)
			continue
		}
		kept := *l
		if l.Source == p.source && l.FirstSeen == was && l.LastSeen == was {
			kept.FirstSeen, kept.LastSeen = now, now // it goes with the object's own time
		}
		links = append(links, kept)
	}
	return links, ends
}

// ends tells whether the row's source told a link earlier and no longer states it.
func (p *objectPlan) ends(l *casegraph.Link) bool {
	stated := p.ownersStated
	if l.Kind == casegraph.LinkShows {
		stated = p.sightsStated
	}
	return stated && l.Source == p.source
}

// date sets when the link held. A row of the object dates it by the object's
// own time; a row of the link widens what is known.
func (p *objectPlan) date(l *casegraph.Link, was, now casegraph.Time) {
	l.Count = max(l.Count, p.count)
	switch {
	case p.attributes == nil:
		widen(l, p.first, p.last)
	case l.FirstSeen == was && l.LastSeen == was:
		l.FirstSeen, l.LastSeen = now, now
	default:
		widen(l, now, now)
	}
}

func find(links []*casegraph.Link, id casegraph.LinkID) *casegraph.Link {
	for _, l := range links {
		if l.LinkID == id {
			return l
		}
	}
	return nil
}

// pay keeps the PAID link that goes with a transaction's payer and payee.
func (p *objectPlan) pay(v *commit.View, w *commit.Writes, t *casegraph.Transaction, standing []*casegraph.Link, links []casegraph.Link) error {
	before, hadOne := p.payment(payerAndPayee(standing))
	stand := make([]*casegraph.Link, len(links))
	for i := range links {
		stand[i] = &links[i]
	}
	now, hasOne := p.payment(payerAndPayee(stand))
	if len(w.Nodes) == 0 && hadOne == hasOne && before == now {
		return nil
	}
	var lacking []casegraph.LinkID
	known := func(id casegraph.LinkID) *casegraph.Link {
		if slices.Contains(p.paid, id) {
			return v.Link(id)
		}
		lacking = append(lacking, id)
		return nil
	}
	if hadOne && before != now && known(before) != nil {
		w.Ends = append(w.Ends, before)
	}
	if hasOne {
		l := casegraph.Link{LinkID: now, FirstSeen: t.At, LastSeen: t.At, Count: 1,
			LinkProps: casegraph.LinkProps{Source: t.Source, Amount: t.Amount, Currency: t.Currency, TransactionID: p.ref.ID}}
		was := known(now)
		if was != nil {
			l.Recorded = was.Recorded
		}
		if was == nil || !reflect.DeepEqual(*was, l) {
			w.Links = append(w.Links, l)
		}
	}
	if lacking != nil {
		return &moreNeeded{links: lacking}
	}
	return nil
}

func payerAndPayee(of []*casegraph.Link) (payer, payee casegraph.ID) {
	for _, l := range of {
		if l.Kind != casegraph.LinkOf {
			continue
		}
		switch l.Key {
		case RolePayer:
			payer = l.To
		case RolePayee:
			payee = l.To
		}
	}
	return payer, payee
}
