package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"casegraph"
	"casegraph/demo"
)

// get reads one value of an answer's data, by its path.
func get(t *testing.T, a answer, path ...string) any {
	t.Helper()
	if len(a.Errors) != 0 {
		t.Fatalf("%s", a.Errors)
	}
	var at any
	if err := json.Unmarshal(a.Data, &at); err != nil {
		t.Fatal(err)
	}
	for _, name := range path {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(in) {
				t.Fatalf("no %s in %s", name, a.Data)
			}
			at = in[n]
		default:
			t.Fatalf("no %s in %s", name, a.Data)
		}
	}
	return at
}

// refused checks that an answer is one error with a code and a field, "" for none.
func refused(t *testing.T, a answer, code casegraph.Code, field string) {
	t.Helper()
	if len(a.Errors) != 1 {
		t.Fatalf("want %s, got %s %s", code, a.Data, a.Errors)
	}
	var told struct {
		Message    string
		Extensions struct{ Code, Field string }
	}
	if err := json.Unmarshal(a.Errors[0], &told); err != nil {
		t.Fatal(err)
	}
	if told.Message == "" || told.Extensions.Code != string(code) || told.Extensions.Field != field {
		t.Errorf("want %s of %q, got %s", code, field, a.Errors[0])
	}
}

func variables(t *testing.T, values map[string]any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A restricted case is there for administrators and for nobody else, by
// whatever way one looks for it.
func TestRestrictedCase(t *testing.T) {
	f := newFixture(t, localStore(t))
	ways := map[string]string{
		"its id":               `{ node(id: "$case") { id } }`,
		"several ids":          `{ nodes(ids: ["$case"]) { id } }`,
		"its number":           `{ case(number: "CASE-5") { id } }`,
		"a list":               `{ cases(filter: {number: {eq: "CASE-5"}}) { nodes { id } } }`,
		"a look-up":            `{ lookup(values: ["CASE-5", "$case"]) { hits { node { id } } } }`,
		"a search":             `{ search(query: "employee looked") { hits { node { id } } } }`,
		"a search of comments": `{ search(query: "administration") { hits { node { id ... on Comment { case { id } } } } } }`,
		"its comment":          `{ node(id: "cmt_00000000000000000000000004") { id ... on Comment { case { id } } } }`,
		"what it contains":     `{ account(referenceId: "P-1001") { cases { nodes { id } } } }`,
		"links":                `{ account(referenceId: "P-1001") { links(kinds: [CONTAINS]) { edges { far { id } } } } }`,
		"an expansion":         `{ expand(from: ["$account"], depth: 1) { nodes { node { id } } } }`,
		"related cases":        `{ relatedCases(of: "$account") { cases { case { id } } } }`,
	}
	ids := strings.NewReplacer("$case", string(demo.Case(5)), "$account", string(demo.Account("P-1001")))
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			for user, sees := range map[casegraph.ID]bool{demo.Ana: true, demo.Ben: false, demo.Vera: false} {
				a := f.as(user, ids.Replace(way), nil)
				if len(a.Errors) != 0 || strings.Contains(string(a.Data), string(demo.Case(5))) != sees {
					t.Errorf("%s: %s %s", user, a.Data, a.Errors)
				}
			}
		})
	}
}

// The log of what everybody sees does not name what not everybody sees.
func TestRestrictedCaseInTheLog(t *testing.T) {
	f := newFixture(t, localStore(t))
	link := variables(t, map[string]any{"input": map[string]any{"fromId": demo.Case(1), "toId": demo.Case(5), "relation": "RELATES"}})
	get(t, f.as(demo.Ana, `mutation($input: LinkCasesInput!) { linkCases(input: $input) { outcome } }`, link))
	query := `{ case(number: "CASE-1") { timeline(first: 1) { nodes { name links { toId } } } relatedTo { totalCount nodes { id } } } }`
	for user, sees := range map[casegraph.ID]bool{demo.Ana: true, demo.Ben: false} {
		a := f.as(user, query, nil)
		if len(a.Errors) != 0 || strings.Contains(string(a.Data), string(demo.Case(5))) != sees || strings.Contains(string(a.Data), "case.linked") != sees {
			t.Errorf("%s: %s %s", user, a.Data, a.Errors)
		}
	}
}

