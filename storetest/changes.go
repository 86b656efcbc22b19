package storetest

import (
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
)

func testChanges(_ *testing.T, w *world) {
	ana := newAccount("ana")
	w.put(ana)

	w.run("raise the version by one and move updatedAt", func(w *world) {
		made := *w.node(ana.ID).Head()
		ana.Name = "Ana B."
		w.put(ana)
		now := w.node(ana.ID).Head()
		same(w, "header", *now, casegraph.Header{ID: ana.ID, Version: made.Version + 1, CreatedAt: made.CreatedAt, UpdatedAt: w.now()})
	})
	w.run("that change nothing leave the log where it was", func(w *world) {
		_, before, _ := w.Events(w.ctx, 0, 0)
		version := w.node(ana.ID).Head().Version
		if result := w.do(write([]casegraph.Node{ana}, nil)); result.Changed {
			w.Error("a change that changes nothing says that it did")
		}
		if _, after, _ := w.Events(w.ctx, 0, 0); after != before {
			w.Errorf("the log went from %d to %d", before, after)
		}
		if now := w.node(ana.ID).Head().Version; now != version {
			w.Errorf("the version went from %d to %d", version, now)
		}
	})
	w.run("that change nothing are told alone if something was said", func(w *world) {
		_, before, _ := w.Events(w.ctx, 0, 0)
		c := write([]casegraph.Node{ana}, nil)
		decide := c.Decide
		c.Decide = func(v *commit.View) (*commit.Writes, error) {
			writes, err := decide(v)
			writes.Noted = &commit.Event{Name: "account.noted", Subject: ana.ID, Note: "looked again"}
			return writes, err
		}
		version := w.node(ana.ID).Head().Version
		w.do(c)
		events, after, err := w.Events(w.ctx, before, 10)
		if err != nil || after != before+1 || len(events) != 1 || events[0].Name != "account.noted" || events[0].Note != "looked again" {
			w.Errorf("told %+v, %v", events, err)
		}
		if now := w.node(ana.ID).Head().Version; now != version {
			w.Errorf("the version went from %d to %d", version, now)
		}
	})
	w.run("that are refused leave no trace and fail no other", func(w *world) {
		refuse := commit.Change{Decide: func(*commit.View) (*commit.Writes, error) { return nil, casegraph.Conflict("no") }}
		results, err := w.committer.DoAll(w.ctx, []commit.Change{
			write([]casegraph.Node{newAccount("b1")}, nil), refuse, write([]casegraph.Node{newAccount("b2")}, nil)})
		if err != nil {
			w.Fatal(err)
		}
		if results[0].Err != nil || casegraph.CodeOf(results[1].Err) != casegraph.CodeConflict || results[2].Err != nil {
			w.Errorf("results: %+v", results)
		}
		if w.node(account("b1")) == nil || w.node(account("b2")) == nil {
			w.Error("a change beside a refused one is not there")
		}
	})
	w.run("see those before them in the same transaction", func(w *world) {
		count := func(by string) commit.Change {
			return commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{account("count")}}, Decide: func(v *commit.View) (*commit.Writes, error) {
				n, _ := v.Node(account("count")).(*casegraph.Account)
				if n == nil {
					n = newAccount("count")
					n.Name = ""
				}
				n.Name += by
				return &commit.Writes{Nodes: []casegraph.Node{n}, Events: []commit.Event{{Name: "account.counted", Subject: n.ID}}}, nil
			}}
		}
		if _, err := w.committer.DoAll(w.ctx, []commit.Change{count("1"), count("2"), count("3")}); err != nil {
			w.Fatal(err)
		}
		got := w.node(account("count")).(*casegraph.Account)
		if got.Name != "123" || got.Version != 3 {
			w.Errorf("got %q at version %d; want 123 at 3", got.Name, got.Version)
		}
	})
	w.run("asked for twice under one key happen once", func(w *world) {
		once := func(name, digest string) (commit.Result, error) {
			c := write([]casegraph.Node{newAccount(name)}, nil)
			c.Once = &commit.Once{Key: "once/usr_x/createCase/k1", Digest: digest}
			decide := c.Decide
			c.Decide = func(v *commit.View) (*commit.Writes, error) {
				writes, err := decide(v)
				writes.Answer = []byte(`"` + name + `"`)
				return writes, err
			}
			return w.committer.Do(w.ctx, c)
		}
		first, err := once("o1", "d1")
		if err != nil || first.Replayed {
			w.Fatalf("first: %+v, %v", first, err)
		}
		again, err := once("o2", "d1")
		if err != nil || !again.Replayed || string(again.Answer) != `"o1"` || w.node(account("o2")) != nil {
			w.Errorf("repeat: %+v, %v", again, err)
		}
		if _, err := once("o3", "d2"); casegraph.CodeOf(err) != casegraph.CodeConflict {
			w.Errorf("another body under the same key: %v; want CONFLICT", err)
		}
		w.clock.skip(commit.OnceFor * time.Millisecond)
		if late, err := once("o4", "d2"); err != nil || late.Replayed || w.node(account("o4")) == nil {
			w.Errorf("a day later: %+v, %v; want a new change", late, err)
		}
	})
}
