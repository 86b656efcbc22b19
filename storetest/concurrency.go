package storetest

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
)

// testConcurrency is what two servers and many clients may do at once.
func testConcurrency(_ *testing.T, w *world) {
	other := commit.New(w.Store, func() time.Time { return Began })
	w.Cleanup(other.Close)
	servers := []*commit.Committer{w.committer, other}
	// at once calls do n times from several clients of both servers.
	atOnce := func(w *world, n int, do func(i int, server *commit.Committer) error) {
		w.Helper()
		var clients sync.WaitGroup
		errs := make(chan error, n)
		for i := range n {
			clients.Add(1)
			go func() {
				defer clients.Done()
				errs <- do(i, servers[i%2])
			}()
		}
		clients.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				w.Error(err)
			}
		}
	}

	w.run("no update is lost", func(w *world) {
		w.put(newAccount("sum"))
		const n = 60
		atOnce(w, n, func(i int, server *commit.Committer) error {
			_, err := server.Do(w.ctx, commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{account("sum")}}, Decide: func(v *commit.View) (*commit.Writes, error) {
				a := v.Node(account("sum")).(*casegraph.Account)
				a.Tags = append(a.Tags[:len(a.Tags):len(a.Tags)], fmt.Sprint(i))
				return &commit.Writes{Nodes: []casegraph.Node{a}, Events: []commit.Event{{Name: "account.tagged", Subject: a.ID}}}, nil
			}})
			return err
		})
		a := w.node(account("sum")).(*casegraph.Account)
		if len(a.Tags) != n || a.Version != n+1 {
			w.Errorf("%d tags at version %d; want %d at %d", len(a.Tags), a.Version, n, n+1)
		}
	})
	w.run("one identifier is made once", func(w *world) {
		id := identifier("email", "twice@x.y")
		atOnce(w, 40, func(i int, server *commit.Committer) error {
			object := newSession(fmt.Sprint("c", i))
			_, err := server.Do(w.ctx, write([]casegraph.Node{object, newIdentifier("email", "twice@x.y")},
				[]casegraph.Link{seen(between(object.ID, casegraph.LinkShows, id, ""), 1, 1, 1)}))
			return err
		})
		page := w.page(id, casegraph.LinkRequest{Cap: 100})
		if page.Degree != 40 || len(page.Hops) != 40 || w.node(id).Head().Version != 1 {
			w.Errorf("degree %d, %d links, version %d; want 40, 40, 1", page.Degree, len(page.Hops), w.node(id).Head().Version)
		}
	})
	w.run("numbers have no gap and no twin", func(w *world) {
		seen := make([]string, 50)
		atOnce(w, len(seen), func(i int, server *commit.Committer) error {
			result, err := server.Do(w.ctx, commit.Change{Needs: casegraph.Needs{Values: []string{"number"}}, Decide: func(v *commit.View) (*commit.Writes, error) {
				if i%5 == 0 {
					return nil, casegraph.Conflict("refused: takes no number")
				}
				next := append(v.Value("number")[:len(v.Value("number")):len(v.Value("number"))], 'x')
				return &commit.Writes{Values: []casegraph.Value{{Key: "number", Data: next}}, Answer: []byte(fmt.Sprint(len(next)))}, nil
			}})
			seen[i] = string(result.Answer)
			if casegraph.CodeOf(err) == casegraph.CodeConflict {
				return nil
			}
			return err
		})
		taken := map[string]bool{}
		for i, number := range seen {
			if i%5 != 0 {
				taken[number] = true
			}
		}
		for i := 1; i <= 40; i++ {
			if !taken[fmt.Sprint(i)] {
				w.Errorf("the number %d was not given", i)
			}
		}
	})
	w.run("an import and edits go side by side", func(w *world) {
		atOnce(w, 20, func(i int, server *commit.Committer) error {
			if i%4 != 0 {
				a := newAccount("side")
				a.Note = fmt.Sprint(i)
				_, err := server.Do(w.ctx, write([]casegraph.Node{a}, nil))
				return err
			}
			var page []commit.Change
			for j := range 50 {
				object := newSession(fmt.Sprintf("i%d-%d", i, j))
				page = append(page, write([]casegraph.Node{newAccount("side"), object}, []casegraph.Link{seen(between(object.ID, casegraph.LinkOf, account("side"), ""), 1, 1, 1)}))
			}
			results, err := server.DoAll(w.ctx, page)
			for _, r := range results {
				if r.Err != nil {
					return r.Err
				}
			}
			return err
		})
		if page := w.page(account("side"), casegraph.LinkRequest{Cap: 500}); page.Degree != 250 || len(page.Hops) != 250 {
			w.Errorf("degree %d, %d links; want 250", page.Degree, len(page.Hops))
		}
	})
	w.run("who wrote a link reads it, whatever others were reading", func(w *world) {
		of, readers, stop := account("read"), sync.WaitGroup{}, make(chan struct{})
		w.put(newAccount("read"))
		for range 3 {
			readers.Add(1)
			go func() {
				defer readers.Done()
				for {
					select {
					case <-stop:
						return
					default:
						w.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{of}})
					}
				}
			}()
		}
		for i := range 30 {
			object := newSession(fmt.Sprint("read", i))
			w.do(write([]casegraph.Node{object}, []casegraph.Link{seen(between(object.ID, casegraph.LinkOf, of, ""), 1, 1, 1)}))
			page := w.page(of, casegraph.LinkRequest{Cap: 100})
			same(w, "written", []int{page.Degree, len(page.Hops)}, []int{i + 1, i + 1})
			same(w, "from the other end", far(w.page(object.ID, casegraph.LinkRequest{})), []casegraph.ID{of})
		}
		close(stop)
		readers.Wait()
	})
	w.run("the log has no gap and its chain holds", func(w *world) {
		var all []casegraph.Event
		for {
			page, _, err := w.Events(w.ctx, casegraph.Seq(len(all)), 100)
			if err != nil {
				w.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			all = append(all, page...)
		}
		checkChain(w, all)
	})
	w.run("the schema may be made again meanwhile", func(w *world) {
		atOnce(w, 4, func(int, *commit.Committer) error { return w.Migrate(w.ctx) })
	})
	w.run("who no longer waits gets his context's error, and the rest goes on", func(w *world) {
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		if _, err := w.committer.Do(ctx, write([]casegraph.Node{newAccount("late")}, nil)); err == nil {
			w.Error("a cancelled change was answered")
		}
		if _, err := w.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{account("sum")}}); err == nil {
			w.Error("a cancelled read was answered")
		}
		w.put(newAccount("on"))
	})
}

