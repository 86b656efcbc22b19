package persona

import (
	"maps"
	"slices"
	"strings"

	"casegraph"
	"casegraph/ingest"
)

// identifiers are what a resource's values show of a person.
type identifiers struct {
	values map[string][]string // by kebab name; of hashes with the hash's name before
}

// identifiersOf finds them in values, whose names may be in any inflection and
// whose names and addresses may be hashes or lie flat.
func identifiersOf(values map[string]any) *identifiers {
	i := &identifiers{values: map[string][]string{}}
	i.more(values)
	return i
}

func (i *identifiers) more(values map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i.take(kebab(name), values[name])
	}
}

func (i *identifiers) take(name string, value any) {
	switch value := value.(type) {
	case string:
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(i.values[name], value) {
			i.values[name] = append(i.values[name], value)
		}
	case map[string]any:
		if name == "name" || name == "address" {
			for part, element := range value {
				i.take(name+"-"+kebab(part), element)
			}
		}
	case []any:
		if name == "identification-numbers" {
			i.documents(value)
		}
	}
}

func (i *identifiers) documents(all []any) {
	for _, one := range all {
		if number, ok := one.(map[string]any); ok {
			for name, value := range number {
				if kebab(name) == "identification-number" {
					i.take("identification-number", value)
				}
			}
		}
	}
}

// first is the first value that one of the names has.
func (i *identifiers) first(names ...string) string {
	for _, name := range names {
		if all := i.values[name]; len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

// joined are the values of several names with a sign between them, without
// those that are missing.
func (i *identifiers) joined(sign string, names ...string) string {
	var parts []string
	for _, name := range names {
		if value := i.first(name); value != "" {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, sign)
}

// name is the person's, or the business's.
func (i *identifiers) name() string {
	if name := i.joined(" ", "name-first", "name-middle", "name-last"); name != "" {
		return name
	}
	return i.first("name", "name-full", "business-name")
}

// shown are the kinds whose values are the identifier as they stand.
var shown = []struct {
	kind  casegraph.IdentifierKind
	names []string
}{
	{"email", []string{"email-address", "email"}},
	{"phone", []string{"phone-number", "phone"}},
	{"government-id", []string{"identification-number", "social-security-number"}},
	{"tax-id", []string{"tax-identification-number", "ein"}},
}

// shows are the identifiers, in a fixed order.
func (i *identifiers) shows() *[]ingest.Sight {
	sights := []ingest.Sight{}
	add := func(kind casegraph.IdentifierKind, value string) {
		sights = append(sights, ingest.Sight{Kind: kind, Value: value})
	}
	for _, s := range shown {
		for _, name := range s.names {
			values := slices.Clone(i.values[name])
			slices.Sort(values)
			for _, value := range values {
				add(s.kind, value)
			}
		}
	}
	first, last, born := i.first("name-first"), i.first("name-last"), i.first("birthdate")
	if first != "" && last != "" && born != "" {
		add("name-and-birthdate", first+" "+last+"|"+born)
	}
	if i.first("address-street-1") != "" && i.first("address-city", "address-postal-code") != "" {
		add("address", i.joined(", ", "address-street-1", "address-street-2", "address-city", "address-subdivision",
			"address-postal-code", "address-country-code"))
	}
	return &sights
}
