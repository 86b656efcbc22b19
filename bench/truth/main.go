// Command truth holds the whole program against data sets whose answers are
// known: it brings each into a new store, twice, by the project's own mapping
// files, and checks what is then there. It fails if anything differs.
//
//	go run ./bench/truth -data FOLDER [-only finbench,paysim] [-stores local,neo4j] [-questions 200] [-scale middle]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"casegraph"
	"casegraph/commit"
	"casegraph/ingest"
	"casegraph/localstore"
)

// set is a data set and what is known of it: its files, and what is to be
// checked once they are in. One that is not brought in by its files as they are
// has a way of its own.
type set struct {
	name   string
	folder string
	inputs func(ctx context.Context, folder, scratch string) ([]ingest.Input, error)
	check  func(ctx context.Context, g *graph, c *checks)
	bring  func(ctx context.Context, g *graph, folder string, c *checks) (first, again ingest.Progress, err error)
}

var sets = []set{
	{name: "finbench", folder: "finbench", inputs: byMapping("finbench.yaml"), check: checkFinbench},
	{name: "amlsim", folder: "amlsim-fanin", inputs: byMapping("amlsim.yaml"), check: checkAMLSim},
	{name: "paysim", folder: "paysim-identities", inputs: byMapping("paysim.yaml"), check: checkPaySim},
	{name: "febrl", folder: "febrl1", inputs: byMapping("febrl.yaml"), check: checkFEBRL},
	{name: "splink", folder: "splink-fake1000", inputs: byMapping("splink.yaml"), check: checkSplink},
	{name: "persona", folder: "../persona", bring: bringPersona},
	{name: "generated", inputs: generated, check: checkGenerated},
}

// graph is a store with a committer, and the folder for what an import leaves.
type graph struct {
	casegraph.Store
	committer *commit.Committer
	folder    string
	first     ingest.Progress // of the first import
}

// checks collects what is wrong.
type checks struct {
	done  int
	wrong []string
}

// equal checks one number or text.
func (c *checks) equal(what string, got, want any) {
	c.done++
	if got != want {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: %v, and should be %v", what, got, want))
	}
}

// failed notes an error; true if there is one.
func (c *checks) failed(what string, err error) bool {
	if err != nil {
		c.done++
		c.wrong = append(c.wrong, fmt.Sprintf("%s: %v", what, err))
	}
	return err != nil
}

// result is one line of the table.
type result struct {
	set, store   string
	first, again ingest.Progress
	checks       checks
}

func main() {
	data := flag.String("data", "", "the folder with the data sets")
	only := flag.String("only", "", "names of data sets, with commas between them; none: all")
	engines := flag.String("stores", "local,neo4j", "the stores, with commas between them")
	questions := flag.Int("questions", 200, "how many questions to ask of each traversal")
	flag.StringVar(&scale, "scale", "small", "the scale of the generated data set: small, middle or large")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *data == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ok, err := run(ctx, *data, names(*only), names(*engines), *questions)
	if err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func names(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func run(ctx context.Context, data string, only, engines []string, questions int) (ok bool, err error) {
	var results []result
	for _, engine := range engines {
		for _, s := range sets {
			if len(only) > 0 && !slices.Contains(only, s.name) {
				continue
			}
			r, err := s.run(ctx, engine, data)
			if err != nil {
				report(results)
				return false, fmt.Errorf("%s on %s: %w", s.name, engine, err)
			}
			fmt.Fprintf(os.Stderr, "%s on %s: %d checks, %d wrong\n", s.name, engine, r.checks.done, len(r.checks.wrong))
			results = append(results, r)
		}
	}
	ok = report(results)
	return ok, agree(ctx, data, only, engines, questions)
}

// run brings one set into an empty store, twice, and checks it.
func (s *set) run(ctx context.Context, engine, data string) (result, error) {
	folder, err := os.MkdirTemp("", "casegraph-truth-")
	if err != nil {
		return result{}, err
	}
	defer os.RemoveAll(folder)
	store, err := openStore(ctx, engine, folder)
	if err != nil {
		return result{}, err
	}
	defer store.Close()
	g := &graph{Store: store, committer: commit.New(store, nil), folder: folder}
	defer g.committer.Close()
	r := result{set: s.name, store: engine}
	bring := s.bring
	if bring == nil {
		bring = s.bringTwice
	}
	r.first, r.again, err = bring(ctx, g, filepath.Join(data, s.folder), &r.checks)
	return r, err
}

func logEnd(ctx context.Context, g *graph) (casegraph.Seq, error) {
	_, end, err := g.Events(ctx, 0, 1)
	return end, err
}

// bringTwice brings the set's files in, checks what is there, and brings them
// in again.
func (s *set) bringTwice(ctx context.Context, g *graph, folder string, c *checks) (first, again ingest.Progress, err error) {
	inputs, err := s.inputs(ctx, folder, g.folder)
	if err != nil {
		return first, again, err
	}
	if first, err = g.load(ctx, s.name, inputs); err != nil {
		return first, again, err
	}
	g.first = first
	s.check(ctx, g, c)
	end, err := logEnd(ctx, g)
	if err != nil {
		return first, again, err
	}
	if again, err = g.load(ctx, s.name, inputs); err != nil {
		return first, again, err
	}
	endAgain, err := logEnd(ctx, g)
	c.equal("the log's end after the second import", endAgain, end)
	c.equal("rows of the second import", again.Rows, first.Rows)
	c.equal("rows unchanged by the second import", again.Unchanged, first.Rows-first.Rejected)
	return first, again, err
}

// byMapping reads a folder by one of the project's mapping files.
func byMapping(name string) func(context.Context, string, string) ([]ingest.Input, error) {
	return func(_ context.Context, folder, _ string) ([]ingest.Input, error) {
		text, err := ingest.Mappings.ReadFile("mappings/" + name)
		if err != nil {
			return nil, err
		}
		mapping, err := ingest.ParseMapping(text)
		if err != nil {
			return nil, err
		}
		return mapping.Inputs(folder)
	}
}

func (g *graph) load(ctx context.Context, name string, inputs []ingest.Input) (ingest.Progress, error) {
	im := ingest.Import{Store: g.Store, Committer: g.committer, Name: name, Inputs: inputs,
		Rejects: filepath.Join(g.folder, "rejects.ndjson")}
	if _, alone := g.Store.(*localstore.Store); alone {
		im.PageLinks = localstore.ImportLinks
	}
	return im.Run(ctx)
}

// report prints the table and then what is wrong, and tells whether nothing is.
func report(results []result) bool {
	ok := true
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "set\tstore\trows\tlink rows\tseconds\tlink rows/s\tagain, seconds\tchecks\t")
	for _, r := range results {
		seconds := r.first.Elapsed.Seconds()
		verdict := fmt.Sprintf("%d right", r.checks.done)
		if n := len(r.checks.wrong); n > 0 {
			verdict, ok = fmt.Sprintf("%d of %d WRONG", n, r.checks.done), false
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.1f\t%.0f\t%.1f\t%s\t\n", r.set, r.store, r.first.Rows, r.first.Links,
			seconds, float64(r.first.Links)/seconds, r.again.Elapsed.Seconds(), verdict)
	}
	table.Flush()
	for _, r := range results {
		for _, wrong := range r.checks.wrong {
			fmt.Printf("%s on %s: %s\n", r.set, r.store, wrong)
		}
	}
	return ok && len(results) > 0
}
