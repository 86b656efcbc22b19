package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"casegraph"
	"casegraph/commit"
)

// Follower reads the log and does what the rules say. Any number of servers may
// have one each: whoever is first does it, the others see that it is done.
type Follower struct {
	store     casegraph.Store
	committer *commit.Committer
	now       func() time.Time
	newID     func(casegraph.Kind) casegraph.ID

	started bool
	at      casegraph.Seq // how far the log is read
	kept    casegraph.Seq // the position that is known to be kept
	rules   []*ready      // those that run at that place of the log
}

// New makes a follower that has read nothing yet. The store must be one without
// a cache: what the log tells must be in it. now is the clock and newID makes
// the ids of cases; nil are the usual ones.
func New(store casegraph.Store, committer *commit.Committer, now func() time.Time, newID func(casegraph.Kind) casegraph.ID) *Follower {
	if now == nil {
		now = time.Now
	}
	if newID == nil {
		newID = func(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, now()) }
	}
	return &Follower{store: store, committer: committer, now: now, newID: newID}
}

// The position is kept with what is done, and once in a while without.
const (
	positionKey  = "rule/position"
	readAtOnce   = 500
	keptEach     = 10_000 // events
	runsAtOnce   = 50
	poll         = 250 * time.Millisecond
	longestPause = 10 * time.Second
)

func readPosition(value []byte) (position casegraph.Seq, err error) {
	if value != nil {
		if err = json.Unmarshal(value, &position); err != nil {
			err = fmt.Errorf("automation: position: %w", err)
		}
	}
	return position, err
}

// Follow runs until ctx ends.
func (f *Follower) Follow(ctx context.Context) {
	pause := poll
	for {
		more, err := f.Step(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Warn("rules wait: the log can't be followed", "behind", f.at, "error", err)
			pause = min(2*pause, longestPause)
		case more:
			continue
		default:
			pause = poll
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// Step reads the log once and does what the rules say of it; it tells whether
// there was anything to read. After an error the same events are read again.
func (f *Follower) Step(ctx context.Context) (more bool, err error) {
	if !f.started {
		if err := f.start(ctx); err != nil {
			return false, err
		}
	}
	events, _, err := f.store.Events(ctx, f.at, readAtOnce)
	if err != nil || len(events) == 0 {
		return false, err
	}
	for len(events) > 0 {
		n := untilRule(events)
		if err := f.take(ctx, events[:n]); err != nil {
			return false, err
		}
		last := &events[n-1]
		if isOfRule(last) {
			if f.rules, err = active(ctx, f.store, last.Seq); err != nil {
				return false, err
			}
		}
		f.at = last.Seq
		events = events[n:]
	}
	if f.at-f.kept >= keptEach {
		return true, f.commit(ctx, nil, f.at)
	}
	return true, nil
}

// start finds the place from which to read: the position, or the log's end
// where there has never been a rule.
func (f *Follower) start(ctx context.Context) error {
	_, end, err := f.store.Events(ctx, 0, 0)
	if err != nil {
		return err
	}
	values, err := f.store.Values(ctx, []string{positionKey}, casegraph.TimeOf(f.now()))
	if err != nil {
		return err
	}
	if f.at, err = readPosition(values[positionKey]); err != nil {
		return err
	}
	if f.at == 0 {
		published, err := everPublished(ctx, f.store)
		if err != nil {
			return err
		}
		if len(published) == 0 {
			f.at = end
		}
	}
	f.kept = f.at
	if f.rules, err = active(ctx, f.store, f.at); err == nil {
		f.started = true
	}
	return err
}

// untilRule is how many events there are up to the first that changes a rule.
func untilRule(events []casegraph.Event) int {
	for i := range events {
		if isOfRule(&events[i]) {
			return i + 1
		}
	}
	return len(events)
}

func isOfRule(e *casegraph.Event) bool { return strings.HasPrefix(e.Name, "rule.") }

// take does what the rules say of some events.
func (f *Follower) take(ctx context.Context, events []casegraph.Event) error {
	found, err := matches(ctx, f.store, f.rules, events)
	if err != nil {
		return err
	}
	for len(found) > 0 {
		n := min(len(found), runsAtOnce)
		for n < len(found) && found[n].event == found[n-1].event {
			n++ // an event is done with as a whole
		}
		if err := f.commit(ctx, found[:n], found[n-1].event.Seq); err != nil {
			return err
		}
		found = found[n:]
	}
	return nil
}

// commit does what some matches ask for and moves the position on, in one
// transaction.
func (f *Follower) commit(ctx context.Context, found []match, position casegraph.Seq) error {
	var steps []commit.Change
	done, err := f.done(ctx, found)
	if err != nil {
		return err
	}
	for _, m := range found {
		r := &run{match: m}
		changes, err := r.changes(ctx, f, done[r.onceKey()] != nil)
		if err != nil {
			return err
		}
		steps = append(steps, changes...)
	}
	steps = append(steps, move(position))
	results, err := f.committer.DoAll(ctx, steps)
	if err == nil {
		err = results[len(results)-1].Err
	}
	if err == nil {
		f.kept = position
	}
	return err
}

// done are the values of the rules that have run for a node before.
func (f *Follower) done(ctx context.Context, found []match) (map[string][]byte, error) {
	var keys []string
	for _, m := range found {
		if m.rule.Once == casegraph.OnceAnObject {
			keys = append(keys, (&run{match: m}).onceKey())
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return f.store.Values(ctx, keys, casegraph.TimeOf(f.now()))
}

// move moves the position on, never back.
func move(position casegraph.Seq) commit.Change {
	return commit.Change{Needs: casegraph.Needs{Values: []string{positionKey}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		was, err := readPosition(v.Value(positionKey))
		if err != nil || was >= position {
			return &commit.Writes{}, err
		}
		return &commit.Writes{Values: []casegraph.Value{{Key: positionKey, Data: []byte(fmt.Sprint(position))}}}, nil
	}}
}
