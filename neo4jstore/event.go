package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"casegraph"
)

// Timeline reads the events about each node, newest first if not asked otherwise.
func (s *Store) Timeline(ctx context.Context, r casegraph.TimelineRequest) (map[casegraph.ID][]casegraph.Event, error) {
	timelines := map[casegraph.ID][]casegraph.Event{}
	if len(r.IDs) == 0 {
		return timelines, nil
	}
	if r.Before == 0 {
		r.Before = math.MaxInt64
	}
	if r.First <= 0 || r.First > casegraph.MaxTimeline {
		r.First = casegraph.MaxTimeline
	}
	if r.Until == 0 {
		r.Until = math.MaxInt64
	}
	if r.Since == 0 {
		r.Since = math.MinInt64
	}
	direction := "DESC"
	if r.OldestFirst {
		direction = "ASC"
	}
	params := map[string]any{"ids": plain(r.IDs), "before": int64(r.Before), "after": int64(r.After), "first": r.First,
		"names": plain(r.Names), "actors": plain(r.Actors), "since": int64(r.Since), "until": int64(r.Until)}
	err := s.read(ctx, text("Timeline", "<DIRECTION>", direction), params, func(values []any) error {
		event, err := eventOf(values)
		timelines[event.Subject] = append(timelines[event.Subject], event)
		return err
	})
	return timelines, err
}

// Events reads the log in order, and the number of its last event. Neo4j may
// show a part of a transaction while it ends, so the answer stops before the
// first number that is not there yet: whoever follows the log misses nothing.
func (s *Store) Events(ctx context.Context, after casegraph.Seq, n int) ([]casegraph.Event, casegraph.Seq, error) {
	var last casegraph.Seq
	var events []casegraph.Event
	params := map[string]any{"after": int64(after), "first": max(n, 0)}
	err := s.read(ctx, text("Events"), params, func(values []any) error {
		last = casegraph.Seq(values[0].(int64))
		for _, row := range values[1].([]any) {
			event, err := eventOf(row.([]any))
			if err != nil {
				return err
			}
			if event.Seq != after+casegraph.Seq(len(events))+1 {
				return nil
			}
			events = append(events, event)
			last = max(last, event.Seq)
		}
		return nil
	})
	return events, last, err
}

// eventOf makes an event of what statements read of one: seq, at, name,
// subject, actor, payload, payloadHash, hash.
func eventOf(values []any) (casegraph.Event, error) {
	e := casegraph.Event{
		Seq:     casegraph.Seq(values[0].(int64)),
		At:      casegraph.Time(values[1].(int64)),
		Name:    values[2].(string),
		Subject: casegraph.ID(values[3].(string)),
		Actor:   casegraph.ID(values[4].(string)),
	}
	copy(e.PayloadHash[:], values[6].([]byte))
	copy(e.Hash[:], values[7].([]byte))
	if err := json.Unmarshal([]byte(values[5].(string)), &e.Payload); err != nil {
		return e, fmt.Errorf("neo4j: payload of event %d: %w", e.Seq, err)
	}
	return e, nil
}

func eventRows(d *casegraph.Decided) []any {
	rows := make([]any, len(d.Events))
	for i := range d.Events {
		e := &d.Events[i]
		rows[i] = map[string]any{"seq": int64(e.Seq), "at": int64(e.At), "name": e.Name, "subject": string(e.Subject),
			"actor": string(e.Actor), "payload": string(d.Payloads[i]), "payloadHash": e.PayloadHash[:], "hash": e.Hash[:]}
	}
	return rows
}
