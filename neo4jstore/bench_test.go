package neo4jstore_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/neo4jstore"
)

// The benchmarks want a server with Java's optimising compiler on, as make bench
// starts it, and some seconds of running before their figures mean something.

func account(i int) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindAccount, "bench", fmt.Sprint(i))
}

func newAccount(i int) *casegraph.Account {
	a := &casegraph.Account{Name: fmt.Sprintf("Holder Number%d", i%5000), AccountType: "person"}
	a.Header.ID, a.Source, a.ReferenceID, a.Status = account(i), "bench", fmt.Sprint(i), "open"
	return a
}

func caseID(i int) casegraph.ID { return casegraph.ID(fmt.Sprintf("case_bench%06d", i)) }

// putAll writes nodes, 1,000 a transaction.
func putAll(b *testing.B, c *commit.Committer, nodes []casegraph.Node) {
	b.Helper()
	for len(nodes) > 0 {
		n := min(1000, len(nodes))
		var changes []commit.Change
		for _, node := range nodes[:n] {
			id := node.Head().ID
			changes = append(changes, commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(*commit.View) (*commit.Writes, error) {
				return &commit.Writes{Nodes: []casegraph.Node{node.Clone()}, Events: []commit.Event{{Name: "node.created", Subject: id}}}, nil
			}})
		}
		doAll(b, c, changes)
		nodes = nodes[n:]
	}
}

func doAll(b *testing.B, c *commit.Committer, changes []commit.Change) {
	b.Helper()
	results, err := c.DoAll(b.Context(), changes)
	if err != nil {
		b.Fatal(err)
	}
	for _, result := range results {
		if result.Err != nil {
			b.Fatal(result.Err)
		}
	}
}

// BenchmarkCommit writes whole changes: a case's status, two links, an event
// and the answer to an idempotency key.
func BenchmarkCommit(b *testing.B) {
	const cases, accounts = 2000, 5000
	s := open(b)
	c := commit.New(s, nil)
	defer c.Close()
	var nodes []casegraph.Node
	for i := range cases {
		nodes = append(nodes, &casegraph.Case{Header: casegraph.Header{ID: caseID(i)}, Number: fmt.Sprintf("CASE-%d", i),
			Title: fmt.Sprintf("Account taken over %d", i), CaseType: "fraud", Status: "Open"})
	}
	for i := range accounts {
		nodes = append(nodes, newAccount(i))
	}
	putAll(b, c, nodes)
	var asked atomic.Int64
	change := func() commit.Change {
		n := asked.Add(1)
		id := caseID(rand.IntN(cases))
		var links []casegraph.LinkID
		for range 2 {
			links = append(links, casegraph.LinkID{From: id, Kind: casegraph.LinkContains, To: account(rand.IntN(accounts))})
		}
		return commit.Change{
			Needs: casegraph.Needs{Nodes: []casegraph.ID{id, links[0].To, links[1].To}, Links: links},
			Once:  &commit.Once{Key: fmt.Sprintf("bench/%d/%d", b.N, n), Digest: "digest"},
			Decide: func(v *commit.View) (*commit.Writes, error) {
				changed := v.Node(id).(*casegraph.Case)
				changed.Status = fmt.Sprintf("Status %d", n)
				w := &commit.Writes{Nodes: []casegraph.Node{changed}, Events: []commit.Event{{Name: "case.changed", Subject: id, Note: "as the benchmark wants it"}}}
				for _, l := range links {
					w.Links = append(w.Links, casegraph.Link{LinkID: l, FirstSeen: v.Now, LastSeen: v.Now, Count: n,
						LinkProps: casegraph.LinkProps{Role: "subject", Reason: "it was there"}})
				}
				return w, nil
			},
		}
	}
	for _, clients := range []int{1, 32, 128} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			var left atomic.Int64
			left.Store(int64(b.N))
			var all sync.WaitGroup
			begun := time.Now()
			for range clients {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						if _, err := c.Do(b.Context(), change()); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "commits/s")
		})
	}
}

