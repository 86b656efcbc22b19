package casegraph

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Seq is an event's number in the log: 1, 2, 3, … without a gap. What was
// recorded by a moment is what has a number up to that moment's.
type Seq int64

// Event is one entry of the log: who did what to which node, with the values
// before and after. Every change of the graph has one; nothing else is told.
type Event struct {
	Seq Seq
	At  Time
	// Name is the node's kind and the verb: case.created, case.assigned, …
	Name string
	// Subject is the node that the event is about.
	Subject ID
	// Actor is the user who did it, or "" for the system.
	Actor ID
	Payload
	// PayloadHash is over the payload's JSON, so that a later redaction of the
	// payload does not break the chain; Hash is over it and all before it.
	PayloadHash [sha256.Size]byte
	Hash        [sha256.Size]byte
}

// Payload is what happened in detail.
type Payload struct {
	// Changes are the attributes that changed. A node's first event has none:
	// its beginning is what later changes lead back to.
	Changes []FieldChange `json:"changes,omitempty"`
	Links   []LinkChange  `json:"links,omitempty"`
	// Touched are further nodes whose links or sums the change altered.
	Touched []ID `json:"touched,omitempty"`
	// Note is what the actor said.
	Note string `json:"note,omitempty"`
}

// FieldChange is one attribute's change; nil is absent.
type FieldChange struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// times are the attributes of nodes that are moments, by their names.
var times = func() map[string]bool {
	names := map[string]bool{}
	for _, kind := range Kinds() {
		n, err := blank(kind)
		if err != nil {
			panic(err)
		}
		for _, field := range reflect.VisibleFields(reflect.TypeOf(n).Elem()) {
			if field.Type == reflect.TypeFor[Time]() {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				names[name] = true
			}
		}
	}
	return names
}()

// Shown is the change as it is shown: the log keeps moments in milliseconds,
// people read them as RFC 3339.
func (c FieldChange) Shown() FieldChange {
	switch {
	case times[c.Path]:
		c.Before, c.After = shownTime(c.Before), shownTime(c.After)
	case c.Path == "risk":
		c.Before, c.After = shownMark(c.Before), shownMark(c.After)
	}
	return c
}

func shownTime(kept json.RawMessage) json.RawMessage {
	var at Time
	if len(kept) == 0 || json.Unmarshal(kept, &at) != nil {
		return kept
	}
	if at == 0 {
		return nil
	}
	return json.RawMessage(strconv.Quote(at.String()))
}

func shownMark(kept json.RawMessage) json.RawMessage {
	var mark struct {
		RiskMark
		At        string `json:"at"`
		ExpiresAt string `json:"expiresAt,omitempty"`
	}
	if len(kept) == 0 || json.Unmarshal(kept, &mark.RiskMark) != nil {
		return kept
	}
	mark.At, mark.ExpiresAt = mark.RiskMark.At.String(), mark.RiskMark.ExpiresAt.String()
	shown, err := json.Marshal(mark)
	if err != nil {
		return kept
	}
	return shown
}

// LinkChange is one link's change.
type LinkChange struct {
	From ID       `json:"from"`
	Kind LinkKind `json:"kind"`
	To   ID       `json:"to"`
	Key  string   `json:"key,omitempty"`
	// Change is ADDED, CHANGED or ENDED.
	Change string `json:"change"`
	// Before is the link as it was, if it changed or ended.
	Before *Link `json:"before,omitempty"`
}

// Seal numbers the event, and chains it to the one before.
func (e *Event) Seal(seq Seq, before [sha256.Size]byte, payload []byte) {
	e.Seq = seq
	e.PayloadHash = sha256.Sum256(payload)
	e.Hash = e.chain(before)
}

// Follows tells whether the event's hash is right, behind one whose hash is
// before.
func (e *Event) Follows(before [sha256.Size]byte) bool { return e.Hash == e.chain(before) }

func (e *Event) chain(before [sha256.Size]byte) [sha256.Size]byte {
	text := make([]byte, 0, 2*sha256.Size+16+len(e.Name)+len(e.Subject)+len(e.Actor)+3)
	text = append(text, before[:]...)
	text = binary.BigEndian.AppendUint64(text, uint64(e.Seq))
	text = binary.BigEndian.AppendUint64(text, uint64(e.At))
	text = append(append(text, e.Name...), 0)
	text = append(append(text, e.Subject...), 0)
	text = append(append(text, e.Actor...), 0)
	text = append(text, e.PayloadHash[:]...)
	return sha256.Sum256(text)
}

// Reclasses tells whether the event changed its subject's class, which links at
// other nodes carry, too.
func (e *Event) Reclasses() bool {
	kind, _ := KindOf(e.Subject)
	return kind == KindCase && slices.ContainsFunc(e.Changes, func(c FieldChange) bool { return c.Path == "restricted" })
}

// Nodes are all nodes that the event touches, for whoever keeps copies.
func (e *Event) Nodes() []ID {
	seen := map[ID]bool{e.Subject: true}
	nodes := []ID{e.Subject}
	add := func(id ID) {
		if !seen[id] {
			seen[id] = true
			nodes = append(nodes, id)
		}
	}
	for _, link := range e.Links {
		add(link.From)
		add(link.To)
	}
	for _, id := range e.Touched {
		add(id)
	}
	return nodes
}
