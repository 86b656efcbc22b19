package neo4jstore

import (
	"context"
	"slices"
	"strings"

	"casegraph"
)

// Search finds nodes by the words of their texts.
func (s *Store) Search(ctx context.Context, r casegraph.SearchRequest) ([]casegraph.ID, error) {
	if len(r.Words) == 0 {
		return nil, nil
	}
	questions, err := questions(r.Words)
	if len(questions) == 0 || err != nil {
		return nil, err
	}
	if r.First <= 0 || r.First > casegraph.MaxPage {
		r.First = casegraph.MaxPage
	}
	if len(r.Kinds) == 0 {
		r.Kinds = casegraph.Kinds()
	}
	params := map[string]any{"questions": questions, "kinds": plain(r.Kinds), "hidden": plain(r.Mask.Classes()), "first": r.First}
	var ids []casegraph.ID
	err = s.read(ctx, text("Search"), params, func(values []any) error {
		ids = append(ids, casegraph.ID(values[0].(string)))
		return nil
	})
	return ids, err
}

// maxClauses is how many words one question to the full-text index may have:
// Lucene refuses more than 1,024.
const maxClauses = 1000

// questions ask, in the full-text index's language, for all words, each in one
// of its forms; none if a word has no form. A word of very many forms parts the
// question in two, whose answers together are the answer.
func questions(all [][]string) ([]string, error) {
	longest, clauses := 0, 0
	for i, forms := range all {
		if len(forms) == 0 {
			return nil, nil
		}
		clauses += len(forms)
		if len(forms) > len(all[longest]) {
			longest = i
		}
	}
	if clauses <= maxClauses {
		return []string{question(all)}, nil
	}
	forms := all[longest]
	if len(forms) == 1 {
		return nil, casegraph.BadInput("query: at most %d words", maxClauses)
	}
	var parts []string
	for _, half := range [][]string{forms[:len(forms)/2], forms[len(forms)/2:]} {
		part := slices.Clone(all)
		part[longest] = half
		more, err := questions(part)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, nil
}

func question(all [][]string) string {
	and := make([]string, len(all))
	for i, forms := range all {
		or := make([]string, len(forms))
		for j, form := range forms {
			or[j] = quoted(form)
		}
		and[i] = "(" + strings.Join(or, " OR ") + ")"
	}
	return strings.Join(and, " AND ")
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
