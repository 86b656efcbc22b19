package localstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"casegraph"
)

// Write writes what was decided, and ends the batch.
func (b *batch) Write(ctx context.Context, d *casegraph.Decided) error {
	defer b.Rollback()
	if b.ended {
		return fmt.Errorf("localstore: the batch has ended")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // see Begin
	b.wrote = true
	for _, write := range []func(context.Context, *casegraph.Decided) error{
		b.writeNodes, b.findEnds, b.writeLinks, b.endLinks, b.writePast, b.writeSums, b.writeEvents, b.writeValues, b.writeTerms} {
		if err := write(ctx, d); err != nil {
			return err
		}
	}
	if err := b.w.exec(ctx, "COMMIT"); err != nil {
		return err
	}
	b.ended = true
	b.w.give()
	return nil
}

func (b *batch) writeNodes(ctx context.Context, d *casegraph.Decided) error {
	for i := range d.Nodes {
		n := &d.Nodes[i]
		cid, err := b.w.cid(ctx, n.Class)
		if err != nil {
			return err
		}
		if n.New {
			err = b.insertNode(ctx, n, cid)
		} else {
			err = b.updateNode(ctx, n, cid)
		}
		if err != nil {
			return err
		}
		if n.TextChanged {
			if err := b.writeText(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) insertNode(ctx context.Context, n *casegraph.NodeWrite, cid int64) error {
	nid := b.w.nextNID
	err := b.w.exec(ctx, `INSERT INTO nodes (nid, id, kind, cid, version, created, updated, at, source, reference, data, due, alarm)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		nid, string(n.ID), string(n.Kind), cid, n.Version, int64(n.CreatedAt), int64(n.UpdatedAt), at(n.Data),
		n.Reference.Source, n.Reference.Reference, string(n.Data), int64(n.DueAt), int64(n.AlarmAt))
	if err != nil {
		return err
	}
	b.w.nextNID++
	b.w.nids[n.ID] = nid
	return nil
}

func (b *batch) updateNode(ctx context.Context, n *casegraph.NodeWrite, cid int64) error {
	nid := b.w.nids[n.ID]
	if n.Before != n.Class {
		if err := b.w.exec(ctx, "UPDATE nodes SET cid = ? WHERE nid = ?", cid, nid); err != nil {
			return err
		}
	}
	if err := b.w.exec(ctx, "UPDATE nodes SET version = ?, updated = ?, data = ? WHERE nid = ?", n.Version, int64(n.UpdatedAt), string(n.Data), nid); err != nil {
		return err
	}
	// A column that is set has its indexes written anew, changed or not: these seldom change.
	err := b.w.exec(ctx, `UPDATE nodes SET at = ?2, source = ?3, reference = ?4 WHERE nid = ?1 AND (at, source, reference) <> (?2, ?3, ?4)`,
		nid, at(n.Data), n.Reference.Source, n.Reference.Reference)
	if err != nil || n.Kind != casegraph.KindCase {
		return err
	}
	return b.w.exec(ctx, "UPDATE nodes SET due = ?2, alarm = ?3 WHERE nid = ?1 AND (due, alarm) <> (?2, ?3)", nid, int64(n.DueAt), int64(n.AlarmAt))
}

// at is when an object came to be, for the index.
func at(data []byte) int64 {
	var object struct {
		At int64 `json:"at"`
	}
	if !strings.Contains(string(data), `"at":`) {
		return 0
	}
	json.Unmarshal(data, &object)
	return object.At
}

func (b *batch) writeText(ctx context.Context, n *casegraph.NodeWrite) error {
	nid := b.w.nids[n.ID]
	if !n.New {
		if err := b.w.exec(ctx, "DELETE FROM texts WHERE rowid = ?", nid); err != nil {
			return err
		}
	}
	if len(n.Words) == 0 {
		return nil
	}
	return b.w.exec(ctx, "INSERT INTO texts (rowid, words) VALUES (?, ?)", nid, strings.Join(n.Words, " "))
}

// findEnds finds the numbers of the nodes that links, sums and events name and
// that are not known yet. One that does not exist refuses the batch.
func (b *batch) findEnds(ctx context.Context, d *casegraph.Decided) error {
	named := d.Named()
	if err := b.find(ctx, named); err != nil {
		return err
	}
	for _, id := range named {
		if b.w.nids[id] == 0 {
			return casegraph.NotFound("node", id)
		}
	}
	return nil
}

func (b *batch) writeLinks(ctx context.Context, d *casegraph.Decided) error {
	for i := range d.Links {
		l := &d.Links[i]
		props, err := encodeProps(&l.LinkProps)
		if err != nil {
			return err
		}
		err = b.w.exec(ctx, `INSERT INTO links (src, kind, dst, key, first, last, count, recorded, detailed, props)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (src, kind, dst, key) DO UPDATE SET first = excluded.first,
			last = excluded.last, count = excluded.count, recorded = excluded.recorded,
			detailed = excluded.detailed, props = excluded.props`,
			b.w.nids[l.From], l.Kind.Number(), b.w.nids[l.To], l.Key, int64(l.FirstSeen), int64(l.LastSeen), l.Count,
			int64(l.Recorded), props != nil, props)
		if err != nil {
			return err
		}
	}
	return nil
}

// encodeProps is nil where there are none.
func encodeProps(props *casegraph.LinkProps) (any, error) {
	if props.IsZero() {
		return nil, nil
	}
	text, err := json.Marshal(props)
	if err != nil {
		return nil, fmt.Errorf("localstore: link: %w", err)
	}
	return string(text), nil
}

func (b *batch) endLinks(ctx context.Context, d *casegraph.Decided) error {
	for _, id := range d.Ends {
		err := b.w.exec(ctx, "DELETE FROM links WHERE src = ? AND kind = ? AND dst = ? AND key = ?",
			b.w.nids[id.From], id.Kind.Number(), b.w.nids[id.To], id.Key)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writePast(ctx context.Context, d *casegraph.Decided) error {
	for i := range d.Past {
		l := &d.Past[i]
		props, err := encodeProps(&l.LinkProps)
		if err != nil {
			return err
		}
		err = b.w.exec(ctx, `INSERT INTO past_links (src, kind, dst, key, ended, first, last, count, recorded, props)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, b.w.nids[l.From], l.Kind.Number(), b.w.nids[l.To], l.Key, int64(l.Ended),
			int64(l.FirstSeen), int64(l.LastSeen), l.Count, int64(l.Recorded), props)
		if err != nil {
			return err
		}
	}
	return nil
}

// Evidence of a pair, from the end that has fewer links to look through.
// Parameters: the account, the identifier.
var (
	shownByObjects = evidenceRows("links o INDEXED BY links_in", "o.dst = ?1 AND o.kind = %[1]d",
		"s.src = o.src AND s.kind = %[2]d AND s.dst = ?2")
	shownToIdentifier = evidenceRows("links s INDEXED BY links_in", "s.dst = ?2 AND s.kind = %[2]d",
		"o.src = s.src AND o.kind = %[1]d AND o.dst = ?1")
)

// evidenceRows are the live SHOWS links of the account and of what is OF it,
// each once: numbers of object and identifier, times, count.
func evidenceRows(first, where, join string) string {
	second := "links s"
	if strings.HasPrefix(first, "links s") {
		second = "links o"
	}
	return fmt.Sprintf(`SELECT s.src, s.dst, s.first, s.last, s.count FROM links s
			WHERE s.src = ?1 AND s.kind = %[2]d AND s.dst = ?2
		UNION SELECT s.src, s.dst, s.first, s.last, s.count FROM `+first+` CROSS JOIN `+second+` ON `+join+`
			WHERE `+where, casegraph.LinkOf.Number(), casegraph.LinkShows.Number())
}

// writeSums works out the HAS links of the decided pairs from the evidence.
// What has not changed is not written.
func (b *batch) writeSums(ctx context.Context, d *casegraph.Decided) error {
	if len(d.Pairs) == 0 {
		return nil
	}
	for _, pair := range d.Pairs {
		account, identifier := b.w.nids[pair.Account], b.w.nids[pair.Identifier]
		rows, err := b.evidence(ctx, account, identifier)
		if err != nil {
			return err
		}
		err = b.w.exec(ctx, fmt.Sprintf(`INSERT INTO links (src, kind, dst, key, first, last, count, recorded, detailed, props)
			SELECT ?1, %[1]d, ?2, '', coalesce(min(nullif(first, 0)), 0), max(last), sum(count), ?3, 0, NULL
			FROM (%[2]s) HAVING count(*) > 0
			ON CONFLICT (src, kind, dst, key) DO UPDATE SET first = excluded.first, last = excluded.last, count = excluded.count
			WHERE links.first <> excluded.first OR links.last <> excluded.last OR links.count <> excluded.count`,
			casegraph.LinkHas.Number(), rows), account, identifier, int64(pair.First))
		if err != nil {
			return err
		}
		if err := b.endSum(ctx, account, identifier, pair.Last, rows); err != nil {
			return err
		}
	}
	return nil
}

// endSum ends the HAS link of a pair that has no evidence left.
func (b *batch) endSum(ctx context.Context, account, identifier int64, seq casegraph.Seq, evidence string) error {
	const is = "src = ?1 AND kind = %d AND dst = ?2 AND key = ''"
	ends := false
	rows, err := b.w.query(ctx, fmt.Sprintf("SELECT 1 FROM links WHERE "+is+" AND NOT EXISTS (%s)", casegraph.LinkHas.Number(), evidence), account, identifier)
	err = each(rows, err, func(scanner) error { ends = true; return nil })
	if err != nil || !ends {
		return err
	}
	err = b.w.exec(ctx, fmt.Sprintf(`INSERT INTO past_links (src, kind, dst, key, ended, first, last, count, recorded)
		SELECT src, kind, dst, key, ?3, first, last, count, recorded FROM links WHERE `+is, casegraph.LinkHas.Number()), account, identifier, int64(seq))
	if err != nil {
		return err
	}
	return b.w.exec(ctx, fmt.Sprintf("DELETE FROM links WHERE "+is, casegraph.LinkHas.Number()), account, identifier)
}

// evidence chooses the shorter way to a pair's evidence.
func (b *batch) evidence(ctx context.Context, account, identifier int64) (string, error) {
	var objects, showing int64
	rows, err := b.w.query(ctx, fmt.Sprintf(`SELECT (SELECT sum(n) FROM degrees WHERE nid = ?1 AND dir = 1 AND kind = %d),
		(SELECT sum(n) FROM degrees WHERE nid = ?2 AND dir = 1 AND kind = %d)`,
		casegraph.LinkOf.Number(), casegraph.LinkShows.Number()), account, identifier)
	err = each(rows, err, func(r scanner) error {
		var o, s *int64
		if err := r.Scan(&o, &s); err != nil {
			return err
		}
		if o != nil {
			objects = *o
		}
		if s != nil {
			showing = *s
		}
		return nil
	})
	if objects <= showing {
		return shownByObjects, err
	}
	return shownToIdentifier, err
}

func (b *batch) writeEvents(ctx context.Context, d *casegraph.Decided) error {
	for i := range d.Events {
		e := &d.Events[i]
		err := b.w.exec(ctx, "INSERT INTO events (seq, at, name, subject, actor, payload, payload_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			int64(e.Seq), int64(e.At), e.Name, b.w.nids[e.Subject], string(e.Actor), d.Payloads[i], e.PayloadHash[:], e.Hash[:])
		if err != nil {
			return err
		}
	}
	if len(d.Events) == 0 {
		return nil
	}
	last := &d.Events[len(d.Events)-1]
	return b.w.exec(ctx, "UPDATE head SET seq = ?, hash = ?", int64(last.Seq), last.Hash[:])
}

// expiredSwept is how many expired values a batch that writes one clears away.
const expiredSwept = 8

func (b *batch) writeValues(ctx context.Context, d *casegraph.Decided) error {
	var now casegraph.Time
	for _, v := range d.Values {
		err := b.w.exec(ctx, `INSERT INTO kept (key, data, expires) VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET data = excluded.data, expires = excluded.expires`, v.Key, v.Data, int64(v.ExpiresAt))
		if err != nil {
			return err
		}
	}
	if len(d.Events) > 0 {
		now = d.Events[0].At
	}
	if len(d.Values) == 0 || now == 0 {
		return nil
	}
	return b.w.exec(ctx, `DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE expires <> 0 AND expires <= ? LIMIT ?)`, int64(now), expiredSwept*len(d.Values))
}

func (b *batch) writeTerms(ctx context.Context, d *casegraph.Decided) error {
	for term, variants := range d.Terms {
		for _, variant := range variants {
			if err := b.w.exec(ctx, "INSERT INTO vocabulary (variant, term) VALUES (?, ?) ON CONFLICT DO NOTHING", variant, term); err != nil {
				return err
			}
		}
	}
	return nil
}
