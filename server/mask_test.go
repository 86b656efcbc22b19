package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/demo"

	"pgregory.net/rapid"
)

// hidden is what a viewer does not see, drawn at random, and how it is written:
// restricted cases over anything, comments on them, identifiers of restricted
// kinds that anything may show. Its words are near those that are searched for.
type hidden struct {
	nodes []casegraph.Node
	links []casegraph.Link
}

var nearWords = []string{"takeover", "takeovers", "device", "devise", "smith", "exchange", "phone", "mule", "CASE-1", "P-1001"}

func drawHidden(t *rapid.T, round int, seen map[casegraph.Kind][]casegraph.ID) *hidden {
	h := &hidden{}
	one := func(kinds ...casegraph.Kind) casegraph.ID {
		return rapid.SampledFrom(seen[rapid.SampledFrom(kinds).Draw(t, "kind")]).Draw(t, "node")
	}
	objects := []casegraph.Kind{casegraph.KindAccount, casegraph.KindAccount, casegraph.KindTransaction, casegraph.KindSession, casegraph.KindInquiry}
	link := func(from casegraph.ID, kind casegraph.LinkKind, to casegraph.ID, key string) {
		at := casegraph.Time(rapid.Int64Range(0, int64(casegraph.TimeOf(at))).Draw(t, "at"))
		h.links = append(h.links, casegraph.Link{LinkID: casegraph.LinkID{From: from, Kind: kind, To: to, Key: key}, FirstSeen: at, LastSeen: at, Count: 1})
	}
	words := func() string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(nearWords), 1, 4).Draw(t, "words"), " ")
	}
	name := fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"0", "A", "zz"}).Draw(t, "name"), round)
	secret := &casegraph.Case{Header: casegraph.Header{ID: casegraph.ID("case_" + name)}, Number: "SECRET-" + name, Title: words(), Status: "Open", Restricted: true}
	comment := &casegraph.Comment{Header: casegraph.Header{ID: casegraph.ID("cmt_" + name)}, CaseID: secret.ID, AuthorID: demo.Ana, Body: words()}
	h.nodes = append(h.nodes, secret, comment)
	link(comment.ID, casegraph.LinkAbout, secret.ID, "")
	for range rapid.IntRange(1, 5).Draw(t, "contains") {
		link(secret.ID, casegraph.LinkContains, one(objects...), "")
	}
	link(secret.ID, casegraph.LinkRelatesTo, one(casegraph.KindCase), "RELATES")
	link(one(casegraph.KindCase), casegraph.LinkRelatesTo, secret.ID, "RELATES")
	kind := rapid.SampledFrom([]casegraph.IdentifierKind{"tax-id", "card", "face"}).Draw(t, "identifier")
	value := words() + name
	shown := &casegraph.Identifier{Header: casegraph.Header{ID: casegraph.IdentifierID(kind, value)}, IdentifierKind: kind, Value: value}
	h.nodes = append(h.nodes, shown)
	for range rapid.IntRange(1, 5).Draw(t, "shown") {
		link(one(objects...), casegraph.LinkShows, shown.ID, "")
	}
	return h
}

// write writes it, told in the hidden nodes' own history.
func (h *hidden) write(f *fixture) {
	change := commit.Change{}
	writes := commit.Writes{Nodes: h.nodes}
	for _, n := range h.nodes {
		change.Needs.Nodes = append(change.Needs.Nodes, n.Head().ID)
		writes.Events = append(writes.Events, commit.Event{Name: "node.written", Subject: n.Head().ID})
	}
	met := map[casegraph.LinkID]bool{}
	for _, l := range h.links {
		if met[l.LinkID] {
			continue
		}
		met[l.LinkID] = true
		writes.Links = append(writes.Links, l)
		if l.Kind == casegraph.LinkShows {
			change.Needs.Evidence = append(change.Needs.Evidence, l.From)
		} else {
			change.Needs.Links = append(change.Needs.Links, l.LinkID)
		}
	}
	change.Decide = func(*commit.View) (*commit.Writes, error) {
		fresh := writes
		fresh.Nodes = nil
		for _, n := range writes.Nodes {
			fresh.Nodes = append(fresh.Nodes, n.Clone())
		}
		return &fresh, nil
	}
	if _, err := f.committer.Do(f.t.Context(), change); err != nil {
		f.t.Fatal(err)
	}
}

