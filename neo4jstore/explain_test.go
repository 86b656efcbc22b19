package neo4jstore

import (
	"context"
	"fmt"
	"os"
	"testing"

	"casegraph"
	"casegraph/testservers"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func explain(s *Store, name, statement string, params map[string]any) {
	ctx := context.Background()
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(ctx)
	res, err := session.Run(ctx, language+"EXPLAIN "+statement, params)
	if err != nil {
		fmt.Println(name, err)
		return
	}
	sum, err := res.Consume(ctx)
	if err != nil {
		fmt.Println(name, err)
		return
	}
	fmt.Println("==", name)
	fmt.Println(sum.Plan().Arguments()["string-representation"])
}

func TestExplain(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{URI: os.Getenv("CASEGRAPH_TEST_NEO4J_URI"), User: "neo4j", Password: os.Getenv("CASEGRAPH_TEST_NEO4J_PASSWORD")})
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("EMPTY") != "" {
		testservers.Neo4j(t)
		fmt.Println(s.Migrate(ctx))
	}
	text1, p := reading(casegraph.Needs{Nodes: []casegraph.ID{"a"}, Links: []casegraph.LinkID{{"a", "CONTAINS", "b", ""}}, Values: []string{"x"}})
	explain(s, "begin", text1, p)
	explain(s, "resolve", text("Resolve"), map[string]any{"keys": []any{}})
	explain(s, "evidence", text("Evidence", "<SHOWN>", text("shown")), map[string]any{"pairs": []any{}, "limit": 1})
	explain(s, "endlinks", text("EndLinks", "<KIND>", "CONTAINS", "<ENDED>", "ENDED_CONTAINS"), map[string]any{"rows": []any{}})
	explain(s, "terms", text("Terms"), map[string]any{"variants": []any{}})
	explain(s, "writeterms", text("WriteTerms"), map[string]any{"rows": []any{}})
	explain(s, "search", text("Search"), map[string]any{"question": "", "kinds": []any{}, "hidden": []any{}, "first": 1})
	explain(s, "values", text("Values"), map[string]any{"keys": []any{}, "now": 1})
	explain(s, "find", text("FindNodes"), map[string]any{"ids": []any{}})
	explain(s, "log", text("WriteLog"), map[string]any{"events": []any{}, "seq": 1, "hash": ""})
	explain(s, "create", text("CreateLinks", "<KIND>", "CONTAINS"), map[string]any{"rows": []any{}})
	explain(s, "change", text("ChangeLinks", "<KIND>", "CONTAINS"), map[string]any{"rows": []any{}})
	explain(s, "nodes", text("ChangeNodes"), map[string]any{"rows": []any{}})
	explain(s, "values", text("WriteValues"), map[string]any{"rows": []any{}, "now": 1, "swept": 1})
	explain(s, "sums", text("WriteSums", "<SHOWN>", text("shown")), map[string]any{"pairs": []any{}, "seq": 1})
	t1, p := linking(&casegraph.LinkRequest{IDs: []casegraph.ID{"a"}})
	explain(s, "links", t1, p)
	t1, p = linking(&casegraph.LinkRequest{IDs: []casegraph.ID{"a"}, Mask: casegraph.Mask{RestrictedCases: true}})
	explain(s, "links masked", t1, p)
	t1, p = listing(&casegraph.ListRequest{Kind: "ACCOUNT", OrderBy: "createdAt", First: 5, Descending: true, After: &casegraph.Place{}})
	explain(s, "list", t1, p)
	explain(s, "timeline", text("Timeline"), map[string]any{"ids": []any{}, "before": 1, "first": 1})
	explain(s, "events", text("Events"), map[string]any{"after": 1, "first": 1})
}
