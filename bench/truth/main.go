// Command truth holds the whole program against data sets whose answers are
// known: it brings each into a new store, twice, by the project's own mapping
// files, and checks what is then there. It fails if anything differs.
//
//	go run ./bench/truth -data FOLDER [-only finbench,paysim] [-stores local,neo4j]
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
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/ingest"
)

// set is a data set and what is known of it.
type set struct {
	name   string
	folder string
	load   func(ctx context.Context, g *graph, folder string) (ingest.Progress, error)
	check  func(ctx context.Context, g *graph, c *checks)
}

var sets = []set{
	{"finbench", "finbench", byMapping("finbench.yaml"), checkFinbench},
	{"amlsim", "amlsim-fanin", byMapping("amlsim.yaml"), checkAMLSim},
	{"paysim", "paysim-identities", byMapping("paysim.yaml"), checkPaySim},
	{"febrl", "febrl1", byMapping("febrl.yaml"), checkFEBRL},
	{"splink", "splink-fake1000", byMapping("splink.yaml"), checkSplink},
	{"persona", "../persona", loadPersona, checkPersona},
}

// graph is a store with a committer, and the folder for what an import leaves.
type graph struct {
	casegraph.Store
	committer *commit.Committer
	rejects   string
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
	set, store string
	first      ingest.Progress
	again      time.Duration
	checks     checks
}

func main() {
	data := flag.String("data", "", "the folder with the data sets")
	only := flag.String("only", "", "names of data sets, with commas between them; none: all")
	engines := flag.String("stores", "local,neo4j", "the stores, with commas between them")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *data == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ok, err := run(ctx, *data, names(*only), names(*engines))
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

func run(ctx context.Context, data string, only, engines []string) (ok bool, err error) {
	var results []result
	for _, engine := range engines {
		for _, s := range sets {
			if len(only) > 0 && !slices.Contains(only, s.name) {
				continue
			}
			r, err := s.run(ctx, engine, data)
			if err != nil {
				return false, fmt.Errorf("%s on %s: %w", s.name, engine, err)
			}
			fmt.Fprintf(os.Stderr, "%s on %s: %d checks, %d wrong\n", s.name, engine, r.checks.done, len(r.checks.wrong))
			results = append(results, r)
		}
	}
	return report(results), nil
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
	g := &graph{Store: store, committer: commit.New(store, nil), rejects: filepath.Join(folder, "rejects.ndjson")}
	defer g.committer.Close()

	r := result{set: s.name, store: engine}
	if g.first, err = s.load(ctx, g, filepath.Join(data, s.folder)); err != nil {
		return r, err
	}
	r.first = g.first
	end, err := logEnd(ctx, g)
	if err != nil {
		return r, err
	}
	s.check(ctx, g, &r.checks)
	again, err := s.load(ctx, g, filepath.Join(data, s.folder))
	if err != nil {
		return r, err
	}
	r.again = again.Elapsed
	endAgain, err := logEnd(ctx, g)
	r.checks.equal("the log's end after the second import", endAgain, end)
	r.checks.equal("rows of the second import", again.Rows, g.first.Rows)
	r.checks.equal("rows unchanged by the second import", again.Unchanged, g.first.Rows-g.first.Rejected)
	return r, err
}

func logEnd(ctx context.Context, g *graph) (casegraph.Seq, error) {
	_, end, err := g.Events(ctx, 0, 1)
	return end, err
}

// byMapping loads a folder by one of the project's mapping files.
func byMapping(name string) func(context.Context, *graph, string) (ingest.Progress, error) {
	return func(ctx context.Context, g *graph, folder string) (ingest.Progress, error) {
		text, err := ingest.Mappings.ReadFile("mappings/" + name)
		if err != nil {
			return ingest.Progress{}, err
		}
		mapping, err := ingest.ParseMapping(text)
		if err != nil {
			return ingest.Progress{}, err
		}
		inputs, err := mapping.Inputs(folder)
		if err != nil {
			return ingest.Progress{}, err
		}
		return g.load(ctx, name, inputs)
	}
}

func (g *graph) load(ctx context.Context, name string, inputs []ingest.Input) (ingest.Progress, error) {
	im := ingest.Import{Store: g.Store, Committer: g.committer, Name: name, Inputs: inputs, Rejects: g.rejects}
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
			seconds, float64(r.first.Links)/seconds, r.again.Seconds(), verdict)
	}
	table.Flush()
	for _, r := range results {
		for _, wrong := range r.checks.wrong {
			fmt.Printf("%s on %s: %s\n", r.set, r.store, wrong)
		}
	}
	return ok && len(results) > 0
}
