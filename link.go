package casegraph

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
)

// LinkKind is what a link says. Its text is the GraphQL enum value and the
// relationship type in Neo4j.
type LinkKind string

// The kinds of links, in the order that breaks ties between links.
const (
	LinkContains  LinkKind = "CONTAINS"   // Case → object: attached
	LinkRelatesTo LinkKind = "RELATES_TO" // Case → Case; the key is the relation
	LinkOf        LinkKind = "OF"         // object → Account: whose it is; the key is the role
	LinkShows     LinkKind = "SHOWS"      // object → Identifier: the evidence
	LinkHas       LinkKind = "HAS"        // Account → Identifier: derived, the sum of SHOWS
	LinkPaid      LinkKind = "PAID"       // Account → Account: one a transaction; the key is its id
	LinkRelated   LinkKind = "RELATED"    // Account → Account; the key begins with the relation
	LinkSameAs    LinkKind = "SAME_AS"    // Account → Account: the same person, proposed or decided
	LinkAbout     LinkKind = "ABOUT"      // Comment → what it is about
)

// LinkKinds lists every kind in tie-breaking order.
func LinkKinds() []LinkKind {
	return []LinkKind{LinkContains, LinkRelatesTo, LinkOf, LinkShows, LinkHas, LinkPaid, LinkRelated, LinkSameAs, LinkAbout}
}

var linkKindNumber = func() map[LinkKind]int {
	m := map[LinkKind]int{}
	for i, kind := range LinkKinds() {
		m[kind] = i + 1
	}
	return m
}()

// Number is the kind's place in the tie-breaking order, from 1; 0 for none.
func (k LinkKind) Number() int { return linkKindNumber[k] }

// MarshalGQL writes the enum value.
func (k LinkKind) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(k))) }

// UnmarshalGQL reads an enum value.
func (k *LinkKind) UnmarshalGQL(v any) error {
	*k = LinkKind(fmt.Sprint(v))
	if k.Number() == 0 {
		return fmt.Errorf("%q is no LinkKind", *k)
	}
	return nil
}

// LinkID names a link: no two have the same four words. Key tells parallel
// links apart and is "" where a kind allows one link a pair.
type LinkID struct {
	From ID
	Kind LinkKind
	To   ID
	Key  string
}

// Opaque is a short stable name for clients' caches.
func (l LinkID) Opaque() ID {
	sum := sha256.Sum256([]byte(string(l.From) + "\x00" + string(l.Kind) + "\x00" + string(l.To) + "\x00" + l.Key))
	return ID("lnk_" + crockford.EncodeToString(sum[:16]))
}

// Link is an edge and its evidence. It is never lost: when it ends or changes,
// what it was stays as a past version, which only questions of a past moment
// meet.
type Link struct {
	LinkID
	// FirstSeen and LastSeen are when the link held by its evidence; 0 unknown.
	FirstSeen Time
	LastSeen  Time
	// Count is how often it was seen.
	Count int64
	LinkProps
	// Recorded is the log's number of the event that recorded the link. Ended,
	// of a past version alone, is that of the event which ended or changed it.
	Recorded Seq
	Ended    Seq
	// AsOf is the past moment that the link was read for; 0 is now. AtLeast is
	// set on a HAS link of a past moment that had more sightings than are
	// summed: it was seen as often at least, and first seen then or before.
	AsOf    Seq
	AtLeast bool
}

// LinkProps is what only some kinds of links carry; stores keep it as JSON.
type LinkProps struct {
	// Source is the object or feed that the link was read from.
	Source string `json:"source,omitempty"`
	// Raw are the forms in which an identifier was seen (SHOWS), sorted.
	Raw []string `json:"raw,omitempty"`
	// Role is what an object is in its case, such as "subject" or "evidence".
	Role string `json:"role,omitempty"`
	// Reason says why, in the words of whoever made the link.
	Reason string `json:"reason,omitempty"`
	// By is the user who made the link.
	By ID `json:"by,omitempty"`
	// Confidence is from 0 to 1; 0 where nothing is known of it.
	Confidence float64 `json:"confidence,omitempty"`
	// State belongs to SAME_AS and RELATES_TO, Score to SAME_AS.
	State string  `json:"state,omitempty"`
	Score float64 `json:"score,omitempty"`
	// Amount, Currency and TransactionID belong to PAID.
	Amount        Decimal `json:"amount,omitempty"`
	Currency      string  `json:"currency,omitempty"`
	TransactionID ID      `json:"transactionId,omitempty"`
	// Brought says from which merged cases an attachment came; empty where the
	// case has it by itself. SplitFrom is the case out of which it was split.
	Brought   []Brought `json:"brought,omitempty"`
	SplitFrom ID        `json:"splitFrom,omitempty"`
	// Fields is whatever else the source says of the link.
	Fields Fields `json:"fields,omitempty"`
}

// The states of a SAME_AS link, and of a RELATES_TO link with the key RELATES;
// the latter has none where nobody decided.
const (
	StateProposed  = "PROPOSED"
	StateConfirmed = "CONFIRMED"
	StateRefused   = "REFUSED"
)

// Refused tells whether somebody decided that what the link says is not so. It
// is kept, and no traversal follows it.
func (p *LinkProps) Refused() bool { return p.State == StateRefused }

// IsZero tells whether no property is set.
func (p *LinkProps) IsZero() bool {
	return p.Source == "" && len(p.Raw) == 0 && p.Role == "" && p.Reason == "" && p.By == "" &&
		p.Confidence == 0 && p.State == "" && p.Score == 0 && p.Amount == "" && p.Currency == "" &&
		p.TransactionID == "" && len(p.Brought) == 0 && p.SplitFrom == "" && len(p.Fields) == 0
}

// Direction is which of a node's links are meant.
type Direction string

// The directions.
const (
	DirectionOut  Direction = "OUT"
	DirectionIn   Direction = "IN"
	DirectionBoth Direction = "BOTH"
)

// MarshalGQL writes the enum value.
func (d Direction) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads an enum value.
func (d *Direction) UnmarshalGQL(v any) error {
	*d = Direction(fmt.Sprint(v))
	switch *d {
	case DirectionOut, DirectionIn, DirectionBoth:
		return nil
	}
	return fmt.Errorf("%q is no Direction", *d)
}

// Pair is whose and what a HAS link says.
func (l *Link) Pair() Pair { return Pair{Account: l.From, Identifier: l.To} }

// Pairs are the pairs of the HAS links among links, each once.
func Pairs(links []*Link) (pairs []Pair) {
	seen := map[Pair]bool{}
	for _, l := range links {
		if pair := l.Pair(); l.Kind == LinkHas && !seen[pair] {
			seen[pair] = true
			pairs = append(pairs, pair)
		}
	}
	return pairs
}
