package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"casegraph"
)

// testLists reads lists forward and backward, with ties, while they change.
func testLists(_ *testing.T, w *world) {
	var all []casegraph.Node
	for i := range 25 {
		n := newTransaction(fmt.Sprintf("%02d", i))
		n.At = casegraph.Time(i / 4) // ties, and unknown times first
		all = append(all, n)
	}
	w.put(all[:13]...) // two moments of creation
	w.put(all[13:]...)
	all[3].(*casegraph.Transaction).Note = "touched"
	w.put(all[3])
	w.put(newAccount("other")) // of another kind

	w.run("page in every order, both ways", func(w *world) {
		for _, by := range []casegraph.OrderBy{"", casegraph.ByCreated, casegraph.ByUpdated, casegraph.ByAt} {
			for _, descending := range []bool{false, true} {
				want := w.sorted(by, descending)
				name := fmt.Sprintf("%q descending=%t", by, descending)
				equal(w, name, w.walk(by, descending, false, 4), want)
				slices.Reverse(want)
				equal(w, name+" backward", w.walk(by, descending, true, 4), want)
			}
		}
	})
	w.run("between two places", func(w *world) {
		want := w.sorted(casegraph.ByAt, false)
		first, last := casegraph.PlaceOf(w.node(want[4]), casegraph.ByAt), casegraph.PlaceOf(w.node(want[9]), casegraph.ByAt)
		page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction, OrderBy: casegraph.ByAt, After: &first, Before: &last, First: 100})
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "between", idsOf(page.Nodes), want[5:9])
		same(w, "more", page.More, false)
	})
	w.run("keep a place while others come and go before it", func(w *world) {
		want := w.sorted(casegraph.ByAt, false)
		place := casegraph.PlaceOf(w.node(want[9]), casegraph.ByAt)
		early := newTransaction("00-early")
		w.put(early)
		page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction, OrderBy: casegraph.ByAt, After: &place, First: 100})
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "rest", idsOf(page.Nodes), want[10:])
	})
	w.run("are counted", func(w *world) {
		n, err := w.Count(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction})
		if err != nil || n != 26 {
			w.Errorf("got %d, %v; want 26", n, err)
		}
	})
	w.run("are counted by a text", func(w *world) {
		for i, status := range []string{"posted", "held", "posted", ""} {
			c := newCase(fmt.Sprint("group", i))
			c.Status, c.Restricted = status, i == 2
			w.put(c)
			w.clock.skip(time.Minute)
		}
		oldest := func(i int) casegraph.Time { return w.node(casegraph.ID(fmt.Sprint("case_group", i))).Head().CreatedAt }
		ask := casegraph.ListRequest{Kind: casegraph.KindCase, Filter: casegraph.Filter{Path: "title", Op: casegraph.OpContains, Value: "group"}}
		all, err := w.Groups(w.ctx, ask, "status")
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "all", all, []casegraph.Group{{Value: "", Count: 1, Oldest: oldest(3)}, {Value: "held", Count: 1, Oldest: oldest(1)}, {Value: "posted", Count: 2, Oldest: oldest(0)}})
		ask.Mask.RestrictedCases = true
		seen, err := w.Groups(w.ctx, ask, "status")
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "seen", seen, []casegraph.Group{{Value: "", Count: 1, Oldest: oldest(3)}, {Value: "held", Count: 1, Oldest: oldest(1)}, {Value: "posted", Count: 1, Oldest: oldest(0)}})
		if byNumber, err := w.Groups(w.ctx, ask, "version"); err != nil || len(byNumber) != 1 || byNumber[0].Value != "" || byNumber[0].Count != 3 {
			w.Errorf("by what is no text: %v, %v", byNumber, err)
		}
		if _, err := w.Groups(w.ctx, ask, `a"b`); casegraph.CodeOf(err) != casegraph.CodeBadInput {
			w.Errorf("by an unsafe path: %v; want BAD_INPUT", err)
		}
	})
	w.run("are in the order of cases' clocks", func(w *world) {
		due := map[string]casegraph.Time{"due1": 0, "due2": 5000, "due3": 0, "due4": 3000, "due5": 5000, "due6": 9000}
		for _, name := range []string{"due1", "due2", "due3", "due4", "due5", "due6"} {
			c := newCase(name)
			if at := due[name]; at != 0 {
				c.SetClocks(map[string]casegraph.Clock{"one": {State: casegraph.ClockRunning, DueAt: at, WarnAt: 10000 - at}})
			}
			w.put(c)
		}
		only := casegraph.Filter{Path: "title", Op: casegraph.OpContains, Value: "due"}
		ask := func(r casegraph.ListRequest) []casegraph.ID {
			r.Kind, r.Filter = casegraph.KindCase, only
			page, err := w.List(w.ctx, r)
			if err != nil {
				w.Fatal(err)
			}
			return idsOf(page.Nodes)
		}
		ids := func(names ...string) (ids []casegraph.ID) {
			for _, name := range names {
				ids = append(ids, casegraph.ID("case_"+name))
			}
			return ids
		}
		equal(w, "by due", ask(casegraph.ListRequest{OrderBy: casegraph.ByDue}), ids("due4", "due2", "due5", "due6", "due1", "due3"))
		equal(w, "by due, the last first", ask(casegraph.ListRequest{OrderBy: casegraph.ByDue, Descending: true}), ids("due3", "due1", "due6", "due5", "due2", "due4"))
		equal(w, "by alarm", ask(casegraph.ListRequest{OrderBy: casegraph.ByAlarm}), ids("due6", "due4", "due2", "due5", "due1", "due3"))
		equal(w, "what has come", ask(casegraph.ListRequest{OrderBy: casegraph.ByAlarm, Before: &casegraph.Place{Value: 5001}}), ids("due6", "due4", "due2", "due5"))
		place := casegraph.PlaceOf(w.node("case_due2"), casegraph.ByDue)
		equal(w, "behind a place", ask(casegraph.ListRequest{OrderBy: casegraph.ByDue, After: &place}), ids("due5", "due6", "due1", "due3"))
		equal(w, "before it", ask(casegraph.ListRequest{OrderBy: casegraph.ByDue, Before: &place, Backward: true}), ids("due4"))
		stopped := w.node("case_due4").(*casegraph.Case)
		stopped.SetClocks(nil)
		w.put(stopped)
		equal(w, "when one is stopped", ask(casegraph.ListRequest{OrderBy: casegraph.ByDue, First: 2}), ids("due2", "due5"))
		if page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction, OrderBy: casegraph.ByDue, First: 3}); err != nil || len(page.Nodes) != 3 {
			w.Errorf("of what has no clocks: %v, %v", page.Nodes, err)
		}
	})
	w.run("refuse what is out of bounds", func(w *world) {
		for name, ask := range map[string]casegraph.ListRequest{"no kind": {Kind: "THING"}, "too long a page": {Kind: casegraph.KindCase, First: 101},
			"an unknown order": {Kind: casegraph.KindCase, OrderBy: "colour"}, "an unsafe path": {Kind: casegraph.KindCase, Filter: casegraph.Filter{Path: `a"b`, Op: "=", Value: "x"}}} {
			if _, err := w.List(w.ctx, ask); casegraph.CodeOf(err) != casegraph.CodeBadInput {
				w.Errorf("%s: %v; want BAD_INPUT", name, err)
			}
		}
	})
}

