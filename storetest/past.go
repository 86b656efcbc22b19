package storetest

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
)

// testPast says what a past moment is: what was recorded by then, exactly as
// it was told then.
func testPast(_ *testing.T, w *world) {
	w.run("a case is as it was, and was not there before", func(w *world) {
		c := newCase("then")
		w.put(c)
		first := w.lastSeq()
		changed := c.Clone().(*casegraph.Case)
		changed.Title, changed.Tags = "Another title", []string{"new"}
		changed.Fields, _ = casegraph.ParseFields([]byte(`{"a.b": 1}`))
		w.put(changed)
		w.put(newAccount("apart"))
		got := w.nodesThen(first, c.ID, "act_apart")
		if len(got) != 1 {
			w.Fatalf("got %v; want the case alone", got)
		}
		was := got[c.ID].(*casegraph.Case)
		if was.Title != "The case of then" || was.Tags != nil || len(was.Fields) != 0 || was.Version != 1 || was.UpdatedAt != was.CreatedAt || was.AsOf != first {
			w.Errorf("got %+v", was)
		}
		if before := w.nodesThen(first-1, c.ID); first > 1 && len(before) != 0 {
			w.Errorf("before it was recorded: %v", before)
		}
	})
	w.run("knows which risk marks stood, on an identifier too", func(w *world) {
		mail := newIdentifier("email", "marked@x.y")
		w.put(newAccount("marked"), mail)
		for _, n := range []casegraph.Node{newAccount("marked"), mail, newIdentifier("email", "marked-first@x.y")} {
			id, before := n.Head().ID, w.lastSeq()
			n = n.Clone()
			n.Head().Risk = &casegraph.RiskMark{Level: casegraph.RiskKnownBad, Reason: "a mule", By: "usr_x", At: 5, ExpiresAt: 7}
			w.put(n)
			marked := w.lastSeq()
			w.put(newAccount("apart from " + string(id)))
			n = n.Clone()
			n.Head().Risk = nil
			w.put(n)
			none, then, now := w.nodesThen(before, id)[id], w.nodesThen(marked+1, id)[id], w.nodesThen(w.lastSeq(), id)[id]
			if then == nil || then.Head().Risk == nil || *then.Head().Risk != (casegraph.RiskMark{Level: casegraph.RiskKnownBad, Reason: "a mule", By: "usr_x", At: 5, ExpiresAt: 7}) {
				w.Errorf("%s when it was marked: %+v", id, then)
			}
			if none == nil || none.Head().Risk != nil || now == nil || now.Head().Risk != nil {
				w.Errorf("%s before it was marked: %+v, and after: %+v", id, none, now)
			}
			if then != nil && (then.Head().Version >= now.Head().Version || then.Head().UpdatedAt >= now.Head().UpdatedAt) {
				w.Errorf("%s: version %d at %d, and then %d at %d", id, then.Head().Version, then.Head().UpdatedAt, now.Head().Version, now.Head().UpdatedAt)
			}
			if timeline, err := w.Timeline(w.ctx, casegraph.TimelineRequest{IDs: []casegraph.ID{id}, First: 1}); err != nil || len(timeline[id]) != 1 || len(timeline[id][0].Changes) != 1 {
				w.Errorf("%s: the timeline is %+v, %v", id, timeline[id], err)
			}
		}
	})
	w.run("knows what stood at a link, and of its ends no more than that", func(w *world) {
		mail, mark := newIdentifier("email", "linked@x.y"), newMark("linked")
		ends := []casegraph.ID{account("linked"), mail.ID}
		w.do(tellingOf(write([]casegraph.Node{newAccount("linked"), mail}, nil), ends[0])) // nothing tells of a value
		before, made := w.lastSeq(), w.now()
		tell := func() { w.do(tellingOf(write([]casegraph.Node{mark}, nil), mark.ID, ends[0], ends[1])) }
		tell()
		first := w.lastSeq()
		mark = mark.Clone().(*casegraph.LinkMark)
		mark.Note, mark.Risk = "another", nil
		tell()
		marked := mail.Clone()
		marked.Head().Risk = &casegraph.RiskMark{Level: casegraph.RiskKnownBad, Reason: "a mule", At: 5}
		w.put(marked)
		then := func(moment casegraph.Seq) *casegraph.LinkMark {
			got, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{mark.ID}, AsOf: moment, Mask: casegraph.Mask{SeesMarks: true}})
			if err != nil {
				w.Fatal(err)
			}
			found, _ := got[mark.ID].(*casegraph.LinkMark)
			return found
		}
		if none := then(before); none != nil {
			w.Errorf("before it was marked: %+v", none)
		}
		if was := then(first); was == nil || was.Note != "note linked" || was.Risk == nil || was.Version != 1 {
			w.Errorf("when it was marked: %+v", was)
		}
		if is := then(w.lastSeq()); is == nil || is.Note != "another" || is.Risk != nil || is.Version != 2 {
			w.Errorf("now: %+v", is)
		}
		for _, id := range ends {
			n := w.nodesThen(first, id)[id]
			if head := n.Head(); head.Version != 1 || head.Risk != nil || head.UpdatedAt != made {
				w.Errorf("%s has version %d of %d, %+v; want 1 of %d", id, head.Version, head.UpdatedAt, head.Risk, made)
			}
		}
	})
	w.run("is refused before the log's beginning", func(w *world) {
		if _, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{"act_x"}, AsOf: -1}); casegraph.CodeOf(err) != casegraph.CodeBadInput {
			w.Errorf("nodes: got %v; want BAD_INPUT", err)
		}
		if _, err := w.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{"act_x"}, AsOf: -1}); casegraph.CodeOf(err) != casegraph.CodeBadInput {
			w.Errorf("links: got %v; want BAD_INPUT", err)
		}
	})
	w.run("is found by its time", func(w *world) {
		w.put(newCase("timed"))
		at, seq := w.now(), w.lastSeq()
		w.clock.skip(time.Minute)
		w.put(newCase("later"))
		for _, c := range []struct {
			at   casegraph.Time
			want casegraph.Seq
		}{{at - 1, seq - 1}, {at, seq}, {at + 1, seq}, {w.now() - 1, seq}, {w.now(), seq + 1}, {w.now() + 1, seq + 1}, {casegraph.TimeOf(Began), 0}} {
			got, err := casegraph.SeqAt(w.ctx, w.Store, c.at)
			if err != nil || got != c.want {
				w.Errorf("at %d: event %d, %v; want %d", c.at, got, err, c.want)
			}
		}
	})
	w.run("has the sums of what was known by then", func(w *world) {
		ana, mail := account("sum"), identifier("email", "sum@x.y")
		w.put(newAccount("sum"), newIdentifier("email", "sum@x.y"))
		first, second := session("sum1"), session("sum2")
		w.put(newSession("sum1"), newSession("sum2"))
		w.link(seen(between(first, casegraph.LinkOf, ana, ""), 0, 0, 1), seen(between(second, casegraph.LinkOf, ana, ""), 0, 0, 1),
			seen(between(ana, casegraph.LinkShows, mail, ""), 10, 20, 2),
			seen(between(first, casegraph.LinkShows, mail, ""), 8, 15, 3),
			seen(between(second, casegraph.LinkShows, mail, ""), 0, 30, 1)) // when it began is not known
		then := w.lastSeq()
		w.link(seen(between(ana, casegraph.LinkShows, mail, ""), 5, 90, 7))
		page := w.page(ana, casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkHas}, AsOf: then})
		has := page.Hops[0].Link
		if _, err := casegraph.SumThen(w.ctx, w.Store, then, map[casegraph.ID]casegraph.LinkPage{ana: page}); err != nil {
			w.Fatal(err)
		}
		if has.FirstSeen != 8 || has.LastSeen != 30 || has.Count != 6 || has.AtLeast {
			w.Errorf("got %+v", has)
		}
		if at := page.Hops[0].Cursor().LastSeen; at != 90 {
			w.Errorf("its place in the list, whose order is today's, is at %d; want 90", at)
		}
	})
	w.run("tells the same as was told then", func(w *world) { sameAsThen(w, rand.New(rand.NewSource(7))) })
}

