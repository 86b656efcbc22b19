package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/demo"
)

// What somebody met who tried the API for the first time.

func TestZeroIsNoCount(t *testing.T) {
	f := newFixture(t, localStore(t))
	for field, query := range map[string]string{
		"depth":     `{ expand(from: ["%"], depth: 0) { complete } }`,
		"perNode":   `{ expand(from: ["%"], perNode: 0) { complete } }`,
		"maxLinks":  `{ expand(from: ["%"], maxLinks: 0) { complete } }`,
		"maxLength": `{ paths(from: ["%"], to: ["%"], maxLength: 0) { complete } }`,
		"maxPaths":  `{ paths(from: ["%"], to: ["%"], maxPaths: 0) { complete } }`,
		"list":      `{ component(of: "%", list: 0) { complete } }`,
		"first":     `{ relatedCases(of: "%", first: 0) { complete } }`,
	} {
		refused(t, f.as(demo.Ana, query, nil), casegraph.CodeBadInput, field)
	}
}

func TestHubsArePassedOrLimited(t *testing.T) {
	f := newFixture(t, localStore(t))
	refused(t, f.as(demo.Ana, `{ paths(from: ["%"], to: ["%"], throughHubs: true, hubLimits: {default: 5}) { complete } }`, nil),
		casegraph.CodeBadInput, "throughHubs")
}

// A past moment is an event of the log, by its number or by a time.
func TestAPastMomentByATime(t *testing.T) {
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, store(t))
			id := demo.Case(1)
			get(t, f.as(demo.Ana, `mutation($id: ID!) { updateCase(input: {caseId: $id, title: "Later"}) { case { id } } }`, variables(t, map[string]any{"id": id})))
			var events struct {
				Case struct {
					Title    string
					Timeline struct {
						Nodes []struct {
							Number int
							At     time.Time
							Name   string
						}
					}
				}
			}
			f.read(demo.Ana, `query($id: ID!) { case(id: $id) { title timeline(first: 100) { nodes { number at name } } } }`, map[string]any{"id": id}, &events)
			told := events.Case.Timeline.Nodes
			last, before, first := told[0], told[1], told[len(told)-1]
			const ask = `query($id: ID!, $then: Moment) { case(id: $id, asOf: $then) { title version timeline(first: 100) { nodes { number } } }
				node(id: $id, asOf: $then) { version } expand(from: [$id], asOf: $then) { nodes { distance } links { key } }
				component(of: $id, asOf: $then) { size } relatedCases(of: $id, asOf: $then) { complete } }`
			at := func(moment map[string]any) string {
				a := f.as(demo.Ana, ask, variables(t, map[string]any{"id": id, "then": moment}))
				if len(a.Errors) > 0 {
					t.Fatalf("%v: %s", moment, a.Errors)
				}
				return string(a.Data)
			}
			// A time is the last event up to it; between two it is the one before.
			for _, pair := range [][2]map[string]any{
				{{"at": last.At}, {"event": last.Number}},
				{{"at": last.At.Add(-time.Millisecond)}, {"event": last.Number - 1}},
				{{"at": before.At}, {"event": before.Number}},
				{{"at": first.At}, {"event": first.Number}},
				{{"at": "9999-12-31T23:59:59Z"}, {"event": last.Number}},
				{{"at": last.At.In(time.FixedZone("", 5*60*60)).Format(time.RFC3339Nano)}, {"event": last.Number}},
			} {
				if byTime, byNumber := at(pair[0]), at(pair[1]); byTime != byNumber {
					t.Errorf("%v and %v differ:\n%s\n%s", pair[0], pair[1], byTime, byNumber)
				}
			}
			if then := at(map[string]any{"at": last.At.Add(-time.Millisecond)}); strings.Contains(then, "Later") || !strings.Contains(at(map[string]any{"at": last.At}), "Later") {
				t.Errorf("before the title was changed: %s", then)
			}
			early := map[string]any{"id": id, "then": map[string]any{"at": first.At.Add(-time.Millisecond)}}
			a := f.as(demo.Ana, `query($id: ID!, $then: Moment) { case(id: $id, asOf: $then) { id } node(id: $id, asOf: $then) { id } }`, variables(t, early))
			if len(a.Errors) > 0 || string(a.Data) != `{"case":null,"node":null}` {
				t.Errorf("before there was a case: %s %s", a.Data, a.Errors)
			}
			refused(t, f.as(demo.Ana, `query($id: ID!, $then: Moment) { expand(from: [$id], asOf: $then) { complete } }`, variables(t, early)), casegraph.CodeNotFound, "from")
		})
	}
}

