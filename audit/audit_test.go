package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/audit"
	"casegraph/commit"
	"casegraph/demo"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/testservers"
)

// world is a store with the demo in it, and a way behind its back.
type world struct {
	*testing.T
	casegraph.Store
	damage func(statement string)
}

func newWorld(t *testing.T, store casegraph.Store) *world {
	t.Helper()
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	committer := commit.New(store, func() time.Time { now = now.Add(time.Second); return now })
	defer committer.Close()
	if err := demo.Load(t.Context(), committer); err != nil {
		t.Fatal(err)
	}
	// The busy account has more events than a page; each other one changes it.
	for i := range casegraph.MaxPage + 7 {
		change := commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{busy}}, Decide: func(*commit.View) (*commit.Writes, error) {
			a := &casegraph.Account{Name: "Busy", Object: casegraph.Object{Header: casegraph.Header{ID: busy}, Note: strings.Repeat("x", i/2)}}
			if i >= 2 { // with its first note, too
				a.Fields = casegraph.Fields(`{"sum":7}`)
			}
			told := commit.Event{Name: "account.noted", Subject: busy}
			return &commit.Writes{Nodes: []casegraph.Node{a}, Events: []commit.Event{told}, Noted: &told}, nil
		}}
		if _, err := committer.Do(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	return &world{T: t, Store: store}
}

const busy casegraph.ID = "act_busy"

// left is the busy account's last note.
var left = strings.Repeat("x", (casegraph.MaxPage+6)/2)

