package storetest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"casegraph"
)

func fields(text string) casegraph.Fields {
	parsed, err := casegraph.ParseFields([]byte(text))
	if err != nil {
		panic(err)
	}
	return parsed
}

// everyNoun is one node of each kind with every attribute set.
func everyNoun() []casegraph.Node {
	yes := true
	object := func(id string) casegraph.Object {
		return casegraph.Object{Header: casegraph.Header{ID: casegraph.ID(id)}, Source: "a source", ReferenceID: "ref " + id, At: 1_700_000_000_123,
			Status: "Approved", Tags: []string{"b", "a", "ö"}, Note: "note 𝔘𝔫𝔦 🕵", Fields: fields(`{"deep":{"er":[1,{"x":null}]},"big":9223372036854775807123,"n":4613937818241074769,"f":1.5,"t":"<&>\u0000\u2028"}`)}
	}
	return []casegraph.Node{
		&casegraph.Case{Header: casegraph.Header{ID: "case_x"}, Number: "KCAS-1", Title: "Title", CaseType: "ato", Status: "Open", Resolution: "none",
			Description: strings.Repeat("long ", 1000), Source: "persona", AssigneeID: "usr_x", CreatorID: "usr_x", AssignedAt: 1, ResolvedAt: 2, ResolverID: "usr_x",
			Tags: []string{"t"}, Restricted: true, Fields: fields(`{"a":1}`)},
		&casegraph.Account{Object: object("act_x"), AccountType: "person", Name: "Ana"},
		&casegraph.Inquiry{Object: object("inq_x"), Template: "kyc", DecidedAt: 5},
		&casegraph.Report{Object: object("rep_x"), ReportType: "watchlist", HasMatch: &yes},
		&casegraph.Transaction{Object: object("txn_x"), TransactionType: "wire", Amount: "544595.7886430753", Currency: "EUR"},
		&casegraph.Session{Object: object("ses_x"), IP: "203.0.113.7", Device: "d", UserAgent: "UA", Country: "DE", Place: "Köln"},
		&casegraph.Identifier{Header: casegraph.Header{ID: "idn_x", Risk: &casegraph.RiskMark{Level: casegraph.RiskTrusted, Reason: "ours", At: 3}}, IdentifierKind: "email", Value: "a@b.c"},
		&casegraph.User{Header: casegraph.Header{ID: "usr_x"}, Name: "Ben", Email: "ben@x.y", Role: casegraph.RoleAdmin, Disabled: true},
		&casegraph.Comment{Header: casegraph.Header{ID: "cmt_x"}, CaseID: "case_x", AuthorID: "usr_x", Body: "line\nline"},
		newMark("x"),
		&casegraph.APIKey{Header: casegraph.Header{ID: "key_x"}, Name: "ci", UserID: "usr_x", ExpiresAt: 7, RevokedAt: 8},
	}
}

func testNodes(_ *testing.T, w *world) {
	nouns := everyNoun()
	w.put(nouns...)

	w.run("come back as they went in", func(w *world) {
		for _, want := range nouns {
			id := want.Head().ID
			if want.Kind() == casegraph.KindKey || want.Kind() == casegraph.KindMark {
				continue // masks hide them, which say more of them
			}
			got := w.node(id)
			if got == nil {
				w.Fatalf("%s is not there", id)
			}
			same(w, string(id), text(w, got), text(w, want))
			head := *got.Head()
			head.Risk = nil // compared as text
			same(w, string(id)+" header", head, casegraph.Header{ID: id, Version: 1, CreatedAt: w.now(), UpdatedAt: w.now()})
		}
	})
	w.run("that do not exist are not in the answer", func(w *world) {
		got, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{"act_none", "act_x", "act_x", "", "nonsense"}})
		if err != nil || len(got) != 1 || got["act_x"] == nil {
			w.Errorf("got %v, %v; want act_x alone", got, err)
		}
		if none, err := w.Nodes(w.ctx, casegraph.NodesRequest{}); err != nil || len(none) != 0 {
			w.Errorf("asked for nothing: got %v, %v", none, err)
		}
	})
	w.run("resolve by what others call them", func(w *world) {
		twin := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: "act_twin"}, Source: "other", ReferenceID: "ref act_x"}}
		w.put(twin)
		keys := []casegraph.Key{
			{Kind: casegraph.KindAccount, Source: "a source", Reference: "ref act_x"},
			{Kind: casegraph.KindAccount, Reference: "ref act_x"},
			{Reference: "ref act_x"},
			{Kind: casegraph.KindInquiry, Reference: "ref act_x"},
			{Kind: casegraph.KindCase, Reference: "KCAS-1"},
			{Kind: casegraph.KindUser, Reference: "ben@x.y"},
			{Reference: ""},
		}
		got, err := w.Resolve(w.ctx, append(keys, keys[0]))
		if err != nil {
			w.Fatal(err)
		}
		want := map[casegraph.Key][]casegraph.ID{keys[0]: {"act_x"}, keys[1]: {"act_twin", "act_x"}, keys[2]: {"act_twin", "act_x"},
			keys[4]: {"case_x"}, keys[5]: {"usr_x"}}
		same(w, "resolved", got, want)
	})
	w.run("are found by what they are called now, and listed by when they were", func(w *world) {
		moved := newTransaction("moved")
		moved.At = 7
		w.put(moved)
		moved.At, moved.Source, moved.ReferenceID = 1, "moved here", "moved ref"
		w.put(moved)
		keys := []casegraph.Key{{Kind: casegraph.KindTransaction, Source: "moved here", Reference: "moved ref"}}
		got, err := w.Resolve(w.ctx, keys)
		if err != nil {
			w.Fatal(err)
		}
		same(w, "resolved", got, map[casegraph.Key][]casegraph.ID{keys[0]: {moved.ID}})
		early := casegraph.Place{Value: 2}
		page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction, OrderBy: casegraph.ByAt, Before: &early, First: 100})
		if err != nil {
			w.Fatal(err)
		}
		if !slices.Contains(idsOf(page.Nodes), moved.ID) {
			w.Errorf("before 2: %v; want %s among them", idsOf(page.Nodes), moved.ID)
		}
	})
	w.run("keep numbers past 2^53", func(w *world) {
		if got := text(w, w.node("act_x")); !strings.Contains(got, "4613937818241074769") || !strings.Contains(got, "9223372036854775807123") {
			w.Errorf("a number was rounded: %s", got)
		}
	})
}

func text(w *world, n casegraph.Node) string {
	w.Helper()
	data, err := json.Marshal(n)
	if err != nil {
		w.Fatal(err)
	}
	return string(data)
}
