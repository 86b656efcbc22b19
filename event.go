package casegraph

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
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
	// Cause is the rule that did it; nil for a person, and for the system else.
	Cause *Cause `json:"cause,omitempty"`
}

// FieldChange is one attribute's change; nil is absent.
type FieldChange struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// instants tells where in an attribute's JSON moments lie.
type instants struct {
	is      bool                 // the value itself is one
	members map[string]*instants // of an object
	each    *instants            // element of a list, or member of a map
}

// times are the moments in nodes' attributes, by the attributes' names.
var times = func() map[string]*instants {
	all := map[string]*instants{}
	for _, kind := range Kinds() {
		n, err := blank(kind)
		if err != nil {
			panic(err)
		}
		maps.Copy(all, momentsIn(reflect.TypeOf(n)).members)
	}
	return all
}()

// momentsIn is nil where there are none.
func momentsIn(t reflect.Type) *instants {
	if t == reflect.TypeFor[Time]() {
		return &instants{is: true}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return momentsIn(t.Elem())
	case reflect.Slice, reflect.Map:
		if each := momentsIn(t.Elem()); each != nil {
			return &instants{each: each}
		}
	case reflect.Struct:
		m := &instants{members: map[string]*instants{}}
		for _, field := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if within := momentsIn(field.Type); within != nil && name != "" && name != "-" {
				m.members[name] = within
			}
		}
		if len(m.members) > 0 {
			return m
		}
	}
	return nil
}

// show writes moments as text; 0 is none.
func (m *instants) show(v any) any {
	switch v := v.(type) {
	case json.Number:
		if at, err := v.Int64(); err == nil && m.is {
			if at == 0 {
				return nil
			}
			return Time(at).String()
		}
	case []any:
		for i := range v {
			if m.each != nil {
				v[i] = m.each.show(v[i])
			}
		}
	case map[string]any:
		for name := range v {
			if within := cmp.Or(m.members[name], m.each); within != nil {
				v[name] = within.show(v[name])
			}
		}
	}
	return v
}

// Shown is the change as it is shown: the log keeps moments in milliseconds,
// people read them as RFC 3339.
func (c FieldChange) Shown() FieldChange {
	if m := times[c.Path]; m != nil {
		c.Before, c.After = m.shown(c.Before), m.shown(c.After)
	}
	return c
}

func (m *instants) shown(kept json.RawMessage) json.RawMessage {
	if len(kept) == 0 {
		return kept
	}
	decoder := json.NewDecoder(bytes.NewReader(kept))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return kept
	}
	if v = m.show(v); v == nil {
		return nil
	}
	shown, err := json.Marshal(v)
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
	// Change is ADDED, CHANGED or ENDED, or MARKED if people said something of
	// the link, which itself is as it was.
	Change string `json:"change"`
	// Changes are those of the link's mark, if it is MARKED.
	Changes []FieldChange `json:"changes,omitempty"`
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

// LinkMarked is what LinkChange.Change says where a link's mark changed.
const LinkMarked = "MARKED"

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
