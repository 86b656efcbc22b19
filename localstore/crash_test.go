package localstore_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/localstore"
)

const (
	victimVariable = "CASEGRAPH_CRASH_VICTIM" // the store that the victim writes
	kills          = 20
)

// TestNothingAcknowledgedIsLost kills a writing process again and again. What
// it said was written is there afterwards, whole; the log has no gap.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	random := rand.New(rand.NewSource(1))
	var acknowledged []string
	for run := range kills {
		lately := kill(t, path, run, time.Duration(20+random.Intn(120))*time.Millisecond)
		acknowledged = append(acknowledged, lately...)
		store := open(t, path)
		checkAcknowledged(t, store, lately)
		if run == kills-1 {
			checkAcknowledged(t, store, acknowledged)
			checkWhole(t, store)
		}
		store.Close()
	}
	if len(acknowledged) < kills {
		t.Errorf("only %d changes were acknowledged in %d runs: the kills came too early to prove anything", len(acknowledged), kills)
	}
}

// kill lets a victim write for a while behind its first acknowledgement, and
// gives what it acknowledged.
func kill(t *testing.T, path string, run int, after time.Duration) []string {
	t.Helper()
	victim := exec.Command(os.Args[0], "-test.run", "^TestVictim$")
	victim.Env = append(os.Environ(), victimVariable+"="+path, fmt.Sprintf("CASEGRAPH_CRASH_RUN=%d", run))
	output, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var names []string
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		name, ok := strings.CutPrefix(lines.Text(), "acknowledged ")
		if !ok {
			continue
		}
		if len(names) == 0 {
			time.AfterFunc(after, func() { victim.Process.Kill() })
		}
		names = append(names, name)
	}
	victim.Wait() // it was killed: its error says nothing
	if len(names) == 0 {
		t.Fatal("the victim wrote nothing")
	}
	return names
}

// TestVictim is what is killed: it writes from eight clients until then.
// Without the variable there is nothing to do.
func TestVictim(t *testing.T) {
	path := os.Getenv(victimVariable)
	if path == "" {
		return
	}
	committer := commit.New(open(t, path), nil)
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Add(1)
		go func() {
			defer clients.Done()
			for n := 0; ; n++ {
				name := fmt.Sprintf("%s-%d-%d", os.Getenv("CASEGRAPH_CRASH_RUN"), client, n)
				if _, err := committer.Do(context.Background(), pair(name)); err != nil {
					t.Error(err)
					return
				}
				fmt.Println("acknowledged", name)
			}
		}()
	}
	clients.Wait()
}

// pair is a change of several parts: two nodes, a link, a value, two events.
func pair(name string) commit.Change {
	account := &casegraph.Account{Object: casegraph.Object{Header: casegraph.Header{ID: casegraph.ID("act_" + name)}}, Name: name}
	session := &casegraph.Session{Object: casegraph.Object{Header: casegraph.Header{ID: casegraph.ID("ses_" + name)}}}
	of := casegraph.LinkID{From: session.ID, Kind: casegraph.LinkOf, To: account.ID}
	return commit.Change{
		Needs: casegraph.Needs{Nodes: []casegraph.ID{account.ID, session.ID}, Evidence: []casegraph.ID{session.ID}, Values: []string{name}},
		Decide: func(*commit.View) (*commit.Writes, error) {
			return &commit.Writes{Nodes: []casegraph.Node{account, session}, Links: []casegraph.Link{{LinkID: of, Count: 1}},
				Values: []casegraph.Value{{Key: name, Data: []byte("there")}},
				Events: []commit.Event{{Name: "account.created", Subject: account.ID}, {Name: "session.created", Subject: session.ID}}}, nil
		},
	}
}

func checkAcknowledged(t *testing.T, store *localstore.Store, names []string) {
	t.Helper()
	ctx := context.Background()
	for page := range slices.Chunk(names, 1000) {
		var ids []casegraph.ID
		for _, name := range page {
			ids = append(ids, casegraph.ID("act_"+name), casegraph.ID("ses_"+name))
		}
		nodes, err := store.Nodes(ctx, casegraph.NodesRequest{IDs: ids})
		if err != nil {
			t.Fatal(err)
		}
		links, err := store.Links(ctx, casegraph.LinkRequest{IDs: ids})
		if err != nil {
			t.Fatal(err)
		}
		values, err := store.Values(ctx, page, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if nodes[id] == nil || links[id].Degree != 1 || len(links[id].Hops) != 1 || string(values[string(id[4:])]) != "there" {
				t.Fatalf("%s was acknowledged: node %v, links %+v, value %q", id, nodes[id], links[id], values[string(id[4:])])
			}
		}
	}
}

// checkWhole checks the log's chain, and that no change is there by half: both
// events of each, one behind the other.
func checkWhole(t *testing.T, store *localstore.Store) {
	t.Helper()
	var before [sha256.Size]byte
	at := casegraph.Seq(0)
	open := ""
	for {
		events, _, err := store.Events(context.Background(), at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			if e.Seq != at+1 || !e.Follows(before) {
				t.Fatalf("event %d does not follow event %d", e.Seq, at)
			}
			name := string(e.Subject[4:])
			if open != "" && open != name {
				t.Fatalf("half of %s is there", open)
			}
			open = map[bool]string{true: name}[open == ""]
			at, before = e.Seq, e.Hash
		}
	}
	if open != "" {
		t.Fatalf("half of %s is there", open)
	}
}
