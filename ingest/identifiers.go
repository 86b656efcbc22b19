package ingest

import (
	"fmt"
	"slices"

	"casegraph"
	"casegraph/identity"
)

// sight is an identifier that an object shows, in its one form.
type sight struct {
	id         casegraph.ID
	kind       casegraph.IdentifierKind
	canonical  string
	raw        []string // as it was given, sorted
	confidence float64
}

func (s *sight) node() casegraph.Node {
	return &casegraph.Identifier{Header: casegraph.Header{ID: s.id}, IdentifierKind: s.kind, Value: s.canonical}
}

// sights are what a row shows: each identifier once, and apart from them the
// placeholders, which join nobody.
type sights struct {
	all          []sight
	placeholders map[string][]string // values by kind
	warnings     []error             // what is not as it could be
}

// maxSights is how many identifiers a row shows at most.
const maxSights = 200

// add normalises an identifier. An IP shows its network as well.
func (s *sights) add(name string, given Sight, opts identity.Options) error {
	if given.Confidence < 0 || given.Confidence > 1 {
		return casegraph.BadInput("%s.confidence: must be from 0 to 1", name)
	}
	if identity.ValidKind(identity.Kind(given.Kind)) != nil {
		return casegraph.BadInput("%s.kind: %s", name, identity.KindRule)
	}
	value, err := identity.Normalise(identity.Kind(given.Kind), given.Value, opts)
	if err != nil {
		return casegraph.BadInput("%s: %v", name, err)
	}
	if value.National {
		s.warnings = append(s.warnings, casegraph.BadInput("%s: phone: has no country's code, and no region is set (CASEGRAPH_REGION): "+
			"it is kept as its digits and meets no number that has one", name))
	}
	s.put(value, given.Confidence)
	if value.Kind == identity.IP {
		s.put(identity.Networks(value), given.Confidence)
	}
	return nil
}

func (s *sights) put(value identity.Value, confidence float64) {
	if value.Placeholder {
		if value.Kind == identity.Network {
			return // its IP says it
		}
		if s.placeholders == nil {
			s.placeholders = map[string][]string{}
		}
		kept := s.placeholders[string(value.Kind)]
		s.placeholders[string(value.Kind)] = union(kept, []string{value.Raw})
		return
	}
	id := casegraph.IdentifierID(casegraph.IdentifierKind(value.Kind), value.Canonical)
	for i := range s.all {
		if one := &s.all[i]; one.id == id {
			one.raw = union(one.raw, []string{value.Raw})
			one.confidence = max(one.confidence, confidence)
			return
		}
	}
	s.all = append(s.all, sight{id: id, kind: casegraph.IdentifierKind(value.Kind), canonical: value.Canonical,
		raw: []string{value.Raw}, confidence: confidence})
}

// maxRaw is how many forms of one identifier a link keeps.
const maxRaw = 20

// union is both lists as one, sorted and without repeats.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), maxRaw)]
}

// shown are the identifiers that a row states, and whether it states them at
// all. What their kind refuses is a warning.
func (s *Settings) shown(row *Row) (found sights, stated bool) {
	take := func(name string, given Sight) {
		if err := found.add(name, given, s.Identity); err != nil {
			found.warnings = append(found.warnings, err)
		}
	}
	if row.Shows != nil {
		stated = true
		for i, given := range *row.Shows {
			if given.absent {
				continue
			}
			take(fmt.Sprintf("shows[%d]", i), given)
		}
	}
	if row.IP != nil {
		stated = true
		if *row.IP != "" {
			take("ip", Sight{Kind: casegraph.IdentifierKind(identity.IP), Value: *row.IP})
		}
	}
	if row.Device != nil {
		stated = true
		if *row.Device != "" {
			take("device", Sight{Kind: casegraph.IdentifierKind(identity.Device), Value: *row.Device})
		}
	}
	return found, stated
}