// Fields hold the values of identifiers that not everybody sees: whoever does
// not see these sees no fields, by whatever way one looks.
func TestHiddenFields(t *testing.T) {
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, store(t))
			const rows = `{"rows":[
				{"node":"ACCOUNT","source":"shop","referenceId":"1","name":"Odile Marchand","fields":{"papers":{"no":"QX7730915"},"was":"kensingtone"},
					"shows":[{"kind":"government-id","value":"QX7730915"},{"kind":"tax-id","value":"none"}]},
				{"node":"ACCOUNT","source":"shop","referenceId":"1","fields":{"also":"QX7730915"}},
				{"link":"RELATED","key":"pays-rent-to","source":"shop","from":{"kind":"ACCOUNT","referenceId":"1"},"to":{"kind":"ACCOUNT","referenceId":"2"},"fields":{"from":"QX7730915"}}]}`
			outcomes := get(t, f.as(demo.Ben, `mutation($rows: [JSON!]!) { importObjects(input: {rows: $rows}) { outcomes { outcome reason id } } }`, json.RawMessage(rows)), "importObjects", "outcomes").([]any)
			id := outcomes[0].(map[string]any)["id"].(string)
			made := variables(t, map[string]any{"id": id, "event": get(t, f.as(demo.Ben, `mutation { createCase(input: {title: "Later"}) { case { timeline { nodes { number } } } } }`, nil), "createCase", "case", "timeline", "nodes").([]any)[0].(map[string]any)["number"]})
			for way, query := range map[string]string{
				"its id":            `query($id: ID!) { node(id: $id) { ... on Account { name fields } } }`,
				"several ids":       `query($id: ID!) { nodes(ids: [$id]) { ... on Account { fields } } }`,
				"its reference":     `{ account(referenceId: "1", source: "shop") { fields } }`,
				"a list":            `{ accounts(filter: {name: {eq: "Odile Marchand"}}) { nodes { fields } } }`,
				"the past":          `query($id: ID!, $event: Int) { account(id: $id, asOf: {event: $event}) { fields } }`,
				"what changed":      `query($id: ID!) { account(id: $id) { timeline { nodes { changes { path before after } } } } }`,
				"a link":            `query($id: ID!) { account(id: $id) { links { nodes { fields } } } }`,
				"an expansion":      `query($id: ID!) { expand(from: [$id]) { nodes { node { ... on Account { fields } } } links { fields } } }`,
				"a component":       `query($id: ID!) { component(of: $id) { nodes { node { ... on Account { fields } } } links { fields } } }`,
				"the changes":       `query($id: ID!) { changes(of: [$id], from: {event: 1}) { nodes { before { ... on Account { fields } } after { ... on Account { fields } } } links { before { fields } after { fields } } } }`,
				"a past link":       `query($id: ID!, $event: Int) { account(id: $id, asOf: {event: $event}) { links { nodes { fields } } } }`,
				"its placeholders":  `query($id: ID!) { node(id: $id) { ... on Account { fields } } }`,
				"a search":          `{ search(query: "QX7730915") { words { terms } hits { node { id ... on Account { name } } } } }`,
				"a misspelt search": `{ search(query: "kensingtome") { words { terms } hits { node { id ... on Account { name } } } } }`,
			} {
				t.Run(way, func(t *testing.T) {
					tells := map[string]string{"its placeholders": "none", "a misspelt search": "kensingtone", "a search": "Odile"}[way]
					if tells == "" {
						tells = "QX7730915"
					}
					for user, sees := range map[casegraph.ID]bool{demo.Ben: true, demo.Vera: false} {
						a := f.as(user, query, made)
						if len(a.Errors) != 0 || strings.Contains(string(a.Data), tells) != sees {
							t.Errorf("%s: %s %s", user, a.Data, a.Errors)
						}
					}
				})
			}
			for user, sees := range map[casegraph.ID]bool{demo.Ben: true, demo.Vera: false} {
				for _, filter := range []string{`{fields: [{path: "papers.no", eq: "QX7730915"}]}`, `{not: {or: [{fields: [{path: "papers.no", exists: false}]}]}}`} {
					a := f.as(user, `{ accounts(filter: `+filter+`) { totalCount } }`, nil)
					if sees && get(t, a, "accounts", "totalCount") != 1.0 {
						t.Errorf("%s: %s", user, a.Data)
					} else if !sees {
						refused(t, a, casegraph.CodeForbidden, "filter")
					}
				}
				if hits := get(t, f.as(user, `{ search(query: "odile marchamd") { hits { exact node { id } } } }`, nil), "search", "hits").([]any); len(hits) != 1 {
					t.Errorf("%s finds %v by the name", user, hits)
				}
			}
		})
	}
}

