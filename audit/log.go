// Package audit holds what a store has against itself: the log's chain and its
// end, nodes against the log, and how many links a node is said to have
// against those that it has. It reads alone, page by page, also beside a
// running server, and asks every store the same questions.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"casegraph"
)

// Log reads the whole log and checks that nothing is missing in it, its end
// included, that each event follows the one before by its hash, and that each
// says what was hashed. It gives the number of the last event.
func Log(ctx context.Context, store casegraph.Store) (casegraph.Seq, error) {
	_, end, err := store.Events(ctx, 0, 0) // kept apart from the events
	if err != nil {
		return 0, err
	}
	var at casegraph.Seq
	var before [sha256.Size]byte
	for {
		events, _, err := store.Events(ctx, at, 1000)
		if err != nil {
			return at, err
		}
		if len(events) == 0 {
			break
		}
		for i := range events {
			if err := follows(&events[i], at, before); err != nil {
				return at, err
			}
			at, before = events[i].Seq, events[i].Hash
		}
	}
	if at < end {
		return at, fmt.Errorf("the log lacks event %d; its last is event %d", at+1, end)
	}
	return at, nil
}

func follows(e *casegraph.Event, at casegraph.Seq, before [sha256.Size]byte) error {
	if e.Seq != at+1 {
		return fmt.Errorf("the log lacks event %d; the next that it has is event %d", at+1, e.Seq)
	}
	if !e.Follows(before) {
		return fmt.Errorf("event %d does not follow event %d: the log was changed", e.Seq, at)
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return err
	}
	if sha256.Sum256(payload) != e.PayloadHash {
		return fmt.Errorf("event %d does not say what it said when it was written", e.Seq)
	}
	return nil
}