// tellingOf has a change told by events about these nodes.
func tellingOf(change commit.Change, subjects ...casegraph.ID) commit.Change {
	decide := change.Decide
	change.Decide = func(v *commit.View) (*commit.Writes, error) {
		writes, err := decide(v)
		writes.Events = nil
		for _, id := range subjects {
			writes.Events = append(writes.Events, commit.Event{Name: "node.written", Subject: id})
		}
		return writes, err
	}
	return change
}

// sameAsThen makes random changes, several in one transaction, keeps what is
// told after each, and asks again at the end.
func sameAsThen(w *world, random *rand.Rand) {
	accounts := []casegraph.ID{account("p"), account("q"), account("r")}
	sessions := []casegraph.ID{session("p"), session("q")}
	identifiers := []casegraph.ID{identifier("email", "p@x.y"), identifier("email", "q@x.y")}
	w.put(newAccount("p"), newAccount("q"), newAccount("r"), newSession("p"), newSession("q"), newIdentifier("email", "p@x.y"), newIdentifier("email", "q@x.y"))
	all := slices.Concat(accounts, sessions, identifiers)
	told := map[casegraph.Seq]string{}
	for range 80 {
		var id casegraph.LinkID
		switch random.Intn(5) {
		case 0:
			a := newAccount("p")
			a.Name, a.Note = fmt.Sprint("name ", random.Intn(3)), []string{"", "a note"}[random.Intn(2)]
			a.Fields, _ = casegraph.ParseFields([]byte(fmt.Sprintf(`{"n":%d,"o":{"p":[%d]}}`, random.Intn(3), random.Intn(2))))
			w.put(a)
		case 1:
			id = between(accounts[random.Intn(2)], casegraph.LinkRelated, accounts[2], "")
		case 2:
			id = between(sessions[random.Intn(2)], casegraph.LinkOf, accounts[random.Intn(3)], "")
		default:
			id = between(slices.Concat(sessions, accounts)[random.Intn(5)], casegraph.LinkShows, identifiers[random.Intn(2)], "")
		}
		if id.From != "" {
			if random.Intn(3) == 0 {
				w.end(id)
			} else {
				l := seen(id, casegraph.Time(random.Intn(3)), casegraph.Time(3+random.Intn(3)), int64(1+random.Intn(2)))
				l.Role = []string{"", "a role"}[random.Intn(2)]
				w.link(l)
			}
		}
		told[w.lastSeq()] = w.told(all, 0)
	}
	for moment, want := range told {
		if got := w.told(all, moment); got != want {
			w.Fatalf("as of %d\n got %s\nwant %s", moment, got, want)
		}
	}
}

