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
	news, err := s.newsAfter(ctx, at)
	if err != nil {
		return at, err
	}
	if news.reclassed {
		s.dropLinks()
	}
	if len(news.touched) > 0 {
		s.drop(ctx, news.touched)
	}
	if s.redis != nil {
		s.redis.sync(ctx, news.end, func(after casegraph.Seq) ([]casegraph.ID, error) {
			news, err := s.newsAfter(ctx, after)
			return news.touched, err
		})
		if news.end != at {
			s.redis.follow(ctx, news.end)
		}
	}
	return news.end, nil
}

// news is what the log tells behind a number: which nodes were touched, whether
// a node's class changed, and the number it ends at.
type news struct {
	touched   []casegraph.ID
	reclassed bool
	end       casegraph.Seq
}

func (s *Store) newsAfter(ctx context.Context, at casegraph.Seq) (news, error) {
	n := news{end: at}
	for {
		events, _, err := s.Store.Events(ctx, n.end, followedAtOnce)
		if err != nil || len(events) == 0 {
			return n, err
		}
		for i := range events {
			n.touched = append(n.touched, events[i].Nodes()...)
			n.reclassed = n.reclassed || events[i].Reclasses()
		}
		n.end = events[len(events)-1].Seq
	}
}
