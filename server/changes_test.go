package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/traverse"
)

// diary is what was told of a small graph, while it was new, after each event.
type diary struct {
	t         *testing.T
	store     casegraph.Store
	committer *commit.Committer
	ids       []casegraph.ID
	nodes     map[casegraph.Seq]map[casegraph.ID]int64 // versions
	links     map[casegraph.Seq]map[casegraph.LinkID]string
}

func newDiary(t *testing.T, store casegraph.Store) *diary {
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := &diary{t: t, store: store, committer: commit.New(store, now), nodes: map[casegraph.Seq]map[casegraph.ID]int64{},
		links: map[casegraph.Seq]map[casegraph.LinkID]string{}}
	t.Cleanup(d.committer.Close)
	d.ids = append(d.ids, []casegraph.ID{"act_1", "act_2", "act_3", "act_4", "ses_1", "ses_2", "case_1"}...)
	for _, value := range []string{"a@b.c", "d@e.f"} {
		d.ids = append(d.ids, casegraph.IdentifierID("email", value))
	}
	return d
}

func (d *diary) node(id casegraph.ID, note string) casegraph.Node {
	switch kind, _ := casegraph.KindOf(id); kind {
	case casegraph.KindCase:
		return &casegraph.Case{Header: casegraph.Header{ID: id}, Number: "CASE-1", Title: note, Status: "Open"}
	case casegraph.KindSession:
		return &casegraph.Session{Object: casegraph.Object{Header: casegraph.Header{ID: id}, Note: note}}
	case casegraph.KindIdentifier:
		return &casegraph.Identifier{Header: casegraph.Header{ID: id}, IdentifierKind: "email", Value: string(id)}
	}
	return &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: id}, Note: note}}
}

// write writes nodes and links and ends links, and keeps what is told then.
func (d *diary) write(nodes []casegraph.Node, links []casegraph.Link, ends ...casegraph.LinkID) {
	d.t.Helper()
	c := commit.Change{}
	event := commit.Event{Name: "graph.written"}
	for _, n := range nodes {
		c.Needs.Nodes, event.Subject = append(c.Needs.Nodes, n.Head().ID), n.Head().ID
	}
	for _, id := range slices.Concat(ends, linkIDs(links)) {
		c.Needs.Links, c.Needs.Evidence, event.Subject = append(c.Needs.Links, id), append(c.Needs.Evidence, id.From), id.From
	}
	c.Decide = func(*commit.View) (*commit.Writes, error) {
		w := &commit.Writes{Links: links, Ends: ends, Events: []commit.Event{event}}
		for _, n := range nodes {
			w.Nodes = append(w.Nodes, n.Clone())
		}
		return w, nil
	}
	result, err := d.committer.Do(d.t.Context(), c)
	if err != nil {
		d.t.Fatal(err)
	}
	if result.Changed {
		d.keep(result.Seq)
	}
}

func linkIDs(links []casegraph.Link) []casegraph.LinkID {
	var ids []casegraph.LinkID
	for _, l := range links {
		ids = append(ids, l.LinkID)
	}
	return ids
}

func (d *diary) keep(moment casegraph.Seq) {
	nodes, err := d.store.Nodes(d.t.Context(), casegraph.NodesRequest{IDs: d.ids})
	if err != nil {
		d.t.Fatal(err)
	}
	pages, err := d.store.Links(d.t.Context(), casegraph.LinkRequest{IDs: d.ids, Cap: 1000})
	if err != nil {
		d.t.Fatal(err)
	}
	d.nodes[moment], d.links[moment] = map[casegraph.ID]int64{}, map[casegraph.LinkID]string{}
	for id, n := range nodes {
		d.nodes[moment][id] = n.Head().Version
	}
	for _, page := range pages {
		for _, hop := range page.Hops {
			d.links[moment][hop.Link.LinkID] = saying(hop.Link)
		}
	}
}

// saying is what a link says, whenever it was recorded.
func saying(l *casegraph.Link) string {
	if l == nil {
		return ""
	}
	props, _ := json.Marshal(l.LinkProps)
	return fmt.Sprint(l.FirstSeen, l.LastSeen, l.Count, string(props))
}

