package localstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"casegraph"
)

const eventColumns = "e.seq, e.at, e.name, n.id, e.actor, e.payload, e.payload_hash, e.hash"

func scanEvent(r scanner) (casegraph.Event, error) {
	var e casegraph.Event
	var payload, payloadHash, hash sql.RawBytes
	if err := r.Scan(&e.Seq, &e.At, &e.Name, &e.Subject, &e.Actor, &payload, &payloadHash, &hash); err != nil {
		return e, err
	}
	copy(e.PayloadHash[:], payloadHash)
	copy(e.Hash[:], hash)
	if err := json.Unmarshal(payload, &e.Payload); err != nil {
		return e, fmt.Errorf("localstore: event %d: %w", e.Seq, err)
	}
	return e, nil
}

// Timeline reads the events about each node, newest first if not asked otherwise.
func (s *Store) Timeline(ctx context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	conditions, args := eventConditions(&r)
	direction := "DESC"
	if r.OldestFirst {
		direction = "ASC"
	}
	first := r.First
	if first <= 0 || first > casegraph.MaxTimeline {
		first = casegraph.MaxTimeline
	}
	statement := "SELECT " + eventColumns + ` FROM nodes n CROSS JOIN events e INDEXED BY events_subject
		ON e.subject = n.nid` + conditions + " WHERE n.id = ? ORDER BY e.seq " + direction + " LIMIT ?"
	timelines := map[casegraph.ID][]casegraph.Event{}
	for _, id := range r.IDs {
		if timelines[id] != nil {
			continue
		}
		rows, err := s.stmts.query(ctx, statement, append(args[:len(args):len(args)], string(id), first)...)
		err = each(rows, err, func(row scanner) error {
			e, err := scanEvent(row)
			timelines[id] = append(timelines[id], e)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return timelines, nil
}

// eventConditions are those of a timeline, but for whose it is.
func eventConditions(r *casegraph.TimelineRequest) (conditions string, args []any) {
	before := int64(r.Before)
	if before == 0 {
		before = 1 << 62
	}
	conditions, args = " AND e.seq < ? AND e.seq > ?", []any{before, int64(r.After)}
	if len(r.Names) > 0 {
		conditions, args = conditions+" AND e.name IN (SELECT value FROM json_each(?))", append(args, jsonList(r.Names))
	}
	if len(r.Actors) > 0 {
		conditions, args = conditions+" AND e.actor IN (SELECT value FROM json_each(?))", append(args, jsonList(r.Actors))
	}
	if r.Since != 0 {
		conditions, args = conditions+" AND e.at >= ?", append(args, int64(r.Since))
	}
	if r.Until != 0 {
		conditions, args = conditions+" AND e.at <= ?", append(args, int64(r.Until))
	}
	return conditions, args
}

// Events reads the log in order, and the number of its last event.
func (s *Store) Events(ctx context.Context, after casegraph.Seq, n int) ([]casegraph.Event, casegraph.Seq, error) {
	var last int64
	rows, err := s.stmts.query(ctx, "SELECT seq FROM head")
	if err := each(rows, err, func(row scanner) error { return row.Scan(&last) }); err != nil {
		return nil, 0, err
	}
	var events []casegraph.Event
	if n <= 0 || int64(after) >= last {
		return nil, casegraph.Seq(last), nil
	}
	rows, err = s.stmts.query(ctx, "SELECT "+eventColumns+` FROM events e CROSS JOIN nodes n ON n.nid = e.subject
		WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?`, int64(after), last, n)
	err = each(rows, err, func(row scanner) error {
		e, err := scanEvent(row)
		events = append(events, e)
		return err
	})
	return events, casegraph.Seq(last), err
}

// Values reads what is kept beside the graph.
func (s *Store) Values(ctx context.Context, keys []string, now casegraph.Time) (map[string][]byte, error) {
	values := map[string][]byte{}
	rows, err := s.stmts.query(ctx, `SELECT k.key, k.data FROM json_each(?) j CROSS JOIN kept k ON k.key = j.value
		WHERE k.expires = 0 OR k.expires > ?`, jsonList(keys), int64(now))
	err = each(rows, err, func(row scanner) error {
		var key string
		var data []byte
		err := row.Scan(&key, &data)
		values[key] = data
		return err
	})
	return values, err
}