// testBatches is what holds of the two statements of a write themselves.
func testBatches(_ *testing.T, w *world) {
	decide := func(b casegraph.Batch, c commit.Change) *casegraph.Decided {
		d, _ := commit.Decide(b.State(), casegraph.TimeOf(Began), []commit.Change{c})
		return d
	}
	begin := func(w *world, needs casegraph.Needs) casegraph.Batch {
		w.Helper()
		b, err := w.Begin(w.ctx, needs)
		if err != nil {
			w.Fatal(err)
		}
		return b
	}
	w.run("one rolled back leaves no trace", func(w *world) {
		c := write([]casegraph.Node{newAccount("gone")}, nil)
		b := begin(w, c.Needs)
		decide(b, c)
		b.Rollback()
		b.Rollback()
		if w.node(account("gone")) != nil {
			w.Error("the node is there")
		}
	})
	w.run("one that fails half way writes nothing", func(w *world) {
		c := write([]casegraph.Node{newAccount("half")}, []casegraph.Link{seen(between(account("half"), casegraph.LinkRelated, "act_none", "x"), 1, 1, 1)})
		b := begin(w, c.Needs)
		if err := b.Write(w.ctx, decide(b, c)); casegraph.CodeOf(err) != casegraph.CodeNotFound {
			w.Errorf("got %v; want NOT_FOUND", err)
		}
		if _, last, _ := w.Events(w.ctx, 0, 0); last != 0 || w.node(account("half")) != nil {
			w.Errorf("half of it is there; the log ends at %d", last)
		}
		w.put(newAccount("half")) // and the store still writes
	})
	w.run("one that asks is told how many open cases people have", func(w *world) {
		var put []casegraph.Node
		for i := range 9 {
			c := newCase(fmt.Sprint("load", i))
			c.AssigneeID = []casegraph.ID{"usr_one", "usr_two", ""}[i%3]
			if i == 0 {
				c.ResolvedAt = 5
			}
			put = append(put, c)
		}
		w.put(put...)
		loads := func(want map[casegraph.ID]int) {
			w.Helper()
			b := begin(w, casegraph.Needs{Loads: []casegraph.ID{"usr_one", "usr_two", "usr_none"}})
			defer b.Rollback()
			if got := b.State().Loads; !maps.Equal(got, want) {
				w.Errorf("got %v; want %v", got, want)
			}
		}
		loads(map[casegraph.ID]int{"usr_one": 2, "usr_two": 3, "usr_none": 0})
		c := w.node(put[1].Head().ID).(*casegraph.Case)
		c.AssigneeID = "usr_one"
		other := w.node(put[4].Head().ID).(*casegraph.Case)
		other.ResolvedAt = 6
		w.put(c, other)
		loads(map[casegraph.ID]int{"usr_one": 3, "usr_two": 1, "usr_none": 0})
	})
	w.run("a second waits for the first", func(w *world) {
		first := begin(w, casegraph.Needs{})
		ctx, cancel := context.WithTimeout(w.ctx, 200*time.Millisecond)
		defer cancel()
		if second, err := w.Begin(ctx, casegraph.Needs{}); err == nil {
			second.Rollback()
			w.Error("two batches hold the log's lock at once")
		}
		first.Rollback()
		begin(w, casegraph.Needs{}).Rollback()
	})
	w.run("it reads at once all that is needed", func(w *world) {
		w.put(newAccount("a"), newSession("s"), newIdentifier("email", "q@w.e"))
		w.link(seen(between(session("s"), casegraph.LinkOf, account("a"), ""), 1, 2, 3), seen(between(session("s"), casegraph.LinkShows, identifier("email", "q@w.e"), ""), 4, 5, 6))
		w.do(keep(casegraph.Value{Key: "k", Data: []byte("v"), ExpiresAt: 99}))
		b := begin(w, casegraph.Needs{Nodes: []casegraph.ID{account("a"), "act_none"}, Evidence: []casegraph.ID{session("s"), account("a")},
			Links: []casegraph.LinkID{between(session("s"), casegraph.LinkOf, account("a"), ""), between(account("a"), casegraph.LinkPaid, session("s"), "")}, Values: []string{"k", "none"}})
		defer b.Rollback()
		state := b.State()
		_, last, _ := w.Events(w.ctx, 0, 0)
		same(w, "seq", state.Seq, last)
		same(w, "sizes", []int{len(state.Nodes), len(state.Links), len(state.Evidence[session("s")]), len(state.Evidence[account("a")]), len(state.Values)}, []int{1, 1, 2, 0, 1})
		same(w, "link", state.Links[between(session("s"), casegraph.LinkOf, account("a"), "")].Count, int64(3))
		same(w, "value", state.Values["k"], casegraph.Value{Key: "k", Data: []byte("v"), ExpiresAt: 99})
		if state.Nodes[account("a")].Head().Version != 1 {
			w.Error("the node's header was not read")
		}
	})
	w.run("it reads what a case contains, and changes it", func(w *world) {
		whole := &casegraph.Case{Header: casegraph.Header{ID: "case_whole"}, Number: "WHOLE-1", Title: "Whole", Status: "Open"}
		other := &casegraph.Case{Header: casegraph.Header{ID: "case_other"}, Number: "WHOLE-2", Title: "Other", Status: "Open"}
		w.put(whole, other, newAccount("in"), newAccount("out"))
		in, out := between(whole.ID, casegraph.LinkContains, account("in"), ""), between(whole.ID, casegraph.LinkContains, account("out"), "")
		w.link(seen(in, 1, 2, 1), seen(between(whole.ID, casegraph.LinkRelatesTo, other.ID, "RELATES"), 1, 2, 1))
		change := commit.Change{Needs: casegraph.Needs{Evidence: []casegraph.ID{whole.ID}}, Decide: func(v *commit.View) (*commit.Writes, error) {
			if has := v.Evidence(whole.ID); len(has) != 1 || has[0].LinkID != in || has[0].LastSeen != 2 {
				w.Errorf("it contains %+v", has)
			}
			return &commit.Writes{Links: []casegraph.Link{seen(out, 3, 4, 1)}, Ends: []casegraph.LinkID{in}, Events: []commit.Event{{Name: "case.turned", Subject: whole.ID}}}, nil
		}}
		w.do(change)
		pages, err := w.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{whole.ID}, Kinds: []casegraph.LinkKind{casegraph.LinkContains}})
		if hops := pages[whole.ID].Hops; err != nil || len(hops) != 1 || hops[0].Far != account("out") {
			w.Errorf("then it contains %+v, %v", hops, err)
		}
	})
}
