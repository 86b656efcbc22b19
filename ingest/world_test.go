package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
)

// world is an empty store that rows are brought into.
type world struct {
	testing.TB
	ctx   context.Context
	store casegraph.Store
	commits
}

// commits is a committer and the settings to use with it.
type commits struct {
	committer *commit.Committer
	settings  Settings
}

// started is the time of every change in tests.
var started = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	store, err := localstore.Open(filepath.Join(t.TempDir(), "graph.db"), localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return worldIn(t, store)
}

func worldIn(t testing.TB, store casegraph.Store) *world {
	t.Helper()
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &world{TB: t, ctx: t.Context(), store: store, commits: commits{committer: newCommitter(t, store)}}
}

// bring brings rows in, written as JSON, and gives their outcomes.
func (w *world) bring(rows ...string) []ObjectOutcome {
	w.Helper()
	request := ObjectsRequest{Settings: w.settings}
	for _, text := range rows {
		row, err := ParseRow([]byte(text))
		if err != nil {
			w.Fatalf("%s: %v", text, err)
		}
		request.Rows = append(request.Rows, row)
	}
	outcomes, err := ImportObjects(w.ctx, w.committer, request)
	if err != nil {
		w.Fatal(err)
	}
	return outcomes
}

// accept brings rows in that all must come in whole.
func (w *world) accept(rows ...string) []Outcome {
	w.Helper()
	var all []Outcome
	for i, o := range w.bring(rows...) {
		if o.Outcome == Rejected || len(o.Warnings) > 0 {
			w.Fatalf("%s: %s %s %v", rows[i], o.Outcome, o.Reason, o.Warnings)
		}
		all = append(all, o.Outcome)
	}
	return all
}

// file brings a file in as the import command does.
func (w *world) file(name, text string) Progress {
	w.Helper()
	done, err := w.importOf(w.write(name, text)).Run(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	return done
}

func (w *world) write(name, text string) string {
	w.Helper()
	path := filepath.Join(w.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *world) importOf(paths ...string) *Import {
	im := &Import{Settings: w.settings, Store: w.store, Committer: w.committer, Name: "test"}
	for _, path := range paths {
		im.Inputs = append(im.Inputs, Input{Path: path})
	}
	return im
}

func (w *world) end() casegraph.Seq {
	w.Helper()
	_, end, err := w.store.Events(w.ctx, 0, 1)
	if err != nil {
		w.Fatal(err)
	}
	return end
}

// events are the names of the events behind a number.
func (w *world) events(after casegraph.Seq) []string {
	w.Helper()
	all, _, err := w.store.Events(w.ctx, after, 1000)
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name)
	}
	return names
}

func (w *world) node(id casegraph.ID) casegraph.Node {
	w.Helper()
	nodes, err := w.store.Nodes(w.ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if err != nil {
		w.Fatal(err)
	}
	return nodes[id]
}

// data is a node's own attributes as JSON.
func (w *world) data(id casegraph.ID) string {
	w.Helper()
	n := w.node(id)
	if n == nil {
		return "none"
	}
	text, err := json.Marshal(n)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// links are what goes out of a node, a line each, sorted: the kind, the key,
// what it leads to, when it held, how often it was seen.
func (w *world) links(id casegraph.ID, kinds ...casegraph.LinkKind) []string {
	w.Helper()
	pages, err := w.store.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{id}, Direction: casegraph.DirectionOut, Kinds: kinds})
	if err != nil {
		w.Fatal(err)
	}
	lines := []string{}
	for _, hop := range pages[id].Hops {
		l := hop.Link
		line := strings.TrimSpace(fmt.Sprintf("%s %s", l.Kind, l.Key)) + " → " + w.name(hop.Far)
		if l.FirstSeen != 0 {
			line += " " + l.FirstSeen.Std().Format(time.DateOnly)
		}
		if l.LastSeen != l.FirstSeen {
			line += "–" + l.LastSeen.Std().Format(time.DateOnly)
		}
		if l.Count > 1 {
			line += fmt.Sprintf(" ×%d", l.Count)
		}
		if len(l.Raw) > 0 {
			line += fmt.Sprintf(" as %q", l.Raw)
		}
		if l.Amount != "" {
			line += strings.TrimRight(fmt.Sprintf(" %s %s", l.Amount, l.Currency), " ")
		}
		if len(l.Fields) > 0 {
			line += " " + string(l.Fields)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// name is what a node is called in tests.
func (w *world) name(id casegraph.ID) string {
	w.Helper()
	switch n := w.node(id).(type) {
	case *casegraph.Identifier:
		return string(n.IdentifierKind) + " " + n.Value
	case interface{ External() *casegraph.Object }:
		return n.External().ReferenceID
	}
	return string(id)
}

func (w *world) equal(what string, got, want any) {
	w.Helper()
	a, _ := json.MarshalIndent(got, "", " ")
	b, _ := json.MarshalIndent(want, "", " ")
	if string(a) != string(b) {
		w.Errorf("%s is\n%s\nand should be\n%s", what, a, b)
	}
}

// Ids of the objects that tests speak of; their source is bank.
func account(reference string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindAccount, "bank", reference)
}

func transaction(reference string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindTransaction, "bank", reference)
}

func session(reference string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindSession, "bank", reference)
}

// newCommitter writes to a store with the tests' clock.
func newCommitter(t testing.TB, store casegraph.Store) *commit.Committer {
	c := commit.New(store, func() time.Time { return started })
	t.Cleanup(c.Close)
	return c
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}

func itoa(n int) string { return strconv.Itoa(n) }