// sorted are the ids of all transactions as Go sorts them.
func (w *world) sorted(by casegraph.OrderBy, descending bool) []casegraph.ID {
	w.Helper()
	page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindTransaction, First: 100})
	if err != nil {
		w.Fatal(err)
	}
	slices.SortFunc(page.Nodes, func(a, b casegraph.Node) int {
		x, y := casegraph.PlaceOf(a, by), casegraph.PlaceOf(b, by)
		c := 0
		switch {
		case x.Value < y.Value || (x.Value == y.Value && x.ID < y.ID):
			c = -1
		case x != y:
			c = 1
		}
		if descending {
			return -c
		}
		return c
	})
	return idsOf(page.Nodes)
}

// walk reads the whole list by pages.
func (w *world) walk(by casegraph.OrderBy, descending, backward bool, size int) []casegraph.ID {
	w.Helper()
	ask := casegraph.ListRequest{Kind: casegraph.KindTransaction, OrderBy: by, Descending: descending, Backward: backward, First: size}
	var ids []casegraph.ID
	for {
		page, err := w.List(w.ctx, ask)
		if err != nil {
			w.Fatal(err)
		}
		if backward {
			slices.Reverse(page.Nodes)
		}
		ids = append(ids, idsOf(page.Nodes)...)
		if !page.More {
			return ids
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], by)
		if backward {
			ask.Before = &place
		} else {
			ask.After = &place
		}
	}
}

func idsOf(nodes []casegraph.Node) []casegraph.ID {
	var ids []casegraph.ID
	for _, n := range nodes {
		ids = append(ids, n.Head().ID)
	}
	return ids
}

