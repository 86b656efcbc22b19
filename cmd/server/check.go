package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"casegraph"
	"casegraph/sums"
)

type checkCommand struct {
	Repair bool `help:"Work sums that differ out again, each change told in the log. Interrupted, it goes on where it ended."`
}

// Run checks the log and the sums. Looking may be done beside a running server.
func (c *checkCommand) Run(p *program) error {
	open := p.openReading
	if c.Repair {
		open = p.open
	}
	e, err := open()
	if err != nil {
		return err
	}
	defer e.close()
	if err := checkLog(p, e); err != nil {
		return err
	}
	return c.checkSums(p, e)
}

// shownDifferences is how many differences are told one by one.
const shownDifferences = 20

// checkSums holds what accounts have (HAS) against what is shown (SHOWS).
func (c *checkCommand) checkSums(p *program, e *engine) error {
	bar := newProgressLine(p.err)
	told := 0
	check := sums.Check{Store: e.store,
		Found: func(d sums.Difference) {
			if told++; told <= shownDifferences {
				bar.end()
				fmt.Fprintf(p.out, "%s HAS %s: %v, and what is shown comes to %v\n", d.Account, d.Identifier, d.Has, d.Shown)
			}
		},
		Progress: func(done sums.Progress) {
			bar.show(func() string {
				return fmt.Sprintf("%d of %d accounts, %d sums, %d wrong", done.Accounts, done.Total, done.Sums, done.Wrong)
			})
		}}
	if c.Repair {
		check.Committer = e.committer
	}
	done, err := check.Run(p.ctx)
	bar.end()
	switch {
	case err != nil && c.Repair && errors.Is(err, context.Canceled):
		fmt.Fprintln(p.err, "Everything up to there is mended; the same command goes on from there.")
		return err
	case err != nil:
		return err
	case done.Wrong > 0 && !c.Repair:
		return fmt.Errorf("%d of %d sums of what accounts have differ from what is shown; casegraph check --repair mends them", done.Wrong, done.Sums)
	case done.Wrong > 0:
		fmt.Fprintf(p.out, "%d sums of what accounts have were mended; now all are what is shown: %d accounts.\n", done.Wrong, done.Accounts)
	default:
		fmt.Fprintf(p.out, "What accounts have is what is shown: %d accounts, %d sums.\n", done.Accounts, done.Sums)
	}
	return nil
}

// checkLog reads the whole log and checks that nothing is missing in it, that each
// event follows the one before by its hash, and that each says what was hashed.
func checkLog(p *program, e *engine) error {
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