func TestAMomentThatIsNone(t *testing.T) {
	f := newFixture(t, localStore(t))
	last := int(get(t, f.as(demo.Ana, `mutation { createCase(input: {title: "x"}) { case { timeline(first: 1) { nodes { number } } } } }`, nil),
		"createCase", "case", "timeline", "nodes").([]any)[0].(map[string]any)["number"].(float64))
	for _, field := range []string{`node(id: "$")`, `case(id: "$")`, `account(id: "$")`, `expand(from: ["$"])`, `paths(from: ["$"], to: ["$"])`, `component(of: "$")`, `relatedCases(of: "$")`} {
		for moment, want := range map[string]string{
			`{}`:                                     "asOf",
			`{event: 1, at: "2026-03-02T09:00:00Z"}`: "asOf",
			`{event: null, at: null}`:                "asOf",
			`{event: 0}`:                             "asOf.event",
			`{event: -1}`:                            "asOf.event",
			fmt.Sprintf(`{event: %d}`, last+1):       "asOf.event",
			`{at: "1999-01-01T00:00:00Z"}`:           "asOf.at",
			`{at: "1970-01-01T00:00:00Z"}`:           "asOf.at",
			`{at: "yesterday"}`:                      "asOf.at",
			`{at: 1}`:                                "asOf.at",
			`{event: "1"}`:                           "asOf.event",
		} {
			query := strings.ReplaceAll(strings.TrimSuffix(field, ")")+", asOf: "+moment+") { __typename }", "$", string(demo.Case(1)))
			t.Run(query, func(t *testing.T) { refused(t, f.as(demo.Ana, "{ "+query+" }", nil), casegraph.CodeBadInput, want) })
		}
	}
}

// Half of a surrogate pair is refused, not replaced.
func TestTextIsWhole(t *testing.T) {
	f := newFixture(t, localStore(t))
	const create = `mutation($input: CreateCaseInput!) { createCase(input: $input) { case { title } } }`
	for body, field := range map[string]string{
		`{"query":"` + create + `","variables":{"input":{"title":"\ud83d\ude00"}}}`:                                 "",
		`{"query":"` + create + `","variables":{"input":{"title":"\ud800"}}}`:                                       "variable.input",
		`{"query":"` + create + `","variables":{"input":{"title":"x","fields":{"\udc00":1}}}}`:                      "variable.input",
		`{"query":"mutation { createCase(input: {title: \"x\", tags: [\"\\ud83d\\ude00\"]}) { case { title } } }"}`: "",
		`{"query":"mutation { createCase(input: {title: \"x\", tags: [\"a\", \"\\ud800\"]}) { case { title } } }"}`: "input.tags[1]",
		`{"query":"query($t: String = \"\\udc00\") { cases(filter: {title: {eq: $t}}) { totalCount } }"}`:           "variable.t",
		`{"query":"{ viewer { name } } # \ud800"}`:                                                                  "query",
		`{"query":"{ viewer { name } }","operationName":"\ud800"}`:                                                  "operationName",
	} {
		var a answer
		text := f.send(demo.Ben, []byte(body)).Body.Bytes()
		if err := json.Unmarshal(text, &a); err != nil {
			t.Fatal(err)
		}
		if field == "" {
			get(t, a)
			continue
		}
		refused(t, a, casegraph.CodeBadInput, field)
	}
}

