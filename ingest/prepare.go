package ingest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"casegraph"
	"casegraph/commit"
	"casegraph/identity"
)

// Settings are what bringing rows in depends on beside the rows.
type Settings struct {
	// Actor is the user who brings them in, or "" for the system.
	Actor casegraph.ID
	// Identity says how identifiers are normalised.
	Identity identity.Options
	// UserByEmail finds a user for a case's people; "" if there is none. It may
	// be nil: then there are none.
	UserByEmail func(ctx context.Context, email string) (casegraph.ID, error)

	store casegraph.Store // where cases' parents are read; nil brings in no relations of cases
}

// plan is a row made ready: all is worked out that needs no look at the graph.
type plan interface {
	// node is the node that the row is about.
	node() casegraph.ID
	// needs leaves out the nodes that are known to be there and need only be there.
	needs(known nodeSet) casegraph.Needs
	// decide is pure; a *moreNeeded asks to be called again with further needs.
	decide(v *commit.View, known nodeSet) (w *commit.Writes, created bool, err error)
	// need takes note of what a *moreNeeded asks for.
	need(ctx context.Context, more *moreNeeded) error
	// links is about how many links the plan writes.
	links() int
}

// nodeSet are nodes that are known to be in the graph: none is ever removed.
type nodeSet map[casegraph.ID]bool

// unknown are those of the nodes that are not in the set.
func (s nodeSet) unknown(to []casegraph.ID, ids ...casegraph.ID) []casegraph.ID {
	for _, id := range ids {
		if !s[id] {
			to = append(to, id)
		}
	}
	return to
}

// moreNeeded says that what a plan found makes it look at further links, or
// read the cases above one again.
type moreNeeded struct {
	links    []casegraph.LinkID
	ancestry bool
}

func (*moreNeeded) Error() string { return "ingest: the change needs to look at more" }

// prepare checks a row and works out its plan. The warnings tell what is
// left out of a row that comes in all the same, or could be better.
func (s *Settings) prepare(ctx context.Context, row *Row) (p plan, warnings []error, err error) {
	switch {
	case row.Risk != "" && row.Node == "" && row.Link == "":
		p, err = s.prepareRisk(ctx, row)
		return p, nil, err
	case (row.Node == "") == (row.Link == "") || row.Risk != "":
		return nil, nil, casegraph.BadInput("node: a row has one of node, link and risk")
	case row.Node == casegraph.KindCase:
		p, err = s.prepareCase(ctx, row)
		return p, nil, err
	case row.Node.IsObject():
		return s.prepareObject(row)
	case row.Node != "":
		return nil, nil, casegraph.BadInput("node: must be ACCOUNT, INQUIRY, REPORT, TRANSACTION, SESSION or CASE")
	}
	return s.prepareLink(row)
}

func (s *Settings) prepareLink(row *Row) (plan, []error, error) {
	if err := linkOnly(row); err != nil {
		return nil, nil, err
	}
	var p plan
	var err error
	switch row.Link {
	case casegraph.LinkRelated:
		p, err = prepareRelation(row)
	case casegraph.LinkSameAs:
		p, err = prepareSameness(row)
	case casegraph.LinkRelatesTo:
		p, err = s.prepareCaseRelation(row)
	case casegraph.LinkShows:
		return s.prepareSight(row)
	case casegraph.LinkOf:
		p, err = prepareOwnership(row)
	default:
		err = casegraph.BadInput("link: must be RELATED, SAME_AS, SHOWS, OF or RELATES_TO; PAID comes with its transaction, CONTAINS with its case, HAS from what is shown")
	}
	return p, nil, err
}

// linkOnly refuses what a link can't have.
func linkOnly(row *Row) error {
	fields := row.Fields
	row.Fields = nil
	defer func() { row.Fields = fields }()
	if err := lacks("a link", attribute{"id", row.ID != ""}, attribute{"referenceId", row.ReferenceID != ""},
		attribute{"of", row.Of != nil}, attribute{"shows", row.Shows != nil}, attribute{"contains", row.Contains != nil},
		attribute{"on", row.On != nil}, attribute{"by", row.By != nil}, attribute{"expiresAt", row.ExpiresAt != 0}); err != nil {
		return err
	}
	switch {
	case row.Count < 0:
		return casegraph.BadInput("count: must not be negative")
	case row.FirstSeen != 0 && row.LastSeen != 0 && row.FirstSeen > row.LastSeen:
		return casegraph.BadInput("firstSeen: must not be after lastSeen")
	case row.Confidence < 0 || row.Confidence > 1:
		return casegraph.BadInput("confidence: must be from 0 to 1")
	case !(row.Score >= 0 && row.Score <= 1): // nor no number
		return casegraph.BadInput("score: must be from 0 to 1")
	}
	return row.Attributes.check("a link")
}

// nodeOnly refuses what an object or a case can't have.
func nodeOnly(row *Row) error {
	err := lacks(row.Node, attribute{"from", row.From != nil}, attribute{"to", row.To != nil}, attribute{"key", row.Key != ""},
		attribute{"role", row.Role != ""}, attribute{"identifier", row.Identifier != nil}, attribute{"firstSeen", row.FirstSeen != 0},
		attribute{"lastSeen", row.LastSeen != 0}, attribute{"count", row.Count != 0}, attribute{"confidence", row.Confidence != 0},
		attribute{"state", row.State != ""}, attribute{"score", row.Score != 0}, attribute{"reason", row.Reason != ""},
		attribute{"on", row.On != nil}, attribute{"by", row.By != nil}, attribute{"expiresAt", row.ExpiresAt != 0})
	if err != nil {
		return err
	}
	return row.Attributes.check(row.Node)
}