// testFilters compares every store's way of filtering with Filter.Matches, on
// awkward values.
func testFilters(_ *testing.T, w *world) {
	texts := []string{`{}`, `{"a":1}`, `{"a":1.0}`, `{"a":1.5}`, `{"a":"1"}`, `{"a":""}`, `{"a":"Ä"}`, `{"a":"a"}`, `{"a":"B"}`, `{"a":"ab"}`, `{"a":"zażółć 🕵 x"}`,
		`{"a":true}`, `{"a":false}`, `{"a":null}`, `{"a":[]}`, `{"a":[1,2]}`, `{"a":["x","y"]}`, `{"a":["x",1]}`, `{"a":[true]}`, `{"a":[{"b":1}]}`, `{"a":[1.5,2.5]}`,
		`{"a":{"b":1}}`, `{"a":{"b":"x"}}`, `{"a.b":"x"}`, `{"a":9007199254740993}`, `{"a":-5}`, `{"a":0}`, `{"a":"%"}`, `{"a":"a_b"}`, `{"a":{"b":{"c":[1]}}}`, `{"b":1}`}
	var nodes []casegraph.Node
	for i, text := range texts {
		n := newAccount(fmt.Sprintf("f%02d", i))
		n.Fields = fields(text)
		if i%3 == 0 {
			n.Status = "Open"
			n.Tags = []string{"hot", fmt.Sprint(i)}
		}
		nodes = append(nodes, n)
	}
	w.put(nodes...)
	stored := make([]casegraph.Node, len(nodes))
	for i, n := range nodes {
		stored[i] = w.node(n.Head().ID)
	}
	check := func(w *world, f casegraph.Filter) {
		w.Helper()
		page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: f, First: 100})
		if err != nil {
			w.Fatalf("%+v: %v", f, err)
		}
		var want []casegraph.ID
		for _, n := range stored {
			if f.Matches(n) {
				want = append(want, n.Head().ID)
			}
		}
		equal(w, fmt.Sprintf("%+v", f), idsOf(page.Nodes), want)
	}
	values := []any{"", "1", "a", "Ä", "ab", "B", "x", "🕵", "%", int64(0), int64(1), int64(2), 1.5, int64(-5), int64(9007199254740993), true, false}
	var comparisons []casegraph.Filter
	for _, path := range []string{"fields.a", "fields.a.b", "fields.a.b.c", "fields.b", "status", "tags", "name", "id", "version", "createdAt", "none"} {
		for _, value := range values {
			for _, op := range []casegraph.Op{casegraph.OpEq, casegraph.OpLt, casegraph.OpLte, casegraph.OpGt, casegraph.OpGte, casegraph.OpHas, casegraph.OpPrefix, casegraph.OpContains} {
				if f := (casegraph.Filter{Path: path, Op: op, Value: value}); f.Check() == nil {
					comparisons = append(comparisons, f)
				}
			}
		}
		comparisons = append(comparisons, casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: true}, casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: false},
			casegraph.Filter{Path: path, Op: casegraph.OpIn, Value: []any{}}, casegraph.Filter{Path: path, Op: casegraph.OpIn, Value: []any{"a", int64(1), true, "Open"}})
	}
	random := rand.New(rand.NewSource(3))
	w.run("compare as Go does", func(w *world) {
		for _, i := range random.Perm(len(comparisons))[:400] {
			check(w, comparisons[i])
		}
	})
	combined := func(comparisons []casegraph.Filter) casegraph.Filter {
		var combine func(depth int) casegraph.Filter
		combine = func(depth int) casegraph.Filter {
			if depth == 0 || random.Intn(3) == 0 {
				return comparisons[random.Intn(len(comparisons))]
			}
			some := func() []casegraph.Filter {
				return []casegraph.Filter{combine(depth - 1), combine(depth - 1)}
			}
			switch random.Intn(4) {
			case 0:
				return casegraph.Filter{And: some()}
			case 1:
				return casegraph.Filter{Or: some(), And: some()}
			case 2:
				not := combine(depth - 1)
				return casegraph.Filter{Not: &not}
			}
			return casegraph.Filter{Or: some()}
		}
		return combine(3)
	}
	w.run("combine as Go does", func(w *world) {
		for range 100 {
			check(w, combined(comparisons))
		}
	})
	w.run("nest, and name values, as far as they may", func(w *world) {
		deep := casegraph.Filter{Path: "tags", Op: casegraph.OpHas, Value: "hot"}
		for range casegraph.MaxFilterDepth/2 - 1 {
			inner := deep
			deep = casegraph.Filter{Not: &casegraph.Filter{And: []casegraph.Filter{inner, {Path: "version", Op: casegraph.OpGte, Value: int64(1)}}}}
		}
		check(w, deep)
		many := make([]any, casegraph.MaxFilterValues)
		for i := range many {
			many[i] = fmt.Sprint("act_f", i)
		}
		for _, path := range []string{"id", "status"} {
			check(w, casegraph.Filter{Path: path, Op: casegraph.OpIn, Value: append(many[:casegraph.MaxFilterValues-2:casegraph.MaxFilterValues-2], "act_f01", "Open")})
		}
		numbers := make([]any, casegraph.MaxFilterValues)
		for i := range numbers {
			numbers[i] = int64(i)
		}
		check(w, casegraph.Filter{Path: "fields.a", Op: casegraph.OpIn, Value: numbers})
	})
	w.run("count several at once, no further than asked", func(w *world) {
		has := func(path string, value any) casegraph.ListRequest {
			return casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: casegraph.Filter{Path: path, Op: casegraph.OpHas, Value: value}}
		}
		ask := []casegraph.ListRequest{has("tags", "hot"), has("tags", "cold"), has("fields.a", "x"), {Kind: casegraph.KindAccount}, {Kind: casegraph.KindCase}}
		hot := (len(texts) + 2) / 3
		for most, want := range map[int][]int{1: {1, 0, 1, 1, 0}, hot - 1: {hot - 1, 0, 1, hot - 1, 0}, hot: {hot, 0, 1, hot, 0}, 1000: {hot, 0, 1, len(texts), 0}} {
			got, err := w.CountEach(w.ctx, ask, most)
			if err != nil {
				w.Fatal(err)
			}
			equal(w, fmt.Sprint("at most ", most), got, want)
		}
		if none, err := w.CountEach(w.ctx, nil, 1); err != nil || len(none) != 0 {
			w.Errorf("of nothing: %v, %v", none, err)
		}
		hidden := newCase("hidden")
		hidden.Restricted = true
		w.put(hidden, newCase("seen"))
		cases := casegraph.ListRequest{Kind: casegraph.KindCase}
		masked := casegraph.ListRequest{Kind: casegraph.KindCase, Mask: casegraph.Mask{RestrictedCases: true}}
		got, err := w.CountEach(w.ctx, []casegraph.ListRequest{cases, masked}, 10)
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "each by its own mask", got, []int{2, 1})
		for name, ask := range map[string][]casegraph.ListRequest{"too many": make([]casegraph.ListRequest, casegraph.MaxPage+1), "a bad one": {cases, {Kind: "THING"}}} {
			if _, err := w.CountEach(w.ctx, ask, 10); casegraph.CodeOf(err) != casegraph.CodeBadInput {
				w.Errorf("%s: %v; want BAD_INPUT", name, err)
			}
		}
	})
	w.run("count as they list", func(w *world) {
		f := casegraph.Filter{Path: "tags", Op: casegraph.OpHas, Value: "hot"}
		n, err := w.Count(w.ctx, casegraph.ListRequest{Kind: casegraph.KindAccount, Filter: f})
		if want := (len(texts) + 2) / 3; err != nil || n != want {
			w.Errorf("got %d, %v; want %d", n, err, want)
		}
	})
}

