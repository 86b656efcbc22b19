// Command cases measures casework on many cases: the page of a queue, what waits
// in all queues, the length of a filtered list, and figures, on a store that it
// fills itself, and writes the page of what they took.
//
//	go run ./bench/cases [-cases 1000000] [-stores local,neo4j] [-folder FOLDER] [-out docs/performance-cases.md]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"casegraph"
	"casegraph/figures"
	"casegraph/localstore"
	"casegraph/neo4jstore"
)

func main() {
	n := flag.Int("cases", 1_000_000, "how many cases, of which each has two events in the middle")
	engines := flag.String("stores", "local,neo4j", "the stores, with commas between them; neo4j is the one at CASEGRAPH_TEST_NEO4J_URI, with what is there already")
	folder := flag.String("folder", "", "keep the embedded store here, and use what is there already; none: a folder named by the number of cases")
	questions := flag.Int("questions", 200, "how many of each, of all clients together")
	out := flag.String("out", "", "the page to write; none: the standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *n, strings.Split(*engines, ","), *folder, *questions, *out); err != nil {
		fmt.Fprintln(os.Stderr, "cases:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int, engines []string, folder string, questions int, out string) error {
	p := page{cases: n, questions: questions}
	for _, engine := range engines {
		m, err := measureStore(ctx, engine, n, folder, questions)
		if err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
		p.stores = append(p.stores, *m)
	}
	if out == "" {
		_, err := p.WriteTo(os.Stdout)
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	if _, err := p.WriteTo(file); err != nil {
		return err
	}
	return file.Close()
}

func measureStore(ctx context.Context, engine string, n int, folder string, questions int) (*measured, error) {
	store, err := open(ctx, engine, n, folder)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	m := &measured{engine: engine}
	if m.filled, err = fill(ctx, store, n); err != nil {
		return nil, err
	}
	if _, m.events, err = store.Events(ctx, 0, 1); err != nil {
		return nil, err
	}
	counted := figures.New(store)
	before, begin := held(), time.Now()
	if err := counted.CatchUp(ctx); err != nil {
		return nil, err
	}
	m.read = time.Since(begin)
	m.held = held() - before
	for _, q := range questionsOf(store, counted) {
		f, err := measure(ctx, q, questions)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %s: %v\n", engine, q.name, f.took)
		m.figures = append(m.figures, f)
	}
	return m, nil
}

// held is the memory in use.
func held() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func open(ctx context.Context, engine string, n int, folder string) (casegraph.Store, error) {
	switch engine {
	case "local":
		if folder == "" {
			folder = filepath.Join(os.TempDir(), fmt.Sprintf("casegraph-cases-%d", n))
		}
		return localstore.Open(filepath.Join(folder, "graph.db"), localstore.Options{})
	case "neo4j":
		return neo4jstore.Open(ctx, neo4jstore.Options{URI: os.Getenv("CASEGRAPH_TEST_NEO4J_URI"),
			User: os.Getenv("CASEGRAPH_TEST_NEO4J_USER"), Password: os.Getenv("CASEGRAPH_TEST_NEO4J_PASSWORD")})
	}
	return nil, fmt.Errorf("%q is no store: local or neo4j", engine)
}
