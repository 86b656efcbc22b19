package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"casegraph"
	"casegraph/commit"
)

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "CREATED"
	Updated   Outcome = "UPDATED"
	Unchanged Outcome = "UNCHANGED"
	Rejected  Outcome = "REJECTED"
)

// entry is a row on its way into the graph.
type entry struct {
	plan    plan
	known   nodeSet
	once    *commit.Once
	now     Outcome     // what the last try decided
	waiting *moreNeeded // or what it found lacking
	outcome Outcome     // over all tries
	err     error       // why it was rejected
}

func (e *entry) change(actor casegraph.ID) commit.Change {
	return commit.Change{Actor: actor, Needs: e.plan.needs(e.known), Decide: e.decide, Once: e.once}
}

func (e *entry) decide(v *commit.View) (*commit.Writes, error) {
	w, created, err := e.plan.decide(v, e.known)
	e.waiting, e.now = nil, Rejected
	if errors.As(err, &e.waiting) || err != nil {
		return nil, err
	}
	switch {
	case len(w.Nodes)+len(w.Links)+len(w.Ends) == 0:
		e.now = Unchanged
	case created:
		e.now = Created
	default:
		e.now = Updated
	}
	if e.once != nil {
		w.Answer, err = json.Marshal(e.now)
	}
	return w, err
}

// settle takes a try's result. What a row did in an earlier try of the same
// page stays done.
func (e *entry) settle(result commit.Result) error {
	var known *casegraph.Error
	switch {
	case errors.As(result.Err, &known):
		e.outcome, e.err = Rejected, known
	case result.Err != nil:
		return result.Err
	case result.Replayed:
		if err := json.Unmarshal(result.Answer, &e.outcome); err != nil {
			return fmt.Errorf("ingest: remembered answer: %w", err)
		}
	case e.outcome == "" || e.outcome == Unchanged:
		e.outcome = e.now
	}
	return nil
}

var errUnfinished = errors.New("ingest: the page needs another try")

// commitPage writes the rows, and then the last change if there is one, in
// one transaction. Where a row turns out to touch links that it did not name,
// the page is tried again, with them; the last change waits for the last try.
func commitPage(ctx context.Context, c *commit.Committer, actor casegraph.ID, entries []*entry, last *commit.Change) error {
	for {
		changes := make([]commit.Change, 0, len(entries)+1)
		for _, e := range entries {
			changes = append(changes, e.change(actor))
		}
		if last != nil {
			changes = append(changes, whenSettled(*last, entries))
		}
		results, err := c.DoAll(ctx, changes)
		if err != nil {
			return err
		}
		again := false
		for i, e := range entries {
			if e.waiting != nil {
				again = true
				if err := e.plan.need(ctx, e.waiting); err != nil {
					return err
				}
				continue
			}
			if err := e.settle(results[i]); err != nil {
				return err
			}
		}
		if again {
			continue
		}
		if last != nil {
			return results[len(entries)].Err
		}
		return nil
	}
}

// whenSettled refuses the change as long as a row needs another try.
func whenSettled(last commit.Change, entries []*entry) commit.Change {
	decide := last.Decide
	last.Decide = func(v *commit.View) (*commit.Writes, error) {
		for _, e := range entries {
			if e.waiting != nil {
				return nil, errUnfinished
			}
		}
		return decide(v)
	}
	return last
}
