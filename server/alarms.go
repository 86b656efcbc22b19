package server

import (
	"context"
	"log/slog"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// Alarms records the warnings and breaches of cases' clocks as they come. The
// store lists cases in the order of what comes next, so nothing is lost while
// no server runs; and each is recorded within the log's lock if it is not yet,
// so any number of servers may look, and none is recorded twice.
type Alarms struct {
	Store     casegraph.Store
	Committer *commit.Committer
	Now       func() time.Time
}

// Ring records what has come by now, and tells of how many cases.
func (a Alarms) Ring(ctx context.Context) (rung int, err error) {
	now := casegraph.TimeOf(a.Now())
	come := casegraph.ListRequest{Kind: casegraph.KindCase, OrderBy: casegraph.ByAlarm, First: casegraph.MaxPage,
		Before: &casegraph.Place{Value: int64(now) + 1}}
	for {
		page, err := a.Store.List(ctx, come)
		if err != nil || len(page.Nodes) == 0 {
			return rung, err
		}
		changes := make([]commit.Change, len(page.Nodes))
		for i, n := range page.Nodes {
			changes[i] = cases.Ring(n.Head().ID)
		}
		results, err := a.Committer.DoAll(ctx, changes)
		if err != nil {
			return rung, err
		}
		for i, result := range results {
			if result.Err != nil {
				slog.ErrorContext(ctx, "the clocks of a case could not be recorded", "case", page.Nodes[i].Head().ID, "error", result.Err)
			}
			if result.Changed {
				rung++
			}
		}
		if !page.More {
			return rung, nil
		}
		last := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], casegraph.ByAlarm)
		come.After = &last
	}
}

// Run looks every so often until ctx ends. What fails is told and tried again.
func (a Alarms) Run(ctx context.Context, every time.Duration) {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	failing := false
	for {
		_, err := a.Ring(ctx)
		if failed := err != nil && ctx.Err() == nil; failed != failing {
			if failing = failed; failing {
				slog.ErrorContext(ctx, "the clocks of cases can't be looked at", "error", err)
			} else {
				slog.InfoContext(ctx, "the clocks of cases are looked at again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}