// payments are transactions with two accounts and the money that moved, and
// what an import says of them.
func payments(from, n, accounts int) []commit.Change {
	var changes []commit.Change
	for i := from; i < from+n; i++ {
		t := &casegraph.Transaction{Amount: "1250.00", Currency: "EUR", TransactionType: "transfer"}
		t.Source, t.ReferenceID, t.At = "bench", fmt.Sprintf("t%d", i), casegraph.Time(1_700_000_000_000+int64(i)*1000)
		t.Note = fmt.Sprintf("invoice %d with thanks", i%3000)
		t.ID = casegraph.ImportedID(casegraph.KindTransaction, t.Source, t.ReferenceID)
		payer, payee := rand.IntN(accounts), rand.IntN(accounts-1)
		if payee >= payer {
			payee++
		}
		link := func(from casegraph.ID, kind casegraph.LinkKind, to casegraph.ID, key string) casegraph.Link {
			return casegraph.Link{LinkID: casegraph.LinkID{From: from, Kind: kind, To: to, Key: key}, FirstSeen: t.At, LastSeen: t.At, Count: 1}
		}
		paid := link(account(payer), casegraph.LinkPaid, account(payee), string(t.ID))
		paid.LinkProps = casegraph.LinkProps{Amount: t.Amount, Currency: t.Currency, TransactionID: t.ID}
		links := []casegraph.Link{link(t.ID, casegraph.LinkOf, account(payer), "payer"), link(t.ID, casegraph.LinkOf, account(payee), "payee"), paid}
		changes = append(changes, commit.Change{
			Needs: casegraph.Needs{Nodes: []casegraph.ID{t.ID}, Links: []casegraph.LinkID{paid.LinkID}, Evidence: []casegraph.ID{t.ID}},
			Decide: func(*commit.View) (*commit.Writes, error) {
				return &commit.Writes{Nodes: []casegraph.Node{t}, Links: links, Events: []commit.Event{{Name: "transaction.created", Subject: t.ID}}}, nil
			},
		})
	}
	return changes
}

const benchAccounts = 20_000

// imported is a store with accounts in it.
func imported(b *testing.B) (*neo4jstore.Store, *commit.Committer) {
	s := open(b)
	c := commit.New(s, nil)
	b.Cleanup(c.Close)
	var nodes []casegraph.Node
	for i := range benchAccounts {
		nodes = append(nodes, newAccount(i))
	}
	putAll(b, c, nodes)
	return s, c
}

// BenchmarkImport writes 300 transactions with three links each at a time.
func BenchmarkImport(b *testing.B) {
	_, c := imported(b)
	b.Run("transactions=300", func(b *testing.B) {
		begun := time.Now()
		for i := range b.N {
			doAll(b, c, payments(b.N*1_000_000+i*300, 300, benchAccounts))
		}
		b.ReportMetric(float64(b.N)*900/time.Since(begun).Seconds(), "links/s")
	})
}

// BenchmarkRead reads the links of accounts, and what else a page needs.
func BenchmarkRead(b *testing.B) {
	s, c := imported(b)
	for i := range 100 {
		doAll(b, c, payments(i*300, 300, benchAccounts))
	}
	ids := func(n int) []casegraph.ID {
		var all []casegraph.ID
		for range n {
			all = append(all, account(rand.IntN(benchAccounts)))
		}
		return all
	}
	for _, mask := range []casegraph.Mask{{}, {RestrictedCases: true}} {
		for _, n := range []int{1, 50, 200} {
			b.Run(fmt.Sprintf("Links/masked=%t/ids=%d", mask.RestrictedCases, n), func(b *testing.B) {
				hops := 0
				for range b.N {
					pages, err := s.Links(b.Context(), casegraph.LinkRequest{IDs: ids(n), HubLimits: casegraph.HubLimits{Default: 1000}, Mask: mask})
					if err != nil {
						b.Fatal(err)
					}
					for _, page := range pages {
						hops += len(page.Hops)
					}
				}
				b.ReportMetric(float64(hops)/float64(b.N), "links/op")
			})
		}
	}
	for _, n := range []int{1, 50, 200} {
		b.Run(fmt.Sprintf("Nodes/ids=%d", n), func(b *testing.B) {
			for range b.N {
				if _, err := s.Nodes(b.Context(), casegraph.NodesRequest{IDs: ids(n)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, filter := range []casegraph.Filter{{}, {Path: "status", Op: casegraph.OpEq, Value: "open"}, {Path: "status", Op: casegraph.OpEq, Value: "closed"}} {
		b.Run(fmt.Sprintf("List/status=%v", filter.Value), func(b *testing.B) {
			for range b.N {
				_, err := s.List(b.Context(), casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: filter, Descending: true,
					After: &casegraph.Place{Value: int64(casegraph.TimeOf(time.Now())), ID: "act_"}})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Count", func(b *testing.B) {
		for range b.N {
			if _, err := s.Count(b.Context(), casegraph.ListRequest{Kind: casegraph.KindTransaction, Mask: casegraph.Mask{RestrictedCases: true}}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Search", func(b *testing.B) {
		for range b.N {
			words := [][]string{{"holder"}, {fmt.Sprintf("number%d", rand.IntN(5000)), "nobody"}}
			if _, err := s.Search(b.Context(), casegraph.SearchRequest{Words: words, First: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Terms", func(b *testing.B) {
		for range b.N {
			if _, err := s.Terms(b.Context(), []string{"holder", "holde", "holer", "hoder", "hlder", "older", "thanks", "thank", "thans", "thaks", "thnks", "tanks", "hanks"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Timeline", func(b *testing.B) {
		for range b.N {
			if _, err := s.Timeline(b.Context(), casegraph.TimelineRequest{IDs: ids(1), First: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Events", func(b *testing.B) {
		for range b.N {
			if _, _, err := s.Events(b.Context(), casegraph.Seq(rand.IntN(50_000)), 100); err != nil {
				b.Fatal(err)
			}
		}
	})
}
