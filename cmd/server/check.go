package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"casegraph"
)

type checkCommand struct{}

// Run reads the whole log and checks that nothing is missing in it, that each
// event follows the one before by its hash, and that each says what was hashed.
func (*checkCommand) Run(p *program) error {
	e, err := p.openReading()
	if err != nil {
		return err
	}
	defer e.close()
	var at casegraph.Seq
	var before [sha256.Size]byte
	for {
		events, _, err := e.store.Events(p.ctx, at, 1000)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			break
		}
		for i := range events {
			if err := follows(&events[i], at, before); err != nil {
				return err
			}
			at, before = events[i].Seq, events[i].Hash
		}
	}
	fmt.Fprintf(p.out, "The log is whole: %d events, each following the one before.\n", at)
	return nil
}

func follows(e *casegraph.Event, at casegraph.Seq, before [sha256.Size]byte) error {
	if e.Seq != at+1 {
		return fmt.Errorf("the log lacks the events from %d to %d", at+1, e.Seq-1)
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