// testQueues asks for open cases as their queues and those who have them are
// asked for: each way finds, orders, counts and groups what Go does.
func testQueues(_ *testing.T, w *world) {
	random := rand.New(rand.NewSource(4))
	pick := func(ids ...casegraph.ID) casegraph.ID { return ids[random.Intn(len(ids))] }
	var nodes []casegraph.Node
	for i := range 40 {
		c := newCase(fmt.Sprintf("q%02d", i))
		c.QueueID, c.AssigneeID, c.Restricted = pick("", "que_a", "que_b"), pick("", "", "usr_a", "usr_b"), random.Intn(4) == 0
		c.ResolvedAt = casegraph.Time(max(0, random.Intn(9)-6))
		if random.Intn(3) == 0 {
			c.Snooze = &casegraph.Snooze{At: 1, Until: casegraph.Time(random.Intn(4))}
		}
		if random.Intn(2) == 0 {
			c.SetClocks(map[string]casegraph.Clock{"one": {State: casegraph.ClockRunning, DueAt: casegraph.Time(1 + random.Intn(5))}})
		}
		nodes = append(nodes, c)
		w.put(c)
		w.clock.skip(time.Duration(random.Intn(3)) * time.Second)
	}
	stored := make([]casegraph.Node, len(nodes))
	for i, n := range nodes {
		stored[i] = w.node(n.Head().ID)
	}
	comparisons := []casegraph.Filter{{Path: "queueId", Op: casegraph.OpIn, Value: []any{"que_a", "que_b", int64(1)}}, {Path: "queueId", Op: casegraph.OpPrefix, Value: "que_"},
		{Path: "assigneeId", Op: casegraph.OpIn, Value: []any{"usr_b", true}}, {Path: "assigneeId", Op: casegraph.OpContains, Value: "r_a"}}
	for path, values := range map[string][]any{"queueId": {"que_a", "", int64(1)}, "assigneeId": {"usr_a", "usr_c"}, "resolvedAt": {int64(1), "1"},
		"dueAt": {int64(2), int64(casegraph.Never), false}, "snooze.at": {int64(1), 0.5}, "snooze.until": {int64(2)}} {
		comparisons = append(comparisons, casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: true}, casegraph.Filter{Path: path, Op: casegraph.OpExists, Value: false})
		for _, value := range values {
			for _, op := range []casegraph.Op{casegraph.OpEq, casegraph.OpLte, casegraph.OpGt, casegraph.OpHas} {
				if f := (casegraph.Filter{Path: path, Op: op, Value: value}); f.Check() == nil {
					comparisons = append(comparisons, f)
				}
			}
		}
	}
	slices.SortFunc(comparisons, func(a, b casegraph.Filter) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	some := func() casegraph.Filter { return comparisons[random.Intn(len(comparisons))] }
	open := casegraph.Filter{Path: "resolvedAt", Op: casegraph.OpExists, Value: false}
	for range 150 {
		one := some()
		f := casegraph.Filter{And: []casegraph.Filter{open, some(), {Or: []casegraph.Filter{some(), some()}}, {Not: &one}}}
		f.And = f.And[:1+random.Intn(len(f.And))]
		if random.Intn(2) == 0 {
			f.And = append(f.And, casegraph.Waiting(2), casegraph.Filter{Path: "queueId", Op: casegraph.OpEq, Value: "que_a"})
		}
		r := casegraph.ListRequest{Kind: casegraph.KindCase, Filter: f, First: 100, Descending: random.Intn(2) == 0, Mask: casegraph.Mask{RestrictedCases: random.Intn(2) == 0},
			OrderBy: []casegraph.OrderBy{casegraph.ByCreated, casegraph.ByUpdated, casegraph.ByDue}[random.Intn(3)]}
		w.checkQueue(r, stored)
	}
}

