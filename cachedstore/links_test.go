package cachedstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/cachedstore"
	"casegraph/commit"

	"pgregory.net/rapid"
)

// town is some nodes of every sort: accounts, identifiers, cases, sessions. One
// account is linked to more nodes than a list that is kept may have.
type town struct {
	accounts, identifiers, cases, sessions, all []casegraph.ID
}

const busyLinks, longest = 30, 20

func newTown(t testing.TB, committer *commit.Committer) *town {
	var w town
	var nodes []casegraph.Node
	var links []casegraph.Link
	for i := range 6 {
		w.accounts = append(w.accounts, casegraph.ID(fmt.Sprint("act_", i)))
		nodes = append(nodes, &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: w.accounts[i]}}})
		w.sessions = append(w.sessions, casegraph.ID(fmt.Sprint("ses_", i)))
		nodes = append(nodes, &casegraph.Session{Object: casegraph.Object{Header: casegraph.Header{ID: w.sessions[i]}}})
		kind := []casegraph.IdentifierKind{"email", "device", "tax-id"}[i%3]
		w.identifiers = append(w.identifiers, casegraph.IdentifierID(kind, fmt.Sprint(i)))
		nodes = append(nodes, &casegraph.Identifier{Header: casegraph.Header{ID: w.identifiers[i]}, IdentifierKind: kind, Value: fmt.Sprint(i)})
		w.cases = append(w.cases, casegraph.ID(fmt.Sprint("case_", i)))
		nodes = append(nodes, &casegraph.Case{Header: casegraph.Header{ID: w.cases[i]}, Number: fmt.Sprint("C-", i), Restricted: i < 2})
	}
	for i := range busyLinks {
		links = append(links, link(w.accounts[0], casegraph.LinkRelated, w.accounts[1+i%5], fmt.Sprint("busy-", i), casegraph.Time(1000+i)))
	}
	w.all = append(append(append(append(w.all, w.accounts...), w.identifiers...), w.cases...), w.sessions...)
	do(t, committer, nodes, links)
	return &w
}

func link(from casegraph.ID, kind casegraph.LinkKind, to casegraph.ID, key string, at casegraph.Time) casegraph.Link {
	return casegraph.Link{LinkID: casegraph.LinkID{From: from, Kind: kind, To: to, Key: key}, FirstSeen: at, LastSeen: at, Count: 1}
}

// tester is a *testing.T, a *testing.B or a *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
}

