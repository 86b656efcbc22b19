// Command questions measures how long each question of an investigator takes
// inside the engine, on a store that holds a generated investigation, and writes
// the page of figures.
//
//	go run ./bench/questions [-scale middle] [-stores local,neo4j] [-folder FOLDER] [-out docs/performance.md]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"casegraph"
)

func main() {
	scale := flag.String("scale", "middle", "how much data: small, middle or large")
	engines := flag.String("stores", "local,neo4j", "the stores, with commas between them; neo4j is the one at CASEGRAPH_TEST_NEO4J_URI, with what is there already")
	folder := flag.String("folder", "", "keep the embedded store here, and use what is there already; none: a folder for this once")
	questions := flag.Int("questions", 300, "how many of each, of each client")
	out := flag.String("out", "", "the page to write; none: the standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(ctx, *scale, strings.Split(*engines, ","), *folder, *questions, *out); err != nil {
		fmt.Fprintln(os.Stderr, "questions:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, scale string, engines []string, folder string, questions int, out string) error {
	p := page{scale: scale, questions: questions}
	for _, engine := range engines {
		fmt.Fprintf(os.Stderr, "%s: bringing the data in\n", engine)
		store, brought, err := open(ctx, engine, scale, folder)
		if err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
		figures, err := measureAll(ctx, store, scale, questions)
		store.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
		p.stores = append(p.stores, measured{engine: engine, brought: brought, figures: figures})
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

// unclosed keeps a cache over a store from closing it.
type unclosed struct{ casegraph.Store }

func (unclosed) Close() error { return nil }