// changes are the changes of a question, worked out from the diary alone.
func (d *diary) changes(q traverse.ChangesQuery) []string {
	kinds := q.Kinds
	if len(kinds) == 0 {
		kinds = traverse.DefaultKinds()
	}
	follows := func(id casegraph.ID, link casegraph.LinkID) bool {
		kind, _ := casegraph.KindOf(id)
		shows := len(q.Kinds) == 0 && link.Kind == casegraph.LinkShows && kind == casegraph.KindSession
		return (link.From == id || link.To == id) && (shows || slices.Contains(kinds, link.Kind))
	}
	met, read := slices.Clone(q.Of), map[casegraph.ID]bool{}
	var told []string
	seen := map[casegraph.LinkID]bool{}
	for range max(1, q.Depth) {
		for _, id := range slices.Clone(met) {
			if read[id] {
				continue
			}
			read[id] = true
			for _, moment := range []casegraph.Seq{q.From, q.To} {
				for link := range d.links[moment] {
					if !follows(id, link) {
						continue
					}
					if before, after := d.links[q.From][link], d.links[q.To][link]; !seen[link] && before != after {
						told = append(told, fmt.Sprint(link, " from ", before, " to ", after))
					}
					seen[link] = true
					for _, far := range []casegraph.ID{link.From, link.To} {
						if !slices.Contains(met, far) {
							met = append(met, far)
						}
					}
				}
			}
		}
	}
	for _, id := range met {
		kind, _ := casegraph.KindOf(id)
		if before, after := d.nodes[q.From][id], d.nodes[q.To][id]; before != after && kind != casegraph.KindIdentifier {
			told = append(told, fmt.Sprint(id, " from ", before, " to ", after))
		}
	}
	slices.Sort(told)
	return told
}

// asked are the changes as the engine tells them, over all pages.
func (d *diary) asked(q traverse.ChangesQuery) []string {
	d.t.Helper()
	var told []string
	for {
		answer, err := traverse.ChangesAround(d.t.Context(), d.store, q)
		if err != nil {
			d.t.Fatal(err)
		}
		if !answer.Complete {
			d.t.Fatalf("not complete: %v", answer.Boundaries)
		}
		for _, n := range answer.Nodes {
			before := int64(0)
			if n.Before != nil {
				before = n.Before.Head().Version
			}
			told = append(told, fmt.Sprint(n.After.Head().ID, " from ", before, " to ", n.After.Head().Version))
		}
		for _, l := range answer.Links {
			either := l.After
			if either == nil {
				either = l.Before
			}
			told = append(told, fmt.Sprint(either.LinkID, " from ", saying(l.Before), " to ", saying(l.After)))
		}
		if len(answer.Nodes)+len(answer.Links) > q.First {
			d.t.Fatalf("%d changes on a page of %d", len(answer.Nodes)+len(answer.Links), q.First)
		}
		if q.After = answer.Next; q.After == nil {
			slices.Sort(told)
			return told
		}
	}
}

// What changed around nodes between two moments is what was told at the one
// and not at the other.
func TestChangesAreTheDifferenceOfWhatWasTold(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			d := newDiary(t, open(t))
			random := rand.New(rand.NewPCG(5, 0))
			pick := func(from ...casegraph.ID) casegraph.ID { return from[random.IntN(len(from))] }
			for _, id := range d.ids[:7] {
				d.write([]casegraph.Node{d.node(id, "")}, nil)
			}
			d.write([]casegraph.Node{d.node(d.ids[7], ""), d.node(d.ids[8], ""), d.node("act_1", "begun")}, nil)
			for range 120 {
				id := casegraph.LinkID{From: pick("act_1", "act_2", "ses_1", "ses_2"), Kind: casegraph.LinkShows, To: pick(d.ids[7:]...)}
				switch random.IntN(5) {
				case 0:
					d.write([]casegraph.Node{d.node(pick(d.ids[:7]...), fmt.Sprint("note ", random.IntN(3)))}, nil)
					continue
				case 1:
					id = casegraph.LinkID{From: pick("ses_1", "ses_2"), Kind: casegraph.LinkOf, To: pick("act_1", "act_2", "act_3")}
				case 2:
					id = casegraph.LinkID{From: pick("act_1", "act_2"), Kind: casegraph.LinkPaid, To: pick("act_3", "act_4"), Key: fmt.Sprint(random.IntN(2))}
				case 3:
					id = casegraph.LinkID{From: "case_1", Kind: casegraph.LinkContains, To: pick("act_1", "act_4", "ses_1")}
				}
				if random.IntN(3) == 0 {
					d.write(nil, nil, id)
				} else {
					d.write(nil, []casegraph.Link{{LinkID: id, FirstSeen: casegraph.Time(1 + random.IntN(3)), LastSeen: casegraph.Time(4 + random.IntN(3)),
						Count: int64(1 + random.IntN(2)), LinkProps: casegraph.LinkProps{Role: []string{"", "a role"}[random.IntN(2)]}}})
				}
			}
			moments := slices.Sorted(maps.Keys(d.links))
			none := 0
			for range 60 {
				i := random.IntN(len(moments) - 1)
				j := i + 1 + random.IntN(len(moments)-i-1)
				q := traverse.ChangesQuery{Of: []casegraph.ID{pick(d.ids...)}, From: moments[i], To: moments[j], Depth: 1 + random.IntN(2),
					First: 1 + random.IntN(8), HubLimits: traverse.NoHubLimits()}
				if random.IntN(2) == 0 {
					q.Of = []casegraph.ID{"act_1", pick(d.ids[1:]...)}
				}
				if random.IntN(3) == 0 {
					q.Kinds = []casegraph.LinkKind{casegraph.LinkHas, casegraph.LinkPaid}
				}
				want, got := d.changes(q), d.asked(q)
				if !slices.Equal(got, want) {
					t.Fatalf("%+v\n got %q\nwant %q", q, got, want)
				}
				if len(want) == 0 {
					none++
				}
			}
			if none > 30 {
				t.Errorf("%d of 60 questions had no answer", none)
			}
		})
	}
}