// do writes nodes and links, and ends links.
func do(t tester, committer *commit.Committer, nodes []casegraph.Node, links []casegraph.Link, ends ...casegraph.LinkID) {
	t.Helper()
	var needs casegraph.Needs
	var events []commit.Event
	for _, n := range nodes {
		needs.Nodes = append(needs.Nodes, n.Head().ID)
		events = append(events, commit.Event{Name: "node.written", Subject: n.Head().ID})
	}
	need := func(id casegraph.LinkID) {
		if id.Kind == casegraph.LinkOf || id.Kind == casegraph.LinkShows {
			needs.Evidence = append(needs.Evidence, id.From)
		} else {
			needs.Links = append(needs.Links, id)
		}
		if len(events) > 0 {
			return
		}
		events = append(events, commit.Event{Name: "node.linked", Subject: id.From})
	}
	for _, l := range links {
		need(l.LinkID)
	}
	for _, id := range ends {
		need(id)
	}
	_, err := committer.Do(context.Background(), commit.Change{Needs: needs, Decide: func(*commit.View) (*commit.Writes, error) {
		var fresh []casegraph.Node
		for _, n := range nodes {
			fresh = append(fresh, n.Clone())
		}
		return &commit.Writes{Nodes: fresh, Links: links, Ends: ends, Events: events}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// request is any request for links.
func (w *town) request(t *rapid.T) casegraph.LinkRequest {
	pick := func(name string, of []casegraph.ID) []casegraph.ID {
		return rapid.SliceOfN(rapid.SampledFrom(of), 1, 6).Draw(t, name)
	}
	r := casegraph.LinkRequest{IDs: append(pick("ids", w.all), "act_none")}
	r.Direction = rapid.SampledFrom([]casegraph.Direction{"", casegraph.DirectionOut, casegraph.DirectionIn, casegraph.DirectionBoth}).Draw(t, "direction")
	if rapid.Bool().Draw(t, "some kinds") {
		r.Kinds = rapid.SliceOfNDistinct(rapid.SampledFrom(casegraph.LinkKinds()), 1, 4, rapid.ID).Draw(t, "kinds")
	}
	if rapid.IntRange(0, 3).Draw(t, "some far kinds") == 0 {
		r.FarKinds = rapid.SliceOfN(rapid.SampledFrom(casegraph.Kinds()), 1, 3).Draw(t, "far kinds")
	}
	r.Since = rapid.SampledFrom([]casegraph.Time{0, 0, 0, 3, 1010}).Draw(t, "since")
	r.Until = rapid.SampledFrom([]casegraph.Time{0, 0, 0, 7, 1020}).Draw(t, "until")
	r.Cap = rapid.SampledFrom([]int{0, 1, 2, 100}).Draw(t, "cap")
	r.HubLimits.Default = rapid.SampledFrom([]int{0, 0, 1, 2, 5, 25, 1000}).Draw(t, "limit")
	if rapid.Bool().Draw(t, "limits by class") {
		r.HubLimits.ByClass = map[casegraph.Class]int{"ACCOUNT": rapid.SampledFrom([]int{0, 1, 3}).Draw(t, "limit of accounts")}
	}
	r.Mask.RestrictedCases = rapid.Bool().Draw(t, "restricted")
	r.Mask.IdentifierKinds = rapid.SampledFrom([][]casegraph.IdentifierKind{nil, nil, {"tax-id"}, {"email", "tax-id"}}).Draw(t, "masked")
	if rapid.IntRange(0, 3).Draw(t, "go on") == 0 {
		id := r.IDs[0]
		r.After = map[casegraph.ID]casegraph.LinkCursor{id: {LastSeen: rapid.SampledFrom([]casegraph.Time{5, 1015}).Draw(t, "behind"),
			Far: rapid.SampledFrom(w.all).Draw(t, "behind node"), Kind: casegraph.LinkHas, Out: true}}
	}
	return r
}

// change writes or ends a link, or restricts a case or lifts that.
func (w *town) change(t *rapid.T, committer *commit.Committer) {
	one := func(name string, of []casegraph.ID) casegraph.ID { return rapid.SampledFrom(of).Draw(t, name) }
	var l casegraph.Link
	at := casegraph.Time(rapid.IntRange(0, 9).Draw(t, "at"))
	switch rapid.IntRange(0, 6).Draw(t, "change") {
	case 0:
		l = link(one("account", w.accounts[:3]), casegraph.LinkRelated, one("to", w.accounts[3:]), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), at)
	case 1:
		l = link(one("object", append(w.sessions, w.accounts...)), casegraph.LinkShows, one("identifier", w.identifiers), "", at)
	case 2:
		l = link(one("session", w.sessions), casegraph.LinkOf, one("account", w.accounts), "", at)
	case 3, 4:
		l = link(one("case", w.cases), casegraph.LinkContains, one("object", append(w.sessions, w.accounts...)), "", at)
	case 5:
		l = link(one("payer", w.accounts[:3]), casegraph.LinkPaid, one("payee", w.accounts[3:]), "t", at)
		l.Amount, l.Currency = "1.00", "EUR"
	case 6:
		id := one("case", w.cases)
		do(t, committer, []casegraph.Node{&casegraph.Case{Header: casegraph.Header{ID: id}, Number: "C-" + string(id[5:]),
			Restricted: rapid.Bool().Draw(t, "restrict")}}, nil)
		return
	}
	if rapid.IntRange(0, 2).Draw(t, "end") == 0 {
		do(t, committer, nil, nil, l.LinkID)
	} else {
		do(t, committer, nil, []casegraph.Link{l})
	}
}

// Whatever was asked and written before, every request is answered as the store
// within answers it.
func TestKeptLinksAreAnsweredAsTheStoreAnswers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		inner := local(t)
		defer inner.Close()
		store, err := cachedstore.New(unclosed{inner}, cachedstore.Options{ListLinks: longest, Links: rapid.SampledFrom([]int{0, 0, 40}).Draw(rt, "kept")})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		committer := commit.New(store, nil)
		defer committer.Close()
		w := newTown(t, committer)
		heard(t, store, w)
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			if rapid.IntRange(0, 3).Draw(rt, "write") == 0 {
				w.change(rt, committer)
				continue
			}
			r := w.request(rt)
			got, err := store.Links(t.Context(), r)
			if err != nil {
				rt.Fatal(err)
			}
			want, err := inner.Links(t.Context(), r)
			if err != nil {
				rt.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				rt.Fatalf("asked %+v\n got %s\nwant %s", r, drawnPages(got), drawnPages(want))
			}
		}
	})
}

