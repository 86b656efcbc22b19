package ingest

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"casegraph"
)

// Whatever rows come in, in whatever order: the same row again changes nothing,
// and a transaction is paid exactly if it has a payer and another payee, with
// its own amount and time.
func TestRowsInAnyOrderKeepTheirPromises(t *testing.T) {
	w := newWorld(t)
	sources := 0
	rapid.Check(t, func(r *rapid.T) {
		sources++
		source := fmt.Sprintf("s%d", sources)
		transactions := map[casegraph.ID]bool{}
		for range rapid.IntRange(1, 12).Draw(r, "rows") {
			row := drawRow(r, source)
			request := ObjectsRequest{Rows: []Row{row}}
			for again := range 2 {
				outcomes, err := ImportObjects(w.ctx, w.committer, request)
				if err != nil {
					r.Fatal(err)
				}
				if o := outcomes[0]; o.Outcome == Rejected || again == 1 && o.Outcome != Unchanged {
					r.Fatalf("try %d of %+v is %s: %s", again, row, o.Outcome, o.Reason)
				}
				if kind, _ := casegraph.KindOf(outcomes[0].ID); kind == casegraph.KindTransaction {
					transactions[outcomes[0].ID] = true
				}
			}
			for id := range transactions {
				if got, want := w.paid(r, id, source), w.payable(r, id); !slices.Equal(got, want) {
					r.Fatalf("after %+v %s is paid %v and should be %v", row, id, got, want)
				}
			}
		}
	})
}

var accountNames = []string{"a", "b", "c"}

func drawRow(r *rapid.T, source string) Row {
	ref := func() Ref { return Ref{ReferenceID: rapid.SampledFrom(accountNames).Draw(r, "account")} }
	transaction := rapid.SampledFrom([]string{"t1", "t2"}).Draw(r, "transaction")
	email := Sight{Kind: "email", Value: rapid.SampledFrom([]string{"x@y.org", "X@y.org", "z@y.org", "n/a"}).Draw(r, "email")}
	row := Row{Source: source}
	switch rapid.IntRange(0, 3).Draw(r, "row") {
	case 0:
		row.Node, row.ReferenceID = casegraph.KindTransaction, transaction
		row.At = Moment(rapid.IntRange(0, 3).Draw(r, "at"))
		if rapid.Bool().Draw(r, "has amount") {
			amount := Amount(rapid.SampledFrom([]string{"1", "2.50"}).Draw(r, "amount"))
			row.Amount = &amount
		}
		if rapid.Bool().Draw(r, "has owners") {
			row.Of = &[]Owner{}
			for _, role := range []string{RolePayer, RolePayee} {
				if rapid.Bool().Draw(r, role) {
					*row.Of = append(*row.Of, Owner{Ref: ref(), Role: role})
				}
			}
		}
		if rapid.Bool().Draw(r, "shows") {
			row.Shows = &[]Sight{email}
		}
	case 1:
		row.Node, row.ReferenceID = casegraph.KindAccount, ref().ReferenceID
		row.Shows = &[]Sight{email}
	case 2:
		from := ref()
		from.Kind = casegraph.KindAccount
		row.Link, row.From, row.Identifier = casegraph.LinkShows, &from, &email
		row.FirstSeen = Moment(rapid.IntRange(0, 3).Draw(r, "first seen"))
	case 3:
		from := ref()
		to := Ref{Source: "elsewhere", ReferenceID: source}
		row.Link, row.From, row.To, row.Key = casegraph.LinkRelated, &from, &to, "owns"
		row.LastSeen = Moment(rapid.IntRange(0, 3).Draw(r, "last seen"))
	}
	return row
}

// paid are the payments that stand for a transaction.
func (w *world) paid(r *rapid.T, transaction casegraph.ID, source string) []string {
	request := casegraph.LinkRequest{Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkPaid}}
	for _, name := range accountNames {
		request.IDs = append(request.IDs, casegraph.ImportedID(casegraph.KindAccount, source, name))
	}
	pages, err := w.store.Links(w.ctx, request)
	if err != nil {
		r.Fatal(err)
	}
	var all []string
	for _, page := range pages {
		for _, hop := range page.Hops {
			if l := hop.Link; l.TransactionID == transaction {
				all = append(all, fmt.Sprint(l.From, l.To, l.Amount, l.FirstSeen, l.LastSeen))
			}
		}
	}
	return all
}

// payable is what should be paid by what the transaction itself says.
func (w *world) payable(r *rapid.T, transaction casegraph.ID) []string {
	pages, err := w.store.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{transaction},
		Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkOf}})
	if err != nil {
		r.Fatal(err)
	}
	owners := map[string]casegraph.ID{}
	for _, hop := range pages[transaction].Hops {
		owners[hop.Link.Key] = hop.Far
	}
	payer, payee := owners[RolePayer], owners[RolePayee]
	if payer == "" || payee == "" || payer == payee {
		return nil
	}
	n := w.node(transaction).(*casegraph.Transaction)
	return []string{fmt.Sprint(payer, payee, n.Amount, n.At, n.At)}
}
