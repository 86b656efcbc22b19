package localstore

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"casegraph"
)

// What waits in queues, and what somebody has, is found and counted in an index
// of open cases: without looking through all cases, and without reading one.
func TestOpenCasesAreFoundByAnIndex(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "graph.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	queue := casegraph.Filter{Path: "queueId", Op: casegraph.OpEq, Value: "que_a"}
	queues := casegraph.Filter{Path: "queueId", Op: casegraph.OpIn, Value: []any{"que_a", "que_b"}}
	late := casegraph.Filter{Path: "dueAt", Op: casegraph.OpLte, Value: int64(5)}
	open := casegraph.Filter{Path: "resolvedAt", Op: casegraph.OpExists, Value: false}
	mine := casegraph.Filter{Path: "assigneeId", Op: casegraph.OpEq, Value: "usr_a"}
	request := func(filters ...casegraph.Filter) *casegraph.ListRequest {
		return &casegraph.ListRequest{Kind: casegraph.KindCase, Filter: casegraph.Filter{And: filters}, First: 20, Mask: casegraph.Mask{RestrictedCases: true}}
	}
	type asked func() (string, []any)
	list := func(r *casegraph.ListRequest, by casegraph.OrderBy) asked {
		r.OrderBy = by
		return func() (string, []any) { return listing(r) }
	}
	for name, c := range map[string]struct {
		ask    asked
		search string
		sorts  bool
	}{
		"what waits in queues":         {func() (string, []any) { return grouping(request(casegraph.Waiting(5), queues), "queueId") }, "nodes_queue (<expr>=?)", false},
		"what is late in queues":       {func() (string, []any) { return grouping(request(casegraph.Waiting(5), queues, late), "queueId") }, "nodes_queue (<expr>=?)", false},
		"a queue's page":               {list(request(casegraph.Waiting(5), queue), casegraph.ByCreated), "nodes_queue (<expr>=?)", false},
		"a queue's page, what is late": {list(request(casegraph.Waiting(5), queue), casegraph.ByDue), "nodes_queue (<expr>=?)", true},
		"how many are open in a queue": {func() (string, []any) { return counting(request(queue, open)) }, "nodes_queue (<expr>=?)", false},
		"my open cases":                {list(request(mine, open), casegraph.ByUpdated), "nodes_holder (<expr>=?)", false},
		"my open cases, what is late":  {list(request(mine, open), casegraph.ByDue), "nodes_holder (<expr>=?)", true},
		"how many open cases I have":   {func() (string, []any) { return counting(request(mine, open)) }, "nodes_holder (<expr>=?)", false},
		"one of many":                  {list(request(queue, open, casegraph.Filter{Path: "id", Op: casegraph.OpEq, Value: "case_a"}), casegraph.ByDue), "sqlite_autoindex_nodes_1 (id=?)", false},
		"all since":                    {list(request(casegraph.Filter{Path: "updatedAt", Op: casegraph.OpGte, Value: int64(5)}), casegraph.ByUpdated), "nodes_updated (kind=? AND updated>?)", false},
	} {
		t.Run(name, func(t *testing.T) {
			statement, args := c.ask()
			plan := strings.Join(column(t, s, 3, "EXPLAIN QUERY PLAN "+statement, args), "\n")
			inner, _, _ := strings.Cut(plan, "SCAN p")
			if !strings.Contains(inner, "SEARCH n USING INDEX "+c.search) || strings.Contains(inner, "SCAN n") || strings.Contains(inner, "B-TREE") != c.sorts {
				t.Errorf("is planned as\n%s", plan)
			}
			for _, function := range column(t, s, 5, "EXPLAIN "+statement, args) {
				if strings.HasPrefix(c.search, "nodes_") && strings.HasPrefix(function, "->>") {
					t.Errorf("reads cases: %s", function)
				}
			}
		})
	}
}

// column are a column's values in a statement's rows, as texts.
func column(t *testing.T, s *Store, at int, statement string, args []any) (all []string) {
	t.Helper()
	rows, err := s.readers.Query(statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	values := make([]any, len(columns))
	for rows.Next() {
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(*values[at].(*any)))
	}
	return all
}
