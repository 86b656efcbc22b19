package server_test

import (
	"context"
	"encoding/json"
	"testing"

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
		"first":     `{ relatedCases(of: "%", first: 0) { complete } }`,
	} {
		refused(t, f.as(demo.Ana, query, nil), casegraph.CodeBadInput, field)
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