func (w *world) checkQueue(r casegraph.ListRequest, stored []casegraph.Node) {
	w.Helper()
	var want []casegraph.Node
	groups := map[string]casegraph.Group{}
	for _, n := range stored {
		if !r.Filter.Matches(n) || r.Mask.Hides(n.Class()) {
			continue
		}
		want = append(want, n)
		queue := string(n.(*casegraph.Case).QueueID)
		g, created := groups[queue], n.Head().CreatedAt
		if g.Count == 0 || created < g.Oldest {
			g.Oldest = created
		}
		groups[queue] = casegraph.Group{Value: queue, Count: g.Count + 1, Oldest: g.Oldest}
	}
	slices.SortFunc(want, func(a, b casegraph.Node) int {
		x, y := casegraph.PlaceOf(a, r.OrderBy), casegraph.PlaceOf(b, r.OrderBy)
		order := cmp.Or(cmp.Compare(x.Value, y.Value), cmp.Compare(x.ID, y.ID))
		if r.Descending {
			return -order
		}
		return order
	})
	name := fmt.Sprintf("%+v", r)
	page, err := w.List(w.ctx, r)
	if err != nil {
		w.Fatalf("%s: %v", name, err)
	}
	equal(w, name, idsOf(page.Nodes), idsOf(want))
	count, err := w.Count(w.ctx, r)
	if err != nil || count != len(want) {
		w.Errorf("%s: counts %d, %v; want %d", name, count, err, len(want))
	}
	grouped, err := w.Groups(w.ctx, r, "queueId")
	if err != nil {
		w.Fatal(err)
	}
	equal(w, name, grouped, slices.SortedFunc(maps.Values(groups), func(a, b casegraph.Group) int { return strings.Compare(a.Value, b.Value) }))
}
