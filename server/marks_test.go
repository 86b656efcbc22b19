package server_test

import (
	"strings"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/demo"
)

// What is said of a link is there for whoever sees both its ends, and for nobody
// else, by whatever way one looks for it.
func TestMarksOfHiddenLinks(t *testing.T) {
	account, secret := demo.Account("P-1001"), demo.Case(5)
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, store(t))
			var bank struct {
				Lookup []struct {
					Hits []struct{ Node struct{ ID casegraph.ID } }
				}
			}
			f.read(demo.Ben, `{ lookup(values: ["DE02120300000000202051"]) { hits { node { id } } } }`, nil, &bank)
			for _, c := range []struct {
				link    casegraph.LinkID
				sees    map[casegraph.ID]bool
				visible casegraph.ID // its end that everybody sees
			}{
				{casegraph.LinkID{From: secret, Kind: casegraph.LinkContains, To: account}, map[casegraph.ID]bool{demo.Ana: true, demo.Ben: false, demo.Vera: false}, account},
				{casegraph.LinkID{From: demo.Account("M-3001"), Kind: casegraph.LinkHas, To: bank.Lookup[0].Hits[0].Node.ID}, map[casegraph.ID]bool{demo.Ana: true, demo.Ben: true, demo.Vera: false}, demo.Account("M-3001")},
			} {
				link := variables(t, map[string]any{"link": map[string]any{"fromId": c.link.From, "kind": c.link.Kind, "toId": c.link.To}})
				a := f.as(demo.Ana, `mutation($link: LinkInput!) {
					tagNode(input: {link: $link, tags: ["unheard-of"]}) { link { id } }
					noteLink(input: {link: $link, note: "unheard-of"}) { link { id } }
					markRisk(input: {link: $link, level: SUSPICIOUS, reason: "unheard-of"}) { link { id } } }`, link)
				id := string(casegraph.MarkID(c.link))
				if len(a.Errors) != 0 {
					t.Fatalf("%s", a.Errors)
				}
				find := strings.NewReplacer("$from", string(c.link.From), "$to", string(c.link.To), "$end", string(c.visible), "$mark", id)
				for way, query := range map[string]string{
					"the one end":   `{ node(id: "$from") { ... on Case { links(first: 100) { nodes { mark { tags note risk { reason } } } } } ... on Account { links(first: 100) { nodes { mark { tags note risk { reason } } } } } } }`,
					"the other end": `{ node(id: "$to") { ... on Account { links(first: 100) { nodes { mark { tags } } } } ... on Identifier { links(first: 100) { nodes { mark { tags } } } } } }`,
					"an expansion":  `{ expand(from: ["$end"], depth: 1, kinds: [CONTAINS, HAS]) { links { mark { note } } } }`,
					"the timeline":  `{ node(id: "$end") { ... on Account { timeline { nodes { name links { change changes { after } } note } } } } }`,
				} {
					for user, sees := range c.sees {
						a := f.as(user, find.Replace(query), nil)
						if len(a.Errors) != 0 || strings.Contains(string(a.Data), "unheard-of") != sees {
							t.Errorf("%s, as %s: %s %s", way, user, a.Data, a.Errors)
						}
						if !sees && strings.Contains(string(a.Data), "link.") {
							t.Errorf("%s, as %s, tells that there is something: %s", way, user, a.Data)
						}
					}
				}
				for user, sees := range c.sees {
					for way, query := range map[string]string{
						"its id":   `{ node(id: "$mark") { id } nodes(ids: ["$mark"]) { id } }`,
						"the past": `{ node(id: "$mark", asOf: {event: 190}) { id } }`,
						"lookup":   `{ lookup(values: ["$mark"]) { hits { node { id } } } }`,
						"search":   `{ search(query: "unheard") { hits { node { id } } } }`,
					} {
						a := f.as(user, find.Replace(query), nil)
						if len(a.Errors) != 0 || strings.Contains(string(a.Data), "id\"") {
							t.Errorf("%s, as %s: %s %s", way, user, a.Data, a.Errors)
						}
					}
					if user == demo.Ben && !sees {
						for _, change := range []string{`tagNode(input: {link: $link, tags: ["unheard-of"]}) { items { outcome } }`, `untagNode(input: {link: $link, tags: ["x"]}) { items { outcome } }`,
							`noteLink(input: {link: $link, note: "x"}) { link { id } }`, `clearRisk(input: {link: $link}) { outcome }`, `markRisk(input: {link: $link, level: TRUSTED, reason: "x", expectedVersion: 9}) { outcome }`} {
							refused(t, f.as(user, `mutation($link: LinkInput!) { `+change+` }`, link), casegraph.CodeNotFound, "input.link")
						}
					}
				}
			}
		})
	}
}

// Whoever repeats a change is told of its link no more than they may see now.
func TestARepeatTellsNoHiddenLink(t *testing.T) {
	f := newFixture(t, localStore(t))
	open := demo.Case(1)
	link := variables(t, map[string]any{"link": map[string]any{"fromId": open, "kind": "CONTAINS", "toId": demo.Account("P-1001")}})
	tag := func() any {
		return get(t, f.as(demo.Ben, `mutation($link: LinkInput!) { tagNode(input: {link: $link, tags: ["x"]}) { node { id } link { fromId } } }`, link, "Idempotency-Key", "once"), "tagNode", "link")
	}
	if tag() == nil {
		t.Error("told no link")
	}
	change := commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{open}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		c := v.Node(open).(*casegraph.Case)
		c.Restricted = true
		return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "case.updated", Subject: open}}}, nil
	}}
	if _, err := f.committer.Do(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if told := tag(); told != nil {
		t.Errorf("told %v", told)
	}
}