// A limit of a misspelt kind would limit nothing, and nobody would know.
func TestHubLimitsAreOfKindsThatThereAre(t *testing.T) {
	f := newFixture(t, localStore(t))
	const expand = `query($from: [ID!]!, $limits: HubLimits) { expand(from: $from, hubLimits: $limits) { complete } }`
	ask := func(limits string) answer {
		return f.as(demo.Ana, expand, json.RawMessage(`{"from":["`+string(demo.Account("P-1001"))+`"],"limits":`+limits+`}`))
	}
	row := `{"node":"ACCOUNT","source":"shop","referenceId":"1","shows":[{"kind":"loyalty-card","value":"L-1"}]}`
	get(t, f.as(demo.Ana, `mutation($row: JSON!) { importObjects(input: {rows: [$row]}) { outcomes { outcome } } }`, json.RawMessage(`{"row":`+row+`}`)), "importObjects")
	for limits, field := range map[string]string{
		`{"byKind":[{"identifierKind":"ip","limit":0},{"identifierKind":"loyalty-card","limit":3}]}`: "",
		`{"byKind":[{"identifierKind":"ip","limit":0},{"identifierKind":"loyalty","limit":3}]}`:      "hubLimits.byKind[1].identifierKind",
		`{"byKind":[{"identifierKind":"IP","limit":1}]}`:                                             "hubLimits.byKind[0].identifierKind",
		`{"byKind":[{"identifierKind":"ip","limit":1},{"identifierKind":"ip","limit":2}]}`:           "hubLimits.byKind[1].identifierKind",
		`{"byKind":[{"identifierKind":"ip","limit":-1}]}`:                                            "hubLimits.byKind[0].limit",
		`{"default":-1}`: "hubLimits.default",
	} {
		a := ask(limits)
		if field == "" {
			get(t, a, "expand")
			continue
		}
		refused(t, a, casegraph.CodeBadInput, field)
		if strings.HasSuffix(field, "[0].identifierKind") && !strings.Contains(string(a.Errors[0]), "there are email, inbox, phone") {
			t.Errorf("%s", a.Errors[0])
		}
	}
}

// What would part a component is not known of a part of one.
func TestAComponentThatIsCutSaysNoBridges(t *testing.T) {
	f := newFixture(t, localStore(t))
	account := get(t, f.as(demo.Ana, `{ accounts(first: 1) { nodes { id } } }`, nil), "accounts", "nodes").([]any)[0].(map[string]any)["id"]
	component := get(t, f.as(demo.Ana, `query($of: ID!) { component(of: $of, maxNodes: 1) { size complete links { id } bridgeCount bridges { cutsOff } cutNodes { parts } } }`,
		variables(t, map[string]any{"of": account})), "component")
	got, err := json.Marshal(component)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"bridgeCount":null,"bridges":null,"complete":false,"cutNodes":null,"links":[],"size":1}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEmptyLinesOfAPasteAreLeftOut(t *testing.T) {
	f := newFixture(t, localStore(t))
	found := get(t, f.as(demo.Ana, `{ lookup(values: ["", "CASE-1", "  "]) { value hits { node { id } } } }`, nil), "lookup").([]any)
	if len(found) != 1 || found[0].(map[string]any)["value"] != "CASE-1" {
		t.Errorf("got %v; want CASE-1 alone", found)
	}
}

