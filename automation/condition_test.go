package automation

import (
	"context"
	"strings"
	"testing"

	"casegraph"
)

// Conditions see a node's attributes by their names in the API, each of its own
// type, fields as JSON, and the event with its changes.
func TestConditions(t *testing.T) {
	yes := true
	inquiry := &casegraph.Inquiry{Object: casegraph.Object{Header: casegraph.Header{ID: "inq_1", Version: 2, CreatedAt: 1_000},
		Source: "persona", Status: "needs_review", Tags: []string{"night"}, At: 86_400_000,
		Fields: casegraph.Fields(`{"persona":{"reviewer-comment":"look"},"score":81.5,"count":3}`)}}
	report := &casegraph.Report{HasMatch: &yes}
	transaction := &casegraph.Transaction{Amount: "1250.50", Currency: "EUR"}
	opened := &casegraph.Case{Title: "A", Checks: map[string]casegraph.Check{"call": {ByID: "usr_1"}}}
	event := &casegraph.Event{Seq: 7, Name: "inquiry.updated", At: 5_000, Payload: casegraph.Payload{Changes: []casegraph.FieldChange{
		{Path: "status", Before: []byte(`"pending"`), After: []byte(`"needs_review"`)}, {Path: "decidedAt", Before: []byte("86400000")}}}}
	for _, each := range []struct {
		node casegraph.Node
		text string
		want string // "true", "false", or a part of the error
	}{
		{inquiry, "", "true"},
		{inquiry, `inquiry.status == "needs_review"`, "true"},
		{inquiry, `inquiry.status == "needs_review" && "night" in inquiry.tags && inquiry.id == "inq_1" && inquiry.version == 2`, "true"},
		{inquiry, `inquiry.at == timestamp("1970-01-02T00:00:00Z") && inquiry.createdAt < inquiry.at`, "true"},
		{inquiry, `has(inquiry.decidedAt) || inquiry.template != ""`, "false"},
		{inquiry, `inquiry.fields.score > 80 && inquiry.fields.count == 3 && inquiry.fields.persona["reviewer-comment"] == "look"`, "true"},
		{inquiry, `has(inquiry.fields.loss) && inquiry.fields.loss > 0`, "false"},
		{inquiry, `inquiry.fields.loss > 0`, "no such key"},
		{inquiry, `inquiry.fields.score.startsWith("8")`, "no such overload"},
		{inquiry, `inquiry.risk == null`, "true"},
		{inquiry, `"status" in event.changes && event.changes.status.after == "needs_review" && event.changes["status"].before == "pending"`, "true"},
		{inquiry, `event.changes.decidedAt.before == "1970-01-02T00:00:00.000Z" && event.changes.decidedAt.after == null`, "true"},
		{inquiry, `event.number == 7 && event.name.endsWith("updated") && !event.byRule && event.actor == "" && event.at > inquiry.createdAt`, "true"},
		{inquiry, `[inquiry].exists(i, i.status == "needs_review") && event.changes.exists(path, path == "status")`, "true"},
		{report, `report.hasMatch`, "true"},
		{transaction, `transaction.amount > 1000 && transaction.currency == "EUR"`, "true"},
		{opened, `case.checks.call.by == "usr_1" && !has(case.risk) && !case.restricted`, "true"},
		{inquiry, strings.Repeat("[1,2,3,4,5,6,7,8,9,10].all(a, ", 6) + "true" + strings.Repeat(")", 6), "cost limit"},
	} {
		made, err := compile(each.node.Kind(), each.text)
		if err != nil {
			t.Errorf("%s: %v", each.text, err)
			continue
		}
		holds, err := made.holds(context.Background(), each.node, event)
		switch {
		case err != nil && (each.want == "true" || each.want == "false" || !strings.Contains(err.Error(), each.want)):
			t.Errorf("%s: %v", each.text, err)
		case err == nil && each.want != map[bool]string{true: "true", false: "false"}[holds]:
			t.Errorf("%s: %t, want %s", each.text, holds, each.want)
		}
	}
}

// What is wrong with a condition is told when it is written, with its place.
func TestConditionsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`inquiry.statu == "x"`:                   "line 1, column 8: undefined field 'statu'",
		"true &&\n  inquiry.status == 3":         "line 2, column 18: found no matching overload",
		`account.name == "x"`:                    "line 1, column 1: undeclared reference to 'account'",
		`inquiry.status ==`:                      "line 1, column 18: Syntax error",
		`inquiry.status`:                         "must be true or false, and is of type string",
		strings.Repeat("true && ", 600) + "true": "expression code point size exceeds limit",
		strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100): "recursion limit",
	} {
		_, err := compile(casegraph.KindInquiry, text)
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
}