// The pages of changes hold each once, and stay as they were while the graph
// goes on.
func TestPagesOfChanges(t *testing.T) {
	f := newFixture(t, localStore(t))
	query := `query($of: [ID!]!, $after: Cursor) { changes(of: $of, from: {event: 100}, first: 2, after: $after) {
		toEvent cursor nodes { change after { id } } links { change before { id } after { id } } } }`
	seen := map[string]int{}
	var after, last any
	for more := true; more; more = after != nil {
		a := f.as(demo.Ben, query, variables(t, map[string]any{"of": []any{demo.Case(1)}, "after": after}))
		for _, list := range []string{"nodes", "links"} {
			for _, one := range get(t, a, "changes", list).([]any) {
				seen[fmt.Sprint(one)]++
			}
		}
		if to := get(t, a, "changes", "toEvent"); last == nil {
			last = to
		} else if to != last {
			t.Fatalf("the later moment went on from %v to %v", last, to)
		}
		after = get(t, a, "changes", "cursor")
		move := map[string]any{"input": map[string]any{"caseId": demo.Case(1), "title": fmt.Sprint("page ", len(seen))}}
		get(t, f.as(demo.Ben, `mutation($input: UpdateCaseInput!) { updateCase(input: $input) { case { id } } }`, variables(t, move)), "updateCase")
	}
	whole := f.as(demo.Ben, `query($of: [ID!]!, $to: Int) { changes(of: $of, from: {event: 100}, to: {event: $to}, first: 100) {
		nodes { change after { id } } links { change before { id } after { id } } } }`, variables(t, map[string]any{"of": []any{demo.Case(1)}, "to": last}))
	n := 0
	for _, list := range []string{"nodes", "links"} {
		for _, one := range get(t, whole, "changes", list).([]any) {
			if n++; seen[fmt.Sprint(one)] != 1 {
				t.Errorf("%v came %d times", one, seen[fmt.Sprint(one)])
			}
		}
	}
	if n < 5 || n != len(seen) {
		t.Errorf("%d changes in all, %d on the pages", n, len(seen))
	}
	for field, arguments := range map[string]string{
		"from.event": `from: {event: 100000}`, "from": `from: {}`, "to": `from: {event: 20}, to: {event: 10}`, "to.at": `from: {event: 1}, to: {at: "1999-01-01T00:00:00Z"}`,
	} {
		refused(t, f.as(demo.Ben, `{ changes(of: ["`+string(demo.Case(1))+`"], `+arguments+`) { complete } }`, nil), casegraph.CodeBadInput, field)
	}
	hidden := f.as(demo.Ben, `{ changes(of: ["`+string(demo.Account("P-1001"))+`"], from: {event: 1}, first: 100, depth: 2) { nodes { after { id } } links { after { fromId } } } }`, nil)
	if len(hidden.Errors) != 0 || bytes.Contains(hidden.Data, []byte(demo.Case(5))) {
		t.Errorf("%s %s", hidden.Data, hidden.Errors)
	}
}