// told is all that a store tells of nodes at a moment, but what is always of
// today: degrees, and the sums of HAS.
func (w *world) told(ids []casegraph.ID, moment casegraph.Seq) string {
	w.Helper()
	nodes, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: ids, AsOf: moment})
	if err != nil {
		w.Fatal(err)
	}
	pages, err := w.Links(w.ctx, casegraph.LinkRequest{IDs: ids, AsOf: moment})
	if err != nil {
		w.Fatal(err)
	}
	pairs := []casegraph.Pair{}
	heads := map[casegraph.ID]any{}
	links := map[casegraph.ID][]string{}
	for _, id := range ids {
		if n := nodes[id]; n != nil {
			head := *n.Head()
			head.AsOf = 0
			heads[id] = []any{head.Version, head.UpdatedAt, n}
		}
		for _, hop := range pages[id].Hops {
			l := *hop.Link
			l.AsOf = 0
			if l.Kind == casegraph.LinkHas {
				pairs = append(pairs, casegraph.Pair{Account: l.From, Identifier: l.To})
				l.FirstSeen, l.LastSeen, l.Count = 0, 0, 0
			}
			links[id] = append(links[id], fmt.Sprintf("%+v", l))
		}
		slices.Sort(links[id]) // the sums of today order those of HAS
	}
	evidence, err := w.Evidence(w.ctx, casegraph.EvidenceRequest{Pairs: pairs, Limit: 100, AsOf: moment})
	if err != nil {
		w.Fatal(err)
	}
	shown := map[string][]*casegraph.Link{}
	for pair, links := range evidence {
		for _, l := range links {
			l.AsOf = 0
		}
		shown[fmt.Sprint(pair)] = links
	}
	text, err := json.MarshalIndent([]any{heads, links, shown}, "", " ")
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// lastSeq is the number of the log's last event.
func (w *world) lastSeq() casegraph.Seq {
	w.Helper()
	_, last, err := w.Store.Events(w.ctx, 0, 1)
	if err != nil {
		w.Fatal(err)
	}
	return last
}

func (w *world) nodesThen(moment casegraph.Seq, ids ...casegraph.ID) map[casegraph.ID]casegraph.Node {
	w.Helper()
	nodes, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: ids, AsOf: moment})
	if err != nil {
		w.Fatal(err)
	}
	return nodes
}
