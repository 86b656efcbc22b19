package ingest

import (
	"context"
	"testing"

	"casegraph"
	"casegraph/commit"
)

func caseID(number string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindCase, "old-tool", number)
}

func TestACaseComesInWithItsObjectsAndPeople(t *testing.T) {
	w := newWorld(t)
	w.settings.UserByEmail = func(_ context.Context, email string) (casegraph.ID, error) {
		if email == "ana@here.com" {
			return "usr_1", nil
		}
		return "", nil
	}
	rows := `{"node":"CASE","source":"old-tool","referenceId":"FR-7","title":"Ring","status":"Under Review","assignee":"ana@here.com",` +
		`"creator":"gone@here.com","restricted":true,"fields":{"queue":"q1"},"contains":[{"kind":"ACCOUNT","source":"bank","referenceId":"ana","role":"subject"}]}` + "\n"
	done := w.file("cases.ndjson", rows)
	w.equal("created", done.Created, 1)
	w.equal("events", w.events(0), []string{"case.created", "account.created"})
	w.equal("case", w.data(caseID("FR-7")), `{"number":"FR-7","title":"Ring","caseType":"general","status":"Under Review","source":"old-tool",`+
		`"assigneeId":"usr_1","restricted":true,"fields":{"creator":"gone@here.com","queue":"q1"}}`)
	w.equal("links", w.links(caseID("FR-7")), []string{"CONTAINS → ana 2026-11-22"})

	end := w.end()
	w.equal("unchanged", w.file("cases.ndjson", rows).Unchanged, 1)
	w.equal("the log's end", w.end(), end)

	w.file("cases.ndjson", `{"node":"CASE","source":"old-tool","referenceId":"FR-7","contains":[{"id":"`+string(account("ana"))+`"},{"kind":"REPORT","source":"bank","referenceId":"r"}]}`)
	w.equal("events", w.events(end), []string{"case.objects-attached", "report.created"})
}

// What a second person was asked for is taken back where an import makes the
// case another.
func TestAnImportOfACaseAsksAnew(t *testing.T) {
	w := newWorld(t)
	row := func(more string) string {
		return `{"node":"CASE","source":"old-tool","referenceId":"FR-7","title":"Ring","contains":[{"kind":"ACCOUNT","source":"bank","referenceId":"ana"}]` + more + "}\n"
	}
	id := caseID("FR-7")
	w.file("cases.ndjson", row(""))
	waits := func() bool {
		nodes, err := w.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{id}})
		if err != nil {
			t.Fatal(err)
		}
		return nodes[id].(*casegraph.Case).Awaiting != nil
	}
	for _, test := range []struct {
		rows string
		want bool
	}{
		{row(""), true},
		{row(`,"description":"More"`), false},
		{`{"node":"CASE","source":"old-tool","referenceId":"FR-7","contains":[{"kind":"ACCOUNT","source":"bank","referenceId":"ben"}]}` + "\n", false},
	} {
		_, err := w.committer.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(v *commit.View) (*commit.Writes, error) {
			c := v.Node(id).(*casegraph.Case)
			c.Awaiting = &casegraph.AwaitedStatus{To: "Closed", ByID: "usr_1", At: v.Now}
			return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "case.status-requested", Subject: id}}}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		if w.file("cases.ndjson", test.rows); waits() != test.want {
			t.Errorf("after %s it waits: %t", test.rows, waits())
		}
	}
}

func TestCasesThatAreRefused(t *testing.T) {
	for row, reason := range map[string]string{
		`{"node":"CASE","referenceId":"7"}`:                                                                       "source: must be 1 to 100 lower-case letters, digits and . _ / -",
		`{"node":"CASE","source":"old-tool"}`:                                                                     "referenceId: must be given; it is the case's number at its source",
		`{"node":"CASE","source":"old-tool","referenceId":"7","at":5}`:                                            "at: is no attribute of CASE",
		`{"node":"CASE","source":"old-tool","referenceId":"7","shows":[]}`:                                        "shows: is no attribute of CASE",
		`{"node":"CASE","source":"old-tool","referenceId":"7","contains":[{"referenceId":"x"}]}`:                  "contains[0].kind: must be given with a referenceId",
		`{"node":"CASE","source":"old-tool","referenceId":"7","contains":[{"kind":"CASE","referenceId":"x"}]}`:    "contains[0].kind: a case contains objects, not a CASE",
		`{"node":"CASE","source":"old-tool","referenceId":"7","contains":[{"id":"act_1","role":"Main suspect"}]}`: "contains[0].role: must be 1 to 60 lower-case letters, digits and -",
	} {
		parsed, err := ParseRow([]byte(row))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := (&Settings{}).prepare(t.Context(), &parsed); err == nil || err.Error() != reason {
			t.Errorf("%s\nsays %v\nand should say %s", row, err, reason)
		}
	}
}
