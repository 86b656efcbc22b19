package server

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"casegraph"
	"casegraph/api"
	"casegraph/auth"
	"casegraph/automation"
	"casegraph/cases"
	"casegraph/figures"
	"casegraph/identity"
	"casegraph/ingest"
	"casegraph/resolvers"
	"casegraph/traverse"
)

// The bounds that docs/graphql.md tells are those of the code, and all that it
// tells are told here.
func TestDocumentedBounds(t *testing.T) {
	want := map[string]string{
		"its body":                                  fmt.Sprintf("%d MiB", maxBody>>20),
		"tokens of its document":                    with("", resolvers.MaxTokens),
		"fields within fields":                      fmt.Sprintf("%d deep, %d with the inline fragments between them", resolvers.MaxDepth, resolvers.MaxNesting),
		"fields written; with fragments spread out": with("", resolvers.MaxFields, resolvers.MaxFieldsSpread),
		"aliases; fragment spreads; directives":     with("", resolvers.MaxAliases, resolvers.MaxSpreads, resolvers.MaxDirectives),
		"root fields of an operation":               with("", resolvers.MaxRootFields),
		"an operation's price":                      with("", resolvers.MaxPrice),
		"errors told of its document":               with("", maxErrors),
		"time":                                      fmt.Sprintf("%.0f s", maxRequestTime.Seconds()),

		"an id": with(" bytes", api.MaxID),
		"a page: `first`, `last`; `ids` of `nodes`":                                                    with("", casegraph.MaxPage, casegraph.MaxPage),
		"a filter's cost; depth; ids that a condition on the graph holds for; links that it reads":     with("", casegraph.MaxFilterCost, casegraph.MaxFilterDepth, traverse.MostFilterNodes, traverse.MostFilterLinks),
		"`in` of a filter; `path` of one":                                                              with(" values", casegraph.MaxFilterValues) + "; " + with(" bytes", casegraph.MaxFilterPath-len("fields.")),
		"`values` of `lookup`; each":                                                                   with(" bytes", resolvers.MaxLookup, identity.MaxValue),
		"`query` of `search`":                                                                          with(" characters", resolvers.MaxQuery) + "; " + with(" words", resolvers.MaxWords),
		"a traversal: `from`, `to`, `avoid`; `through`":                                                with(" nodes", traverse.MaxStarts) + "; " + with(" nodes", traverse.MaxThrough),
		"its hops: `expand`, `relatedCases`, `ALL_WITHIN`; other `paths`":                              with("", same(t, traverse.MaxDepth, traverse.MaxRelatedLength, traverse.MaxAllLength), traverse.MaxPathLength),
		"its `maxNodes`: `expand`; `paths`, `relatedCases`; `component`":                               with("", traverse.MostNodes, traverse.MostSearchNodes, traverse.MostComponentNodes),
		"`fields` of a node":                                                                           fmt.Sprintf("%d KiB; %d levels", casegraph.MaxFieldsBytes>>10, casegraph.MaxFieldsDepth),
		"`title`; `description`; a comment's `body`":                                                   with(" characters", cases.MaxTitle, cases.MaxDescription, cases.MaxBody),
		"`note`, `reason`; `role`; `resolution`; `caseType`":                                           with(" characters", cases.MaxNote, cases.MaxRole, cases.MaxResolution, cases.MaxCaseType),
		"a tag; tags of a node or link":                                                                with(" characters", cases.MaxTag) + "; " + with("", cases.MaxTags),
		"`caseAnalytics`: intervals; rows":                                                             with("", figures.MaxIntervals, figures.MaxRows),
		"cases of a merge; merged into one; their objects":                                             with("", cases.MaxMergedAtOnce, cases.MaxMerged, cases.MaxMergedObjects),
		"a bulk: nodes; running at a time":                                                             with("", cases.MaxBulk, cases.MaxBulkRunning),
		"people mentioned in a comment; names, actors of a timeline's filter; events of `verifyAudit`": with("", cases.MaxMentions, api.MaxEventWords, resolvers.MaxAudited),
		"a rule: events; condition; actions":                                                           fmt.Sprintf("%d; %s; %d", automation.MaxEvents, with(" characters", automation.MaxCondition), automation.MaxActions),
		"a view: name; filter; columns; people; how far it is counted":                                 fmt.Sprintf("%d characters; %d KiB; %s", cases.MaxViewName, cases.MaxViewFilter>>10, with("", cases.MaxViewColumns, cases.MaxViewPeople, resolvers.MaxViewCount)),
		"views at once: counted by conditions on the graph; read":                                      with("", resolvers.MaxGraphViews, resolvers.MaxViewLists),
		"objects of a change; rows of `importObjects`":                                                 with("", cases.MaxObjects, ingest.MaxObjects),
		"the name of a user or key":                                                                    with(" characters", auth.MaxName),
		"an `Idempotency-Key`":                                                                         with(" characters", cases.MaxKey),
	}
	text, err := os.ReadFile("../docs/graphql.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Bounds\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|`).FindAllStringSubmatch(section, -1) {
		what, most := row[1], row[2]
		if strings.HasPrefix(what, "of a") || what == "---" {
			continue
		}
		if want[what] != most {
			t.Errorf("%s: the docs say %q, the code %q", what, most, want[what])
		}
		delete(want, what)
	}
	for what, most := range want {
		t.Errorf("the docs do not say that %s is at most %s", what, most)
	}
}

