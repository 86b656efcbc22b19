package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"casegraph"
	"casegraph/figures"
	"casegraph/resolvers"
)

// clients are how many ask at once.
var clients = []int{1, 8}

// question is what is measured.
type question struct {
	name string
	ask  func(ctx context.Context, i int) error
}

// figure is what one question took, by clients.
type figure struct {
	question string
	took     []spread
}

type spread struct{ p50, p99 time.Duration }

// questionsOf are those measured, asked by an investigator at the end of the two
// years.
func questionsOf(store casegraph.Store, counted *figures.Figures) []question {
	mask := casegraph.Mask{RestrictedCases: true}
	end, _ := time.Parse(time.RFC3339, lastMoment)
	now := casegraph.TimeOf(end.Add(24 * time.Hour))
	const day = 24 * 60 * 60 * 1000
	inQueue := func(i int) casegraph.Filter {
		return casegraph.Filter{Path: "queueId", Op: casegraph.OpEq, Value: string(id(casegraph.KindQueue, i%queues))}
	}
	viewOf := func(which casegraph.Filter) casegraph.ListRequest {
		open := casegraph.Filter{Path: "resolvedAt", Op: casegraph.OpExists, Value: false}
		return casegraph.ListRequest{Kind: casegraph.KindCase, Filter: casegraph.Filter{And: []casegraph.Filter{which, open}}, Mask: mask}
	}
	waiting := func(more casegraph.Filter) casegraph.ListRequest {
		filter := casegraph.Waiting(now)
		filter.And = append(filter.And, more)
		return casegraph.ListRequest{Kind: casegraph.KindCase, Filter: filter, OrderBy: casegraph.ByCreated, First: 20, Mask: mask}
	}
	figuresOf := func(q figures.Query) func(context.Context, int) error {
		return func(ctx context.Context, _ int) error {
			q := q
			q.Now, q.Mask = now, mask
			answer, err := counted.Ask(ctx, q)
			if err == nil {
				answer.CSV(func(value string) string { return value })
			}
			return err
		}
	}
	return []question{
		{"a queue's page: the first 20 that wait", func(ctx context.Context, i int) error {
			_, err := store.List(ctx, waiting(inQueue(i)))
			return err
		}},
		{"what waits in each of 20 queues, and since when", func(ctx context.Context, i int) error {
			var ids []any
			for i := range queues {
				ids = append(ids, string(id(casegraph.KindQueue, i)))
			}
			_, err := store.Groups(ctx, waiting(casegraph.Filter{Path: "queueId", Op: casegraph.OpIn, Value: ids}), "queueId")
			return err
		}},
		{"my open cases, a page", func(ctx context.Context, i int) error {
			_, err := store.List(ctx, casegraph.ListRequest{Kind: casegraph.KindCase, First: 20, OrderBy: casegraph.ByUpdated, Descending: true, Mask: mask,
				Filter: casegraph.Filter{And: []casegraph.Filter{{Path: "assigneeId", Op: casegraph.OpEq, Value: string(id(casegraph.KindUser, i%people))},
					{Path: "resolvedAt", Op: casegraph.OpExists, Value: false}}}})
			return err
		}},
		{"how many cases a view has: a queue, open", func(ctx context.Context, i int) error {
			_, err := store.CountEach(ctx, []casegraph.ListRequest{viewOf(inQueue(i))}, resolvers.MaxViewCount+1)
			return err
		}},
		{"how many each of 20 views has: a queue, open", func(ctx context.Context, i int) error {
			var views []casegraph.ListRequest
			for i := range queues {
				views = append(views, viewOf(inQueue(i)))
			}
			_, err := store.CountEach(ctx, views, resolvers.MaxViewCount+1)
			return err
		}},
		{"how many cases a view has: all, so far as it is counted", func(ctx context.Context, i int) error {
			_, err := store.CountEach(ctx, []casegraph.ListRequest{{Kind: casegraph.KindCase, Mask: mask}}, resolvers.MaxViewCount+1)
			return err
		}},
		{"figures: all in one", figuresOf(figures.Query{})},
		{"figures: by queue", figuresOf(figures.Query{GroupBy: figures.ByQueue})},
		{"figures: workload of 30 days by assignee", figuresOf(figures.Query{GroupBy: figures.ByAssignee, From: now - 30*day})},
		{"figures: by tag and month", figuresOf(figures.Query{GroupBy: figures.ByTag, Interval: figures.Month})},
		{"figures: by day of a year", figuresOf(figures.Query{Interval: figures.Day, From: now - 365*day})},
		{"figures: one sort, by queue", figuresOf(figures.Query{GroupBy: figures.ByQueue, Filter: casegraph.Filter{Path: "caseType", Op: casegraph.OpEq, Value: "type-1"}})},
	}
}

// measure asks one question n times, after it was asked once.
func measure(ctx context.Context, q question, n int) (figure, error) {
	f := figure{question: q.name}
	if err := q.ask(ctx, 0); err != nil {
		return f, err
	}
	for _, at := range clients {
		each := max(n/at, 5)
		times, errs := make([][]time.Duration, at), make([]error, at)
		var all sync.WaitGroup
		for client := range at {
			all.Go(func() {
				deadline := time.Now().Add(time.Minute) // what is slow is asked less often
				for i := 0; i < each && (i < 5 || time.Now().Before(deadline)); i++ {
					begin := time.Now()
					if errs[client] = q.ask(ctx, client*each+i); errs[client] != nil {
						return
					}
					times[client] = append(times[client], time.Since(begin))
				}
			})
		}
		all.Wait()
		for _, err := range errs {
			if err != nil {
				return f, err
			}
		}
		took := slices.Concat(times...)
		slices.Sort(took)
		f.took = append(f.took, spread{p50: took[len(took)/2], p99: took[len(took)*99/100]})
	}
	return f, nil
}
