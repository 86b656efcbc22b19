package persona

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"casegraph"
	"casegraph/ingest"
)

// Rows reads a document, one resource or a list with what is included, as
// Persona's API returns it. Of included resources those come in that have
// nodes of their own; verifications, devices, templates and the like complete
// the others. A resource of another kind as data is refused.
func Rows(text []byte) ([]ingest.Row, error) {
	data, included, err := parse(text)
	if err != nil {
		return nil, err
	}
	for i := range data {
		if nounOf(data[i].Type) == nil {
			return nil, casegraph.BadInput("data: a %.100q can't be brought in: an account, inquiry, inquiry-session, report, transaction or case can", data[i].Type)
		}
	}
	d := &reader{known: map[string]*resource{}}
	all := slices.Concat(data, included)
	for i := range all {
		d.known[all[i].ID] = &all[i]
	}
	// Accounts first, so that what is of them finds them whole.
	var rows []ingest.Row
	for _, n := range nouns {
		for i := range all {
			if n.is(all[i].Type) && d.known[all[i].ID] == &all[i] {
				row, err := d.row(&n, &all[i])
				if err != nil {
					return nil, err
				}
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

// kinds are our kinds by Persona's types.
var kinds = map[string]casegraph.Kind{
	"account":         casegraph.KindAccount,
	"inquiry":         casegraph.KindInquiry,
	"inquiry-session": casegraph.KindSession,
	"report":          casegraph.KindReport,
	"transaction":     casegraph.KindTransaction,
	"case":            casegraph.KindCase,
}

// noun is one of Persona's types that has a node.
type noun struct {
	name string
	fill func(d *reader, r *resource, row *ingest.Row)
	// own are the attributes that fill takes over; the rest are kept as they are.
	own []string
}

var nouns = []noun{
	{"account", account, []string{"reference-id", "account-type-name", "account-status", "tags", "created-at", "fields"}},
	{"inquiry", inquiry, []string{"status", "note", "tags", "created-at", "decisioned-at", "fields"}},
	{"inquiry-session", session, []string{"status", "created-at", "ip-address", "user-agent", "country-code"}},
	{"report", report, []string{"status", "tags", "created-at", "has-match"}},
	{"transaction", transaction, []string{"reference-id", "status", "tags", "created-at", "fields"}},
	{"case", caseRow, []string{"name", "status", "resolution", "tags", "assigned-at", "resolved-at", "assignee-id", "fields"}},
}

// is tells whether a type is the noun's: reports say which after a slash.
func (n *noun) is(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return n.name == first
}

func nounOf(name string) *noun {
	for i := range nouns {
		if nouns[i].is(name) {
			return &nouns[i]
		}
	}
	return nil
}

// reader makes rows of one document.
type reader struct{ known map[string]*resource }

// keptUnder is the field that holds what has no place of its own.
const keptUnder = "persona"

func (d *reader) row(n *noun, r *resource) (ingest.Row, error) {
	kind := kinds[n.name]
	row := ingest.Row{Node: kind, ID: ownID(kind, r.ID), Source: Source, ReferenceID: r.ID}
	fields, rest := r.fields(), map[string]any{}
	for name, value := range r.Attributes {
		if !slices.Contains(n.own, name) {
			rest[name] = value
		}
	}
	n.fill(d, r, &row)
	if links := r.links(); len(links) > 0 {
		rest["relationships"] = links
	}
	if len(rest) > 0 {
		fields[keptUnder] = rest
	}
	encoded, err := casegraph.FieldsOf(fields)
	if err != nil {
		return row, casegraph.BadInput("data: %s: %v", r.ID, err)
	}
	row.Fields = encoded
	return row, nil
}

// ownID keeps Persona's id where it has the prefix of our kind; else it is ""
// and made of source and reference.
func ownID(kind casegraph.Kind, id string) casegraph.ID {
	if strings.HasPrefix(id, kind.Prefix()) {
		return casegraph.ID(id)
	}
	return ""
}

// links are the ids of a resource's relationships.
func (r *resource) links() map[string]any {
	links := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(r.Relationships)) {
		all, _ := r.related(name)
		ids := make([]string, len(all))
		for i := range all {
			ids[i] = all[i].ID
		}
		if len(ids) > 0 {
			links[name] = ids
		}
	}
	return links
}

// fields are the organisation's own, as plain values.
func (r *resource) fields() map[string]any {
	var given map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(r.Attributes["fields"])))
	decoder.UseNumber()
	if decoder.Decode(&given) != nil {
		return map[string]any{}
	}
	plain := make(map[string]any, len(given))
	for name, value := range given {
		plain[name] = unwrap(value)
	}
	return plain
}

// unwrap takes {"type": …, "value": …} for its value, at every depth. Fields
// that are plain already stay as they are.
func unwrap(value any) any {
	switch value := value.(type) {
	case map[string]any:
		inner, hasValue := value["value"]
		if _, typed := value["type"].(string); typed && hasValue && len(value) == 2 {
			return unwrap(inner)
		}
		plain := make(map[string]any, len(value))
		for name, element := range value {
			plain[name] = unwrap(element)
		}
		return plain
	case []any:
		plain := make([]any, len(value))
		for i, element := range value {
			plain[i] = unwrap(element)
		}
		return plain
	}
	return value
}

// moment is an attribute's time; 0 where it has none.
func (r *resource) moment(name string) ingest.Moment {
	at, err := time.Parse(time.RFC3339Nano, r.text(name))
	if err != nil {
		return 0
	}
	return ingest.Moment(casegraph.TimeOf(at))
}

// given is an attribute's text, nil where the resource does not have it.
func (r *resource) given(name string) *string {
	if _, ok := r.Attributes[name]; !ok {
		return nil
	}
	text := r.text(name)
	return &text
}

func (r *resource) tags() *[]string {
	var tags []string
	if text, ok := r.Attributes["tags"]; !ok || json.Unmarshal(text, &tags) != nil {
		return nil
	}
	return &tags
}

// accounts are the owners that a relationship states, nil if it does not speak
// of them.
func (r *resource) accounts(name string) *[]ingest.Owner {
	all, stated := r.related(name)
	if !stated {
		return nil
	}
	owners := []ingest.Owner{}
	for _, one := range all {
		if ref, ok := refTo(one); ok && ref.Kind == casegraph.KindAccount {
			owners = append(owners, ingest.Owner{Ref: ref})
		}
	}
	return &owners
}

// refTo names the object that a relationship leads to; false if it has no node.
func refTo(one reference) (ingest.Ref, bool) {
	name, _, _ := strings.Cut(kebab(one.Type), "/")
	kind, ok := kinds[name]
	return ingest.Ref{Kind: kind, ID: ownID(kind, one.ID), Source: Source, ReferenceID: one.ID}, ok
}
