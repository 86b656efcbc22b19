package storetest

import (
	"fmt"
	"slices"
	"testing"

	"casegraph"
)

// testLinks draws one hub of links and asks for them in every way.
func testLinks(t *testing.T, w *world) {
	ana, ben, cleo, dan := account("ana"), account("ben"), account("cleo"), account("dan")
	w.put(newAccount("ana"), newAccount("ben"), newAccount("cleo"), newAccount("dan"), newCase("k"), newTransaction("t1"), newTransaction("t2"))
	paid := func(from, to casegraph.ID, key string, at casegraph.Time) casegraph.Link {
		l := seen(between(from, casegraph.LinkPaid, to, key), at, at, 1)
		l.LinkProps = casegraph.LinkProps{Amount: "12.50", Currency: "EUR", TransactionID: casegraph.ID(key), Source: "bank", Fields: fields(`{"n":9007199254740993}`)}
		return l
	}
	contains := seen(between(caseID("k"), casegraph.LinkContains, ana, ""), 300, 300, 1)
	contains.LinkProps = casegraph.LinkProps{Role: "subject", Reason: "why", By: "usr_x", Raw: []string{"a", "ö"}, Confidence: 0.25, State: "s", Score: 1.5}
	w.link(
		paid(ana, ben, "txn_t1", 100), paid(ana, ben, "txn_t2", 200), // parallel
		paid(ben, ana, "txn_t1", 200),                                    // the other way, at the same time
		seen(between(ana, casegraph.LinkRelated, cleo, "owns"), 0, 0, 1), // of unknown time
		seen(between(ana, casegraph.LinkRelated, dan, "owns"), 200, 200, 1),
		seen(between(ana, casegraph.LinkRelated, dan, "invests"), 200, 200, 1), // a tie down to the key
		contains,
		seen(between(transaction("t1"), casegraph.LinkOf, ana, "payer"), 150, 250, 1),
	)

	w.run("come in the total order", func(w *world) {
		page := w.page(ana, casegraph.LinkRequest{})
		var got []string
		for _, hop := range page.Hops {
			got = append(got, fmt.Sprintf("%d %s %s %t %s", hop.Link.LastSeen, hop.Far, hop.Link.Kind, hop.Out, hop.Link.Key))
		}
		equal(w, "order", got, []string{
			"300 case_k CONTAINS false ",
			"250 txn_t1 OF false payer",
			"200 act_ben PAID true txn_t2",
			"200 act_ben PAID false txn_t1",
			"200 act_dan RELATED true invests",
			"200 act_dan RELATED true owns",
			"100 act_ben PAID true txn_t1",
			"0 act_cleo RELATED true owns",
		})
		same(w, "degree", page.Degree, 8)
		same(w, "more", page.More, false)
	})
	w.run("carry all that they went in with", func(w *world) {
		page := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkContains}})
		want := contains
		want.Recorded = 8
		got := *page.Hops[0].Link
		want.Recorded = got.Recorded
		same(w, "CONTAINS", got, want)
		if got.Recorded == 0 || got.Ended != 0 {
			w.Errorf("recorded %d, ended %d", got.Recorded, got.Ended)
		}
		for _, direction := range []casegraph.Direction{casegraph.DirectionOut, casegraph.DirectionIn} {
			hop := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkPaid}, Direction: direction}).Hops[0]
			if hop.Link.Amount != "12.50" || string(hop.Link.Fields) != `{"n":9007199254740993}` || hop.FarClass != "ACCOUNT" {
				w.Errorf("%s: %+v of class %s", direction, *hop.Link, hop.FarClass)
			}
		}
	})
	w.run("are chosen by direction, kind, far kind and window", func(w *world) {
		for _, c := range []struct {
			name   string
			ask    casegraph.LinkRequest
			degree int
			want   []casegraph.ID
		}{
			{"out", casegraph.LinkRequest{Direction: casegraph.DirectionOut}, 5, []casegraph.ID{ben, dan, dan, ben, cleo}},
			{"in", casegraph.LinkRequest{Direction: casegraph.DirectionIn}, 3, []casegraph.ID{"case_k", "txn_t1", ben}},
			{"kind", casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkRelated, casegraph.LinkOf}}, 4, []casegraph.ID{"txn_t1", dan, dan, cleo}},
			{"far kind", casegraph.LinkRequest{FarKinds: []casegraph.Kind{casegraph.KindCase, casegraph.KindTransaction}}, 2, []casegraph.ID{"case_k", "txn_t1"}},
			{"since", casegraph.LinkRequest{Since: 201}, 8, []casegraph.ID{"case_k", "txn_t1"}},
			{"until", casegraph.LinkRequest{Until: 150}, 8, []casegraph.ID{"txn_t1", ben}},
			{"between", casegraph.LinkRequest{Since: 160, Until: 180}, 8, []casegraph.ID{"txn_t1"}},
			{"nothing of that kind", casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkSameAs}}, 0, nil},
		} {
			page := w.page(ana, c.ask)
			equal(w, c.name, far(page), c.want)
			same(w, c.name+": degree", page.Degree, c.degree)
		}
	})
	w.run("past the cap go on exactly there", func(w *world) {
		whole := far(w.page(ana, casegraph.LinkRequest{}))
		var pieces []casegraph.ID
		ask := casegraph.LinkRequest{Cap: 3}
		for range whole {
			page := w.page(ana, ask)
			pieces = append(pieces, far(page)...)
			if !page.More {
				break
			}
			same(w, "degree", page.Degree, 8)
			ask.After = map[casegraph.ID]casegraph.LinkCursor{ana: page.Hops[len(page.Hops)-1].Cursor()}
		}
		equal(w, "pieces", pieces, whole)
	})
	w.run("of a busy node are the first of all, whatever the cap", func(w *world) {
		busy := account("busy")
		w.put(newAccount("busy"))
		far := []string{"w4", "w3", "w2", "w1", "w0"} // put in against the order of their ids
		for _, name := range far {
			w.put(newAccount(name))
		}
		var links []casegraph.Link
		for i := range 40 { // times that tie, far ends of which some are masked
			at := casegraph.Time(100 + i/7)
			links = append(links, paid(account(far[i%5]), busy, fmt.Sprintf("txn_%d", i*7%40), at))
			if i%2 == 0 {
				links = append(links, paid(busy, account(far[i%5]), fmt.Sprintf("txn_b%d", i), at))
			}
		}
		for i := range 12 {
			c := newCase(fmt.Sprint("busy", i))
			c.Restricted = i%3 > 0
			w.put(c)
			links = append(links, seen(between(c.ID, casegraph.LinkContains, busy, ""), casegraph.Time(98+i), casegraph.Time(98+i), 1))
		}
		w.link(links...)
		for _, mask := range []casegraph.Mask{{}, {RestrictedCases: true}} {
			ask := casegraph.LinkRequest{Mask: mask, Cap: casegraph.MaxLinkCap}
			whole := w.page(busy, ask)
			for ask.Cap = range len(whole.Hops) {
				ask.Cap++
				page := w.page(busy, ask)
				equal(w, fmt.Sprint("first ", ask.Cap), told(page.Hops), told(whole.Hops[:ask.Cap]))
				same(w, "more", page.More, ask.Cap < len(whole.Hops))
				same(w, "degree", page.Degree, len(whole.Hops))
			}
		}
	})
	w.run("of a hub are counted, not given", func(w *world) {
		limits := casegraph.HubLimits{ByClass: map[casegraph.Class]int{"ACCOUNT": 7}}
		page := w.page(ana, casegraph.LinkRequest{HubLimits: limits})
		if !page.Hub || page.Degree != 8 || len(page.Hops) != 0 {
			w.Errorf("got %+v; want a hub of 8", page)
		}
		if page := w.page(ana, casegraph.LinkRequest{HubLimits: limits, Kinds: []casegraph.LinkKind{casegraph.LinkPaid}}); page.Hub || page.Degree != 3 {
			w.Errorf("the degree is of the wanted kinds alone: %+v", page)
		}
		if page := w.page(ana, casegraph.LinkRequest{HubLimits: casegraph.HubLimits{Default: 8}}); page.Hub {
			w.Error("a degree at the limit is no hub")
		}
	})
	w.run("of several nodes are asked for at once", func(w *world) {
		pages, err := w.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{ben, "act_none", cleo, caseID("k"), ben}, Cap: 1})
		if err != nil || len(pages) != 3 {
			w.Fatalf("got %v, %v", pages, err)
		}
		same(w, "ben", pages[ben].Degree, 3)
		equal(w, "cleo", far(pages[cleo]), []casegraph.ID{ana})
		equal(w, "case", far(pages[caseID("k")]), []casegraph.ID{ana})
		if lonely := w.page(transaction("t2"), casegraph.LinkRequest{}); lonely.Degree != 0 || len(lonely.Hops) != 0 {
			w.Errorf("a node without links: %+v", lonely)
		}
	})
	w.run("that end are gone, and are kept", func(w *world) {
		id := between(ana, casegraph.LinkRelated, dan, "owns")
		w.end(id)
		page := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkRelated}})
		equal(w, "after", far(page), []casegraph.ID{dan, cleo})
		same(w, "degree", page.Degree, 2)
		batch, err := w.Begin(w.ctx, casegraph.Needs{Links: []casegraph.LinkID{id}})
		if err != nil {
			w.Fatal(err)
		}
		gone := batch.State().Links[id]
		batch.Rollback()
		if gone != nil {
			w.Errorf("a change meets an ended link: %+v", gone)
		}
		ended := w.lastSeq()
		then := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkRelated}, AsOf: ended - 1})
		equal(w, "before it ended", far(then), []casegraph.ID{dan, dan, cleo})
		w.link(seen(id, 500, 500, 2))
		page = w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkRelated}})
		equal(w, "recorded again", far(page), []casegraph.ID{dan, dan, cleo})
		same(w, "degree", page.Degree, 3)
		if again := page.Hops[0].Link; again.LastSeen != 500 || again.Count != 2 || again.Recorded <= ended {
			w.Errorf("recorded again: %+v", again)
		}
	})
	w.run("keep a cursor's place while others come and go", func(w *world) {
		page := w.page(ana, casegraph.LinkRequest{Cap: 3})
		whole := far(w.page(ana, casegraph.LinkRequest{}))
		after := page.Hops[2].Cursor()
		w.end(page.Hops[2].Link.LinkID)                                              // the cursor's own link
		w.link(seen(between(ana, casegraph.LinkRelated, ben, "new"), 9999, 9999, 1)) // before it
		rest := w.page(ana, casegraph.LinkRequest{After: map[casegraph.ID]casegraph.LinkCursor{ana: after}})
		equal(w, "rest", far(rest), whole[3:])
	})
	w.run("change in place", func(w *world) {
		id := between(ana, casegraph.LinkRelated, cleo, "owns")
		was := w.page(cleo, casegraph.LinkRequest{}).Hops[0].Link.Recorded
		l := seen(id, 1, 7000, 3)
		l.Source = "now known"
		w.link(l)
		got := w.page(cleo, casegraph.LinkRequest{}).Hops[0].Link
		if got.LastSeen != 7000 || got.Count != 3 || got.Source != "now known" || got.Recorded != was {
			w.Errorf("got %+v, recorded at %d before", got, was)
		}
	})
	w.run("refuse what is out of bounds", func(w *world) {
		for name, ask := range map[string]casegraph.LinkRequest{"cap": {Cap: casegraph.MaxLinkCap + 1},
			"ids": {IDs: make([]casegraph.ID, casegraph.MaxLinkIDs+1)}} {
			if _, err := w.Links(w.ctx, ask); casegraph.CodeOf(err) != casegraph.CodeBadInput {
				w.Errorf("%s: %v; want BAD_INPUT", name, err)
			}
		}
		_, err := w.committer.Do(w.ctx, write(nil, []casegraph.Link{seen(between(ana, casegraph.LinkRelated, ana, "x"), 1, 1, 1)}))
		if casegraph.CodeOf(err) != casegraph.CodeBadInput {
			w.Errorf("a link to oneself: %v; want BAD_INPUT", err)
		}
		_, err = w.committer.Do(w.ctx, write(nil, []casegraph.Link{seen(between(ana, casegraph.LinkRelated, "act_none", "x"), 1, 1, 1)}))
		if casegraph.CodeOf(err) != casegraph.CodeNotFound {
			w.Errorf("a link to nothing: %v; want NOT_FOUND", err)
		}
		if page := w.page(ana, casegraph.LinkRequest{}); slices.Contains(far(page), "act_none") {
			w.Error("half a link was written")
		}
	})
}

// told are hops in words.
func told(hops []casegraph.Hop) (words []string) {
	for _, hop := range hops {
		words = append(words, fmt.Sprintf("%+v %s %t", *hop.Link, hop.FarClass, hop.Out))
	}
	return words
}
