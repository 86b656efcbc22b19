package neo4jstore

import (
	"context"
	"strings"

	"casegraph"
)

// Search finds nodes by the words of their texts.
func (s *Store) Search(ctx context.Context, r casegraph.SearchRequest) ([]casegraph.ID, error) {
	if len(r.Words) == 0 {
		return nil, nil
	}
	question, ok := question(r.Words)
	if !ok {
		return nil, nil
	}
	if r.First <= 0 || r.First > casegraph.MaxPage {
		r.First = casegraph.MaxPage
	}
	if len(r.Kinds) == 0 {
		r.Kinds = casegraph.Kinds()
	}
	params := map[string]any{"question": question, "kinds": plain(r.Kinds), "hidden": plain(r.Mask.Classes()), "first": r.First}
	var ids []casegraph.ID
	err := s.read(ctx, text("Search"), params, func(values []any) error {
		ids = append(ids, casegraph.ID(values[0].(string)))
		return nil
	})
	return ids, err
}

// question asks, in the full-text index's language, for all words, each in one
// of its forms; false if a word has none.
func question(all [][]string) (string, bool) {
	var and []string
	for _, forms := range all {
		if len(forms) == 0 {
			return "", false
		}
		or := make([]string, len(forms))
		for i, form := range forms {
			or[i] = quoted(form)
		}
		and = append(and, "("+strings.Join(or, " OR ")+")")
	}
	return strings.Join(and, " AND "), true
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// quoted is an exact word, in which no sign has a meaning of its own.
func quoted(word string) string { return `"` + escapes.Replace(word) + `"` }

// Terms reads which known words have each of the variants.
func (s *Store) Terms(ctx context.Context, variants []string) (map[string][]string, error) {
	found := map[string][]string{}
	if len(variants) == 0 {
		return found, nil
	}
	err := s.read(ctx, text("Terms"), map[string]any{"variants": variants}, func(values []any) error {
		var terms []string
		for _, term := range values[1].([]any) {
			terms = append(terms, term.(string))
		}
		found[values[0].(string)] = terms
		return nil
	})
	return found, err
}
