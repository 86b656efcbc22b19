package bulk

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// AtOnce is how many items are done before who asked for them is answered.
const AtOnce = 100

// Runner begins bulks and does them. Any number of servers may have one each.
type Runner struct {
	store     casegraph.Store
	committer *commit.Committer
	askers    Askers
	hubLimits func(casegraph.Role) *casegraph.HubLimits
	now       func() time.Time

	mu    sync.Mutex
	mine  map[casegraph.ID]bool // those that this server does
	woken chan struct{}
}

// Askers says what a user may do and see by now; CodeUnauthenticated if they
// may no longer sign in.
type Askers interface {
	Asker(ctx context.Context, id casegraph.ID) (cases.Asker, error)
}

// New makes a runner. The store must be one without a cache: what other servers
// write must be seen. hubLimits are those of a role; now is the clock, nil
// is the usual one.
func New(store casegraph.Store, committer *commit.Committer, askers Askers, hubLimits func(casegraph.Role) *casegraph.HubLimits, now func() time.Time) *Runner {
	if now == nil {
		now = time.Now
	}
	return &Runner{store: store, committer: committer, askers: askers, hubLimits: hubLimits, now: now,
		mine: map[casegraph.ID]bool{}, woken: make(chan struct{}, 1)}
}

// Start begins a bulk, once for a request's name, and does it if it is small. A
// larger one, and one that could not be finished at once, is left to Run.
func (r *Runner) Start(ctx context.Context, by cases.Asker, in cases.BulkInput, once *commit.Once, newID func(casegraph.Kind) casegraph.ID) (casegraph.ID, error) {
	change, err := begin(by, in, newID)
	if err != nil {
		return "", err
	}
	change.Once = once
	result, err := r.committer.Do(ctx, change)
	if err != nil {
		return "", err
	}
	answer, err := cases.Answer[Answer](result)
	if err != nil || result.Replayed {
		return answer.BulkID, err
	}
	if len(in.IDs) <= AtOnce {
		if err = r.Finish(ctx, answer.BulkID); err == nil {
			return answer.BulkID, nil
		}
		slog.WarnContext(ctx, "a bulk could not be done at once", "bulk", answer.BulkID, "error", err)
	}
	r.take(answer.BulkID)
	return answer.BulkID, nil
}

// Begun finds the bulk that a request began when it was sent before.
func (r *Runner) Begun(ctx context.Context, once *commit.Once) (id casegraph.ID, begun bool, err error) {
	if once == nil {
		return "", false, nil
	}
	result, err := r.committer.Do(ctx, commit.Change{Once: once, Decide: func(*commit.View) (*commit.Writes, error) { return nil, errNot }})
	if errors.Is(err, errNot) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	answer, err := cases.Answer[Answer](result)
	return answer.BulkID, true, err
}

