package figures

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Figures answers questions about cases in numbers.
type Figures struct {
	log    Log
	atOnce int           // how many events, or cases, are read in one call
	turn   chan struct{} // held by whoever reads the log
	mu     sync.RWMutex  // of the model, which whoever holds the turn alone changes
	model  *model
}

// New makes figures of a log. The first question, or Follow, reads it whole.
func New(log Log) *Figures {
	return &Figures{log: log, atOnce: 2000, turn: make(chan struct{}, 1), model: newModel()}
}

// Follow reads the log from its beginning and then, each time that every has
// passed, what came since, so that questions need not wait for it. It ends with
// ctx.
func (f *Figures) Follow(ctx context.Context, every time.Duration) {
	timer := time.NewTicker(every)
	defer timer.Stop()
	for {
		if err := f.CatchUp(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("the log can't be read for figures", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

// CatchUp reads the log to its end.
func (f *Figures) CatchUp(ctx context.Context) error {
	select {
	case f.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-f.turn }()
	news, err := f.model.read(ctx, f.log, f.atOnce)
	if err != nil || news.end == f.model.seq {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.model.add(news)
	return nil
}

// Ask answers a question, by all that was written before it was asked.
func (f *Figures) Ask(ctx context.Context, q Query) (*Answer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := f.CatchUp(ctx); err != nil {
		return nil, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	cut := len(f.model.changes)
	if q.AsOf == 0 {
		q.AsOf = f.model.seq
	} else {
		cut, _ = slices.BinarySearch(f.model.seqs, q.AsOf+1)
	}
	s := &survey{model: f.model, query: &q, cut: cut, ctx: ctx}
	return s.answer()
}