// Degrees and counts do not tell of what is hidden.
func TestHiddenIsNotCounted(t *testing.T) {
	f := newFixture(t, localStore(t))
	query := `{ account(referenceId: "M-3001") { identifiers { totalCount } } person: account(referenceId: "P-1001") { cases { totalCount } } }`
	for user, want := range map[casegraph.ID][2]float64{demo.Ana: {7, 2}, demo.Ben: {7, 1}, demo.Vera: {5, 1}} {
		a := f.as(user, query, nil)
		identifiers, cases := get(t, a, "account", "identifiers", "totalCount"), get(t, a, "person", "cases", "totalCount")
		if identifiers != want[0] || cases != want[1] {
			t.Errorf("%s counts %v identifiers and %v cases, not %v", user, identifiers, cases, want)
		}
	}
}

// A cursor goes on in its own list and in no other.
func TestCursors(t *testing.T) {
	f := newFixture(t, localStore(t))
	page := `query($after: Cursor) { accounts(first: 50, after: $after, orderBy: {by: AT, direction: ASC}) { pageInfo { hasNextPage endCursor } nodes { id } } }`
	seen := map[string]bool{}
	var after any
	for {
		a := f.as(demo.Ben, page, variables(t, map[string]any{"after": after}))
		for _, n := range get(t, a, "accounts", "nodes").([]any) {
			id := n.(map[string]any)["id"].(string)
			if seen[id] {
				t.Fatalf("%s comes twice", id)
			}
			seen[id] = true
		}
		after = get(t, a, "accounts", "pageInfo", "endCursor")
		if get(t, a, "accounts", "pageInfo", "hasNextPage") == false {
			break
		}
	}
	if len(seen) != 110 {
		t.Errorf("%d accounts on all pages, not 110", len(seen))
	}
	with := variables(t, map[string]any{"after": after})
	for name, query := range map[string]string{
		"another order":  `query($after: Cursor) { accounts(after: $after) { nodes { id } } }`,
		"another filter": `query($after: Cursor) { accounts(after: $after, orderBy: {by: AT, direction: ASC}, filter: {name: {exists: true}}) { nodes { id } } }`,
		"another list":   `query($after: Cursor) { cases(after: $after) { nodes { id } } }`,
		"a relation":     `query($after: Cursor) { account(referenceId: "P-1001") { cases(after: $after) { nodes { id } } } }`,
		"a timeline":     `query($after: Cursor) { account(referenceId: "P-1001") { timeline(after: $after) { nodes { number } } } }`,
		"an expansion":   `query($after: Cursor) { expand(from: [], after: $after) { complete } }`,
	} {
		t.Run(name, func(t *testing.T) { refused(t, f.as(demo.Ben, query, with), casegraph.CodeBadInput, "after") })
	}
	refused(t, f.as(demo.Ben, page, variables(t, map[string]any{"after": "made up"})), casegraph.CodeBadInput, "after")
}

// The pages of a node's links hold each link once, and another node's cursor is refused.
func TestLinkCursors(t *testing.T) {
	f := newFixture(t, localStore(t))
	page := `query($id: ID!, $after: Cursor) { node(id: $id) { ... on Account { links(first: 3, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } } } }`
	seen := map[string]bool{}
	var after any
	for more := true; more; {
		a := f.as(demo.Ben, page, variables(t, map[string]any{"id": demo.Account("P-1001"), "after": after}))
		for _, n := range get(t, a, "node", "links", "nodes").([]any) {
			seen[n.(map[string]any)["id"].(string)] = true
		}
		if get(t, a, "node", "links", "pageInfo", "hasNextPage") == false {
			if total := get(t, a, "node", "links", "totalCount"); float64(len(seen)) != total {
				t.Errorf("%d links on all pages, %v in all", len(seen), total)
			}
			more = false
		}
		after = get(t, a, "node", "links", "pageInfo", "endCursor")
	}
	other := variables(t, map[string]any{"id": demo.Account("P-1002"), "after": after})
	refused(t, f.as(demo.Ben, page, other), casegraph.CodeBadInput, "after")
}

