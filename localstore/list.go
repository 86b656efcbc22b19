package localstore

import (
	"context"
	"fmt"
	"slices"

	"casegraph"
)

// List reads a page of the nodes of one kind.
func (s *Store) List(ctx context.Context, r casegraph.ListRequest) (casegraph.ListPage, error) {
	if err := r.Check(); err != nil {
		return casegraph.ListPage{}, err
	}
	if r.First == 0 {
		r.First = casegraph.DefaultPage
	}
	condition, args := matching(&r)
	column := map[casegraph.OrderBy]string{casegraph.ByUpdated: "n.updated", casegraph.ByAt: "n.at",
		casegraph.ByDue: "n.due", casegraph.ByAlarm: "n.alarm"}[r.OrderBy]
	if column == "" {
		column = "n.created"
	}
	// Reading backward is reading the other way round and turning the page.
	falling := r.Descending != r.Backward
	behind, ahead, direction := ">", "<", "ASC"
	if r.Descending {
		behind, ahead = "<", ">"
	}
	if falling {
		direction = "DESC"
	}
	for place, op := range map[*casegraph.Place]string{r.After: behind, r.Before: ahead} {
		if place != nil {
			condition += fmt.Sprintf(" AND (%s, n.id) %s (?, ?)", column, op)
			args = append(args, place.Value, string(place.ID))
		}
	}
	rows, err := s.stmts.query(ctx, fmt.Sprintf("SELECT %s FROM nodes n WHERE %s ORDER BY %s %s, n.id %s LIMIT %d",
		nodeColumns, condition, column, direction, direction, r.First+1), args...)
	var page casegraph.ListPage
	err = each(rows, err, func(row scanner) error {
		node, err := scanNode(row, new(int64))
		page.Nodes = append(page.Nodes, node)
		return err
	})
	if len(page.Nodes) > r.First {
		page.Nodes, page.More = page.Nodes[:r.First], true
	}
	if r.Backward {
		slices.Reverse(page.Nodes)
	}
	return page, err
}

// Count counts what a List would list in all.
func (s *Store) Count(ctx context.Context, r casegraph.ListRequest) (int, error) {
	if err := r.Check(); err != nil {
		return 0, err
	}
	condition, args := matching(&r)
	count := 0
	rows, err := s.stmts.query(ctx, "SELECT count(*) FROM nodes n WHERE "+condition, args...)
	err = each(rows, err, func(row scanner) error { return row.Scan(&count) })
	return count, err
}

// CountEach counts what each List would list in all, no further than most.
func (s *Store) CountEach(ctx context.Context, requests []casegraph.ListRequest, most int) ([]int, error) {
	if err := casegraph.CheckCounts(requests, most); err != nil {
		return nil, err
	}
	counts := make([]int, len(requests))
	for i := range requests {
		condition, args := matching(&requests[i])
		rows, err := s.stmts.query(ctx, "SELECT count(*) FROM (SELECT 1 FROM nodes n WHERE "+condition+" LIMIT ?)", append(args, most)...)
		if err := each(rows, err, func(row scanner) error { return row.Scan(&counts[i]) }); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// Groups counts what a List would list, by the text at a path.
func (s *Store) Groups(ctx context.Context, r casegraph.ListRequest, by string) ([]casegraph.Group, error) {
	if err := r.CheckGroups(by); err != nil {
		return nil, err
	}
	condition, args := matching(&r)
	_, value, kind := attributeAt(by)
	statement := fmt.Sprintf("SELECT CASE WHEN %s THEN %s ELSE '' END AS value, count(*), min(n.created) FROM nodes n WHERE %s GROUP BY value ORDER BY value LIMIT %d",
		text(kind, value), value, condition, casegraph.MaxGroups+1)
	var groups []casegraph.Group
	rows, err := s.stmts.query(ctx, statement, args...)
	err = each(rows, err, func(row scanner) error {
		var g casegraph.Group
		err := row.Scan(&g.Value, &g.Count, &g.Oldest)
		groups = append(groups, g)
		return err
	})
	if err == nil && len(groups) > casegraph.MaxGroups {
		err = casegraph.TooManyGroups(by)
	}
	return groups, err
}

func matching(r *casegraph.ListRequest) (string, []any) {
	var args []any
	condition := "n.kind = '" + string(r.Kind) + "' AND " + hiddenBy(r.Mask, &args) // said in the text, for the indexes of one kind
	if !r.Filter.IsZero() {
		condition += " AND " + where(&r.Filter, &args)
	}
	return condition, args
}
