package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"casegraph"
	"casegraph/cachedstore"
	"casegraph/traverse"
)

// clients are how many ask at once.
var clients = []int{1, 16}

// figure is what one question took.
type figure struct {
	question     string
	cold, warm   []spread // by clients
	nodes, calls int      // of the median answer: nodes whose links were read, calls to the store
}

// spread is how long the calls took.
type spread struct{ p50, p99 time.Duration }

// measureAll asks every question: cold, where nothing is kept in process but
// the database has the data in its memory, and warm, where each was asked before.
func measureAll(ctx context.Context, store casegraph.Store, scale string, n int) ([]figure, error) {
	places, err := placesOf(ctx, store, scale)
	if err != nil {
		return nil, err
	}
	var figures []figure
	for _, q := range places.questions() {
		f := figure{question: q.name}
		for _, at := range clients {
			cold, costs, err := measure(ctx, store, cachedstore.Options{Records: 1, Links: 1}, q, at, n)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			warm, _, err := measure(ctx, store, cachedstore.Options{Records: 500_000, Links: 2_000_000}, q, at, n)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			f.cold, f.warm = append(f.cold, cold), append(f.warm, warm)
			slices.SortFunc(costs, func(a, b traverse.Cost) int { return a.Nodes - b.Nodes })
			f.nodes, f.calls = costs[len(costs)/2].Nodes, costs[len(costs)/2].StoreCalls
		}
		fmt.Fprintf(os.Stderr, "%s: %v, warm %v\n", q.name, f.cold, f.warm)
		figures = append(figures, f)
	}
	return figures, nil
}

// measure asks one question n times a client, each client of places of its own,
// after all of it was asked once before.
func measure(ctx context.Context, store casegraph.Store, o cachedstore.Options, q question, clients, n int) (spread, []traverse.Cost, error) {
	cached, err := cachedstore.New(unclosed{store}, o)
	if err != nil {
		return spread{}, nil, err
	}
	defer cached.Close()
	n = max(n/clients, 20)
	var costs []traverse.Cost
	for i := range n * clients {
		cost, err := q.ask(ctx, cached, i)
		if err != nil {
			return spread{}, nil, err
		}
		costs = append(costs, cost)
	}
	times, errs := make([][]time.Duration, clients), make([]error, clients)
	var all sync.WaitGroup
	for client := range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range n {
				begin := time.Now()
				if _, errs[client] = q.ask(ctx, cached, client*n+i); errs[client] != nil {
					return
				}
				times[client] = append(times[client], time.Since(begin))
			}
		}()
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return spread{}, nil, err
		}
	}
	took := slices.Concat(times...)
	slices.Sort(took)
	return spread{p50: took[len(took)/2], p99: took[len(took)*99/100]}, costs, nil
}
