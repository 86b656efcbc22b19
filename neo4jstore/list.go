package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

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
	if r.OrderBy == "" {
		r.OrderBy = casegraph.ByCreated
	}
	statement, params := listing(&r)
	var page casegraph.ListPage
	err := s.read(ctx, statement, params, func(values []any) error {
		node, err := nodeOf(values)
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

// listing is the statement of a list. Reading backward is reading the other
// way round and turning the page. Where the reading starts behind a place, the
// rest of the nodes with the place's own value come first and those with other
// values after them: two ranges of the index, instead of one whose ties must
// be looked through.
func listing(r *casegraph.ListRequest) (string, map[string]any) {
	conditions, hint, params := matching(r, casegraph.OpEq)
	params["first"] = r.First + 1
	start, end := r.After, r.Before
	if r.Backward {
		start, end = end, start
	}
	beyond, direction := ">", "ASC"
	if r.Descending != r.Backward {
		beyond, direction = "<", "DESC"
	}
	by := "n." + string(r.OrderBy)
	index := fmt.Sprintf("USING INDEX n:%s(%s, id)", r.Kind.Label(), r.OrderBy)
	order := by
	switch hint {
	case byQueue:
		index, order = hint, "n.queue "+direction+", "+by // as its index has them
	case byHolder:
		index = hint
	}
	if r.OrderBy == casegraph.ByAt && !r.Kind.IsObject() {
		by, index = "0", "" // these have no such moment: their order is that of their ids
	}
	if (r.OrderBy == casegraph.ByDue || r.OrderBy == casegraph.ByAlarm) && r.Kind != casegraph.KindCase {
		by, index = strconv.FormatInt(int64(casegraph.Never), 10), ""
	}
	if end != nil {
		params["endValue"], params["endId"] = end.Value, string(end.ID)
		within := map[string]string{">": "<", "<": ">"}[beyond]
		conditions += fmt.Sprintf(" AND %[1]s %[2]s= $endValue AND (%[1]s %[2]s $endValue OR (%[1]s = $endValue AND n.id %[2]s $endId))", by, within)
	}
	ranges := []string{by + " IS NOT NULL AND n.id IS NOT NULL"}
	if start != nil {
		params["startValue"], params["startId"] = start.Value, string(start.ID)
		ranges = []string{
			fmt.Sprintf("%s = $startValue AND n.id %s $startId", by, beyond),
			fmt.Sprintf("%s %s $startValue AND n.id IS NOT NULL", by, beyond),
		}
	}
	for i := range ranges {
		ranges[i] = text("ListRange", "<LABEL>", r.Kind.Label(), "<INDEX>", index, "<BY>", order, "<RANGE>", ranges[i],
			"<CONDITIONS>", conditions, "<DIRECTION>", direction)
	}
	return text("List", "<RANGES>", strings.Join(ranges, "UNION ALL\n"), "<BY>", by, "<DIRECTION>", direction), params
}

// Count counts what a List would list in all.
func (s *Store) Count(ctx context.Context, r casegraph.ListRequest) (int, error) {
	if err := r.Check(); err != nil {
		return 0, err
	}
	statement, params := counting(&r)
	count := 0
	err := s.read(ctx, statement, params, func(values []any) error {
		count = int(values[0].(int64))
		return nil
	})
	return count, err
}

// countedAtOnce is how many lists are counted side by side: each that nobody has
// asked before is planned for longer than it runs.
const countedAtOnce = 8

// CountEach counts what each List would list in all, no further than most.
func (s *Store) CountEach(ctx context.Context, requests []casegraph.ListRequest, most int) ([]int, error) {
	if err := casegraph.CheckCounts(requests, most); err != nil {
		return nil, err
	}
	counts := make([]int, len(requests))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(countedAtOnce)
	for i := range requests {
		group.Go(func() error {
			conditions, index, params := matching(&requests[i], casegraph.OpEq, casegraph.OpIn)
			params["most"] = most
			return s.read(ctx, text("CountEach", "<LABEL>", requests[i].Kind.Label(), "<INDEX>", index, "<CONDITIONS>", conditions), params, func(values []any) error {
				counts[i] = int(values[0].(int64))
				return nil
			})
		})
	}
	return counts, group.Wait()
}

func counting(r *casegraph.ListRequest) (string, map[string]any) {
	conditions, index, params := matching(r, casegraph.OpEq, casegraph.OpIn)
	return text("Count", "<LABEL>", r.Kind.Label(), "<INDEX>", index, "<CONDITIONS>", conditions), params
}

// Groups counts what a List would list, by the text at a path.
func (s *Store) Groups(ctx context.Context, r casegraph.ListRequest, by string) ([]casegraph.Group, error) {
	if err := r.CheckGroups(by); err != nil {
		return nil, err
	}
	statement, params := grouping(&r, by)
	var groups []casegraph.Group
	err := s.read(ctx, statement, params, func(values []any) error {
		groups = append(groups, casegraph.Group{Value: values[0].(string), Count: int(values[1].(int64)), Oldest: casegraph.Time(values[2].(int64))})
		return nil
	})
	if err == nil && len(groups) > casegraph.MaxGroups {
		err = casegraph.TooManyGroups(by)
	}
	slices.SortFunc(groups, func(a, b casegraph.Group) int { return strings.Compare(a.Value, b.Value) })
	return groups, err
}

func grouping(r *casegraph.ListRequest, by string) (string, map[string]any) {
	conditions, index, params := matching(r, casegraph.OpEq, casegraph.OpIn)
	params["by"], params["most"] = valuePrefix+by, casegraph.MaxGroups+1
	return text("Groups", "<LABEL>", r.Kind.Label(), "<INDEX>", index, "<CONDITIONS>", conditions), params
}

// The indexes of open cases.
const (
	byHolder = "USING INDEX n:Case(holder)"
	byQueue  = "USING INDEX n:Case(queue, createdAt, id)"
)

// matching are the conditions of a list, but for its places, and the index that
// finds open cases by what they are compared with in one of these ways.
func matching(r *casegraph.ListRequest, comparisons ...casegraph.Op) (string, string, map[string]any) {
	w := where{params: map[string]any{}}
	conditions := []string{"true"}
	if !r.Filter.IsZero() {
		conditions = append(conditions, w.filter(&r.Filter))
	}
	if hidden := hiddenOf(r.Mask, r.Kind); len(hidden) > 0 {
		conditions = append(conditions, "NOT n.class IN "+w.param(hidden))
	}
	index := ""
	if by := r.OpenBy(comparisons...); by != nil && by.Path == "assigneeId" {
		index = byHolder
		conditions = append(conditions, fmt.Sprintf("n.holder %s %s", operators[by.Op], w.param(by.Value)))
	} else if by != nil {
		index = byQueue
		conditions = append(conditions, fmt.Sprintf("n.queue %s %s AND n.createdAt IS NOT NULL AND n.id IS NOT NULL", operators[by.Op], w.param(by.Value)))
	}
	return strings.Join(conditions, " AND "), index, w.params
}

// hiddenOf are the classes of a kind that the mask hides.
func hiddenOf(mask casegraph.Mask, kind casegraph.Kind) []any {
	var hidden []any
	for _, class := range mask.Classes() {
		if class.Kind() == kind {
			hidden = append(hidden, string(class))
		}
	}
	return hidden
}