// An expansion goes on at each boundary exactly where it stopped.
func TestExpandOn(t *testing.T) {
	f := newFixture(t, localStore(t))
	query := `query($from: [ID!]!, $after: Cursor) { expand(from: $from, after: $after, depth: 1, maxNodes: 4) {
		links { id } boundaries { nodeId reason cursor } changedSince } }`
	device := "idn_6r0qdf8dycheattwyqekred5rw"
	first := f.as(demo.Ben, query, variables(t, map[string]any{"from": []string{device}}))
	boundary := get(t, first, "expand", "boundaries").([]any)[0].(map[string]any)
	if boundary["nodeId"] != device || boundary["reason"] != "BUDGET" {
		t.Fatalf("%v", boundary)
	}
	second := f.as(demo.Ben, query, variables(t, map[string]any{"from": []string{}, "after": boundary["cursor"]}))
	links := map[string]bool{}
	for _, a := range []answer{first, second} {
		for _, l := range get(t, a, "expand", "links").([]any) {
			links[l.(map[string]any)["id"].(string)] = true
		}
	}
	if len(links) != 5 {
		t.Errorf("%d links in both steps, not the device's 5", len(links))
	}
	if since := get(t, second, "expand", "changedSince"); since != nil {
		t.Errorf("nothing has changed, and not since %v", since)
	}
	get(t, f.as(demo.Ben, `mutation { importObjects(input: {rows: [{node: "ACCOUNT", source: "shop", referenceId: "1", at: "2026-11-22T11:00:00Z",
		shows: [{kind: "device", value: "7f3a9c1e5b2d48d0"}]}]}) { outcomes { id } } }`, nil))
	later := f.as(demo.Ben, query, variables(t, map[string]any{"from": []string{}, "after": boundary["cursor"]}))
	if since := get(t, later, "expand", "changedSince"); since != "2026-11-22T12:00:00.000Z" {
		t.Errorf("a link has come before the cursor's place: changed since %v", since)
	}
}

const addComment = `mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } case { comments { totalCount } } } }`

// A repeat under the same Idempotency-Key gives the first answer and changes
// nothing; the same key for something else is refused.
func TestIdempotencyKey(t *testing.T) {
	f := newFixture(t, localStore(t))
	say := func(user casegraph.ID, body, key string) answer {
		return f.as(user, addComment, variables(t, map[string]any{"input": map[string]any{"caseId": demo.Case(2), "body": body}}), "Idempotency-Key", key)
	}
	first := say(demo.Ben, "Once.", "k1")
	if again := say(demo.Ben, "Once.", "k1"); string(again.Data) != string(first.Data) || get(t, again, "addComment", "case", "comments", "totalCount") != 1.0 {
		t.Errorf("%s, then %s", first.Data, again.Data)
	}
	refused(t, say(demo.Ben, "Twice.", "k1"), casegraph.CodeConflict, "Idempotency-Key")
	if other := say(demo.Ana, "Once.", "k1"); get(t, other, "addComment", "case", "comments", "totalCount") != 2.0 {
		t.Errorf("another user's key is another key: %s", other.Data)
	}
	twice := `mutation($input: AddCommentInput!) { a: addComment(input: $input) { comment { id } } b: addComment(input: $input) { comment { id } } }`
	a := f.as(demo.Ben, twice, variables(t, map[string]any{"input": map[string]any{"caseId": demo.Case(2), "body": "Two."}}), "Idempotency-Key", "k2")
	if get(t, a, "a", "comment", "id") == get(t, a, "b", "comment", "id") {
		t.Errorf("two fields of one request are two changes: %s", a.Data)
	}
	refused(t, say(demo.Ben, "Once.", "ключ"), casegraph.CodeBadInput, "Idempotency-Key")
}