func drawnPages(pages map[casegraph.ID]casegraph.LinkPage) string {
	text := ""
	for id, page := range pages {
		text += fmt.Sprintf("\n\t%s %s degree %d hub %v more %v:", id, page.Class, page.Degree, page.Hub, page.More)
		for _, hop := range page.Hops {
			text += fmt.Sprintf(" %+v %s", hop.Cursor(), hop.FarClass)
		}
	}
	return text
}

// heard waits until the store answers from what it keeps.
func heard(t testing.TB, store *cachedstore.Store, w *town) {
	t.Helper()
	eventually(t, "the cache never answered", func() bool {
		before, _ := store.LinkCounts()
		if _, err := store.Links(context.Background(), casegraph.LinkRequest{IDs: w.sessions[:1]}); err != nil {
			t.Fatal(err)
		}
		after, _ := store.LinkCounts()
		return after > before
	})
}

func TestKnownGroundCostsNoCall(t *testing.T) {
	for name, o := range map[string]cachedstore.Options{"whole lists": {}, "a list too long": {ListLinks: longest}} {
		t.Run(name, func(t *testing.T) { testKnownGround(t, o) })
	}
}

func testKnownGround(t *testing.T, o cachedstore.Options) {
	inner := &counting{Store: local(t)}
	store := cached(t, inner, o)
	committer := commit.New(store, nil)
	defer committer.Close()
	w := newTown(t, committer)
	heard(t, store, w)
	seen := slices.Concat(w.accounts, w.sessions, w.cases[2:]) // the nodes that the mask does not hide
	mask := casegraph.Mask{RestrictedCases: true, IdentifierKinds: []casegraph.IdentifierKind{"tax-id"}}
	for name, r := range map[string]casegraph.LinkRequest{
		"a page":               {IDs: seen, Cap: 3},
		"under a mask":         {IDs: seen, Cap: 10, Mask: mask},
		"a hub":                {IDs: seen, HubLimits: casegraph.HubLimits{Default: 25}},
		"a hub, under a mask":  {IDs: seen, HubLimits: casegraph.HubLimits{Default: 25}, Mask: mask},
		"degrees":              {IDs: seen, DegreeOnly: true},
		"degrees under a mask": {IDs: seen, DegreeOnly: true, Mask: mask},
	} {
		var calls [2]int
		for i := range calls {
			before := inner.count()
			if _, err := store.Links(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			calls[i] = inner.count() - before
		}
		if calls[1] != 0 {
			t.Errorf("%s: %d calls, and %d when asked again", name, calls[0], calls[1])
		}
	}
}

func (c *counting) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	c.mu.Lock()
	c.reads++
	c.mu.Unlock()
	return c.Store.Links(ctx, r)
}

func linked(t *testing.T, store casegraph.Store, id casegraph.ID, mask casegraph.Mask) int {
	t.Helper()
	pages, err := store.Links(context.Background(), casegraph.LinkRequest{IDs: []casegraph.ID{id}, Mask: mask})
	if err != nil {
		t.Fatal(err)
	}
	return len(pages[id].Hops)
}

func TestAnotherServerSeesLinksAndClassesWithinAPoll(t *testing.T) {
	inner := local(t)
	o := cachedstore.Options{Poll: 20 * time.Millisecond}
	one, two := cached(t, inner, o), cached(t, inner, o)
	committer := commit.New(one, nil)
	defer committer.Close()
	w := newTown(t, committer)
	heard(t, two, w)
	mask := casegraph.Mask{RestrictedCases: true}
	session, open := w.sessions[0], w.cases[5]
	do(t, committer, nil, []casegraph.Link{link(open, casegraph.LinkContains, session, "", 5)})
	eventually(t, "the other server never saw the link", func() bool { return linked(t, two, session, mask) == 1 })
	do(t, committer, []casegraph.Node{&casegraph.Case{Header: casegraph.Header{ID: open}, Number: "C-5", Restricted: true}}, nil)
	if linked(t, one, session, mask) != 0 {
		t.Error("the writer itself shows a link to a case that it restricted")
	}
	eventually(t, "the other server never saw that the case is restricted", func() bool { return linked(t, two, session, mask) == 0 })
}

