package storetest

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"casegraph"
	"casegraph/commit"
)

// testSums says what HAS is: the sum of the SHOWS of an account and of what is
// OF it, whatever happens to them.
func testSums(_ *testing.T, w *world) {
	ana, ben := account("ana"), account("ben")
	mail, phone := identifier("email", "a@b.c"), identifier("phone", "+491")
	w.put(newAccount("ana"), newAccount("ben"), newSession("s1"), newSession("s2"), newTransaction("t"),
		newIdentifier("email", "a@b.c"), newIdentifier("phone", "+491"))
	of := func(object, account casegraph.ID, role string) casegraph.Link {
		return seen(between(object, casegraph.LinkOf, account, role), 0, 0, 1)
	}
	shows := func(object, identifier casegraph.ID, first, last casegraph.Time, count int64) casegraph.Link {
		return seen(between(object, casegraph.LinkShows, identifier, ""), first, last, count)
	}
	has := func(w *world, account casegraph.ID) map[casegraph.ID]string {
		got := map[casegraph.ID]string{}
		for _, hop := range w.page(account, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}, Direction: casegraph.DirectionOut}).Hops {
			got[hop.Far] = fmt.Sprintf("%d-%d x%d", hop.Link.FirstSeen, hop.Link.LastSeen, hop.Link.Count)
		}
		return got
	}
	expect := func(w *world, what string, account casegraph.ID, want map[casegraph.ID]string) {
		w.Helper()
		same(w, what, has(w, account), want)
	}

	w.run("an account has what it shows itself", func(w *world) {
		w.link(shows(ana, mail, 100, 200, 1))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "100-200 x1"})
	})
	w.run("and what its objects show, with the widest times and the sum of counts", func(w *world) {
		w.link(of(session("s1"), ana, ""), shows(session("s1"), mail, 50, 150, 2), shows(session("s1"), phone, 0, 0, 1))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "50-200 x3", phone: "0-0 x1"})
	})
	w.run("an unknown time widens nothing", func(w *world) {
		w.link(of(session("s2"), ana, ""), shows(session("s2"), phone, 70, 90, 1))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "50-200 x3", phone: "70-90 x2"})
	})
	w.run("an object that is OF an account twice counts once", func(w *world) {
		w.link(of(transaction("t"), ana, "payer"), of(transaction("t"), ana, "payee"), of(transaction("t"), ben, "witness"), shows(transaction("t"), mail, 300, 300, 1))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "50-300 x4", phone: "70-90 x2"})
		expect(w, "ben", ben, map[casegraph.ID]string{mail: "300-300 x1"})
		w.end(between(transaction("t"), casegraph.LinkOf, ana, "payee"))
		expect(w, "ana, one role less", ana, map[casegraph.ID]string{mail: "50-300 x4", phone: "70-90 x2"})
	})
	w.run("evidence of a pair is found, newest first", func(w *world) {
		got, err := w.Evidence(w.ctx, casegraph.EvidenceRequest{Limit: 2, Pairs: []casegraph.Pair{{Account: ana, Identifier: mail}, {Account: ben, Identifier: phone}, {Account: ben, Identifier: mail}, {Account: ana, Identifier: "idn_none"}}})
		if err != nil {
			w.Fatal(err)
		}
		var objects []casegraph.ID
		for _, l := range got[casegraph.Pair{Account: ana, Identifier: mail}] {
			objects = append(objects, l.From)
		}
		equal(w, "ana's mail", objects, []casegraph.ID{transaction("t"), ana})
		if len(got) != 2 || len(got[casegraph.Pair{Account: ben, Identifier: mail}]) != 1 {
			w.Errorf("got %v", got)
		}
	})
	w.run("an object that moves takes its evidence with it", func(w *world) {
		w.do(write(nil, []casegraph.Link{of(session("s2"), ben, "")}, between(session("s2"), casegraph.LinkOf, ana, "")))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "50-300 x4", phone: "0-0 x1"})
		expect(w, "ben", ben, map[casegraph.ID]string{mail: "300-300 x1", phone: "70-90 x1"})
	})
	w.run("evidence that changes is summed again", func(w *world) {
		w.link(shows(session("s1"), mail, 120, 130, 5))
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "100-300 x7", phone: "0-0 x1"})
	})
	w.run("without evidence there is no HAS, and it comes back with it", func(w *world) {
		end := between(session("s1"), casegraph.LinkShows, phone, "")
		w.end(end)
		expect(w, "ana", ana, map[casegraph.ID]string{mail: "100-300 x7"})
		if degree := w.page(phone, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}}).Degree; degree != 1 {
			w.Errorf("the phone is had by %d accounts; want ben alone", degree)
		}
		w.link(shows(session("s1"), phone, 11, 12, 1))
		expect(w, "ana again", ana, map[casegraph.ID]string{mail: "100-300 x7", phone: "11-12 x1"})
	})
	w.run("writing the same again touches nothing", func(w *world) {
		before := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}})
		w.link(shows(session("s1"), phone, 11, 12, 1))
		same(w, "recorded", recorded(w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}})), recorded(before))
	})
	w.run("a HAS that begins is numbered by its own change, whatever shares the transaction", func(w *world) {
		one, two := newSession("n1"), newSession("n2")
		w.put(one, two)
		results, err := w.committer.DoAll(w.ctx, []commit.Change{
			write(nil, []casegraph.Link{of(one.ID, ben, ""), shows(one.ID, identifier("email", "a@b.c"), 1, 1, 1)}),
			write(nil, []casegraph.Link{of(two.ID, ben, ""), shows(two.ID, phone, 1, 1, 1)}),
			write([]casegraph.Node{newAccount("late")}, nil),
			write(nil, []casegraph.Link{seen(between(account("late"), casegraph.LinkShows, phone, ""), 1, 1, 1)}),
			write([]casegraph.Node{newAccount("later")}, nil),
		})
		if err != nil {
			w.Fatal(err)
		}
		page := w.page(account("late"), casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}})
		same(w, "recorded", recorded(page), []casegraph.Seq{results[3].Seq})
	})
	w.run("random evidence sums to what a plain count gives", func(w *world) { randomSums(w, of, shows, has) })
}

