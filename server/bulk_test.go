package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/demo"
)

// pair is two servers whose graphs are alike: what is asked of one in bulk is
// asked of the other one by one.
type pair struct {
	*testing.T
	bulk, single *fixture
	random       *rand.Rand
	values       map[string]string // what both call the same
	came         map[string]int    // how often each action came to what
}

// bulkActions are what is given to startBulk, and the change of one node that
// it stands for.
var bulkActions = []struct{ do, field, input, id string }{
	{`{assign: {assigneeId: "$user", note: "$note"}}`, "assignCase", "AssignCaseInput", "caseId"},
	{`{unassign: {}}`, "unassignCase", "UnassignCaseInput", "caseId"},
	{`{setStatus: {status: "$status", resolution: $resolution}}`, "setCaseStatus", "SetCaseStatusInput", "caseId"},
	{`{setStatus: {status: "In review", note: "$note"}}`, "setCaseStatus", "SetCaseStatusInput", "caseId"},
	{`{tag: {tags: ["$tag", "always"]}}`, "tagNode", "TagNodeInput", "nodeId"},
	{`{untag: {tags: ["$tag"]}}`, "untagNode", "UntagNodeInput", "nodeId"},
	{`{setQueue: {queueId: $queue, note: "$note"}}`, "setCaseQueue", "SetCaseQueueInput", "caseId"},
	{`{escalate: {queueId: "$somewhere", note: "$note"}}`, "escalateCase", "EscalateCaseInput", "caseId"},
	{`{markRisk: {level: $level, reason: "$note"}}`, "markRisk", "MarkRiskInput", "nodeId"},
	{`{clearRisk: {}}`, "clearRisk", "ClearRiskInput", "nodeId"},
}

// one of some, alike for both.
func (p *pair) one(of ...string) string { return of[p.random.IntN(len(of))] }

// A bulk comes to what the same changes come to that are asked for one by one:
// the same for each node, by the same events, in the same order, down to who is
// given a case. A dry run before it tells the same.
func TestABulkIsItsSingleChanges(t *testing.T) {
	came := map[string]int{}
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			p := &pair{T: t, bulk: newFixture(t, localStore(t)), single: newFixture(t, localStore(t)), random: rand.New(rand.NewPCG(seed, 7)), values: map[string]string{}, came: came}
			p.both(func(f *fixture) { f.still = true })
			p.make("turns", `createQueue(input: {name: "In turn", assignment: {policies: [ROUND_ROBIN]}}) { queue { id } }`, "queue")
			p.make("loads", `createQueue(input: {name: "By load", assignment: {policies: [RELATED, LEAST_LOADED]}}) { queue { id } }`, "queue")
			p.make("plain", `createQueue(input: {name: "Plain"}) { queue { id } }`, "queue")
			pool := []string{string(demo.Account("P-1001")), "idn_6r0qdf8dycheattwyqekred5rw", "case_none", "act_none"}
			for i := range 5 {
				pool = append(pool, string(demo.Case(i+1)))
				pool = append(pool, p.make(fmt.Sprint("ato", i), fmt.Sprintf(`createCase(input: {title: "Taken %d", template: "account-takeover", objects: [{id: "%s"}]}) { case { id } }`, i, pool[0]), "case"))
			}
			pool = append(pool, p.make("hidden", `createCase(input: {title: "Hidden", restricted: true}) { case { id } }`, "case"))
			for range 40 {
				p.random.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
				p.compare(pool[:1+p.random.IntN(len(pool))])
				if t.Failed() {
					return
				}
			}
		})
	}
	for _, action := range bulkActions {
		for _, outcome := range []string{"DONE", "UNCHANGED", "REFUSED"} {
			if came[action.do+outcome] == 0 && !(outcome == "UNCHANGED" && strings.Contains(action.do, "note:")) { // which is kept
				t.Errorf("nothing came %s of %s: it was not tried", outcome, action.do)
			}
		}
	}
}

func (p *pair) both(do func(*fixture)) { do(p.bulk); do(p.single) }

// make makes a node of both, which both call the same.
func (p *pair) make(name, mutation, payload string) string {
	p.Helper()
	field, _, _ := strings.Cut(mutation, "(")
	p.both(func(f *fixture) {
		id := get(p.T, f.as(demo.Ana, "mutation { "+mutation+" }", nil), field, payload, "id").(string)
		if was := p.values[name]; was != "" && was != id {
			p.Fatalf("%s is %s and %s", name, was, id)
		}
		p.values[name] = id
	})
	return p.values[name]
}