// A read of links that began before a write and ends after it must not put the
// old list back, be it another link that was written or the class of a node that
// the list shows.
func TestAFillNeverSurvivesALaterCommit(t *testing.T) {
	for name, write := range map[string]func(*commit.Committer, *town){
		"a link": func(c *commit.Committer, w *town) {
			do(t, c, nil, nil, casegraph.LinkID{From: w.cases[5], Kind: casegraph.LinkContains, To: w.sessions[0]})
		},
		"a class": func(c *commit.Committer, w *town) {
			do(t, c, []casegraph.Node{&casegraph.Case{Header: casegraph.Header{ID: w.cases[5]}, Number: "C-5", Restricted: true}}, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			slow := &gated{Store: local(t)}
			store := cached(t, slow, cachedstore.Options{})
			committer := commit.New(store, nil)
			defer committer.Close()
			w := newTown(t, committer)
			heard(t, store, w)
			mask := casegraph.Mask{RestrictedCases: true}
			do(t, committer, nil, []casegraph.Link{link(w.cases[5], casegraph.LinkContains, w.sessions[0], "", 5)})
			release, held := slow.hold()
			read := make(chan int)
			go func() { read <- linked(t, store, w.sessions[0], mask) }()
			select {
			case <-held: // it has read the list
			case <-time.After(5 * time.Second):
				t.Fatal("the list was not dropped by the write of a link")
			}
			write(committer, w)
			release()
			<-read
			if got := linked(t, store, w.sessions[0], mask); got != 0 {
				t.Errorf("%d links; want none", got)
			}
		})
	}
}

func (g *gated) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	pages, err := g.Store.Links(ctx, r)
	g.wait()
	return pages, err
}

// Beside readers of the same nodes, who writes a link reads it.
func TestLinksAreNeverOlderThanOnesOwnWrite(t *testing.T) {
	store := cached(t, local(t), cachedstore.Options{Poll: time.Millisecond, Links: 100})
	committer := commit.New(store, nil)
	defer committer.Close()
	w := newTown(t, committer)
	heard(t, store, w)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for {
				select {
				case <-stop:
					return
				default:
					id := w.sessions[rand.IntN(len(w.sessions))]
					if _, err := store.Links(context.Background(), casegraph.LinkRequest{IDs: []casegraph.ID{id}}); err != nil {
						t.Error(err)
					}
				}
			}
		}()
	}
	defer readers.Wait()
	defer close(stop)
	for i := range 60 {
		id := w.sessions[i%len(w.sessions)]
		before := linked(t, store, id, casegraph.Mask{})
		do(t, committer, nil, []casegraph.Link{link(w.cases[i/6%6], casegraph.LinkContains, id, fmt.Sprint(i), 5)})
		if after := linked(t, store, id, casegraph.Mask{}); after != before+1 && after != casegraph.DefaultLinkCap {
			t.Fatalf("%d links after the write of one more than %d", after, before)
		}
	}
}

// BenchmarkKnownGround asks for the links of 50 nodes that have 20 each.
func BenchmarkKnownGround(b *testing.B) {
	inner := local(b)
	store := cached(b, inner, cachedstore.Options{})
	committer := commit.New(store, nil)
	defer committer.Close()
	w := newTown(b, committer)
	var nodes []casegraph.Node
	var links []casegraph.Link
	r := casegraph.LinkRequest{Cap: 50, Mask: casegraph.Mask{RestrictedCases: true}, HubLimits: casegraph.HubLimits{Default: 100}}
	for i := range 50 {
		r.IDs = append(r.IDs, casegraph.ID(fmt.Sprint("act_bench", i)))
		nodes = append(nodes, &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: r.IDs[i]}}})
	}
	for i := range r.IDs {
		for j := range 10 {
			links = append(links, link(r.IDs[i], casegraph.LinkRelated, r.IDs[(i+j+1)%50], "", casegraph.Time(j+1)))
		}
	}
	do(b, committer, nodes, links)
	heard(b, store, w)
	for _, c := range []struct {
		name  string
		store casegraph.Store
	}{{"kept", store}, {"local", inner}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				pages, err := c.store.Links(b.Context(), r)
				if err != nil || len(pages) != 50 || len(pages[r.IDs[7]].Hops) != 20 {
					b.Fatal(len(pages), err)
				}
			}
		})
	}
}
