package localstore

import (
	"context"
	"strings"
	"unicode/utf8"

	"casegraph"
)

// Search finds nodes by the words of their texts.
func (s *Store) Search(ctx context.Context, r casegraph.SearchRequest) ([]casegraph.ID, error) {
	match := matchText(r.Words)
	if match == "" {
		return nil, nil
	}
	args := []any{match}
	condition := "texts MATCH ? AND " + hiddenBy(r.Mask, &args)
	if len(r.Kinds) > 0 {
		for _, kind := range r.Kinds {
			args = append(args, string(kind))
		}
		condition += " AND n.kind IN (?" + strings.Repeat(", ?", len(r.Kinds)-1) + ")"
	}
	first := r.First
	if first <= 0 || first > casegraph.MaxPage {
		first = casegraph.MaxPage
	}
	args = append(args, first)
	var ids []casegraph.ID
	rows, err := s.stmts.query(ctx, `SELECT n.id FROM texts CROSS JOIN nodes n ON n.nid = texts.rowid
		WHERE `+condition+` ORDER BY n.updated DESC, n.id LIMIT ?`, args...)
	err = each(rows, err, func(row scanner) error {
		var id casegraph.ID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// matchText asks for all words, each in one of its forms, as FTS5 has it; ""
// if a word has no form that could be one.
func matchText(all [][]string) string {
	var and []string
	for _, forms := range all {
		var or []string
		for _, form := range forms {
			if isWord(form) {
				or = append(or, `"`+form+`"`)
			}
		}
		if len(or) == 0 {
			return ""
		}
		and = append(and, "("+strings.Join(or, " OR ")+")")
	}
	return strings.Join(and, " AND ")
}

// isWord tells whether the text can stand in the index: a run of what the
// tokenizer does not cut at.
func isWord(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r < utf8.RuneSelf && !('a' <= r && r <= 'z') && !('0' <= r && r <= '9') && !('A' <= r && r <= 'Z')
	})
}

// Terms reads which known words have each of the variants.
func (s *Store) Terms(ctx context.Context, variants []string) (map[string][]string, error) {
	found := map[string][]string{}
	rows, err := s.stmts.query(ctx, `SELECT DISTINCT v.variant, v.term FROM json_each(?) j CROSS JOIN vocabulary v ON v.variant = j.value
		ORDER BY v.variant, v.term`, jsonList(variants))
	err = each(rows, err, func(row scanner) error {
		var variant, term string
		err := row.Scan(&variant, &term)
		found[variant] = append(found[variant], term)
		return err
	})
	return found, err
}