func newLocal(t *testing.T) *world {
	path := filepath.Join(t.TempDir(), "graph.db")
	store, err := localstore.Open(path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, store)
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.damage = func(statement string) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func newNeo4j(t *testing.T) *world {
	at := testservers.Neo4j(t)
	store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, store)
	driver, err := neo4j.NewDriverWithContext(at.URI, neo4j.BasicAuth(at.User, at.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { driver.Close(context.Background()) })
	w.damage = func(statement string) {
		if _, err := neo4j.ExecuteQuery(t.Context(), driver, statement, nil, neo4j.EagerResultTransformer); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// wrong is what is found.
func (w *world) wrong() []string {
	w.Helper()
	found := []string{}
	nodes := audit.Nodes{Store: w.Store, Found: func(id casegraph.ID, wrong string) { found = append(found, string(id)+" "+wrong) }}
	done, err := nodes.Run(w.Context())
	if err != nil || done.Wrong != len(found) || done.Nodes < 50 || done.Ends < 100 {
		w.Fatalf("%v, %+v", err, done)
	}
	return found
}

// A store that nobody else has written is in order; each damage is found, on
// both stores, where it is.
func TestDamageIsFound(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		account := " WHERE id = 'act_busy'"
		newLocal(t).damages([]damage{
			{"nothing", "", "", "", ""},
			{"a version", "UPDATE nodes SET version = 7" + account, "UPDATE nodes SET version = 54" + account, "", "has version 7, and the log tells of 53 changes"},
			{"a change", "UPDATE nodes SET updated = updated + 1000" + account, "UPDATE nodes SET updated = updated - 1000" + account, "", "was changed at "},
			{"a record", "UPDATE nodes SET created = created + 1000" + account, "UPDATE nodes SET created = created - 1000" + account, "", "was recorded at "},
			{"an attribute", "UPDATE nodes SET data = json_set(data, '$.note', 'x')" + account, "UPDATE nodes SET data = json_set(data, '$.note', '" + left + "')" + account, "", "has another note than the log tells"},
			{"a field", "UPDATE nodes SET data = json_set(data, '$.fields.sum', 8)" + account, "UPDATE nodes SET data = json_set(data, '$.fields.sum', 7)" + account, "", "has another fields.sum than the log tells"},
			{"a count of links", "INSERT INTO degrees SELECT nid, 1, 1, cid, 2 FROM nodes" + account, "DELETE FROM degrees WHERE nid = (SELECT nid FROM nodes" + account + ")", "",
				"is said to have 2 links and has 0"},
			{"what an event says", "UPDATE events SET name = 'a' WHERE seq = 9", "", "event 9 does not follow event 8", ""},
			{"its payload", "UPDATE events SET payload = '{\"note\":\"x\"}' WHERE seq = 8", "", "event 8 does not say what it said when it was written", ""},
			{"an event", "DELETE FROM events WHERE seq = 7", "", "the log lacks event 7", ""},
		})
		newLocal(t).damages([]damage{
			{"the last event", "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "", "the log lacks event ", "has version 54, and the log tells of 52 changes"},
			{"the last nine", "DELETE FROM events WHERE seq > (SELECT max(seq) - 8 FROM events)", "", "the log lacks event ", "has version 54, and the log tells of 48 changes"},
			{"all of one node", "DELETE FROM events WHERE subject = (SELECT nid FROM nodes" + account + ")", "", "the log lacks event ", "is in no event of the log"},
		})
	})
	t.Run("Neo4j", func(t *testing.T) {
		account := "MATCH (n:Node {id: 'act_busy'}) "
		newNeo4j(t).damages([]damage{
			{"nothing", "", "", "", ""},
			{"a version", account + "SET n.version = 7", account + "SET n.version = 54", "", "has version 7, and the log tells of 53 changes"},
			{"a change", account + "SET n.updatedAt = n.updatedAt + 1000", account + "SET n.updatedAt = n.updatedAt - 1000", "", "was changed at "},
			{"a record", account + "SET n.createdAt = n.createdAt + 1000", account + "SET n.createdAt = n.createdAt - 1000", "", "was recorded at "},
			{"an attribute", account + "SET n.data = replace(n.data, '" + left + "', 'x')", account + "SET n.data = replace(n.data, '\"x\"', '\"" + left + "\"')", "", "has another note than the log tells"},
			{"the last event", "MATCH (log:Log) MATCH (e:Event {seq: log.seq}) DETACH DELETE e", "", "the log lacks event ", "has version 54, and the log tells of 52 changes"},
			{"the last nine", "MATCH (log:Log) MATCH (e:Event) WHERE e.seq > log.seq - 9 DETACH DELETE e", "", "the log lacks event ", "has version 54, and the log tells of 48 changes"},
			{"what an event says", "MATCH (e:Event {seq: 9}) SET e.name = 'a'", "", "event 9 does not follow event 8", "has version 54, and the log tells of 48 changes"},
			{"an event", "MATCH (e:Event {seq: 7}) DETACH DELETE e", "", "the log lacks event 7", "has version 54, and the log tells of 48 changes"},
		})
	})
}

// damage is done behind a store's back, and undone: what is said of the log
// meanwhile, and of the busy account.
type damage struct{ what, do, undo, log, node string }

func (w *world) damages(all []damage) {
	for _, d := range all {
		if d.do != "" {
			w.damage(d.do)
		}
		_, err := audit.Log(w.Context(), w.Store, nil)
		w.parts(d, err)
		if (err != nil) != (d.log != "") || err != nil && !strings.HasPrefix(err.Error(), d.log) {
			w.Errorf("%s: the log: %v; want %q", d.what, err, d.log)
		}
		found := w.wrong()
		i := slices.IndexFunc(found, func(line string) bool { return strings.HasPrefix(line, string(busy)+" ") })
		if (i >= 0) != (d.node != "") || i >= 0 && !strings.HasPrefix(found[i], string(busy)+" "+d.node) || d.log == "" && len(found) > 1 {
			w.Errorf("%s: found %q; want %q", d.what, found, d.node)
		}
		if d.undo != "" {
			w.damage(d.undo)
		}
	}
}

// parts looks at the log part by part, and wants to find what was found of the
// whole, behind all that is right.
func (w *world) parts(d damage, whole error) {
	var at audit.Place
	for {
		next, end, err := audit.Part(w.Context(), w.Store, at, 5)
		if err != nil || next.Seq == end {
			if fmt.Sprint(err) != fmt.Sprint(whole) {
				w.Errorf("%s: in parts: %v; as a whole: %v", d.what, err, whole)
			}
			if fault := audit.FaultOf(err); (fault == nil) != (err == nil) || fault != nil && fault.Seq != next.Seq+1 {
				w.Errorf("%s: the fault %+v is not behind event %d", d.what, fault, next.Seq)
			}
			return
		}
		if next.Seq != at.Seq+5 {
			w.Fatalf("%s: 5 events from %d reach %d", d.what, at.Seq, next.Seq)
		}
		at = next
	}
}
