// Package persona reads what Persona's API returns: JSON:API documents with
// accounts, inquiries and their sessions, reports, transactions and cases. They
// become rows of package ingest. Every attribute is kept: known ones as the
// noun's own, the organisation's fields as fields, and the rest in the field
// "persona".
package persona

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"

	"casegraph"
)

// Source is the source of all that comes from Persona.
const Source = "persona"

// document is what the API answers: one resource or a list, and what is included.
type document struct {
	Data     json.RawMessage `json:"data"`
	Included []resource      `json:"included"`
}

// resource is one of Persona's objects.
type resource struct {
	Type          string                     `json:"type"`
	ID            string                     `json:"id"`
	Attributes    map[string]json.RawMessage `json:"attributes"`
	Relationships map[string]relationship    `json:"relationships"`
}

// relationship names other resources: one, none or several.
type relationship struct {
	Data json.RawMessage `json:"data"`
}

type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// parse reads a document. Its attributes' and relationships' names come out in
// kebab case, whichever of its three inflections Persona was asked for.
func parse(text []byte) (data, included []resource, err error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, nil, casegraph.BadInput("document: no JSON:API document: %v", err)
	}
	if d.Data = bytes.TrimSpace(d.Data); len(d.Data) == 0 || string(d.Data) == "null" {
		return nil, nil, casegraph.BadInput("data: a document has one resource or a list here")
	}
	if d.Data[0] == '[' {
		err = json.Unmarshal(d.Data, &data)
	} else {
		data = make([]resource, 1)
		err = json.Unmarshal(d.Data, &data[0])
	}
	if err != nil {
		return nil, nil, casegraph.BadInput("data: no resource: %v", err)
	}
	for _, all := range [][]resource{data, d.Included} {
		for i := range all {
			all[i].deflect()
			if all[i].Type == "" || all[i].ID == "" {
				return nil, nil, casegraph.BadInput("data: every resource has a type and an id")
			}
		}
	}
	return data, d.Included, nil
}

// deflect brings names into kebab case.
func (r *resource) deflect() {
	r.Type = kebab(r.Type)
	attributes := make(map[string]json.RawMessage, len(r.Attributes))
	for name, value := range r.Attributes {
		attributes[kebab(name)] = value
	}
	r.Attributes = attributes
	relationships := make(map[string]relationship, len(r.Relationships))
	for name, value := range r.Relationships {
		relationships[kebab(name)] = value
	}
	r.Relationships = relationships
}

// kebab writes camelCase and snake_case with hyphens. A number that ends a
// word stands apart, as Persona's own names have it: address-street-1.
func kebab(name string) string {
	if strings.Contains(name, "-") {
		return name
	}
	if strings.Contains(name, "_") {
		return strings.ReplaceAll(name, "_", "-")
	}
	var b strings.Builder
	before := rune(0)
	for _, c := range name {
		if unicode.IsUpper(c) || unicode.IsDigit(c) && unicode.IsLower(before) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(c))
		before = c
	}
	return b.String()
}

// text is an attribute's text, "" where it has none.
func (r *resource) text(name string) string {
	var text string
	if json.Unmarshal(r.Attributes[name], &text) != nil {
		return ""
	}
	return text
}

// related are the resources that a relationship names. stated is false where
// the resource does not speak of it.
func (r *resource) related(name string) (all []reference, stated bool) {
	data := bytes.TrimSpace(r.Relationships[name].Data)
	switch {
	case len(data) == 0:
		return nil, false
	case data[0] == '[':
		json.Unmarshal(data, &all)
	case data[0] == '{':
		var one reference
		if json.Unmarshal(data, &one) == nil && one.ID != "" {
			all = []reference{one}
		}
	}
	return all, true
}

// one is the id that a relationship names, or "".
func (r *resource) one(name string) string {
	if all, _ := r.related(name); len(all) > 0 {
		return all[0].ID
	}
	return ""
}
