package storetest

import (
	"testing"

	"casegraph"
)

// testMasks says that what an asker may not see is simply not there.
func testMasks(_ *testing.T, w *world) {
	ana := account("ana")
	secret := newCase("secret")
	secret.Restricted = true
	secret.Tags = []string{"hush"}
	w.put(newAccount("ana"), secret, newCase("open"), newIdentifier("email", "a@b.c"), newIdentifier("tax-id", "12"))
	w.link(seen(between(secret.ID, casegraph.LinkContains, ana, ""), 1, 1, 1), seen(between(caseID("open"), casegraph.LinkContains, ana, ""), 1, 1, 1),
		seen(between(secret.ID, casegraph.LinkRelatesTo, caseID("open"), "RELATES"), 1, 1, 1),
		seen(between(ana, casegraph.LinkShows, identifier("email", "a@b.c"), ""), 1, 1, 1), seen(between(ana, casegraph.LinkShows, identifier("tax-id", "12"), ""), 1, 1, 1))
	mask := casegraph.Mask{RestrictedCases: true, IdentifierKinds: []casegraph.IdentifierKind{"tax-id"}}

	w.run("hide nodes", func(w *world) {
		got, err := w.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{secret.ID, caseID("open"), identifier("tax-id", "12")}, Mask: mask})
		if err != nil || len(got) != 1 || got[caseID("open")] == nil {
			w.Errorf("got %v, %v; want the open case alone", got, err)
		}
	})
	w.run("hide links, and count without them", func(w *world) {
		seesAll := w.page(ana, casegraph.LinkRequest{})
		seesSome := w.page(ana, casegraph.LinkRequest{Mask: mask})
		same(w, "all", []int{seesAll.Degree, len(seesAll.Hops)}, []int{6, 6}) // two cases, two SHOWS, two HAS
		same(w, "some", []int{seesSome.Degree, len(seesSome.Hops)}, []int{3, 3})
		if page := w.page(ana, casegraph.LinkRequest{Mask: mask, HubLimits: casegraph.HubLimits{Default: 3}}); page.Hub {
			w.Error("hidden links make a hub")
		}
		pages, _ := w.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{secret.ID, caseID("open")}, Mask: mask})
		if _, there := pages[secret.ID]; there || pages[caseID("open")].Degree != 1 {
			w.Errorf("got %v; a hidden node has no page", pages)
		}
	})
	w.run("hide the fields of links where any kind of identifiers is hidden", func(w *world) {
		rents := between(account("cara"), casegraph.LinkRelated, account("ben"), "rents")
		link := seen(rents, 1, 1, 1)
		link.Fields = casegraph.Fields(`{"no":"12"}`)
		w.put(newAccount("ben"), newAccount("cara"))
		w.link(link)
		for want, m := range map[string]casegraph.Mask{`{"no":"12"}`: {RestrictedCases: true}, "": mask} {
			page := w.page(account("cara"), casegraph.LinkRequest{Kinds: []casegraph.LinkKind{casegraph.LinkRelated}, Mask: m})
			same(w, "the fields", []string{string(page.Hops[0].Link.Fields)}, []string{want})
		}
	})
	w.run("hide from lists, counts and search", func(w *world) {
		ask := casegraph.ListRequest{Kind: casegraph.KindCase, Mask: mask}
		page, err := w.List(w.ctx, ask)
		if err != nil || len(page.Nodes) != 1 {
			w.Errorf("list: %v, %v", page, err)
		}
		if n, err := w.Count(w.ctx, ask); err != nil || n != 1 {
			w.Errorf("count: %d, %v", n, err)
		}
		if ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{"hush"}}, Mask: mask}); err != nil || len(ids) != 0 {
			w.Errorf("search: %v, %v", ids, err)
		}
		if ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{"hush"}}}); err != nil || len(ids) != 1 {
			w.Errorf("search without a mask: %v, %v", ids, err)
		}
	})
	w.run("hide keys from everybody", func(w *world) {
		w.put(&casegraph.APIKey{Header: casegraph.Header{ID: "key_x"}, Name: "ci"})
		page, err := w.List(w.ctx, casegraph.ListRequest{Kind: casegraph.KindKey})
		if err != nil || len(page.Nodes) != 0 || w.node("key_x") != nil {
			w.Errorf("got %v, %v", page, err)
		}
	})
	w.run("hide the marks of links from whoever does not ask for them", func(w *world) {
		mark := newMark("masked")
		mark.Tags = []string{"unheardof"}
		w.put(mark)
		ask := casegraph.NodesRequest{IDs: []casegraph.ID{mark.ID}}
		list := casegraph.ListRequest{Kind: casegraph.KindMark}
		for want, seesMarks := range []bool{false, true} {
			ask.Mask.SeesMarks, list.Mask.SeesMarks = seesMarks, seesMarks
			got, err := w.Nodes(w.ctx, ask)
			if err != nil || len(got) != want || (seesMarks && text(w, got[mark.ID]) != text(w, mark)) {
				w.Errorf("by id: %v, %v", got, err)
			}
			if page, err := w.List(w.ctx, list); err != nil || len(page.Nodes) != want {
				w.Errorf("listed: %v, %v", page, err)
			}
		}
		if ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{"unheardof"}}, Mask: casegraph.Mask{SeesMarks: true}}); err != nil || len(ids) != 0 {
			w.Errorf("search: %v, %v", ids, err)
		}
	})
	w.run("follow a case that becomes restricted, and back", func(w *world) {
		open := newCase("open")
		open.Restricted = true
		w.put(open)
		page := w.page(ana, casegraph.LinkRequest{Mask: mask})
		same(w, "restricted", []int{page.Degree, len(page.Hops)}, []int{2, 2})
		w.put(newCase("open"))
		page = w.page(ana, casegraph.LinkRequest{Mask: mask})
		same(w, "open again", []int{page.Degree, len(page.Hops)}, []int{3, 3})
	})
}