// What is refused says why, and names the input.
func TestRefusals(t *testing.T) {
	f := newFixture(t, localStore(t))
	for name, c := range map[string]struct {
		user         casegraph.ID
		query, input string
		code         casegraph.Code
		field        string
	}{
		"a viewer writes":          {demo.Vera, addComment, `{"caseId":"` + string(demo.Case(1)) + `","body":"x"}`, casegraph.CodeForbidden, ""},
		"a case that is none":      {demo.Ben, addComment, `{"caseId":"case_none","body":"x"}`, casegraph.CodeNotFound, "input.caseId"},
		"a hidden case":            {demo.Ben, addComment, `{"caseId":"` + string(demo.Case(5)) + `","body":"x"}`, casegraph.CodeNotFound, "input.caseId"},
		"an empty comment":         {demo.Ben, addComment, `{"caseId":"` + string(demo.Case(1)) + `","body":" "}`, casegraph.CodeBadInput, "input.body"},
		"an old version":           {demo.Ben, addComment, `{"caseId":"` + string(demo.Case(1)) + `","body":"x","expectedVersion":1}`, casegraph.CodeConflict, "input.expectedVersion"},
		"one object of many":       {demo.Ben, `mutation($input: AttachObjectsInput!) { attachObjects(input: $input) { case { id } } }`, `{"caseId":"` + string(demo.Case(1)) + `","objects":[{"id":"` + string(demo.Account("P-1002")) + `"},{"id":"act_none"}]}`, casegraph.CodeNotFound, "input.objects[1].id"},
		"an investigator's user":   {demo.Ben, `mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`, `{"name":"x","role":"ADMIN"}`, casegraph.CodeForbidden, ""},
		"a page too long":          {demo.Ben, `{ cases(first: 101) { totalCount } }`, `{}`, casegraph.CodeBadInput, "first"},
		"first and last":           {demo.Ben, `{ cases(first: 1, last: 1) { totalCount } }`, `{}`, casegraph.CodeBadInput, "last"},
		"too many ids":             {demo.Ben, `{ nodes(ids: [` + strings.Repeat(`"x",`, 101) + `]) { id } }`, `{}`, casegraph.CodeBadInput, "ids"},
		"neither id nor number":    {demo.Ben, `{ case { id } }`, `{}`, casegraph.CodeBadInput, "id"},
		"a depth too deep":         {demo.Ben, `{ expand(from: ["x"], depth: 7) { complete } }`, `{}`, casegraph.CodeBadInput, "depth"},
		"a beginning that is none": {demo.Ben, `{ expand(from: ["act_none"]) { complete } }`, `{}`, casegraph.CodeNotFound, "from"},
		"no words":                 {demo.Ben, `{ search(query: "…") { hits { exact } } }`, `{}`, casegraph.CodeBadInput, "query"},
	} {
		t.Run(name, func(t *testing.T) {
			a := f.as(c.user, c.query, json.RawMessage(`{"input":`+c.input+`}`))
			refused(t, a, c.code, c.field)
		})
	}
}

// broken is a store whose reads fail in a way that callers must not see.
type broken struct{ casegraph.Store }

var errDisk = errors.New("disk 7 at /secret/place is gone")

func (broken) List(context.Context, casegraph.ListRequest) (casegraph.ListPage, error) {
	return casegraph.ListPage{}, errDisk
}

func (broken) Count(context.Context, casegraph.ListRequest) (int, error) { panic(errDisk) }

func (broken) Resolve(context.Context, []casegraph.Key) (map[casegraph.Key][]casegraph.ID, error) {
	return nil, &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the store does not answer"}
}

func (broken) Search(context.Context, casegraph.SearchRequest) ([]casegraph.ID, error) {
	return nil, context.DeadlineExceeded
}

// A fault of ours tells nothing but the request's id; what callers can act on
// keeps its code.
func TestFaults(t *testing.T) {
	f := newFixture(t, localStore(t))
	whole := f.store.Store
	f.store.Store = broken{whole}
	a := f.as(demo.Ben, `{ cases { nodes { id } } }`, nil, "X-Request-Id", "req-1")
	refused(t, a, casegraph.CodeInternal, "")
	if told := string(a.Errors[0]); strings.Contains(told, "disk") || !strings.Contains(told, `"requestId":"req-1"`) {
		t.Errorf("%s", told)
	}
	refused(t, f.as(demo.Ben, `{ case(number: "CASE-1") { id } }`, nil), casegraph.CodeUnavailable, "")
	refused(t, f.as(demo.Ben, `{ search(query: "petra") { hits { exact } } }`, nil), casegraph.CodeTimeout, "")
	f.store.Store = counts{broken{whole}, whole}
	a = f.as(demo.Ben, `{ cases { totalCount } }`, nil)
	refused(t, a, casegraph.CodeInternal, "")
	if strings.Contains(string(a.Errors[0]), "disk") {
		t.Errorf("%s", a.Errors[0])
	}
}