// everyQuestion is all the questions there are: the ready operations, and what those
// leave out.
func everyQuestion(t testing.TB, end casegraph.Seq) (all []operation) {
	for _, o := range operations(t) {
		if !strings.HasPrefix(o.Query, "mutation") && !o.forAdministrators() { // who see all
			all = append(all, o)
		}
	}
	ids := strings.NewReplacer("$case", string(demo.Case(1)), "$a", string(demo.Account("P-1001")), "$b", string(demo.Account("M-3001")), "$then", fmt.Sprintf(`asOf: {event: %d}`, end))
	for name, query := range map[string]string{
		"node then":    `{ node(id: "$a", $then) { id ... on Account { name updatedAt cases { totalCount nodes { id } } identifiers { totalCount nodes { id } } } } }`,
		"case then":    `{ node(id: "$case", $then) { id ... on Case { title relatedTo { totalCount nodes { id } } } } }`,
		"expand then":  `{ expand(from: ["$a", "$case"], depth: 3, $then) { complete cost { storeCalls nodes links } nodes { distance node { id } } links { id fromId toId lastSeen count } boundaries { nodeId reason degree cursor } } }`,
		"paths then":   `{ paths(from: ["$a"], to: ["$b"], mode: ALL_WITHIN, maxLength: 4, $then) { complete cost { storeCalls nodes links } paths { nodes { id } } boundaries { nodeId reason degree } } }`,
		"related then": `{ relatedCases(of: "$a", $then) { complete cost { storeCalls nodes links } cases { score case { id } } boundaries { nodeId reason degree } } }`,
		"component":    `{ component(of: "$a") { size linkCount complete cost { storeCalls nodes links } boundaries { nodeId reason degree } } }`,
		"cheapest":     `{ paths(from: ["$a"], to: ["$b"], mode: CHEAPEST) { paths { cost nodes { id } } cost { storeCalls nodes links } } }`,
		"counts":       `{ cases { totalCount nodes { id number } } sessions { totalCount } transactions { totalCount } inquiries { totalCount } }`,
		"tight":        `{ expand(from: ["$a"], depth: 4, perNode: 3, maxNodes: 12) { cost { storeCalls nodes links } nodes { distance node { id } } boundaries { nodeId reason degree cursor } } }`,
		"timelines":    `{ account(id: "$a") { timeline(first: 50) { nodes { name links { toId } } } } node(id: "$case") { ... on Case { timeline(first: 50) { nodes { name } } } } }`,
		"whole life":   `{ node(id: "$case") { ... on Case { timeline(first: 50, objects: true) { nodes { name links { toId } } } comments { totalCount nodes { body anchor { node { id } } replies { totalCount } } } mergedFrom { id } } } mentions { nodes { id } } }`,
	} {
		all = append(all, operation{Name: name, Query: ids.Replace(query), Variables: "{}"})
	}
	for _, word := range nearWords {
		all = append(all, operation{Name: "search " + word, Variables: "{}",
			Query: fmt.Sprintf(`{ search(query: %q) { hits { node { id } } } lookup(values: [%[1]q]) { hits { node { id } } } }`, word)})
	}
	return all
}

// What a viewer may not see leaves no trace in any answer, however much there is
// of it and whatever it is linked to: every question is answered as before it was
// recorded, and the calls to the store do not tell by orders of magnitude.
func TestWhatIsHiddenLeavesNoTrace(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			_, end, err := f.store.Store.Events(t.Context(), 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[casegraph.Kind][]casegraph.ID{}
			for _, kind := range []casegraph.Kind{casegraph.KindAccount, casegraph.KindTransaction, casegraph.KindSession, casegraph.KindInquiry, casegraph.KindCase} {
				page, err := f.store.Store.List(t.Context(), casegraph.ListRequest{Kind: kind, First: casegraph.MaxPage, Mask: casegraph.Mask{RestrictedCases: true}})
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range page.Nodes {
					seen[kind] = append(seen[kind], n.Head().ID)
				}
				slices.Sort(seen[kind])
			}
			questions := everyQuestion(t, end)
			var before []golden
			answers := func() (all []golden) {
				for _, q := range questions {
					f.store.counted()
					a := f.as(demo.Vera, q.Query, json.RawMessage(q.Variables))
					all = append(all, golden{answer: a, Calls: f.store.counted()})
				}
				return all
			}
			before = answers()
			for i, b := range before {
				if len(b.Errors) > 0 && !strings.Contains(fmt.Sprintf("%s", b.Errors), "does not see fields") {
					t.Errorf("%s: %s", questions[i].Name, b.Errors)
				}
			}
			for round := range 5 {
				drawHidden := rapid.Custom(func(t *rapid.T) *hidden { return drawHidden(t, round, seen) })
				drawHidden.Example(round).write(f)
				for i, after := range answers() {
					if fmt.Sprint(after.answer) != fmt.Sprint(before[i].answer) || sum(after.Calls) > 10*sum(before[i].Calls) {
						t.Fatalf("%s tells after round %d\n%s\nand before\n%s", questions[i].Name, round, shown(after), shown(before[i]))
					}
				}
			}
		})
	}
}

func shown(g golden) string { return fmt.Sprintf("%s %s %v", g.Data, g.Errors, g.Calls) }

func sum(calls map[string]int) (n int) {
	for _, count := range calls {
		n += count
	}
	return n
}
