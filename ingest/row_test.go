package ingest

import "testing"

const timeRule = "must be a time of the years 1 to 9999, as RFC 3339 text such as 2026-11-22T09:30:00Z or in milliseconds since 1970"

func TestAnUnreadableRowNamesItsAttributeAndTheRule(t *testing.T) {
	const amountRule = "amount: must be a plain number such as 1250.00, of at most 64 characters"
	for row, want := range map[string]struct{ field, reason string }{
		`{"at":"yesterday"}`:               {"at", "at: " + timeRule},
		`{"at":1.5}`:                       {"at", "at: " + timeRule},
		`{"at":99999999999999999}`:         {"at", "at: " + timeRule},
		`{"assignedAt":true}`:              {"assignedAt", "assignedAt: " + timeRule},
		`{"name":"x","firstSeen":"x"}`:     {"firstSeen", "firstSeen: " + timeRule},
		`{"amount":"12,50"}`:               {"amount", amountRule},
		`{"amount":[1]}`:                   {"amount", amountRule},
		`{"tags":"x"}`:                     {"tags", "tags: must be a list and is a JSON string"},
		`{"tags":["x",1]}`:                 {"tags[1]", "tags[1]: must be text and is a JSON number"},
		`{"name":{"first":"x"}}`:           {"name", "name: must be text and is a JSON object"},
		`{"hasMatch":"yes"}`:               {"hasMatch", "hasMatch: must be true or false and is a JSON string"},
		`{"count":1.5}`:                    {"count", "count: must be a whole number and is a JSON number"},
		`{"of":{"role":"payer"}}`:          {"of", "of: must be a list and is a JSON object"},
		`{"of":["x"]}`:                     {"of[0]", "of[0]: must be an object and is a JSON string"},
		`{"of":[{"role":"x"},{"role":1}]}`: {"of[1].role", "of[1].role: must be text and is a JSON number"},
		`{"from":{"id":7}}`:                {"from.id", "from.id: must be text and is a JSON number"},
		`{"colour":"red"}`:                 {"colour", "colour: is no attribute of a row"},
		`{"fields":{"roles":1},"shows":[{"kind":"email","roles":[2]}]}`: {"shows[0].roles", "shows[0].roles: is no attribute of a row"},
		`[{"node":"ACCOUNT"}]`:  {"", "a row must be an object and is a JSON array"},
		`{"node":"ACCOUNT"} {}`: {"", "a line holds one row"},
		`{"node":"ACCOUNT",}`:   {"", "no JSON: invalid character '}' looking for beginning of object key string"},
		`{"node":`:              {"", "no JSON: it ends too early"},
	} {
		_, err := ParseRow([]byte(row))
		if err == nil || err.Error() != want.reason || fieldOf(err) != want.field {
			t.Errorf("%s\nsays %v at %q\nand should say %s at %q", row, err, fieldOf(err), want.reason, want.field)
		}
	}
}