// compare does one thing to some nodes, in bulk and one by one.
func (p *pair) compare(ids []string) {
	p.Helper()
	action := bulkActions[p.random.IntN(len(bulkActions))]
	user := map[string]casegraph.ID{"ana": demo.Ana, "ben": demo.Ben}[p.one("ana", "ben")]
	queues := []string{p.values["turns"], p.values["loads"], p.values["plain"], "que_none"}
	do := strings.NewReplacer("$user", p.one(string(demo.Ana), string(demo.Ben), string(demo.Vera), "usr_none"), "$note", p.one("Why not.", "Because."),
		"$status", p.one("Open", "in review", "Waiting", "Contained", "Resolved"), "$resolution", p.one("null", `"False alarm"`, `"Account secured"`),
		"$tag", p.one("x", "X", "y"), "$queue", p.one(`"`+p.one(queues...)+`"`, "null"), "$somewhere", p.one(queues...), "$level", p.one("SUSPICIOUS", "TRUSTED")).Replace(action.do)
	list, err := json.Marshal(ids)
	if err != nil {
		p.Fatal(err)
	}
	ask := func(dry bool) any {
		query := fmt.Sprintf(`mutation { startBulk(input: {ids: %s, do: %s, dryRun: %t}) { bulk { state items(first: 100) { nodes { nodeId outcome code field message } } } } }`, list, do, dry)
		a := p.bulk.as(user, query, nil)
		if state := get(p.T, a, "startBulk", "bulk", "state"); state != "DONE" {
			p.Fatalf("%s is %v", do, state)
		}
		return get(p.T, a, "startBulk", "bulk", "items", "nodes")
	}
	told := ask(true)
	came := ask(false)
	_, rest, _ := strings.Cut(do, ": {")
	var want []any
	for _, id := range ids {
		item := p.alone(user, action.field, action.id, id, strings.TrimSuffix(rest, "}}"))
		p.came[action.do+item["outcome"].(string)]++
		want = append(want, item)
	}
	if !reflect.DeepEqual(came, want) {
		p.Errorf("%s of %s\ncame in bulk to %v\none by one to  %v", do, list, came, want)
	}
	if !reflect.DeepEqual(came, told) {
		p.Errorf("%s of %s\ncame to     %v\na dry run: %v", do, list, came, told)
	}
	bulk, single := p.events(p.bulk), p.events(p.single)
	for i := range max(len(bulk), len(single)) {
		if i >= len(bulk) || i >= len(single) || bulk[i] != single[i] {
			p.Fatalf("%s of %s: %d events in bulk, %d one by one; from\n%s\n%s", do, list, len(bulk), len(single), bulk[min(i, len(bulk)-1)], single[min(i, len(single)-1)])
		}
	}
}

// alone changes one node, and tells of it as a bulk does.
func (p *pair) alone(user casegraph.ID, field, name, id, rest string) map[string]any {
	p.Helper()
	item := map[string]any{"nodeId": id, "outcome": "DONE", "code": nil, "field": nil, "message": nil}
	_, before, _ := p.single.store.Events(p.Context(), 0, 0)
	a := p.single.as(user, fmt.Sprintf(`mutation { %s(input: {%s: %q, %s}) { __typename } }`, field, name, id, rest), nil)
	if _, after, _ := p.single.store.Events(p.Context(), 0, 0); after == before {
		item["outcome"] = "UNCHANGED"
	}
	if len(a.Errors) > 0 {
		var told struct {
			Message    string
			Extensions struct{ Code, Field string }
		}
		if err := json.Unmarshal(a.Errors[0], &told); err != nil {
			p.Fatal(err)
		}
		item["outcome"], item["code"], item["message"] = "REFUSED", told.Extensions.Code, told.Message
		if told.Extensions.Field != "" {
			item["field"] = strings.TrimPrefix(told.Extensions.Field, "input.")
		}
	}
	return item
}