func TestABadRowIsRejectedAlone(t *testing.T) {
	f := newFixture(t, localStore(t))
	rows := []any{
		map[string]any{"node": "ACCOUNT", "source": "shop", "referenceId": "1", "nope": 1},
		map[string]any{"node": "ACCOUNT", "source": "shop", "referenceId": "good"},
		map[string]any{"node": "TRANSACTION", "source": "shop", "referenceId": "t", "amount": "1e5"},
		map[string]any{},
	}
	const query = `mutation($rows: [JSON!]!) { importObjects(input: {rows: $rows}) { outcomes { outcome id reason } } }`
	outcomes := get(t, f.as(demo.Ana, query, variables(t, map[string]any{"rows": rows})), "importObjects", "outcomes").([]any)
	var told []string
	for _, outcome := range outcomes {
		o := outcome.(map[string]any)
		told = append(told, o["outcome"].(string))
		if o["outcome"] == "REJECTED" && o["reason"] == nil {
			t.Errorf("rejected without a reason: %v", o)
		}
	}
	if got, _ := json.Marshal(told); string(got) != `["REJECTED","CREATED","REJECTED","REJECTED"]` {
		t.Errorf("got %s", got)
	}
}

func TestOfTwoCasesWithANumberOurOwnIsMeant(t *testing.T) {
	f := newFixture(t, localStore(t))
	const elsewhere = casegraph.ID("case_elsewhere")
	committer := commit.New(f.store, nil)
	defer committer.Close()
	_, err := committer.Do(context.Background(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{elsewhere}},
		Decide: func(*commit.View) (*commit.Writes, error) {
			c := &casegraph.Case{Header: casegraph.Header{ID: elsewhere}, Number: "CASE-1", Title: "Elsewhere", Status: "Open", Source: "elsewhere"}
			return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "case.created", Subject: elsewhere}}}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	if id := get(t, f.as(demo.Ana, `{ case(number: "CASE-1") { id } }`, nil), "case", "id"); id != string(demo.Case(1)) {
		t.Errorf("got %v; want our own", id)
	}
	if id := get(t, f.as(demo.Ana, `{ case(number: "CASE-1", source: "elsewhere") { id } }`, nil), "case", "id"); id != "case_elsewhere" {
		t.Errorf("got %v; want the other", id)
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	f := newFixture(t, localStore(t))
	const digits = `{"limit":12345678901234567890123,"rate":0.12345678901234567890}`
	change := `mutation($id: ID!, $fields: JSON) { updateCase(input: {caseId: $id, fields: $fields}) { case { fields } } }`
	a := f.as(demo.Ben, change, json.RawMessage(`{"id":"`+string(demo.Case(1))+`","fields":`+digits+`}`))
	if !strings.Contains(string(a.Data), `"limit":12345678901234567890123,`) || !strings.Contains(string(a.Data), `"rate":0.12345678901234567890`) {
		t.Errorf("in a variable: %s %s", a.Data, a.Errors)
	}
	for literal, field := range map[string]string{`{limit: 12345678901234567890123}`: "input.fields.limit", `{rates: [0.12345678901234567890]}`: "input.fields.rates[0]"} {
		a := f.as(demo.Ben, `mutation { updateCase(input: {caseId: "`+string(demo.Case(1))+`", fields: `+literal+`}) { case { id } } }`, nil)
		refused(t, a, casegraph.CodeBadInput, field)
	}
}

func TestAPageOfAHundredWithFiftyEachIsAllowed(t *testing.T) {
	f := newFixture(t, localStore(t))
	a := f.as(demo.Ben, `{ accounts(first: 100) { nodes { name identifiers(first: 50) { nodes { identifierKind value degree { accounts } } } } } }`, nil)
	if len(a.Errors) > 0 {
		t.Errorf("%s", a.Errors)
	}
	a = f.as(demo.Ben, `{ accounts(first: 100) { nodes { name identifiers(first: 100) { nodes { identifierKind value degree { accounts } } } } } }`, nil)
	refused(t, a, casegraph.CodeTooLarge, "")
}

