// Command commits measures how many whole changes a second a store makes
// durable: each updates a case, adds two links and keeps the answer of its
// idempotency key, with its event.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
	"casegraph/neo4jstore"
)

func main() {
	kind := flag.String("store", "local", "local, or neo4j at CASEGRAPH_TEST_NEO4J_URI")
	clients := flag.Int("clients", 32, "clients at once")
	period := flag.Duration("for", 5*time.Second, "how long")
	flag.Parse()
	if err := run(*kind, *clients, *period); err != nil {
		log.Fatal(err)
	}
}

func run(kind string, clients int, period time.Duration) error {
	ctx := context.Background()
	store, done, err := open(ctx, kind)
	if err != nil {
		return err
	}
	defer done()
	committer := commit.New(store, nil)
	defer committer.Close()
	if err := prepare(ctx, committer, clients); err != nil {
		return err
	}
	before := cpu()
	times := make([][]time.Duration, clients)
	deadline := time.Now().Add(period)
	var all sync.WaitGroup
	for i := range clients {
		all.Add(1)
		go func() {
			defer all.Done()
			for n := 0; time.Now().Before(deadline); n++ {
				start := time.Now()
				if _, err := committer.Do(ctx, change(clients, i, n)); err != nil {
					log.Fatal(err)
				}
				times[i] = append(times[i], time.Since(start))
			}
		}()
	}
	all.Wait()
	took := slices.Concat(times...)
	slices.Sort(took)
	fmt.Printf("%s, %d clients: %.0f changes/s, p50 %.2f ms, p99 %.2f ms, %.0f µs CPU of this process a change\n", kind, clients,
		float64(len(took))/period.Seconds(), milliseconds(took[len(took)/2]), milliseconds(took[len(took)*99/100]),
		float64((cpu()-before).Microseconds())/float64(len(took)))
	return nil
}

// cpu is the time that this process has used so far, on all processors.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		log.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func open(ctx context.Context, kind string) (store casegraph.Store, done func(), err error) {
	folder := ""
	if kind == "neo4j" {
		store, err = neo4jstore.Open(ctx, neo4jstore.Options{URI: os.Getenv("CASEGRAPH_TEST_NEO4J_URI"),
			User: os.Getenv("CASEGRAPH_TEST_NEO4J_USER"), Password: os.Getenv("CASEGRAPH_TEST_NEO4J_PASSWORD")})
	} else {
		if folder, err = os.MkdirTemp("", "casegraph-bench"); err != nil {
			return nil, nil, err
		}
		store, err = localstore.Open(filepath.Join(folder, "graph.db"), localstore.Options{})
	}
	if err != nil {
		return nil, nil, err
	}
	return store, func() { store.Close(); os.RemoveAll(folder) }, store.Migrate(ctx)
}

// attached is how many objects there are to attach, all clients' together: more
// than are attached in a run, so that each link is a new one.
const attached = 200_000

func caseID(client int) casegraph.ID { return casegraph.ID(fmt.Sprintf("case_bench%d", client)) }
func objectID(client, n int) casegraph.ID {
	return casegraph.ID(fmt.Sprintf("act_bench%d_%d", client, n))
}

// prepare makes each client's case and objects.
func prepare(ctx context.Context, committer *commit.Committer, clients int) error {
	for i := range clients {
		nodes := []casegraph.Node{&casegraph.Case{Header: casegraph.Header{ID: caseID(i)}, Number: fmt.Sprint("B-", i), Title: "A case of the bench", Status: "Open"}}
		for n := range attached / clients {
			nodes = append(nodes, &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: objectID(i, n)}}, Name: "An account"})
		}
		for page := range slices.Chunk(nodes, 1000) {
			if _, err := committer.Do(ctx, recording(page)); err != nil {
				return err
			}
		}
	}
	return nil
}

func recording(nodes []casegraph.Node) (c commit.Change) {
	var events []commit.Event
	for _, n := range nodes {
		c.Needs.Nodes = append(c.Needs.Nodes, n.Head().ID)
		events = append(events, commit.Event{Name: "bench.prepared", Subject: n.Head().ID})
	}
	c.Decide = func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Nodes: nodes, Events: events}, nil
	}
	return c
}

func change(clients, client, n int) commit.Change {
	id := caseID(client)
	var links []casegraph.Link
	for k := range 2 {
		links = append(links, casegraph.Link{LinkID: casegraph.LinkID{From: id, Kind: casegraph.LinkContains, To: objectID(client, (2*n+k)%(attached/clients))},
			FirstSeen: casegraph.Time(n + 1), LastSeen: casegraph.Time(n + 1), Count: 1, LinkProps: casegraph.LinkProps{Role: "evidence", By: "usr_bench"}})
	}
	return commit.Change{
		Actor: "usr_bench",
		Needs: casegraph.Needs{Nodes: []casegraph.ID{id}, Links: []casegraph.LinkID{links[0].LinkID, links[1].LinkID}},
		Once:  &commit.Once{Key: fmt.Sprintf("once/usr_bench/bench/%d-%d", client, n), Digest: "d"},
		Decide: func(v *commit.View) (*commit.Writes, error) {
			c := v.Node(id).(*casegraph.Case)
			c.AssigneeID, c.AssignedAt = casegraph.ID(fmt.Sprint("usr_", n)), v.Now
			return &commit.Writes{Nodes: []casegraph.Node{c}, Links: links, Events: []commit.Event{{Name: "case.updated", Subject: id}}, Answer: []byte(`"ok"`)}, nil
		},
	}
}