func recorded(p casegraph.LinkPage) []casegraph.Seq {
	var numbers []casegraph.Seq
	for _, hop := range p.Hops {
		numbers = append(numbers, hop.Link.Recorded)
	}
	return numbers
}

// randomSums writes and ends evidence at random, several changes a
// transaction, and compares every account's HAS with a plain count.
func randomSums(w *world, of func(object, account casegraph.ID, role string) casegraph.Link,
	shows func(object, identifier casegraph.ID, first, last casegraph.Time, count int64) casegraph.Link,
	has func(*world, casegraph.ID) map[casegraph.ID]string) {
	random := rand.New(rand.NewSource(7))
	var nodes []casegraph.Node
	var accounts, objects, identifiers []casegraph.ID
	for i := range 5 {
		nodes = append(nodes, newAccount(fmt.Sprint("r", i)), newIdentifier("device", fmt.Sprint("d", i)))
		accounts = append(accounts, account(fmt.Sprint("r", i)))
		identifiers = append(identifiers, identifier("device", fmt.Sprint("d", i)))
	}
	for i := range 12 {
		nodes = append(nodes, newSession(fmt.Sprint("r", i)))
		objects = append(objects, session(fmt.Sprint("r", i)))
	}
	w.put(nodes...)
	live := map[casegraph.LinkID]casegraph.Link{}
	pick := func(ids []casegraph.ID) casegraph.ID { return ids[random.Intn(len(ids))] }
	for range 60 {
		var links []casegraph.Link
		var ends []casegraph.LinkID
		for range 1 + random.Intn(6) {
			var l casegraph.Link
			switch random.Intn(4) {
			case 0:
				l = of(pick(objects), pick(accounts), "")
			case 1:
				l = shows(pick(accounts), pick(identifiers), casegraph.Time(random.Intn(50)), casegraph.Time(50+random.Intn(50)), int64(1+random.Intn(3)))
			default:
				l = shows(pick(objects), pick(identifiers), casegraph.Time(random.Intn(50)), casegraph.Time(50+random.Intn(50)), int64(1+random.Intn(3)))
			}
			if slices.ContainsFunc(links, func(o casegraph.Link) bool { return o.LinkID == l.LinkID }) || slices.Contains(ends, l.LinkID) {
				continue
			}
			if _, there := live[l.LinkID]; there && random.Intn(2) == 0 {
				ends = append(ends, l.LinkID)
				delete(live, l.LinkID)
			} else {
				links = append(links, l)
				live[l.LinkID] = l
			}
		}
		w.do(write(nil, links, ends...))
	}
	for _, account := range accounts {
		same(w, string(account), has(w, account), plainSums(account, live))
	}
}

func plainSums(account casegraph.ID, live map[casegraph.LinkID]casegraph.Link) map[casegraph.ID]string {
	mine := map[casegraph.ID]bool{account: true}
	for id := range live {
		if id.Kind == casegraph.LinkOf && id.To == account {
			mine[id.From] = true
		}
	}
	sums := map[casegraph.ID]casegraph.Link{}
	for id, l := range live {
		if id.Kind != casegraph.LinkShows || !mine[id.From] {
			continue
		}
		sum, there := sums[id.To]
		if !there || (l.FirstSeen != 0 && (sum.FirstSeen == 0 || l.FirstSeen < sum.FirstSeen)) {
			sum.FirstSeen = l.FirstSeen
		}
		sum.LastSeen = max(sum.LastSeen, l.LastSeen)
		sum.Count += l.Count
		sums[id.To] = sum
	}
	got := map[casegraph.ID]string{}
	for id, sum := range sums {
		got[id] = fmt.Sprintf("%d-%d x%d", sum.FirstSeen, sum.LastSeen, sum.Count)
	}
	return got
}