func TestATimelineShowsTimesAsTheyAreRead(t *testing.T) {
	f := newFixture(t, localStore(t))
	id := string(demo.Case(1))
	const query = `mutation($id: ID!, $to: ID!) { unassignCase(input: {caseId: $id}) { case { id } }
		assignCase(input: {caseId: $id, assigneeId: $to}) { case { assignedAt timeline(first: 2) { nodes { changes { path before after } } } } } }`
	c := get(t, f.as(demo.Ana, query, variables(t, map[string]any{"id": id, "to": demo.Ben})), "assignCase", "case").(map[string]any)
	var told []any
	for _, event := range c["timeline"].(map[string]any)["nodes"].([]any) {
		for _, change := range event.(map[string]any)["changes"].([]any) {
			if change := change.(map[string]any); change["path"] == "assignedAt" {
				told = append(told, change["before"], change["after"])
			}
		}
	}
	if len(told) != 4 {
		t.Fatalf("got %v", told)
	}
	before, _ := told[2].(string)
	if _, err := time.Parse(time.RFC3339, before); told[0] != nil || told[1] != c["assignedAt"] || err != nil || told[3] != nil {
		t.Errorf("got %v, and it is assigned at %v", told, c["assignedAt"])
	}
}

func TestAnErrorNamesTheInputAndWhatItMayBe(t *testing.T) {
	f := newFixture(t, localStore(t))
	for query, want := range map[string]string{
		`{ identifier(kind: "EMAIL", value: "a@b.c") { id } }`:         "kind: must be email, inbox, phone,",
		`mutation { createApiKey(input: {name: "x"}) { key { id } } }`: "role: must be VIEWER, INVESTIGATOR or ADMIN",
		`query A { viewer { name } } query B { viewer { name } }`:      "operationName: must be given where a document has several operations: A, B",
	} {
		a := f.as(demo.Ana, query, nil)
		field, _, _ := strings.Cut(want, ":")
		if strings.HasPrefix(query, "mutation") {
			field = "input." + field
		}
		refused(t, a, casegraph.CodeBadInput, field)
		if !strings.Contains(string(a.Errors[0]), want) {
			t.Errorf("%s says %s; want %q", query, a.Errors[0], want)
		}
	}
	text := `{"query":"query A { viewer { name } }","operationName":"C"}`
	if got := f.send(demo.Ana, []byte(text)).Body.String(); !strings.Contains(got, `the document has no operation \"C\"; it has: A`) || !strings.Contains(got, `"field":"operationName"`) {
		t.Errorf("another operation: %s", got)
	}
}

