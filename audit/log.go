// Package audit holds what a store has against itself: the log's chain and its
// end, nodes against the log, and how many links a node is said to have
// against those that it has. It reads alone, page by page, also beside a
// running server, and asks every store the same questions.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"casegraph"
)

// Place is a place in the log: an event's number and its hash, up to which all
// was found to be right. Its zero value is the log's beginning.
type Place struct {
	Seq  casegraph.Seq
	Hash [sha256.Size]byte
}

// Fault is the first event that does not fit, and why.
type Fault struct {
	Seq   casegraph.Seq
	Wrong string
}

func (f *Fault) Error() string { return f.Wrong }

// pageOfLog is how many events are read at once.
const pageOfLog = 1000

// Log reads the whole log and checks that nothing is missing in it, its end
// included, that each event follows the one before by its hash, and that each
// says what was hashed. It gives the number of the last event that fits; an
// error may be a Fault. progress, if set, is called after each page.
func Log(ctx context.Context, store casegraph.Store, progress func(at, end casegraph.Seq)) (casegraph.Seq, error) {
	_, end, err := store.Events(ctx, 0, 0) // kept apart from the events
	var at Place
	for err == nil && at.Seq < end {
		if at, _, err = Part(ctx, store, at, pageOfLog); err == nil && progress != nil {
			progress(at.Seq, end)
		}
	}
	return at.Seq, err
}

// Part checks at most n events behind a place that was reached before. It gives
// the place that it reached and the number of the log's last event; an error
// may be a Fault, of the event behind that place.
func Part(ctx context.Context, store casegraph.Store, at Place, n int) (Place, casegraph.Seq, error) {
	_, end, err := store.Events(ctx, at.Seq, 0)
	if err == nil && at.Seq > end {
		err = &Fault{end + 1, fmt.Sprintf("the log lacks event %d; its last is event %d", end+1, end)}
	}
	for last := min(at.Seq+casegraph.Seq(n), end); err == nil && at.Seq < last; {
		var events []casegraph.Event
		if events, _, err = store.Events(ctx, at.Seq, min(pageOfLog, int(last-at.Seq))); err != nil {
			break
		}
		if len(events) == 0 {
			err = &Fault{at.Seq + 1, fmt.Sprintf("the log lacks event %d; its last is event %d", at.Seq+1, end)}
		}
		for i := range events {
			if err = at.follow(&events[i]); err != nil {
				break
			}
		}
	}
	return at, end, err
}

// follow moves on to the next event.
func (p *Place) follow(e *casegraph.Event) error {
	if e.Seq != p.Seq+1 {
		return &Fault{p.Seq + 1, fmt.Sprintf("the log lacks event %d; the next that it has is event %d", p.Seq+1, e.Seq)}
	}
	if !e.Follows(p.Hash) {
		return &Fault{e.Seq, fmt.Sprintf("event %d does not follow event %d: the log was changed", e.Seq, p.Seq)}
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return err
	}
	if sha256.Sum256(payload) != e.PayloadHash {
		return &Fault{e.Seq, fmt.Sprintf("event %d does not say what it said when it was written", e.Seq)}
	}
	p.Seq, p.Hash = e.Seq, e.Hash
	return nil
}

// FaultOf is the fault that an error is, or nil.
func FaultOf(err error) *Fault {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault
	}
	return nil
}