// counts is a store that lists, and panics when it counts.
type counts struct {
	broken
	whole casegraph.Store
}

func (c counts) List(ctx context.Context, r casegraph.ListRequest) (casegraph.ListPage, error) {
	return c.whole.List(ctx, r)
}

// An API key is shown once, opens the API for its user, and shuts when it is revoked.
func TestAPIKey(t *testing.T) {
	f := newFixture(t, localStore(t))
	create := `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id name } } }`
	input := variables(t, map[string]any{"input": map[string]any{"name": "importer", "userId": demo.Vera}})
	a := f.as(demo.Ana, create, input, "Idempotency-Key", "key-1")
	secret := get(t, a, "createApiKey", "secret").(string)
	again := f.as(demo.Ana, create, input, "Idempotency-Key", "key-1")
	if get(t, again, "createApiKey", "secret") != nil || get(t, again, "createApiKey", "key", "id") != get(t, a, "createApiKey", "key", "id") {
		t.Errorf("the repeat gives %s", again.Data)
	}
	f.keys["program"] = secret
	if got := get(t, f.as("program", `{ viewer { name } }`, nil), "viewer", "name"); got != "Vera Lind" {
		t.Errorf("the key lets in %v", got)
	}
	id := get(t, a, "createApiKey", "key", "id")
	f.as(demo.Ana, `mutation($id: ID!) { revokeApiKey(input: {keyId: $id}) { key { revokedAt } } }`, variables(t, map[string]any{"id": id}))
	refused(t, f.as("program", `{ viewer { name } }`, nil), casegraph.CodeUnauthenticated, "")
	if n := get(t, f.as(demo.Ana, `query($id: ID!) { node(id: $id) { id } }`, variables(t, map[string]any{"id": id})), "node"); n != nil {
		t.Errorf("a key's node is shown: %v", n)
	}
}

// What was given is found as it was given, and what is cleared is gone.
func TestSmallThings(t *testing.T) {
	f := newFixture(t, localStore(t))
	get(t, f.as(demo.Ana, `mutation { createUser(input: {name: "Zed", email: "Zed@Bank.example", role: VIEWER}) { user { id } } }`, nil))
	if got := get(t, f.as(demo.Ana, `{ user(email: " Zed@Bank.example") { name } }`, nil), "user", "name"); got != "Zed" {
		t.Errorf("by an e-mail as it was given: %v", got)
	}
	id := get(t, f.as(demo.Ben, `mutation { createCase(input: {title: "x", fields: {a: 1}}) { case { id } } }`, nil), "createCase", "case", "id").(string)
	if got := get(t, f.as(demo.Ben, `mutation { updateCase(input: {caseId: "`+id+`", fields: null}) { case { version fields } } }`, nil), "updateCase", "case", "version"); got != 2.0 {
		t.Errorf("null fields: version %v", got)
	}
	link := `{"link":"RELATED","source":"wallet","key":"owns","from":{"referenceId":"P-1001"},"to":{"referenceId":"P-1002"}}`
	outcomes := get(t, f.as(demo.Ben, `mutation($row: JSON!) { importObjects(input: {rows: [$row]}) { outcomes { outcome id reason } } }`,
		json.RawMessage(`{"row":`+link+`}`)), "importObjects", "outcomes").([]any)
	if first := outcomes[0].(map[string]any); first["outcome"] != "CREATED" || first["id"] != nil {
		t.Errorf("a link's row: %v", first)
	}
	refused(t, f.as(demo.Ben, `mutation { linkCases(input: {fromId: "`+id+`", toId: "`+string(demo.Case(1))+`", relation: RELATES, expectedVersion: 1}) { outcome } }`, nil),
		casegraph.CodeConflict, "input.expectedVersion")
}
