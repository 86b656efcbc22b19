package casegraph

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Node is anything with an id: a case, an object, an identifier, a user, …
type Node interface {
	Head() *Header
	Kind() Kind
	Class() Class
	// Texts are the names, notes and field values that search reaches.
	Texts() []string
	// Clone is a copy that may be changed; it shares slices, so replace those whole.
	Clone() Node
}

// Header is what every node has.
type Header struct {
	ID ID `json:"-"`
	// Version is 1 when the node is recorded and rises by one with each change.
	Version int64 `json:"-"`
	// CreatedAt is when casegraph recorded the node, UpdatedAt when it last changed it.
	CreatedAt Time `json:"-"`
	UpdatedAt Time `json:"-"`
	// AsOf is the past moment that the node was read for; 0 is now.
	AsOf Seq `json:"-"`
	// Risk is what somebody says of the node; nil if nothing.
	Risk *RiskMark `json:"risk,omitempty"`
}

// Head is the node's header.
func (h *Header) Head() *Header { return h }

// Object is what every node has that comes from a source outside.
type Object struct {
	Header
	// Source names where the object came from, such as "persona" or "core-banking".
	Source string `json:"source,omitempty"`
	// ReferenceID is the source's own id, unique within (source, kind).
	ReferenceID string `json:"referenceId,omitempty"`
	// At is when the object came to be at its source: an account opened, a
	// transaction made, a sign-in done.
	At     Time     `json:"at,omitempty"`
	Status string   `json:"status,omitempty"`
	Tags   []string `json:"tags,omitempty"`
	Note   string   `json:"note,omitempty"`
	Fields Fields   `json:"fields,omitempty"`
}

// Reference is an object's name at its source.
func (o *Object) Reference() Key { return Key{Source: o.Source, Reference: o.ReferenceID} }

// External is the part that all objects share.
func (o *Object) External() *Object { return o }

func (o *Object) texts(own ...string) []string {
	texts := append(own, o.ReferenceID, o.Note)
	texts = append(texts, o.Tags...)
	return append(texts, fieldTexts(o.Fields)...)
}

// fieldTexts are the text values of fields, so that search finds them.
func fieldTexts(fields Fields) []string {
	if len(fields) <= 2 {
		return nil
	}
	flat := Flatten(fields)
	var texts []string
	for _, path := range sortedKeys(flat) {
		switch value := flat[path].(type) {
		case string:
			texts = append(texts, value)
		case []any:
			for _, element := range value {
				if text, ok := element.(string); ok {
					texts = append(texts, text)
				}
			}
		}
	}
	return texts
}

// Record is a node as stores keep it: what they need to know of it, and the
// rest as one JSON object.
type Record struct {
	ID        ID
	Kind      Kind
	Class     Class
	Version   int64
	CreatedAt Time
	UpdatedAt Time
	// DueAt and AlarmAt are a case's places in the orders ByDue and ByAlarm; for
	// other nodes, too, Never is none.
	DueAt   Time
	AlarmAt Time
	// HolderID is who has an open case, QueueID the queue that one is in.
	HolderID, QueueID ID
	// Reference finds the node in Resolve; its Reference is "" for none.
	Reference Key
	Data      []byte
}

// Encode makes a node's record.
func Encode(n Node) (Record, error) {
	data, err := json.Marshal(n)
	if err != nil {
		return Record{}, fmt.Errorf("encode %s: %w", n.Head().ID, err)
	}
	head := n.Head()
	record := Record{ID: head.ID, Kind: n.Kind(), Class: n.Class(), Version: head.Version,
		CreatedAt: head.CreatedAt, UpdatedAt: head.UpdatedAt, Data: data, DueAt: Never, AlarmAt: Never}
	if c, ok := n.(*Case); ok {
		if record.HolderID = c.HolderID(); c.ResolvedAt == 0 {
			record.QueueID = c.QueueID
		}
		record.DueAt, record.AlarmAt = c.DueAt.orNever(), c.AlarmAt().orNever()
	}
	if named, ok := n.(interface{ Reference() Key }); ok {
		record.Reference = named.Reference()
		record.Reference.Kind = n.Kind()
	}
	return record, nil
}

// Decode makes a record's node.
func Decode(r Record) (Node, error) {
	n, err := blank(r.Kind)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.Data, n); err != nil {
		return nil, fmt.Errorf("decode %s: %w", r.ID, err)
	}
	*n.Head() = Header{ID: r.ID, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Risk: n.Head().Risk}
	return n, nil
}

func blank(kind Kind) (Node, error) {
	switch kind {
	case KindCase:
		return &Case{}, nil
	case KindAccount:
		return &Account{}, nil
	case KindInquiry:
		return &Inquiry{}, nil
	case KindReport:
		return &Report{}, nil
	case KindTransaction:
		return &Transaction{}, nil
	case KindSession:
		return &Session{}, nil
	case KindIdentifier:
		return &Identifier{}, nil
	case KindUser:
		return &User{}, nil
	case KindComment:
		return &Comment{}, nil
	case KindTemplate:
		return &Template{}, nil
	case KindQueue:
		return &Queue{}, nil
	case KindCalendar:
		return &Calendar{}, nil
	case KindRule:
		return &Rule{}, nil
	case KindView:
		return &View{}, nil
	case KindMark:
		return &LinkMark{}, nil
	case KindKey:
		return &APIKey{}, nil
	}
	return nil, fmt.Errorf("no node has the kind %q", kind)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
