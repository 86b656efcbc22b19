package figures

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"casegraph"
)

// world is a log of cases that remembers all that they ever were.
type world struct {
	now    casegraph.Time
	events []casegraph.Event
	nodes  map[casegraph.ID]*casegraph.Case
	ids    []casegraph.ID
	lives  map[casegraph.ID][]moment
	// beforeNodes happens when nodes are about to be read.
	beforeNodes func()
}

// moment is what a case was behind an event.
type moment struct {
	casegraph.Event
	is casegraph.Case
}

func newWorld() *world {
	return &world{now: 1_700_000_000_000, nodes: map[casegraph.ID]*casegraph.Case{}, lives: map[casegraph.ID][]moment{}}
}

// open records a case.
func (w *world) open(actor casegraph.ID, c casegraph.Case) casegraph.ID {
	c.ID = casegraph.ID(fmt.Sprintf("case_%d", len(w.ids)))
	c.Version, c.CreatedAt = 1, w.now
	w.ids = append(w.ids, c.ID)
	w.tell(&c, casegraph.Event{Name: "case.created", Actor: actor})
	return c.ID
}

// change changes a case, or just says something of it.
func (w *world) change(id casegraph.ID, name string, actor casegraph.ID, change func(*casegraph.Case)) {
	was := w.nodes[id]
	c := was.Clone().(*casegraph.Case)
	change(c)
	e := casegraph.Event{Name: name, Actor: actor}
	before, after := attributesOf(was), attributesOf(c)
	for path := range byPath {
		if !bytes.Equal(before[path], after[path]) {
			e.Changes = append(e.Changes, casegraph.FieldChange{Path: path, Before: before[path], After: after[path]})
		}
	}
	if len(e.Changes) > 0 {
		c.Version++
	}
	w.tell(c, e)
}

func (w *world) tell(c *casegraph.Case, e casegraph.Event) {
	e.Seq, e.At, e.Subject = casegraph.Seq(len(w.events)+1), w.now, c.ID
	w.events = append(w.events, e)
	w.nodes[c.ID] = c
	w.lives[c.ID] = append(w.lives[c.ID], moment{e, *c})
}

func attributesOf(c *casegraph.Case) (attributes map[string]json.RawMessage) {
	text, _ := json.Marshal(c)
	json.Unmarshal(text, &attributes)
	return attributes
}

func (w *world) Events(_ context.Context, after casegraph.Seq, n int) ([]casegraph.Event, casegraph.Seq, error) {
	rest := w.events[after:]
	return slices.Clone(rest[:min(n, len(rest))]), casegraph.Seq(len(w.events)), nil
}

func (w *world) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if r.AsOf != 0 {
		return casegraph.NodesThen(ctx, w, r)
	}
	if w.beforeNodes != nil {
		w.beforeNodes()
	}
	found := map[casegraph.ID]casegraph.Node{}
	for _, id := range r.IDs {
		found[id] = w.nodes[id].Clone()
	}
	return found, nil
}

func (w *world) Timeline(_ context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	lines := map[casegraph.ID][]casegraph.Event{}
	for _, e := range slices.Backward(w.events) {
		if slices.Contains(r.IDs, e.Subject) && (r.Before == 0 || e.Seq < r.Before) && len(lines[e.Subject]) < r.First {
			lines[e.Subject] = append(lines[e.Subject], e)
		}
	}
	return lines, nil
}