// events are the last of a log, as text, but for what keys, which are named by
// chance, make differ.
func (p *pair) events(f *fixture) (all []string) {
	p.Helper()
	_, end, err := f.store.Events(p.Context(), 0, 0)
	if err != nil {
		p.Fatal(err)
	}
	events, _, err := f.store.Events(p.Context(), max(0, end-100), 100)
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range events {
		text, err := json.Marshal(e.Payload)
		if err != nil {
			p.Fatal(err)
		}
		if e.Name == "key.created" {
			continue
		}
		all = append(all, fmt.Sprintf("%d %d %s %s %s %s", e.Seq, e.At, e.Name, e.Subject, e.Actor, text))
	}
	return all
}

// A bulk that is sent again under its key answers with itself.
func TestABulkSentAgain(t *testing.T) {
	f := newFixture(t, localStore(t))
	query := fmt.Sprintf(`mutation { startBulk(input: {ids: [%q, %q], do: {tag: {tags: ["again"]}}}) { bulk { id done unchanged } } }`, demo.Case(1), demo.Case(2))
	first := f.as(demo.Ben, query, nil, "Idempotency-Key", "b1")
	again := f.as(demo.Ben, query, nil, "Idempotency-Key", "b1")
	if get(t, first, "startBulk", "bulk", "done") != 2.0 || string(first.Data) != string(again.Data) {
		t.Errorf("%s, then %s", first.Data, again.Data)
	}
	// So does one of a view that it has emptied.
	view := get(t, f.as(demo.Ben, `mutation { createView(input: {name: "Again", filter: {tags: {has: "again"}}}) { view { id } } }`, nil), "createView", "view", "id")
	emptying := fmt.Sprintf(`mutation { startBulk(input: {viewId: %q, do: {untag: {tags: ["again"]}}}) { bulk { id done unchanged } } }`, view)
	first = f.as(demo.Ben, emptying, nil, "Idempotency-Key", "b2")
	again = f.as(demo.Ben, emptying, nil, "Idempotency-Key", "b2")
	if get(t, first, "startBulk", "bulk", "done") != 2.0 || string(first.Data) != string(again.Data) {
		t.Errorf("%s, then %s", first.Data, again.Data)
	}
	refused(t, f.as(demo.Ben, emptying, nil), casegraph.CodeBadInput, "input.viewId")
	refused(t, f.as(demo.Ben, strings.Replace(emptying, "untag", "tag", 1), nil, "Idempotency-Key", "b2"), casegraph.CodeConflict, "Idempotency-Key")
	other := f.as(demo.Ben, strings.Replace(query, "again", "other", 1), nil, "Idempotency-Key", "b1")
	refused(t, other, casegraph.CodeConflict, "Idempotency-Key")
}

// The largest bulk is taken, and one more is not: neither for its size as a
// request nor for its price.
func TestTheLargestBulk(t *testing.T) {
	f := newFixture(t, localStore(t))
	ask := func(n int) answer {
		ids := make([]casegraph.ID, n)
		for i := range ids {
			ids[i] = casegraph.NewID(casegraph.KindCase, at)
		}
		return f.as(demo.Ben, `mutation($ids: [ID!]!) { startBulk(input: {ids: $ids, do: {unassign: {}}}) { bulk { state total left items(first: 100) { nodes { nodeId outcome code field message node { id } } } } } }`,
			variables(t, map[string]any{"ids": ids}))
	}
	if a := ask(cases.MaxBulk); get(t, a, "startBulk", "bulk", "left") != float64(cases.MaxBulk) {
		t.Errorf("%s", a.Data)
	}
	refused(t, ask(cases.MaxBulk+1), casegraph.CodeBadInput, "input.ids")

	view := get(t, f.as(demo.Ben, `mutation { createView(input: {name: "Many", filter: {title: {startsWith: "Many"}}}) { view { id } } }`, nil), "createView", "view", "id")
	byView := func() answer {
		return f.as(demo.Ben, fmt.Sprintf(`mutation { startBulk(input: {viewId: %q, dryRun: true, do: {unassign: {}}}) { bulk { total } } }`, view), nil)
	}
	many := func(n int) {
		changes := make([]commit.Change, n)
		for i := range changes {
			var err error
			if changes[i], err = cases.Create(f.asker(demo.Ben), cases.CreateInput{Title: fmt.Sprint("Many ", i)}, cases.General, func(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, at) }); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.committer.DoAll(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
	many(cases.MaxBulk)
	if a := byView(); get(t, a, "startBulk", "bulk", "total") != float64(cases.MaxBulk) {
		t.Errorf("%s", a.Data)
	}
	many(1)
	refused(t, byView(), casegraph.CodeBadInput, "input.viewId")
}
