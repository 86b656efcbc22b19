package bulk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// KeptFor is how long a bulk can be looked at after it was asked for, in
// milliseconds.
const KeptFor = 30 * 24 * 60 * 60 * 1000

// slot is how many items are kept in one value, and taken in one transaction.
const slot = 50

// runningKey is the value that lists the bulks that run.
const runningKey = "bulk/running"

// entry is one of those.
type entry struct {
	ID casegraph.ID `json:"id"`
	By casegraph.ID `json:"by"`
}

// asked is what a bulk was asked to do. It never changes.
type asked struct {
	IDs []casegraph.ID `json:"ids"`
	Do  cases.BulkDo   `json:"do"`
}

func headKey(id casegraph.ID) string  { return "bulk/" + string(id) }
func askedKey(id casegraph.ID) string { return headKey(id) + "/asked" }

// slotKey is the value that has the item at a place, and those beside it.
func slotKey(id casegraph.ID, at int) string { return fmt.Sprintf("%s/%d", headKey(id), at/slot*slot) }

// read decodes a kept value; one that is not there leaves what is.
func read(data []byte, into any) error {
	if data == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("bulk: what is kept: %w", err)
	}
	return nil
}

// readHead is the bulk that is kept, or nil.
func readHead(data []byte) (*casegraph.Bulk, error) {
	if data == nil {
		return nil, nil
	}
	b := &casegraph.Bulk{}
	return b, read(data, b)
}

// kept is a value of a bulk, for as long as the bulk is.
func kept(b *casegraph.Bulk, key string, v any) casegraph.Value {
	return casegraph.Value{Key: key, Data: cases.Encode(v), ExpiresAt: b.StartedAt + KeptFor}
}

// Answer names the bulk that was begun or cancelled.
type Answer struct {
	BulkID casegraph.ID `json:"bulkId"`
}

// begin keeps a bulk that has done nothing yet. It answers Answer; there is no
// event.
func begin(by cases.Asker, in cases.BulkInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := cases.CheckBulk(by, &in); err != nil {
		return commit.Change{}, err
	}
	id := newID(casegraph.KindBulk)
	needs := casegraph.Needs{Values: []string{runningKey, headKey(id), askedKey(id)}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		var running []entry
		if err := read(v.Value(runningKey), &running); err != nil {
			return nil, err
		}
		if err := hasRoom(running, by.ID); err != nil {
			return nil, err
		}
		b := &casegraph.Bulk{ID: id, ByID: by.ID, Action: in.Do.Action(), DryRun: in.DryRun, State: casegraph.BulkRunning,
			StartedAt: v.Now, MovedAt: v.Now, Total: len(in.IDs)}
		return &commit.Writes{Answer: cases.Encode(Answer{id}), Values: []casegraph.Value{
			kept(b, headKey(id), b), kept(b, askedKey(id), asked{in.IDs, in.Do}),
			{Key: runningKey, Data: cases.Encode(append(running, entry{id, by.ID}))},
		}}, nil
	}}, nil
}

func hasRoom(running []entry, by casegraph.ID) error {
	var ids []string
	for _, e := range running {
		if e.By == by {
			ids = append(ids, string(e.ID))
		}
	}
	if len(ids) < cases.MaxBulkRunning {
		return nil
	}
	return casegraph.Conflict("%d of your bulks are running, and no more may: wait for one, or cancel it: %s", len(ids), strings.Join(ids, ", "))
}

// Cancel ends a bulk that runs; what it did stays done. It is for who asked for
// it, and for administrators. It answers Answer; there is no event.
func Cancel(by cases.Asker, id casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleViewer); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Values: []string{runningKey, headKey(id)}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		b, err := readHead(v.Value(headKey(id)))
		if err != nil {
			return nil, err
		}
		if b == nil || !sees(by, b) {
			return nil, casegraph.NoSuch("bulkId", "bulk", id)
		}
		w := &commit.Writes{Answer: cases.Encode(Answer{id})}
		if b.State != casegraph.BulkRunning {
			return w, nil
		}
		w.Values, err = end(v, b, casegraph.BulkCancelled)
		return w, err
	}}, nil
}

// sees tells whether an asker may look at a bulk.
func sees(by cases.Asker, b *casegraph.Bulk) bool {
	return b.ByID == by.ID || by.Role == casegraph.RoleAdmin
}

// end are the values of a bulk that runs no more.
func end(v *commit.View, b *casegraph.Bulk, state casegraph.BulkState) ([]casegraph.Value, error) {
	var running []entry
	if err := read(v.Value(runningKey), &running); err != nil {
		return nil, err
	}
	running = slices.DeleteFunc(running, func(e entry) bool { return e.ID == b.ID })
	b.State, b.EndedAt = state, v.Now
	return []casegraph.Value{kept(b, headKey(b.ID), b), {Key: runningKey, Data: cases.Encode(running)}}, nil
}