// attribute tells whether a row has one.
type attribute struct {
	name string
	is   bool
}

// lacks refuses attributes that what the row is has not.
func lacks(what casegraph.Kind, attributes ...attribute) error {
	for _, a := range attributes {
		if a.is {
			return casegraph.BadInput("%s: is no attribute of %s", a.name, what)
		}
	}
	return nil
}

var (
	sourceRule = regexp.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,99}$`)
	idRule     = regexp.MustCompile(`^[a-z]{3,4}_[0-9A-Za-z]{1,60}$`)
	wordRule   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)
)

// resolve gives the ref its id. The name is where the ref stands in the row.
func (r *Ref) resolve(name string) error {
	r.name = name
	field := r.attribute
	if r.ID != "" {
		kind, known := casegraph.KindOf(r.ID)
		if !known || !idRule.MatchString(string(r.ID)) {
			return casegraph.BadInput("%s: must be an id such as act_01hx", field("id"))
		}
		if r.Kind == "" {
			r.Kind = kind
		}
		if r.Kind != kind {
			return casegraph.BadInput("%s: is of kind %s and must be of kind %s", field("id"), kind, r.Kind)
		}
		if r.Source == "" && r.ReferenceID == "" {
			return nil
		}
	}
	if !sourceRule.MatchString(r.Source) {
		return badSource(field("source"))
	}
	if err := checkText(field("referenceId"), r.ReferenceID, 200); err != nil {
		return err
	}
	if r.ReferenceID == "" {
		return casegraph.BadInput("%s: must be given", field("referenceId"))
	}
	if r.ID == "" {
		r.ID = casegraph.ImportedID(r.Kind, r.Source, r.ReferenceID)
	}
	return nil
}

// attribute is one of the ref's own, as it is called in the row.
func (r *Ref) attribute(name string) string { return strings.TrimPrefix(r.name+"."+name, ".") }

func badSource(name string) error {
	return casegraph.BadInput("%s: must be 1 to 100 lower-case letters, digits and . _ / -", name)
}

// stub is the object that a ref names, as long as nothing else is known of it.
func (r *Ref) stub() (casegraph.Node, error) {
	if r.ReferenceID == "" {
		return nil, r.missing()
	}
	return newObject(r.Kind, r.ID, r.Source, r.ReferenceID), nil
}

// missing says that the ref names nothing.
func (r *Ref) missing() error {
	name, what := r.attribute("id"), "id "+strconv.Quote(string(r.ID))
	if r.ReferenceID != "" {
		name, what = r.attribute("referenceId"), fmt.Sprintf("referenceId %q at %s", r.ReferenceID, r.Source)
	}
	return &casegraph.Error{Code: casegraph.CodeNotFound, Field: name,
		Message: fmt.Sprintf("%s: no %s has the %s", name, inLower(r.Kind), what)}
}

// inLower is a kind as people write it.
func inLower(kind casegraph.Kind) string { return strings.ToLower(string(kind)) }

func newObject(kind casegraph.Kind, id casegraph.ID, source, reference string) casegraph.Node {
	object := casegraph.Object{Header: casegraph.Header{ID: id}, Source: source, ReferenceID: reference}
	switch kind {
	case casegraph.KindInquiry:
		return &casegraph.Inquiry{Object: object}
	case casegraph.KindReport:
		return &casegraph.Report{Object: object}
	case casegraph.KindTransaction:
		return &casegraph.Transaction{Object: object}
	case casegraph.KindSession:
		return &casegraph.Session{Object: object}
	}
	return &casegraph.Account{Object: object}
}

// checkText refuses what is too long, not UTF-8, or has characters that are
// no text.
func checkText(name, text string, most int) error {
	switch {
	case !utf8.ValidString(text):
		return casegraph.BadInput("%s: must be UTF-8", name)
	case len(text) > most && utf8.RuneCountInString(text) > most:
		return casegraph.BadInput("%s: at most %d characters", name, most)
	case strings.ContainsRune(text, 0):
		return casegraph.BadInput("%s: must not hold a NUL", name)
	}
	return nil
}

// event is named by the node's kind and a verb.
func event(id casegraph.ID, verb, note string) commit.Event {
	kind, _ := casegraph.KindOf(id)
	return commit.Event{Name: strings.ToLower(string(kind)) + "." + verb, Subject: id, Note: note}
}

// stubs adds to the writes the nodes that are named but not there yet.
func stubs(v *commit.View, known nodeSet, w *commit.Writes, refs []Ref, by casegraph.ID) error {
	for i := range refs {
		if known[refs[i].ID] || v.Node(refs[i].ID) != nil || named(w.Nodes, refs[i].ID) {
			continue
		}
		stub, err := refs[i].stub()
		if err != nil {
			return err
		}
		w.Nodes = append(w.Nodes, stub)
		w.Events = append(w.Events, event(refs[i].ID, "created", fmt.Sprintf("named by %s before a row of its own", by)))
	}
	return nil
}

func named(nodes []casegraph.Node, id casegraph.ID) bool {
	return slices.ContainsFunc(nodes, func(n casegraph.Node) bool { return n.Head().ID == id })
}

// widen makes a span of time hold another; 0 is unknown.
func widen(l *casegraph.Link, first, last casegraph.Time) {
	if first != 0 && (l.FirstSeen == 0 || first < l.FirstSeen) {
		l.FirstSeen = first
	}
	l.LastSeen = max(l.LastSeen, last)
}
