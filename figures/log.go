package figures

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"casegraph"
)

// Log is what figures are made from: a store, without a cache before it.
type Log interface {
	Events(ctx context.Context, after casegraph.Seq, n int) ([]casegraph.Event, casegraph.Seq, error)
	Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error)
}

// news is what the log tells of cases behind the model's end.
type news struct {
	end    casegraph.Seq
	texts  *texts
	events []event
	diffs  []diff
	fresh  []fresh // cases that the model does not have yet
	number map[casegraph.ID]uint32
}

// event is what figures need to know of one of the log.
type event struct {
	seq                casegraph.Seq
	at                 casegraph.Time
	of                 uint32
	diffs              int // how many of the next are its
	answers, escalates bool
}

// diff is a change of an attribute, as numbers of the news' texts.
type diff struct {
	attribute     uint8
	before, after uint32
}

// fresh is a case that begins in the news.
type fresh struct {
	id         casegraph.ID
	changes    int64 // how often it changed in the news
	state      state // as it is now; then, when all was taken back, as it began
	restricted bool
}

// read reads on from the model's end to the log's, and leaves the model as it is.
func (m *model) read(ctx context.Context, log Log, atOnce int) (*news, error) {
	n := &news{end: m.seq, texts: newTexts(), number: map[casegraph.ID]uint32{}}
	for {
		events, _, err := log.Events(ctx, n.end, atOnce)
		if err != nil {
			return nil, err
		}
		for i := range events {
			if err := n.add(m, &events[i]); err != nil {
				return nil, err
			}
		}
		if len(events) < atOnce {
			return n, n.readFresh(ctx, log, atOnce)
		}
	}
}

func (n *news) add(m *model, e *casegraph.Event) error {
	n.end = e.Seq
	if !strings.HasPrefix(string(e.Subject), casegraph.KindCase.Prefix()) {
		return nil
	}
	of, known := m.cases[keyOf(e.Subject)]
	begins := false
	if !known {
		if of, known = n.number[e.Subject]; !known {
			begins, of = true, uint32(len(m.last)+len(n.fresh))
			n.number[e.Subject] = of
			n.fresh = append(n.fresh, fresh{id: e.Subject})
		}
		if len(e.Changes) > 0 {
			n.fresh[int(of)-len(m.last)].changes++
		}
	}
	told := event{seq: e.Seq, at: e.At, of: of, answers: casegraph.IsResponse(e.Name, e.Actor), escalates: e.Name == "case.escalated"}
	for i := range e.Changes {
		c := &e.Changes[i]
		attribute, counts := byPath[c.Path]
		if !counts {
			continue
		}
		before, err := textOf(attribute, c.Before)
		if err != nil {
			return fmt.Errorf("figures: event %d: %s: %w", e.Seq, c.Path, err)
		}
		after, err := textOf(attribute, c.After)
		if err != nil {
			return fmt.Errorf("figures: event %d: %s: %w", e.Seq, c.Path, err)
		}
		n.diffs = append(n.diffs, diff{attribute, n.texts.number(before), n.texts.number(after)})
		told.diffs++
	}
	if begins || told.diffs > 0 || told.answers || told.escalates {
		n.events = append(n.events, told)
	}
	return nil
}

// readFresh reads what new cases are like. A case's first event does not tell
// what it began as: that is what it is now, with all changes taken back.
func (n *news) readFresh(ctx context.Context, log Log, atOnce int) error {
	for page := range slices.Chunk(n.fresh, atOnce) {
		ids := make([]casegraph.ID, len(page))
		for i := range page {
			ids[i] = page[i].id
		}
		nodes, err := log.Nodes(ctx, casegraph.NodesRequest{IDs: ids})
		if err != nil {
			return err
		}
		var later []casegraph.ID // those that changed behind the news
		for i := range page {
			if node := nodes[page[i].id]; node != nil && node.Head().Version != page[i].changes+1 {
				later = append(later, page[i].id)
			}
		}
		if len(later) > 0 {
			then, err := log.Nodes(ctx, casegraph.NodesRequest{IDs: later, AsOf: n.end})
			if err != nil {
				return err
			}
			maps.Copy(nodes, then)
		}
		for i := range page {
			f := &page[i]
			c, ok := nodes[f.id].(*casegraph.Case)
			if !ok || c.Version != f.changes+1 {
				return fmt.Errorf("figures: %s is not what the log tells: casegraph check says more", f.id)
			}
			f.state, f.restricted = stateOf(c, n.texts), c.Restricted
		}
	}
	return nil
}

// add makes the news part of the model.
func (m *model) add(n *news) {
	known := len(m.last)
	at := len(n.diffs)
	for i := len(n.events) - 1; i >= 0; i-- {
		e := &n.events[i]
		if at -= e.diffs; int(e.of) < known {
			continue
		}
		for _, d := range n.diffs[at : at+e.diffs] {
			if d.attribute != restricted {
				n.fresh[int(e.of)-known].state[d.attribute] = d.before
			}
		}
	}
	numbers := make([]uint32, len(n.texts.all)) // of the news' texts in the model's
	for i, text := range n.texts.all {
		numbers[i] = m.texts.number(text)
	}
	for i := range n.events {
		e := &n.events[i]
		diffs := n.diffs[at : at+e.diffs]
		at += e.diffs
		if int(e.of) == len(m.last) {
			f := &n.fresh[int(e.of)-known]
			for a := range f.state {
				f.state[a] = numbers[f.state[a]]
			}
			m.open(keyOf(f.id), e.seq, e.at, f.state)
			m.restricted[e.of] = f.restricted
			continue
		}
		s := m.state(&m.changes[m.last[e.of]])
		for _, d := range diffs {
			if d.attribute != restricted {
				s[d.attribute] = numbers[d.after]
			} else if int(e.of) < known {
				m.restricted[e.of] = d.after != 0
			}
		}
		m.change(e.of, e.seq, e.at, s, e.answers, e.escalates)
	}
	m.seq = n.end
}
