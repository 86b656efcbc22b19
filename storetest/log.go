package storetest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"casegraph"
	"casegraph/commit"
)

func testLog(_ *testing.T, w *world) {
	if events, last, err := w.Events(w.ctx, 0, 10); err != nil || len(events) != 0 || last != 0 {
		w.Fatalf("an empty log: %v, %d, %v", events, last, err)
	}
	ana, ben := newAccount("ana"), newAccount("ben")
	w.put(ana)
	w.put(ben)
	for _, name := range []string{"Ana 1", "Ana 2", "Ana 3"} {
		ana.Name = name
		ana.Fields = fields(`{"risk":{"score":` + name[4:] + `},"same":true}`)
		w.put(ana)
	}
	w.link(seen(between(ana.ID, casegraph.LinkRelated, ben.ID, "owns"), 10, 20, 1))

	w.run("is read in order, page by page", func(w *world) {
		var all []casegraph.Event
		for after := casegraph.Seq(0); ; {
			page, last, err := w.Events(w.ctx, after, 2)
			if err != nil {
				w.Fatal(err)
			}
			if last != 6 {
				w.Fatalf("the log ends at %d; want 6", last)
			}
			if len(page) == 0 {
				break
			}
			all, after = append(all, page...), page[len(page)-1].Seq
		}
		if len(all) != 6 {
			w.Fatalf("%d events; want 6", len(all))
		}
		checkChain(w, all)
	})
	w.run("tells values before and after", func(w *world) {
		events, _, _ := w.Events(w.ctx, 3, 1)
		changes, _ := json.Marshal(events[0].Changes)
		want := `[{"path":"fields.risk","before":{"score":1},"after":{"score":2}},{"path":"name","before":"Ana 1","after":"Ana 2"}]`
		same(w, "changes", string(changes), want)
	})
	w.run("tells links", func(w *world) {
		events, _, _ := w.Events(w.ctx, 5, 1)
		if len(events) != 1 || len(events[0].Links) != 1 || events[0].Links[0].To != ben.ID || events[0].Links[0].Change != "ADDED" {
			w.Errorf("got %+v", events)
		}
	})
	w.run("of a node is read newest first, backward from a number", func(w *world) {
		got, err := w.Timeline(w.ctx, casegraph.TimelineRequest{IDs: []casegraph.ID{ana.ID, ben.ID, "act_none", ana.ID}, First: 3})
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "ana", seqs(got[ana.ID]), []casegraph.Seq{6, 5, 4})
		equal(w, "ben", seqs(got[ben.ID]), []casegraph.Seq{2})
		got, _ = w.Timeline(w.ctx, casegraph.TimelineRequest{IDs: []casegraph.ID{ana.ID}, First: 3, Before: 4})
		equal(w, "ana before 4", seqs(got[ana.ID]), []casegraph.Seq{3, 1})
	})
	w.run("of a node is read oldest first, and of some events", func(w *world) {
		for name, test := range map[string]struct {
			request casegraph.TimelineRequest
			want    []casegraph.Seq
		}{
			"oldest first":       {casegraph.TimelineRequest{OldestFirst: true, First: 2}, []casegraph.Seq{1, 3}},
			"behind a number":    {casegraph.TimelineRequest{OldestFirst: true, First: 2, After: 3}, []casegraph.Seq{4, 5}},
			"between two":        {casegraph.TimelineRequest{First: 9, After: 3, Before: 6}, []casegraph.Seq{5, 4}},
			"by name":            {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Names: []string{"none", "node.written"}}}, []casegraph.Seq{5, 4, 3, 1}},
			"by another name":    {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Names: []string{"none"}}}, nil},
			"by nobody":          {casegraph.TimelineRequest{First: 2, EventFilter: casegraph.EventFilter{Actors: []casegraph.ID{""}}}, []casegraph.Seq{6, 5}},
			"by somebody":        {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Actors: []casegraph.ID{"usr_a"}}}, nil},
			"since":              {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Since: timeOf(w, 4)}}, []casegraph.Seq{6, 5, 4}},
			"until":              {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Until: timeOf(w, 3)}}, []casegraph.Seq{3, 1}},
			"since a time ahead": {casegraph.TimelineRequest{First: 9, EventFilter: casegraph.EventFilter{Since: timeOf(w, 6) + 1}}, nil},
		} {
			test.request.IDs = []casegraph.ID{ana.ID}
			got, err := w.Timeline(w.ctx, test.request)
			if err != nil {
				w.Fatal(err)
			}
			equal(w, name, seqs(got[ana.ID]), test.want)
		}
	})
	w.run("is read by a page and one more", func(w *world) {
		busy := newAccount("busy")
		var changes []commit.Change
		for i := range casegraph.MaxTimeline + 1 {
			busy := busy.Clone().(*casegraph.Account)
			busy.Name = fmt.Sprint(i)
			changes = append(changes, write([]casegraph.Node{busy}, nil))
		}
		if _, err := w.committer.DoAll(w.ctx, changes); err != nil {
			w.Fatal(err)
		}
		for first, want := range map[int]int{casegraph.MaxTimeline: casegraph.MaxTimeline, casegraph.MaxTimeline + 1: casegraph.MaxTimeline, 7: 7} {
			got, err := w.Timeline(w.ctx, casegraph.TimelineRequest{IDs: []casegraph.ID{busy.ID}, First: first})
			if err != nil || len(got[busy.ID]) != want {
				w.Errorf("the first %d are %d, %v; want %d", first, len(got[busy.ID]), err, want)
			}
		}
	})
}

// timeOf is when an event happened.
func timeOf(w *world, seq casegraph.Seq) casegraph.Time {
	w.Helper()
	events, _, err := w.Events(w.ctx, seq-1, 1)
	if err != nil || len(events) != 1 {
		w.Fatalf("event %d: %v, %v", seq, events, err)
	}
	return events[0].At
}

func seqs(events []casegraph.Event) []casegraph.Seq {
	var numbers []casegraph.Seq
	for _, e := range events {
		numbers = append(numbers, e.Seq)
	}
	return numbers
}

// checkChain checks numbers without a gap, the hashes, and that each payload
// is the one that was hashed.
func checkChain(w *world, events []casegraph.Event) {
	w.Helper()
	var before [sha256.Size]byte
	for i, e := range events {
		if e.Seq != casegraph.Seq(i+1) {
			w.Fatalf("event %d has the number %d", i+1, e.Seq)
		}
		if !e.Follows(before) {
			w.Fatalf("event %d does not follow by its hash", e.Seq)
		}
		payload, _ := json.Marshal(e.Payload)
		if sha256.Sum256(payload) != e.PayloadHash {
			w.Fatalf("event %d: its payload is not the one that was hashed: %s", e.Seq, payload)
		}
		before = e.Hash
	}
}
