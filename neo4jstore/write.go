package neo4jstore

import (
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"maps"
	"slices"

	"context"
	"encoding/json"
	"errors"
	"fmt"

	"casegraph"
)

// Write writes what was decided, and ends the batch.
func (b *batch) Write(ctx context.Context, d *casegraph.Decided) error {
	if b.tx == nil {
		return errors.New("neo4j: the batch has ended")
	}
	defer b.Rollback()
	for _, write := range []func(context.Context, *casegraph.Decided) error{
		b.createNodes, b.findEnds, b.writeLinks, b.writeSums, b.writeTerms, b.writeRest} {
		if err := write(ctx, d); err != nil {
			return failed(ctx, err)
		}
	}
	if err := b.tx.Commit(ctx); err != nil {
		if !neo4j.IsNeo4jError(err) && b.committed(ctx, d) {
			return nil
		}
		return failed(ctx, err)
	}
	return nil
}

// committed tells whether the transaction was written although its answer was
// lost. Whoever holds the log's lock finds it done or undone, and the last
// event's hash is its own alone.
func (b *batch) committed(ctx context.Context, d *casegraph.Decided) bool {
	if len(d.Events) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*connectTimeout)
	defer cancel()
	again, err := b.store.Begin(ctx, casegraph.Needs{})
	if err != nil {
		return false
	}
	defer again.Rollback()
	last := &d.Events[len(d.Events)-1]
	events, _, err := b.store.Events(ctx, last.Seq-1, 1)
	return err == nil && len(events) == 1 && events[0].Hash == last.Hash
}

// writeRows runs a statement over rows, unless there are none.
func (b *batch) writeRows(ctx context.Context, rows []any, statement string, fillings ...string) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := b.run(ctx, text(statement, fillings...), map[string]any{"rows": rows})
	return err
}

func (b *batch) createNodes(ctx context.Context, d *casegraph.Decided) error {
	created := map[casegraph.Kind][]any{}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.New {
			created[n.Kind] = append(created[n.Kind], properties(n))
		}
	}
	for _, kind := range casegraph.Kinds() {
		if len(created[kind]) == 0 {
			continue
		}
		rows, err := b.run(ctx, text("CreateNodes", "<LABEL>", kind.Label()), map[string]any{"rows": created[kind]})
		if err != nil {
			return err
		}
		b.met(rows)
	}
	return nil
}

// met keeps the database's names of nodes.
func (b *batch) met(rows []*neo4j.Record) {
	for _, row := range rows {
		b.nodes[casegraph.ID(row.Values[0].(string))] = row.Values[1].(string)
	}
}