// take makes a bulk this server's to do.
func (r *Runner) take(id casegraph.ID) {
	r.mu.Lock()
	r.mine[id] = true
	r.mu.Unlock()
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// Finish does what is left of a bulk.
func (r *Runner) Finish(ctx context.Context, id casegraph.ID) error {
	for {
		if more, err := r.Step(ctx, id); err != nil || !more {
			return err
		}
	}
}

// Step does the next items of a bulk, up to 50 in one transaction; of a dry run,
// all. It tells whether there may be more.
func (r *Runner) Step(ctx context.Context, id casegraph.ID) (more bool, err error) {
	values, err := r.store.Values(ctx, []string{headKey(id), askedKey(id)}, casegraph.TimeOf(r.now()))
	if err != nil {
		return false, err
	}
	b, err := readHead(values[headKey(id)])
	if err != nil || b == nil || b.State != casegraph.BulkRunning {
		return false, err
	}
	var what asked
	if err := read(values[askedKey(id)], &what); err != nil {
		return false, err
	}
	by, err := r.askers.Asker(ctx, b.ByID)
	if casegraph.CodeOf(err) == casegraph.CodeUnauthenticated { // they were shut out meanwhile
		return false, r.cancel(ctx, id)
	}
	if err != nil {
		return false, err
	}
	s := &step{id: id, at: b.Position()}
	ids := what.IDs[s.at:]
	var changes []commit.Change
	if b.DryRun {
		told, err := r.try(ctx, by, &what.Do, ids)
		if err != nil {
			return false, err
		}
		changes = s.keep(told)
	} else {
		singles, err := r.prepare(ctx, by, &what.Do, ids[:min(len(ids), slot-s.at%slot)])
		if err != nil {
			return false, err
		}
		changes = s.changes(singles)
	}
	results, err := r.committer.DoAll(ctx, changes)
	if err != nil {
		return false, err
	}
	if last := results[len(results)-1].Err; last != nil && !errors.Is(last, errNot) {
		return false, last
	}
	if first := results[0].Err; !errors.Is(first, errNot) {
		return false, first
	}
	return s.bulk == nil || s.bulk.State == casegraph.BulkRunning, nil
}

// try tells what would become of items, all decided together.
func (r *Runner) try(ctx context.Context, by cases.Asker, do *cases.BulkDo, ids []casegraph.ID) ([]casegraph.BulkItem, error) {
	for {
		singles, err := r.prepare(ctx, by, do, ids)
		if err != nil {
			return nil, err
		}
		s := &step{bulk: &casegraph.Bulk{}}
		changes := make([]commit.Change, len(singles))
		for i := range singles {
			changes[i] = s.take(&singles[i])
		}
		if _, err = r.committer.Try(ctx, changes); err != nil {
			return nil, err
		}
		if !s.moved {
			return s.items, nil
		}
	}
}

func (r *Runner) cancel(ctx context.Context, id casegraph.ID) error {
	change, err := Cancel(cases.System(), id)
	if err == nil {
		_, err = r.committer.Do(ctx, change)
	}
	return err
}

// How often a server looks for bulks that nobody does any more, and for how long
// one has stood still that is such a one.
const (
	lookEvery = time.Second
	stillFor  = 5 * time.Second
	longest   = 10 * time.Second
)

// Run does bulks until ctx ends: those begun here, and those at which no server
// works any more.
func (r *Runner) Run(ctx context.Context) {
	pause := lookEvery
	for {
		more, err := r.Round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Warn("bulks wait", "error", err)
			pause = min(2*pause, longest)
		case more:
			continue
		default:
			pause = lookEvery
		}
		select {
		case <-ctx.Done():
			return
		case <-r.woken:
		case <-time.After(pause):
		}
	}
}

// Round does one step of each bulk that is this server's to do, and tells
// whether there may be more to do. One that fails keeps no other waiting.
func (r *Runner) Round(ctx context.Context) (more bool, err error) {
	ids, err := r.toDo(ctx)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		left, failed := r.Step(ctx, id)
		err = errors.Join(err, failed)
		if failed == nil && !left {
			r.mu.Lock()
			delete(r.mine, id)
			r.mu.Unlock()
		}
		more = more || left
	}
	return more, err
}

// toDo are the bulks that run and that this server does; it takes those that
// stand still.
func (r *Runner) toDo(ctx context.Context) ([]casegraph.ID, error) {
	now := casegraph.TimeOf(r.now())
	values, err := r.store.Values(ctx, []string{runningKey}, now)
	if err != nil {
		return nil, err
	}
	var running []entry
	if err := read(values[runningKey], &running); err != nil || len(running) == 0 {
		return nil, err
	}
	keys := make([]string, len(running))
	for i, e := range running {
		keys[i] = headKey(e.ID)
	}
	if values, err = r.store.Values(ctx, keys, now); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []casegraph.ID
	for i, e := range running {
		b, err := readHead(values[keys[i]])
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue
		}
		if still := now - b.MovedAt; still >= casegraph.Time(stillFor.Milliseconds()) {
			r.mine[e.ID] = true
		}
		if r.mine[e.ID] {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}
