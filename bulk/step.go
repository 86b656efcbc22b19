package bulk

import (
	"errors"
	"fmt"
	"log/slog"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// single is the change of one item; err is why it could not even be made.
type single struct {
	id     casegraph.ID
	change commit.Change
	err    error
}

// step is some items of a bulk, the next ones. Its changes are of one
// transaction, decided in order: whether it is to be done at all, each item, and
// what is kept of them. They tell each other through it, anew each time they
// are decided.
type step struct {
	id casegraph.ID
	at int // the position that it begins at

	bulk *casegraph.Bulk // as it is kept; nil if the step is not to be done
	// moved tells that an item has to be read anew: it waits, and so do those
	// behind it.
	moved bool
	items []casegraph.BulkItem
	slots map[string][]casegraph.BulkItem
}

// errNot is of what is not to be done: it leaves no trace.
var errNot = errors.New("bulk: not to be done")

// changes do the step.
func (s *step) changes(singles []single) []commit.Change {
	all := []commit.Change{s.begin(len(singles), nil)}
	for i := range singles {
		all = append(all, s.take(&singles[i]))
	}
	return append(all, s.end(len(singles)))
}

// keep only keeps what a dry run told.
func (s *step) keep(told []casegraph.BulkItem) []commit.Change {
	return []commit.Change{s.begin(len(told), told), s.end(len(told))}
}

// slotKeys are the values that n items from the position on are kept in.
func (s *step) slotKeys(n int) []string {
	var keys []string
	for at := s.at / slot * slot; at < s.at+n; at += slot {
		keys = append(keys, slotKey(s.id, at))
	}
	return keys
}

// begin decides whether the step is to be done: not if the bulk has ended, nor
// if somebody else has done it. It reads all that is kept, so that nothing can
// stand in the way of keeping more once items are taken.
func (s *step) begin(n int, told []casegraph.BulkItem) commit.Change {
	keys := s.slotKeys(n)
	needs := casegraph.Needs{Values: append([]string{headKey(s.id), runningKey}, keys...)}
	return commit.Change{Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		s.bulk, s.moved, s.items, s.slots = nil, false, told, map[string][]casegraph.BulkItem{}
		b, err := readHead(v.Value(headKey(s.id)))
		if err != nil || b == nil || b.State != casegraph.BulkRunning || b.Position() != s.at {
			return nil, errors.Join(err, errNot)
		}
		var running []entry
		if err := read(v.Value(runningKey), &running); err != nil {
			return nil, err
		}
		for _, key := range keys {
			var items []casegraph.BulkItem
			if err := read(v.Value(key), &items); err != nil {
				return nil, err
			}
			s.slots[key] = items
		}
		s.bulk = b
		return nil, errNot
	}}
}

// take does one item.
func (s *step) take(one *single) commit.Change {
	made := one.change
	made.Decide = func(v *commit.View) (w *commit.Writes, err error) {
		defer func() { // a fault in one item's rules must not keep the others waiting for ever
			if fault := recover(); fault != nil {
				w, err = nil, fmt.Errorf("bulk: a panic: %v", fault)
			}
		}()
		if s.bulk == nil || s.moved {
			return nil, errNot
		}
		if one.err != nil {
			return nil, one.err
		}
		return one.change.Decide(v)
	}
	made.Told = func(result commit.Result) {
		switch {
		case s.bulk == nil || s.moved:
		case errors.Is(result.Err, cases.ErrMoved):
			s.moved = true
		default:
			s.items = append(s.items, itemOf(one.id, result))
		}
	}
	return made
}

// itemOf is what became of an item.
func itemOf(id casegraph.ID, result commit.Result) casegraph.BulkItem {
	item := casegraph.BulkItem{NodeID: id, Outcome: casegraph.ItemUnchanged}
	var known *casegraph.Error
	switch {
	case errors.As(result.Err, &known):
		item.Outcome, item.Code, item.Field, item.Message = casegraph.ItemRefused, string(known.Code), known.Field, known.Message
	case result.Err != nil:
		slog.Error("an item of a bulk failed", "node", id, "error", result.Err)
		item.Outcome, item.Code, item.Message = casegraph.ItemRefused, string(casegraph.CodeInternal), "something went wrong here; the server's log tells what"
	case result.Changed:
		item.Outcome = casegraph.ItemDone
	}
	return item
}

// end keeps what became of the items, and moves the position behind them.
func (s *step) end(n int) commit.Change {
	needs := casegraph.Needs{Values: append([]string{headKey(s.id), runningKey}, s.slotKeys(n)...)}
	return commit.Change{Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if s.bulk == nil || len(s.items) == 0 {
			return nil, errNot
		}
		b := s.bulk
		written := map[string]bool{}
		for i, item := range s.items {
			key := slotKey(s.id, s.at+i)
			s.slots[key], written[key] = append(s.slots[key], item), true
			switch item.Outcome {
			case casegraph.ItemDone:
				b.Done++
			case casegraph.ItemUnchanged:
				b.Unchanged++
			default:
				b.Refused++
			}
		}
		b.MovedAt = v.Now
		w := &commit.Writes{Values: []casegraph.Value{kept(b, headKey(s.id), b)}}
		if b.Left() == 0 {
			var err error
			if w.Values, err = end(v, b, casegraph.BulkDone); err != nil {
				return nil, err
			}
		}
		for key := range written {
			w.Values = append(w.Values, kept(b, key, s.slots[key]))
		}
		return w, nil
	}}
}
