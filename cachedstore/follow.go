package cachedstore

import (
	"context"
	"log/slog"
	"time"

	"casegraph"
)

// followedAtOnce is how many events are read at a time.
const followedAtOnce = 1000

// follow reads the log's end and drops what it tells of: what other servers
// and imports write is seen within a poll.
func (s *Store) follow(ctx context.Context) {
	defer close(s.stopped)
	at, started := casegraph.Seq(0), false
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		asked := time.Now()
		next, err := s.hear(ctx, at, started)
		if err == nil {
			at, started = next, true
			s.heard.Store(asked.UnixNano())
		} else if ctx.Err() == nil {
			slog.Warn("the log can't be read; answering without the cache", "error", err)
		}
		timer.Reset(s.poll)
	}
}

// hear reads the log's end, and drops what it tells of.
func (s *Store) hear(ctx context.Context, at casegraph.Seq, started bool) (casegraph.Seq, error) {
	if !started {
		_, last, err := s.Store.Events(ctx, 0, 0)
		if err != nil {
			return 0, err
		}
		at = last
	}
	touched, next, err := s.touchedAfter(ctx, at)
	if err != nil {
		return at, err
	}
	if len(touched) > 0 {
		s.drop(ctx, touched)
	}
	if s.redis != nil {
		s.redis.sync(ctx, next, func(after casegraph.Seq) ([]casegraph.ID, error) {
			touched, _, err := s.touchedAfter(ctx, after)
			return touched, err
		})
		if next != at {
			s.redis.follow(ctx, next)
		}
	}
	return next, nil
}

// touchedAfter are the nodes that the log tells of behind a number, and the
// number it ends at.
func (s *Store) touchedAfter(ctx context.Context, at casegraph.Seq) (touched []casegraph.ID, end casegraph.Seq, err error) {
	for {
		events, _, err := s.Store.Events(ctx, at, followedAtOnce)
		if err != nil || len(events) == 0 {
			return touched, at, err
		}
		for i := range events {
			touched = append(touched, events[i].Nodes()...)
		}
		at = events[len(events)-1].Seq
	}
}
