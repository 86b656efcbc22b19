package localstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

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
	statement, args := listing(&r)
	rows, err := s.stmts.query(ctx, statement, args...)
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

// listing is the statement of a list.
func listing(r *casegraph.ListRequest) (string, []any) {
	condition, args := matching(r)
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
	order := fmt.Sprintf("ORDER BY %s %s, n.id %s", column, direction, direction)
	// What is sorted are numbers of nodes, not nodes.
	return fmt.Sprintf("SELECT %s FROM (SELECT n.nid FROM %s WHERE %s %s LIMIT %d) p CROSS JOIN nodes n ON n.nid = p.nid %s",
		nodeColumns, nodesBy(r, casegraph.OpEq), condition, order, r.First+1, order), args
}

// Count counts what a List would list in all.
func (s *Store) Count(ctx context.Context, r casegraph.ListRequest) (int, error) {
	if err := r.Check(); err != nil {
		return 0, err
	}
	statement, args := counting(&r)
	count := 0
	rows, err := s.stmts.query(ctx, statement, args...)
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
		rows, err := s.stmts.query(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT ?)",
			nodesBy(&requests[i], casegraph.OpEq, casegraph.OpIn), condition), append(args, most)...)
		if err := each(rows, err, func(row scanner) error { return row.Scan(&counts[i]) }); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

func counting(r *casegraph.ListRequest) (string, []any) {
	condition, args := matching(r)
	return fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", nodesBy(r, casegraph.OpEq, casegraph.OpIn), condition), args
}

// Groups counts what a List would list, by the text at a path.
func (s *Store) Groups(ctx context.Context, r casegraph.ListRequest, by string) ([]casegraph.Group, error) {
	if err := r.CheckGroups(by); err != nil {
		return nil, err
	}
	statement, args := grouping(&r, by)
	var groups []casegraph.Group
	rows, err := s.stmts.query(ctx, statement, args...)
	err = each(rows, err, func(row scanner) error {
		var g casegraph.Group
		var value sql.NullString
		err := row.Scan(&value, &g.Count, &g.Oldest)
		g.Value = value.String
		groups = append(groups, g)
		return err
	})
	if err == nil && len(groups) > casegraph.MaxGroups {
		err = casegraph.TooManyGroups(by)
	}
	slices.SortFunc(groups, func(a, b casegraph.Group) int { return strings.Compare(a.Value, b.Value) })
	return groups, err
}

// groupedBy is the text at a path, or null; of a text that an index holds as it
// is there.
func groupedBy(path string) string {
	if t, ok := typed[path]; ok && t.kind == "'text'" {
		return t.value
	}
	_, value, kind := attributeAt(path)
	return "nullif(CASE WHEN " + text(kind, value) + " THEN " + value + " END, '')"
}

// nodesBy is the table, with the index of open cases that a request is answered
// by, if one is. The planner does not know how few these are of all cases.
func nodesBy(r *casegraph.ListRequest, comparisons ...casegraph.Op) string {
	switch by := r.OpenBy(comparisons...); {
	case by == nil:
		return "nodes n"
	case by.Path == "assigneeId":
		return "nodes n INDEXED BY nodes_holder"
	}
	return "nodes n INDEXED BY nodes_queue"
}

func grouping(r *casegraph.ListRequest, by string) (string, []any) {
	condition, args := matching(r)
	return fmt.Sprintf("SELECT %[1]s, count(*), min(n.created) FROM %[2]s WHERE %[3]s GROUP BY %[1]s LIMIT %[4]d",
		groupedBy(by), nodesBy(r, casegraph.OpEq, casegraph.OpIn), condition, casegraph.MaxGroups+1), args
}

func matching(r *casegraph.ListRequest) (string, []any) {
	var args []any
	condition := "n.kind = '" + string(r.Kind) + "' AND " + hiddenBy(r.Mask, &args) // said in the text, for the indexes of one kind
	if !r.Filter.IsZero() {
		condition += " AND " + where(&r.Filter, &args)
	}
	return condition, args
}