// What the schema's descriptions say of bounds is what the code does.
func TestDescribedBounds(t *testing.T) {
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	sources := []*ast.Source{{Input: string(text)}}
	files, err := os.ReadDir("../schema")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile("../schema/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file.Name(), Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	notes := 0
	for _, input := range schema.Types {
		if input.Kind != ast.InputObject || strings.HasPrefix(input.Name, "Template") { // whose words are bounded otherwise
			continue
		}
		for _, field := range input.Fields {
			most := map[string]int{"title": cases.MaxTitle, "description": cases.MaxDescription, "body": cases.MaxBody, "note": cases.MaxNote,
				"reason": cases.MaxNote, "role": cases.MaxRole, "resolution": cases.MaxResolution, "caseType": cases.MaxCaseType, "tags": cases.MaxTags,
				"fields": casegraph.MaxFieldsBytes >> 10, "in": casegraph.MaxFilterValues, "path": casegraph.MaxFilterPath - len("fields."),
				"objects": cases.MaxObjects, "objectIds": cases.MaxObjects, "rows": ingest.MaxObjects}[field.Name]
			if field.Name == "name" && (input.Name == "CreateUserInput" || input.Name == "CreateApiKeyInput") {
				most = auth.MaxName
			}
			if isFilter := strings.HasSuffix(input.Name, "Filter") && field.Name != "in" && field.Name != "path"; most == 0 || isFilter || field.Type.Name() == "Role" {
				continue
			}
			notes++
			if !slices.Contains(numbers.FindAllString(field.Description, -1), thousands(most)) {
				t.Errorf("%s.%s does not say that %s is the most: %s", input.Name, field.Name, thousands(most), field.Description)
			}
		}
	}
	if notes < 25 {
		t.Errorf("%d bounded inputs were found", notes)
	}
	for argument, most := range map[string][]int{
		"nodes.ids": {casegraph.MaxPage}, "lookup.values": {resolvers.MaxLookup, identity.MaxValue}, "search.query": {resolvers.MaxQuery, resolvers.MaxWords},
		"expand.from": {traverse.MaxStarts}, "expand.depth": {traverse.MaxDepth}, "expand.perNode": {casegraph.MaxLinkCap}, "expand.maxNodes": {traverse.MostNodes}, "expand.maxLinks": {traverse.MostLinks},
		"paths.from": {traverse.MaxStarts}, "paths.maxLength": {traverse.MaxPathLength, traverse.MaxAllLength}, "paths.maxPaths": {traverse.MostPaths, traverse.MostRanked},
		"paths.through": {traverse.MaxThrough}, "paths.maxNodes": {traverse.MostSearchNodes}, "component.maxNodes": {traverse.MostComponentNodes},
		"component.list": {traverse.MostListed}, "relatedCases.maxLength": {traverse.MaxRelatedLength}, "relatedCases.first": {traverse.MostRelated},
	} {
		field, name, _ := strings.Cut(argument, ".")
		described := schema.Query.Fields.ForName(field).Arguments.ForName(name).Description
		for _, n := range most {
			if !slices.Contains(numbers.FindAllString(described, -1), thousands(n)) {
				t.Errorf("%s does not say that %s is the most: %s", argument, thousands(n), described)
			}
		}
	}
}

var numbers = regexp.MustCompile(`[0-9]+(,[0-9]{3})*`)

// with are numbers as the docs have them, with what they count behind the last.
func with(unit string, most ...int) string {
	var all []string
	for _, n := range most {
		all = append(all, thousands(n))
	}
	return strings.Join(all, "; ") + unit
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// same is what several bounds are that the docs tell as one.
func same(t *testing.T, bounds ...int) int {
	for _, one := range bounds {
		if one != bounds[0] {
			t.Errorf("bounds told as one differ: %v", bounds)
		}
	}
	return bounds[0]
}
