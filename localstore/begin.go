package localstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"casegraph"
)

// batch is one writing transaction. While it is open it holds the writer.
type batch struct {
	w     *writer
	state *casegraph.State
	wrote bool
	ended bool
}

// Begin takes the writer and reads what the changes need.
func (s *Store) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if s.writer == nil {
		return nil, &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the store is opened for reading alone"}
	}
	w := s.writer
	if err := w.take(ctx); err != nil {
		return nil, err
	}
	b := &batch{w: w, state: &casegraph.State{
		Nodes: map[casegraph.ID]casegraph.Node{}, Links: map[casegraph.LinkID]*casegraph.Link{},
		Evidence: map[casegraph.ID][]*casegraph.Link{}, Values: map[string]casegraph.Value{}, Loads: map[casegraph.ID]int{}}}
	// Statements of a batch are short: watching ctx in each costs more than the
	// statement. What takes long is the waiting, which ctx has ended above.
	if err := b.begin(context.WithoutCancel(ctx), needs); err != nil {
		b.Rollback()
		return nil, err
	}
	return b, nil
}

func (b *batch) begin(ctx context.Context, needs casegraph.Needs) error {
	if err := b.w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := b.w.know(ctx); err != nil {
		return err
	}
	for _, read := range []func(context.Context, casegraph.Needs) error{b.readHead, b.readNodes, b.readLinks, b.readEvidence, b.readValues, b.readLoads} {
		if err := read(ctx, needs); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) readHead(ctx context.Context, _ casegraph.Needs) error {
	rows, err := b.w.query(ctx, "SELECT seq, hash FROM head")
	return each(rows, err, func(r scanner) error {
		var hash []byte
		err := r.Scan(&b.state.Seq, &hash)
		copy(b.state.Hash[:], hash)
		return err
	})
}

func (b *batch) readNodes(ctx context.Context, needs casegraph.Needs) error {
	if len(needs.Nodes) == 0 {
		return nil
	}
	rows, err := b.w.query(ctx, `SELECT n.nid, n.id, n.kind, n.version, n.created, n.updated, n.data
		FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value`, jsonList(needs.Nodes))
	return each(rows, err, func(r scanner) error {
		var nid int64
		node, err := scanNode(r, &nid)
		if err == nil {
			b.state.Nodes[node.Head().ID] = node
			b.w.nids[node.Head().ID] = nid
		}
		return err
	})
}

// readLinks finds links by the numbers of their ends; one whose end is not
// there is not there.
func (b *batch) readLinks(ctx context.Context, needs casegraph.Needs) error {
	if len(needs.Links) == 0 {
		return nil
	}
	ends := make([]casegraph.ID, 0, 2*len(needs.Links))
	for _, id := range needs.Links {
		ends = append(ends, id.From, id.To)
	}
	if err := b.find(ctx, ends); err != nil {
		return err
	}
	list := make([][4]any, len(needs.Links))
	for i, id := range needs.Links {
		list[i] = [4]any{b.w.nids[id.From], id.Kind.Number(), b.w.nids[id.To], id.Key}
	}
	rows, err := b.w.query(ctx, `SELECT j.key, `+linkColumns+` FROM json_each(?) j
		CROSS JOIN links l ON l.src = j.value ->> 0 AND l.kind = j.value ->> 1 AND l.dst = j.value ->> 2 AND l.key = j.value ->> 3`, jsonList(list))
	return each(rows, err, func(r scanner) error {
		var i int
		var l casegraph.Link
		if err := scanLink(r, &l, &i); err != nil {
			return err
		}
		l.LinkID = needs.Links[i]
		b.state.Links[l.LinkID] = &l
		return nil
	})
}

// find learns the numbers of nodes that are there.
func (b *batch) find(ctx context.Context, ids []casegraph.ID) error {
	var unknown []casegraph.ID
	for _, id := range ids {
		if b.w.nids[id] == 0 {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	rows, err := b.w.query(ctx, "SELECT n.nid, n.id FROM json_each(?) j CROSS JOIN nodes n ON n.id = j.value", jsonList(unknown))
	return each(rows, err, func(r scanner) error {
		var nid int64
		var id casegraph.ID
		err := r.Scan(&nid, &id)
		b.w.nids[id] = nid
		return err
	})
}

func (b *batch) readEvidence(ctx context.Context, needs casegraph.Needs) error {
	if len(needs.Evidence) == 0 {
		return nil
	}
	for _, id := range needs.Evidence {
		b.state.Evidence[id] = nil
	}
	if err := b.find(ctx, needs.Evidence); err != nil {
		return err
	}
	nids := make([]int64, len(needs.Evidence))
	for i, id := range needs.Evidence {
		nids[i] = b.w.nids[id]
	}
	rows, err := b.w.query(ctx, fmt.Sprintf(`SELECT j.key, t.nid, t.id, `+linkColumns+`
		FROM json_each(?) j CROSS JOIN links l ON l.src = j.value AND l.kind IN (%d, %d, %d) CROSS JOIN nodes t ON t.nid = l.dst`,
		casegraph.LinkContains.Number(), casegraph.LinkOf.Number(), casegraph.LinkShows.Number()), jsonList(nids))
	return each(rows, err, func(r scanner) error {
		var i int
		var to int64
		var l casegraph.Link
		if err := scanLink(r, &l, &i, &to, &l.To); err != nil {
			return err
		}
		l.From = needs.Evidence[i]
		b.w.nids[l.To] = to
		b.state.Evidence[l.From] = append(b.state.Evidence[l.From], &l)
		return nil
	})
}

const linkColumns = "l.kind, l.key, l.first, l.last, l.count, l.recorded, l.props"

// scanLink reads what stands before linkColumns, and those.
func scanLink(r scanner, l *casegraph.Link, before ...any) error {
	var kind int
	var props sql.RawBytes
	if err := r.Scan(append(before, &kind, &l.Key, &l.FirstSeen, &l.LastSeen, &l.Count, &l.Recorded, &props)...); err != nil {
		return err
	}
	l.Kind = linkKind(kind)
	return decodeProps(props, &l.LinkProps)
}

func linkKind(number int) casegraph.LinkKind { return casegraph.LinkKinds()[number-1] }

func decodeProps(text []byte, props *casegraph.LinkProps) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, props)
}

func (b *batch) readValues(ctx context.Context, needs casegraph.Needs) error {
	if len(needs.Values) == 0 {
		return nil
	}
	rows, err := b.w.query(ctx, "SELECT k.key, k.data, k.expires FROM json_each(?) j CROSS JOIN kept k ON k.key = j.value", jsonList(needs.Values))
	return each(rows, err, func(r scanner) error {
		var v casegraph.Value
		err := r.Scan(&v.Key, &v.Data, &v.ExpiresAt)
		b.state.Values[v.Key] = v
		return err
	})
}

// readLoads counts in the index of open cases that somebody has.
func (b *batch) readLoads(ctx context.Context, needs casegraph.Needs) error {
	if len(needs.Loads) == 0 {
		return nil
	}
	rows, err := b.w.query(ctx, `SELECT j.value, (SELECT count(*) FROM nodes n
		WHERE n.kind = 'CASE' AND n.data ->> '$.resolvedAt' IS NULL AND n.data ->> '$.assigneeId' = j.value) FROM json_each(?) j`, jsonList(needs.Loads))
	return each(rows, err, func(r scanner) error {
		var id casegraph.ID
		var load int
		err := r.Scan(&id, &load)
		b.state.Loads[id] = load
		return err
	})
}

// State is what Begin read.
func (b *batch) State() *casegraph.State { return b.state }

// Rollback ends the batch without a trace.
func (b *batch) Rollback() {
	if b.ended {
		return
	}
	b.ended = true
	b.w.conn.ExecContext(context.Background(), "ROLLBACK")
	if b.wrote {
		b.w.forget()
	}
	b.w.give()
}

func jsonList(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // lists of texts and numbers always encode
	}
	return string(text)
}
