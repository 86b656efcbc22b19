package commit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is a store whose batches can be made to fail, and that counts them.
type store struct {
	casegraph.Store
	mu      sync.Mutex
	begun   int
	written []*casegraph.Decided
	failing func(needs casegraph.Needs) error
	gate    chan struct{} // if set, Begin waits for it
	entered chan struct{} // if set, Begin tells that it waits
}

func (s *store) Begin(_ context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if s.entered != nil {
		s.entered <- struct{}{}
	}
	if s.gate != nil {
		<-s.gate
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun++
	return &batch{store: s, needs: needs, state: &casegraph.State{Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
		Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}}}, nil
}

type batch struct {
	store *store
	needs casegraph.Needs
	state *casegraph.State
}

func (b *batch) State() *casegraph.State { return b.state }
func (b *batch) Rollback()               {}

func (b *batch) Write(_ context.Context, d *casegraph.Decided) error {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	if b.store.failing != nil {
		if err := b.store.failing(b.needs); err != nil {
			return err
		}
	}
	b.store.written = append(b.store.written, d)
	return nil
}

func account(id casegraph.ID) commit.Change {
	return commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(*commit.View) (*commit.Writes, error) {
		n := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: id}}}
		return &commit.Writes{Nodes: []casegraph.Node{n}, Events: []commit.Event{{Name: "account.created", Subject: id}}}, nil
	}}
}

func TestWhatWaitsIsWrittenTogether(t *testing.T) {
	s := &store{gate: make(chan struct{})}
	c := commit.New(s, nil)
	defer c.Close()
	var clients sync.WaitGroup
	for _, id := range []casegraph.ID{"act_1", "act_2", "act_3", "act_4", "act_5", "act_6"} {
		clients.Add(1)
		go func() {
			defer clients.Done()
			if _, err := c.Do(context.Background(), account(id)); err != nil {
				t.Error(err)
			}
		}()
	}
	s.gate <- struct{}{} // the first batch, of whatever had come
	close(s.gate)
	clients.Wait()
	if s.begun > 6 || s.begun < 1 {
		t.Errorf("%d batches for 6 changes", s.begun)
	}
	total := 0
	for _, d := range s.written {
		total += len(d.Events)
	}
	if total != 6 {
		t.Errorf("%d events; want 6", total)
	}
}

func TestAFailedTransactionIsTriedOneByOne(t *testing.T) {
	bad := errors.New("the disk is full of act_bad")
	s := &store{gate: make(chan struct{}), failing: func(needs casegraph.Needs) error {
		for _, id := range needs.Nodes {
			if id == "act_bad" {
				return bad
			}
		}
		return nil
	}}
	c := commit.New(s, nil)
	defer c.Close()
	errs := map[casegraph.ID]error{}
	var mu sync.Mutex
	var clients sync.WaitGroup
	for _, id := range []casegraph.ID{"act_good", "act_bad", "act_fine"} {
		clients.Add(1)
		go func() {
			defer clients.Done()
			_, err := c.Do(context.Background(), account(id))
			mu.Lock()
			errs[id] = err
			mu.Unlock()
		}()
	}
	close(s.gate)
	clients.Wait()
	if errs["act_good"] != nil || errs["act_fine"] != nil || !errors.Is(errs["act_bad"], bad) {
		t.Errorf("got %v", errs)
	}
}

func TestAFaultInARuleRefusesItsChangeAlone(t *testing.T) {
	c := commit.New(&store{}, nil)
	defer c.Close()
	faulty := commit.Change{Decide: func(v *commit.View) (*commit.Writes, error) { v.Node("act_not_needed"); return nil, nil }}
	if _, err := c.Do(context.Background(), faulty); err == nil || casegraph.CodeOf(err) != casegraph.CodeInternal {
		t.Errorf("got %v; want an internal error", err)
	}
	if _, err := c.Do(context.Background(), account("act_1")); err != nil {
		t.Errorf("the next change: %v", err)
	}
}

func TestAChangeMustTellWhatItWrites(t *testing.T) {
	untold := account("act_1")
	decide := untold.Decide
	untold.Decide = func(v *commit.View) (*commit.Writes, error) {
		w, err := decide(v)
		w.Events = nil
		return w, err
	}
	c := commit.New(&store{}, nil)
	defer c.Close()
	if _, err := c.Do(context.Background(), untold); err == nil || !strings.Contains(err.Error(), "no event tells it") {
		t.Errorf("got %v", err)
	}
}

func TestAfterCloseNothingIsTaken(t *testing.T) {
	c := commit.New(&store{}, nil)
	c.Close()
	c.Close()
	if _, err := c.Do(context.Background(), account("act_1")); casegraph.CodeOf(err) != casegraph.CodeUnavailable {
		t.Errorf("got %v; want UNAVAILABLE", err)
	}
}

func TestWhoNoLongerWaitsIsNotWritten(t *testing.T) {
	s := &store{gate: make(chan struct{}), entered: make(chan struct{}, 10)}
	c := commit.New(s, nil)
	first := make(chan error, 1)
	go func() { _, err := c.Do(context.Background(), account("act_1")); first <- err }()
	<-s.entered // the first is being written; the second has to wait
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Do(ctx, account("act_2")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	close(s.gate)
	if err := <-first; err != nil {
		t.Error(err)
	}
	c.Close()
	if len(s.written) != 1 || s.written[0].Events[0].Subject != "act_1" {
		t.Errorf("%d transactions; want the first alone", len(s.written))
	}
}

// What became of a change is told before the next is decided, refused ones too.
func TestAChangeIsToldBeforeTheNextIsDecided(t *testing.T) {
	refused := errors.New("refused")
	var order []string
	tells := func(name string, err error) commit.Change {
		change := account(casegraph.ID("act_" + name))
		decide := change.Decide
		change.Decide = func(v *commit.View) (*commit.Writes, error) {
			order = append(order, name)
			if err != nil {
				return nil, err
			}
			return decide(v)
		}
		change.Told = func(r commit.Result) {
			if order = append(order, name+" told"); r.Changed != (err == nil) || r.Err != err {
				t.Errorf("%s came to %+v", name, r)
			}
		}
		return change
	}
	c := commit.New(&store{}, nil)
	defer c.Close()
	if _, err := c.DoAll(t.Context(), []commit.Change{tells("a", nil), tells("b", refused), tells("c", nil)}); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(order, ", "), "a, a told, b, b told, c, c told"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What is tried is decided as if it were done, each change seeing those before
// it, and nothing is written.
func TestWhatIsTriedIsNotWritten(t *testing.T) {
	s := &store{}
	c := commit.New(s, nil)
	defer c.Close()
	results, err := c.Try(t.Context(), []commit.Change{account("act_a"), account("act_a")})
	if err != nil || !results[0].Changed || results[1].Changed || len(s.written) != 0 {
		t.Errorf("%+v, %v, and %d were written", results, err, len(s.written))
	}
}