// findEnds finds the nodes that links, sums and events name and that were not
// met yet. One that is not there refuses the batch.
func (b *batch) findEnds(ctx context.Context, d *casegraph.Decided) error {
	unknown := map[casegraph.ID]bool{}
	for _, id := range d.Named() {
		if b.nodes[id] == "" {
			unknown[id] = true
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	rows, err := b.run(ctx, text("FindNodes"), map[string]any{"ids": plain(slices.Collect(maps.Keys(unknown)))})
	if err != nil {
		return err
	}
	b.met(rows)
	for id := range unknown {
		if b.nodes[id] == "" {
			return casegraph.NotFound("node", id)
		}
	}
	return nil
}

// writeLinks puts links in place. Begin has read most of them, so that it is
// known which are new; only the others are looked for.
func (b *batch) writeLinks(ctx context.Context, d *casegraph.Decided) error {
	created, changed := map[casegraph.LinkKind][]any{}, map[casegraph.LinkKind][]any{}
	for i := range d.Links {
		l := &d.Links[i]
		row, err := b.linkRow(l)
		if err != nil {
			return err
		}
		if b.isNew(l.LinkID) {
			created[l.Kind] = append(created[l.Kind], row)
		} else {
			changed[l.Kind] = append(changed[l.Kind], row)
		}
	}
	over, past := map[casegraph.LinkKind][]any{}, map[casegraph.LinkKind][]any{}
	for _, id := range d.Ends {
		over[id.Kind] = append(over[id.Kind], []any{b.nodes[id.From], b.nodes[id.To], map[string]any{"key": id.Key}})
	}
	for i := range d.Past {
		row, err := b.linkRow(&d.Past[i])
		if err != nil {
			return err
		}
		past[d.Past[i].Kind] = append(past[d.Past[i].Kind], row)
	}
	for _, kind := range casegraph.LinkKinds() {
		if err := b.writeRows(ctx, created[kind], "CreateLinks", "<KIND>", string(kind)); err != nil {
			return err
		}
		if err := b.writeRows(ctx, changed[kind], "ChangeLinks", "<KIND>", string(kind)); err != nil {
			return err
		}
		if err := b.writeRows(ctx, over[kind], "EndLinks", "<KIND>", string(kind)); err != nil {
			return err
		}
		if err := b.writeRows(ctx, past[kind], "CreateLinks", "<KIND>", ended(kind)); err != nil {
			return err
		}
	}
	return nil
}

// isNew tells whether a link is known not to be there, or to hold no more.
func (b *batch) isNew(id casegraph.LinkID) bool {
	live, asked := b.live[id]
	if !asked {
		gathered := id.Kind == casegraph.LinkContains || id.Kind == casegraph.LinkOf || id.Kind == casegraph.LinkShows
		return gathered && b.evidence[id.From]
	}
	return !live
}

func (b *batch) linkRow(l *casegraph.Link) (any, error) {
	link := map[string]any{"key": l.Key, "firstSeen": int64(l.FirstSeen), "lastSeen": int64(l.LastSeen), "count": l.Count,
		"recorded": int64(l.Recorded)}
	if l.Ended != 0 {
		link["ended"] = int64(l.Ended)
	}
	if !l.LinkProps.IsZero() {
		props, err := json.Marshal(&l.LinkProps)
		if err != nil {
			return nil, fmt.Errorf("properties of a link: %w", err)
		}
		link["props"] = string(props)
	}
	return []any{b.nodes[l.From], b.nodes[l.To], link}, nil
}

// writeSums works out the HAS links of the decided pairs from the evidence.
func (b *batch) writeSums(ctx context.Context, d *casegraph.Decided) error {
	if len(d.Pairs) == 0 {
		return nil
	}
	pairs := make([]any, len(d.Pairs))
	for i, pair := range d.Pairs {
		pairs[i] = []any{b.nodes[pair.Account], b.nodes[pair.Identifier], int64(pair.First), int64(pair.Last)}
	}
	_, err := b.run(ctx, text("WriteSums", "<SHOWN>", text("shown")), map[string]any{"pairs": pairs})
	return err
}

func (b *batch) writeTerms(ctx context.Context, d *casegraph.Decided) error {
	terms := map[string][]any{}
	for term, variants := range d.Terms {
		for _, variant := range variants {
			terms[variant] = append(terms[variant], term)
		}
	}
	rows := make([]any, 0, len(terms))
	for variant, terms := range terms {
		rows = append(rows, []any{variant, terms})
	}
	return b.writeRows(ctx, rows, "WriteTerms")
}

// expiredSwept is how many expired values are cleared away for each one that
// is written.
const expiredSwept = 2

// writeRest writes what nearly every batch has: nodes that change, values,
// events and the log's end.
func (b *batch) writeRest(ctx context.Context, d *casegraph.Decided) error {
	changed := []any{}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; !n.New {
			changed = append(changed, []any{b.nodes[n.ID], properties(n)})
		}
	}
	seq, hash, now := b.state.Seq, b.state.Hash, casegraph.Time(0)
	if len(d.Events) > 0 {
		last := d.Events[len(d.Events)-1]
		seq, hash, now = last.Seq, last.Hash, last.At
	}
	_, err := b.run(ctx, text("Write"), map[string]any{"seq": int64(seq), "hash": hash[:], "events": eventRows(d), "changed": changed,
		"values": valueRows(d.Values), "now": int64(now), "swept": expiredSwept * len(d.Values)})
	return err
}
