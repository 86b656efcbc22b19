package traverse

import (
	"context"
	"errors"
	"time"

	"casegraph"
)

// Time is how long a traversal may explore.
type Time struct {
	// Most is the budget, at most MostTime; 0 is no bound. Once it is spent no
	// more links are read, and a call that is under way is given up: what was
	// found by then is the answer, with a boundary BUDGET. What finishes an
	// answer, which are degrees and evidence, is read all the same.
	Most time.Duration
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Bounds of a Time. DefaultTime is for whoever asks on behalf of someone who
// waits and was not told how long.
const (
	DefaultTime = 10 * time.Second
	MostTime    = 25 * time.Second
)

func (t *Time) check() error {
	if t.Most < 0 || t.Most > MostTime {
		return casegraph.BadInput("maxMilliseconds: from 1 to %d", MostTime.Milliseconds())
	}
	return nil
}

// stopwatch runs while a traversal explores.
type stopwatch struct {
	time Time
	end  time.Time
}

// setTime starts the watch.
func (w *stopwatch) setTime(t Time) error {
	if err := t.check(); err != nil {
		return err
	}
	if t.Clock == nil {
		t.Clock = time.Now
	}
	w.time, w.end = t, t.Clock().Add(t.Most)
	return nil
}

// left is how much of the time is left, and whether it is bounded at all.
func (w *stopwatch) left() (time.Duration, bool) {
	if w.time.Most == 0 {
		return 0, false
	}
	return w.end.Sub(w.time.Clock()), true
}

// late tells whether the time is spent.
func (w *stopwatch) late() bool {
	left, bounded := w.left()
	return bounded && left <= 0
}

// errLate ends an exploration, and never a traversal.
var errLate = errors.New("traverse: the time is spent")

// inTime does what explores, as long as there is time.
func (w *stopwatch) inTime(ctx context.Context, explore func(context.Context) error) error {
	left, bounded := w.left()
	if !bounded {
		return explore(ctx)
	}
	if left <= 0 {
		return errLate
	}
	timed, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	err := explore(timed)
	if err != nil && timed.Err() != nil && ctx.Err() == nil {
		return errLate
	}
	return err
}