// Whatever is wrong with an input, the error says which input it is.
func TestEveryErrorAboutAnInputNamesIt(t *testing.T) {
	f := newFixture(t, localStore(t))
	for query, want := range map[string]struct {
		code  casegraph.Code
		field string
	}{
		`mutation { updateCase(input: {caseId: "case_x", title: "x"}) { case { id } } }`:         {casegraph.CodeNotFound, "input.caseId"},
		`mutation { updateCase(input: {caseId: "act_x", title: "x"}) { case { id } } }`:          {casegraph.CodeNotFound, "input.caseId"},
		`mutation { updateObject(input: {nodeId: "case_x"}) { object { id } } }`:                 {casegraph.CodeNotFound, "input.nodeId"},
		`mutation { updateObject(input: {nodeId: "act_x"}) { object { id } } }`:                  {casegraph.CodeNotFound, "input.nodeId"},
		`mutation { importObjects(input: {rows: []}) { outcomes { outcome } } }`:                 {casegraph.CodeBadInput, "input.rows"},
		`{ expand(from: ["act_x"]) { complete } }`:                                               {casegraph.CodeNotFound, "from"},
		`{ paths(from: ["$"], to: ["act_x"]) { complete } }`:                                     {casegraph.CodeNotFound, "to"},
		`{ relatedCases(of: "act_x") { complete } }`:                                             {casegraph.CodeNotFound, "of"},
		`{ cases(filter: {fields: [{path: ""}]}) { totalCount } }`:                               {casegraph.CodeBadInput, "filter.fields[0].path"},
		`{ cases(filter: {not: {fields: [{path: "a"}, {path: "a..b"}]}}) { totalCount } }`:       {casegraph.CodeBadInput, "filter.not.fields[1].path"},
		`{ cases(filter: {or: [{fields: [{path: "a", lt: true}]}]}) { totalCount } }`:            {casegraph.CodeBadInput, "filter.or[0].fields[0].lt"},
		`{ cases(first: "x") { totalCount } }`:                                                   {casegraph.CodeBadInput, "first"},
		`{ cases(filter: {and: [{}, {nope: 1}]}) { totalCount } }`:                               {casegraph.CodeBadInput, "filter.and[1].nope"},
		`{ ... on Query { cases { nodes { links(kinds: [OF, NOPE]) { totalCount } } } } }`:       {casegraph.CodeBadInput, "kinds[1]"},
		`{ node(id: null) { id } }`:                                                              {casegraph.CodeBadInput, "id"},
		`query($n: Int = "x") { cases(first: $n) { totalCount } }`:                               {casegraph.CodeBadInput, "variable.n"},
		`query($n: Int!) { cases(first: $n) { totalCount } }`:                                    {casegraph.CodeBadInput, "variable.n"},
		`{ viewer @skip(if: 1) { name } }`:                                                       {casegraph.CodeBadInput, "if"},
		`mutation { addComment(input: {caseId: "case_x", body: "x", more: 1}) { case { id } } }`: {casegraph.CodeBadInput, "input.more"},
	} {
		t.Run(query, func(t *testing.T) {
			refused(t, f.as(demo.Ana, strings.ReplaceAll(query, "$\"", string(demo.Account("P-1001"))+"\""), nil), want.code, want.field)
		})
	}
	create := `mutation { createCase(input: {title: "x"}) { case { id } } }`
	vast := f.as(demo.Ana, `query($v: JSONScalar) { cases(filter: {fields: [{path: "a", eq: $v}]}) { totalCount } }`, json.RawMessage(`{"v":1e999}`))
	if refused(t, vast, casegraph.CodeBadInput, "filter.fields[0].eq"); !strings.Contains(string(vast.Errors[0]), "64-bit") {
		t.Errorf("a number out of range: %s", vast.Errors[0])
	}
	refused(t, f.as(demo.Ana, create, nil, "Idempotency-Key", "ü"), casegraph.CodeBadInput, "Idempotency-Key")
	get(t, f.as(demo.Ana, create, nil, "Idempotency-Key", "once"), "createCase")
	refused(t, f.as(demo.Ana, strings.Replace(create, `"x"`, `"y"`, 1), nil, "Idempotency-Key", "once"), casegraph.CodeConflict, "Idempotency-Key")
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"{ viewer { name } }"}`))
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + f.keys[demo.Ana]}, "Idempotency-Key": {"one", "two"}}
	answer := httptest.NewRecorder()
	f.http.ServeHTTP(answer, request)
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), `"field":"Idempotency-Key"`) {
		t.Errorf("two keys: %d %s", answer.Code, answer.Body)
	}
}

func TestACaseIsFoundByItsNumberHoweverItIsTyped(t *testing.T) {
	for name, store := range map[string]func(testing.TB) casegraph.Store{"embedded": localStore, "Neo4j": neo4jStore} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, store(t))
			committer := commit.New(f.store, nil)
			defer committer.Close()
			for id, number := range map[casegraph.ID]string{"case_a": "Fr-7", "case_b": "FR-7", "case_c": "Fr-8"} {
				_, err := committer.Do(context.Background(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}},
					Decide: func(*commit.View) (*commit.Writes, error) {
						c := &casegraph.Case{Header: casegraph.Header{ID: id}, Number: number, Title: "x", Status: "Open", Source: "tool"}
						return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "case.created", Subject: id}}}, nil
					}})
				if err != nil {
					t.Fatal(err)
				}
			}
			for typed, want := range map[string]casegraph.ID{"CASE-1": demo.Case(1), "case-1": demo.Case(1), " Case-1": "", "fr-8": "case_c", "FR-7": "case_b", "Fr-7": "case_a"} {
				a := f.as(demo.Ana, `query($n: String!) { case(number: $n) { id } }`, variables(t, map[string]any{"n": typed}))
				if want == "" && string(a.Data) != `{"case":null}` || want != "" && get(t, a, "case", "id") != string(want) {
					t.Errorf("case(number: %q) is %s %s; want %s", typed, a.Data, a.Errors, want)
				}
			}
			refused(t, f.as(demo.Ana, `{ case(number: "fr-7") { id } }`, nil), casegraph.CodeBadInput, "source")
			for typed, want := range map[string]int{"case-1": 1, " Case-1 ": 1, "fr-7": 2, "fr-9": 0} {
				found := get(t, f.as(demo.Ana, `query($n: String!) { lookup(values: [$n]) { kinds hits { matched node { id } } } }`, variables(t, map[string]any{"n": typed})), "lookup").([]any)
				hits := found[0].(map[string]any)["hits"].([]any)
				if len(hits) != want || want > 0 && hits[0].(map[string]any)["matched"] != "case-number" {
					t.Errorf("lookup of %q gives %v", typed, found)
				}
				kinds := found[0].(map[string]any)["kinds"].([]any)
				if want > 0 && kinds[0] != "case-number" || want == 0 && slices.Contains(kinds, any("case-number")) {
					t.Errorf("%q is taken for %v", typed, kinds)
				}
			}
			for _, typed := range []string{"CASE-1", "case-1"} {
				hits := get(t, f.as(demo.Ana, `query($n: String!) { search(query: $n, kinds: [CASE]) { hits { node { id } } } }`, variables(t, map[string]any{"n": typed})), "search", "hits").([]any)
				if len(hits) == 0 || hits[0].(map[string]any)["node"].(map[string]any)["id"] != string(demo.Case(1)) {
					t.Errorf("search for %q finds %v", typed, hits)
				}
			}
		})
	}
}

func TestADeadSignInLinkTellsHowToComeIn(t *testing.T) {
	f := newFixture(t, localStore(t))
	open := func(accept string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, "/sign-in?token=spent", nil)
		request.Header.Set("Accept", accept)
		answer := httptest.NewRecorder()
		f.http.ServeHTTP(answer, request)
		return answer
	}
	page := open("text/html,application/xhtml+xml,*/*;q=0.8")
	if page.Code != http.StatusUnauthorized || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") || !strings.Contains(page.Body.String(), "<code>casegraph sign-in</code>") {
		t.Errorf("a browser gets %d %s", page.Code, page.Body)
	}
	if answer := open("application/json"); answer.Code != http.StatusUnauthorized || !strings.Contains(answer.Body.String(), `"UNAUTHENTICATED"`) {
		t.Errorf("a program gets %d %s", answer.Code, answer.Body)
	}
}

func TestSomebodySeesAndEndsTheirBrowserSessions(t *testing.T) {
	f := newFixture(t, localStore(t))
	cookies := map[string]*http.Cookie{}
	for _, browser := range []string{"laptop", "phone", "kiosk"} {
		request := httptest.NewRequest(http.MethodGet, "/sign-in?token="+f.auth.SignInToken(demo.Vera), nil)
		request.Header.Set("User-Agent", browser)
		answer := httptest.NewRecorder()
		f.http.ServeHTTP(answer, request)
		cookies[browser] = answer.Result().Cookies()[0]
	}
	ask := func(browser, path, query string) string {
		text, _ := json.Marshal(map[string]any{"query": query})
		request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(text))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Casegraph-Client", "test")
		request.AddCookie(cookies[browser])
		answer := httptest.NewRecorder()
		f.http.ServeHTTP(answer, request)
		return answer.Body.String()
	}
	got := ask("laptop", "/graphql", `{ browserSessions { id browser current } }`)
	var body struct {
		Data struct {
			BrowserSessions []struct {
				ID, Browser string
				Current     bool
			}
		}
	}
	if err := json.Unmarshal([]byte(got), &body); err != nil || len(body.Data.BrowserSessions) != 3 {
		t.Fatalf("%v: %s", err, got)
	}
	kiosk, laptop := body.Data.BrowserSessions[0], body.Data.BrowserSessions[2]
	if kiosk.Browser != "kiosk" || kiosk.Current || laptop.Browser != "laptop" || !laptop.Current {
		t.Errorf("got %+v", body.Data)
	}
	if got := ask("laptop", "/graphql", `mutation { endBrowserSessions(input: {ids: ["`+kiosk.ID+`"]}) { browserSessions { browser } } }`); got != `{"data":{"endBrowserSessions":{"browserSessions":[{"browser":"phone"},{"browser":"laptop"}]}}}`+"\n" {
		t.Errorf("got %s", got)
	}
	if got := ask("kiosk", "/graphql", `{ viewer { name } }`); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("the session that was ended: %s", got)
	}
	ask("phone", "/sign-out", "")
	if got := ask("phone", "/graphql", `{ viewer { name } }`); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("after signing out: %s", got)
	}
	ask("laptop", "/graphql", `mutation { endBrowserSessions(input: {}) { browserSessions { browser } } }`)
	if got := ask("laptop", "/graphql", `{ viewer { name } }`); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("after signing out everywhere: %s", got)
	}
}

// What may be absent may be null.
func TestNullIsAsAbsent(t *testing.T) {
	f := newFixture(t, localStore(t))
	for _, change := range []string{
		`setAvailability(input: {awayUntil: null, userId: null, expectedVersion: null}) { user { id } }`,
		`createCase(input: {title: "x", template: null, assigneeId: null, queueId: null, tags: null, fields: null, objects: null, dueInSeconds: null, restricted: null}) { case { id } }`,
		`markRisk(input: {nodeId: "` + string(demo.Account("P-1001")) + `", level: TRUSTED, reason: "x", expiresAt: null}) { outcome }`,
		`createApiKey(input: {name: "x", userId: "` + string(demo.Ben) + `", role: null, expiresAt: null}) { secret }`,
		`createRule(input: {key: "x", form: {name: "x", on: ["case.*"], if: null, once: null, do: [{action: TAG, tags: ["x"], title: null, attach: null}]}}) { rule { once } }`,
	} {
		t.Run(change[:strings.Index(change, "(")], func(t *testing.T) {
			get(t, f.as(demo.Ana, "mutation { "+change+" }", nil))
		})
	}
}

// Fields that an asker does not see are not told by which nodes are met, either.
func TestNobodyFeelsForHiddenFields(t *testing.T) {
	f := newFixture(t, localStore(t))
	const ask = `where: {case: {fields: [{path: "amountAtRisk", gte: 1}]}}) { complete } }`
	petra := string(demo.Account("P-1001"))
	for field, query := range map[string]string{
		"expand": `{ expand(from: ["` + petra + `"], ` + ask,
		"paths":  `{ paths(from: ["` + petra + `"], to: ["` + string(demo.Account("P-1003")) + `"], ` + ask,
	} {
		t.Run(field, func(t *testing.T) {
			refused(t, f.as(demo.Vera, query, nil), casegraph.CodeForbidden, "where")
			get(t, f.as(demo.Ben, query, nil))
		})
	}
}

// Money is followed the way it goes.
func TestPathsGoAWay(t *testing.T) {
	f := newFixture(t, localStore(t))
	for direction, want := range map[string]float64{"OUT": 1, "IN": 0} {
		a := f.as(demo.Ben, `{ paths(from: ["`+string(demo.Account("P-1001"))+`"], to: ["`+string(demo.Account("M-3001"))+`"], kinds: [PAID], direction: `+direction+`, maxLength: 1) { length } }`, nil)
		if got, _ := get(t, a, "paths", "length").(float64); got != want {
			t.Errorf("%s: %v hops, not %v", direction, got, want)
		}
	}
}
