package neo4jstore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/testservers"
)

// Plans must not hang on how full the database is, since one that was made
// while it was empty is kept. So here it is empty, and no statement may look
// through a label, or join what it could have walked to. A list's first page
// begins to scan an index, in its order.
func TestPlansSeekAndWalk(t *testing.T) {
	server := testservers.Neo4j(t)
	s, err := Open(t.Context(), Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, statement := range ordinary() {
		t.Run(name, func(t *testing.T) {
			session := s.session(t.Context(), neo4j.AccessModeWrite)
			defer session.Close(t.Context())
			result, err := session.Run(t.Context(), language+"EXPLAIN "+statement.text, statement.params)
			if err != nil {
				t.Fatal(err)
			}
			summary, err := result.Consume(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range steps(summary.Plan()) {
				if strings.Contains(step, "Scan") && !strings.Contains(step, "NodeIndexScan") || strings.Contains(step, "HashJoin") {
					t.Errorf("plans a %s", step)
				}
			}
		})
	}
}

func steps(plan neo4j.Plan) []string {
	all := []string{plan.Operator()}
	for _, child := range plan.Children() {
		all = append(all, steps(child)...)
	}
	return all
}

type statement struct {
	text   string
	params map[string]any
}

// ordinary are the statements that must be quick whatever the database holds.
func ordinary() map[string]statement {
	all := map[string]statement{}
	for _, kind := range casegraph.LinkKinds() {
		for _, name := range []string{"BeginLinks", "CreateLinks", "ChangeLinks", "EndLinks"} {
			all[name+"/"+string(kind)] = statement{text: text(name, "<KIND>", string(kind))}
		}
	}
	all["CreateNodes"] = statement{text: text("CreateNodes", "<LABEL>", "Case")}
	for _, name := range []string{"Begin", "FindNodes", "Write", "WriteTerms", "Nodes", "Resolve", "Terms", "Events", "Values"} {
		all[name] = statement{text: text(name)}
	}
	for _, direction := range []string{"ASC", "DESC"} {
		all["Timeline/"+direction] = statement{text: text("Timeline", "<DIRECTION>", direction)}
	}
	for _, name := range []string{"WriteSums", "Evidence"} {
		all[name] = statement{text: text(name, "<SHOWN>", text("shown"))}
	}
	for _, mask := range []casegraph.Mask{{}, {RestrictedCases: true}} {
		links, params := linking(&casegraph.LinkRequest{IDs: []casegraph.ID{"act_a"}, Mask: mask, Since: 1})
		all[fmt.Sprintf("Links/masked=%t", mask.RestrictedCases)] = statement{links, params}
		degrees, params := linking(&casegraph.LinkRequest{IDs: []casegraph.ID{"act_a"}, Mask: mask, DegreeOnly: true})
		all[fmt.Sprintf("Degrees/masked=%t", mask.RestrictedCases)] = statement{degrees, params}
	}
	open := casegraph.Filter{Path: "resolvedAt", Op: casegraph.OpExists, Value: false}
	for name, is := range map[string]casegraph.Filter{"queue": {Path: "queueId", Op: casegraph.OpEq, Value: "que_a"}, "queues": {Path: "queueId", Op: casegraph.OpIn, Value: []any{"que_a", "que_b"}},
		"mine": {Path: "assigneeId", Op: casegraph.OpEq, Value: "usr_a"}} {
		r := casegraph.ListRequest{Kind: casegraph.KindCase, Filter: casegraph.Filter{And: []casegraph.Filter{open, is}}, Mask: casegraph.Mask{RestrictedCases: true}}
		count, params := counting(&r)
		all["Count/"+name] = statement{count, params}
		groups, params := grouping(&r, "queueId")
		all["Groups/"+name] = statement{groups, params}
	}
	for _, by := range []casegraph.OrderBy{casegraph.ByCreated, casegraph.ByUpdated, casegraph.ByAt} {
		for name, r := range map[string]casegraph.ListRequest{
			"first": {}, "after": {After: &casegraph.Place{}}, "before": {Before: &casegraph.Place{}, Backward: true, Descending: true}} {
			r.Kind, r.OrderBy = casegraph.KindAccount, by
			list, params := listing(&r)
			all["List/"+string(by)+"/"+name] = statement{list, params}
		}
	}
	return all
}
