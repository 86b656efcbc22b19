package sums_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/commit"
	"casegraph/ingest"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/sums"
	"casegraph/testservers"
)

// world is a store whose HAS links can be damaged behind its back.
type world struct {
	*testing.T
	store     casegraph.Store
	committer *commit.Committer
	// remove, change and add are of a HAS link: remove leaves none, change makes
	// another sum of it, add makes one that nothing shows.
	remove, change, add func(account, identifier casegraph.ID)
}

func onBothStores(t *testing.T, test func(w *world)) {
	t.Run("embedded", func(t *testing.T) { test(newLocal(t)) })
	t.Run("Neo4j", func(t *testing.T) { test(newNeo4j(t)) })
}

func (w *world) begin(store casegraph.Store) {
	w.Helper()
	w.store = store
	w.Cleanup(func() { store.Close() })
	if err := store.Migrate(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.committer = commit.New(store, nil)
	w.Cleanup(w.committer.Close)
}

func newLocal(t *testing.T) *world {
	path := filepath.Join(t.TempDir(), "graph.db")
	store, err := localstore.Open(path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t}
	w.begin(store)
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	run := func(statement string) func(account, identifier casegraph.ID) {
		return func(account, identifier casegraph.ID) {
			t.Helper()
			if _, err := db.Exec(fmt.Sprintf(`WITH pair AS (SELECT a.nid AS a, i.nid AS i FROM nodes a, nodes i WHERE a.id = ? AND i.id = ?) `+statement,
				casegraph.LinkHas.Number()), string(account), string(identifier)); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.remove = run(`DELETE FROM links WHERE kind = %d AND (src, dst) IN pair`)
	w.change = run(`UPDATE links SET count = count + 7, first = 5 WHERE kind = %d AND (src, dst) IN pair`)
	w.add = run(`INSERT INTO links (src, kind, dst, key, first, last, count, recorded, detailed) SELECT a, %d, i, '', 1, 2, 3, 1, 0 FROM pair`)
	return w
}

func newNeo4j(t *testing.T) *world {
	at := testservers.Neo4j(t)
	store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t}
	w.begin(store)
	driver, err := neo4j.NewDriverWithContext(at.URI, neo4j.BasicAuth(at.User, at.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { driver.Close(context.Background()) })
	run := func(statement string) func(account, identifier casegraph.ID) {
		return func(account, identifier casegraph.ID) {
			t.Helper()
			_, err := neo4j.ExecuteQuery(t.Context(), driver, "MATCH (a:Node {id: $a}), (i:Node {id: $i}) "+statement,
				map[string]any{"a": string(account), "i": string(identifier)}, neo4j.EagerResultTransformer)
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	w.remove = run("MATCH (a)-[has:HAS]->(i) DELETE has")
	w.change = run("MATCH (a)-[has:HAS]->(i) SET has.count = has.count + 7, has.firstSeen = 5")
	w.add = run("CREATE (a)-[:HAS {key: '', firstSeen: 1, lastSeen: 2, count: 3, recorded: 1}]->(i)")
	return w
}

// bring brings rows in.
func (w *world) bring(rows ...string) {
	w.Helper()
	for some := range slices.Chunk(rows, ingest.MaxObjects) {
		var request ingest.ObjectsRequest
		for _, text := range some {
			row, err := ingest.ParseRow([]byte(text))
			if err != nil {
				w.Fatal(err)
			}
			request.Rows = append(request.Rows, row)
		}
		outcomes, err := ingest.ImportObjects(w.Context(), w.committer, request)
		if err != nil {
			w.Fatal(err)
		}
		for i, o := range outcomes {
			if o.Outcome != ingest.Created {
				w.Fatalf("%s: %s %s", some[i], o.Outcome, o.Reason)
			}
		}
	}
}

// check runs a check and gives what it found.
func (w *world) check(repair bool) (sums.Progress, []string) {
	w.Helper()
	found := []string{}
	c := sums.Check{Store: w.store, Found: func(d sums.Difference) {
		found = append(found, fmt.Sprintf("%s HAS %s: %v, shown %v", d.Account, d.Identifier, d.Has, d.Shown))
	}}
	if repair {
		c.Committer = w.committer
	}
	done, err := c.Run(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	slices.Sort(found)
	return done, found
}

// has are all HAS links of accounts, with their sums.
func (w *world) has(accounts ...casegraph.ID) []string {
	w.Helper()
	pages, err := w.store.Links(w.Context(), casegraph.LinkRequest{IDs: accounts, Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{casegraph.LinkHas}})
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for id, page := range pages {
		for _, hop := range page.Hops {
			all = append(all, fmt.Sprint(id, " ", page.Degree, " ", hop.Far, " ", hop.Link.FirstSeen, hop.Link.LastSeen, hop.Link.Count))
		}
	}
	slices.Sort(all)
	return all
}

func (w *world) events() []casegraph.Event {
	w.Helper()
	events, _, err := w.store.Events(w.Context(), 0, 10_000)
	if err != nil {
		w.Fatal(err)
	}
	return events
}

func equal[T any](w *world, what string, got, want []T) {
	w.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.Errorf("%s is\n%v\nand should be\n%v", what, got, want)
	}
}

func account(reference string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindAccount, "bank", reference)
}

func email(value string) casegraph.ID { return casegraph.IdentifierID("email", value) }

func TestSumsThatWentWrongAreFoundAndMended(t *testing.T) {
	onBothStores(t, func(w *world) {
		ana, ben, mail, other := account("ana"), account("ben"), email("a@b.c"), email("x@y.z")
		w.bring(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","at":1000,"shows":[{"kind":"email","value":"a@b.c"}]}`,
			`{"node":"ACCOUNT","source":"bank","referenceId":"ben","shows":[{"kind":"email","value":"x@y.z"}]}`,
			`{"node":"TRANSACTION","source":"bank","referenceId":"t","at":3000,"of":[{"role":"payer","referenceId":"ana"},{"referenceId":"ana"},{"role":"payee","referenceId":"ben"}],"shows":[{"kind":"email","value":"a@b.c"}]}`,
			`{"node":"SESSION","source":"bank","referenceId":"s","of":[{"referenceId":"ana"}],"shows":[{"kind":"email","value":"a@b.c"},{"kind":"email","value":"x@y.z"}]}`)
		before := w.has(ana, ben)
		if done, found := w.check(false); len(found) > 0 || done.Accounts != 2 || done.Sums != 4 {
			w.Errorf("a whole graph: %+v, %v", done, found)
		}

		w.remove(ana, other)
		w.change(ana, mail)
		w.remove(ben, other)
		w.add(ana, email("new@y.z")) // which is not there: nothing is added
		w.bring(`{"node":"ACCOUNT","source":"bank","referenceId":"eve","shows":[{"kind":"email","value":"new@y.z"}]}`)
		w.add(ben, email("new@y.z"))
		want := []string{
			fmt.Sprintf("%s HAS %s: 10, from 1970-01-01T00:00:00.005Z to 1970-01-01T00:00:03.000Z, shown 3, from 1970-01-01T00:00:01.000Z to 1970-01-01T00:00:03.000Z", ana, mail),
			fmt.Sprintf("%s HAS %s: nothing, shown 1, from unknown to unknown", ana, other),
			fmt.Sprintf("%s HAS %s: nothing, shown 1, from unknown to unknown", ben, other),
			fmt.Sprintf("%s HAS %s: 3, from 1970-01-01T00:00:00.001Z to 1970-01-01T00:00:00.002Z, shown nothing", ben, email("new@y.z"))}
		slices.Sort(want)
		for _, repair := range []bool{false, true} { // looking changes nothing
			done, found := w.check(repair)
			equal(w, "what is found", found, want)
			if done.Wrong != 4 || done.Accounts != 3 {
				w.Errorf("%+v", done)
			}
		}
		equal(w, "what they have", w.has(ana, ben), before)

		events := w.events()
		told := []string{}
		for _, e := range events[len(events)-2:] {
			told = append(told, fmt.Sprint(e.Name, " ", e.Subject, " ", len(e.Nodes())))
		}
		slices.Sort(told)
		mended := []string{fmt.Sprint("account.sums-mended ", ana, " 3"), fmt.Sprint("account.sums-mended ", ben, " 3")}
		slices.Sort(mended)
		equal(w, "what the log tells", told, mended)
		if done, found := w.check(true); len(found) > 0 || done.Resumed || len(w.events()) != len(events) {
			w.Errorf("a second repair: %+v, %v, %d events more", done, found, len(w.events())-len(events))
		}
	})
}

func TestAnInterruptedRepairGoesOnWhereItEnded(t *testing.T) {
	onBothStores(t, func(w *world) {
		var rows []string
		for i := range 250 {
			rows = append(rows, fmt.Sprintf(`{"node":"ACCOUNT","source":"bank","referenceId":"%d","shows":[{"kind":"email","value":"%d@b.c"}]}`, i, i))
		}
		w.bring(rows...)
		for i := range 250 {
			if i%10 == 0 {
				w.remove(account(fmt.Sprint(i)), email(fmt.Sprintf("%d@b.c", i)))
			}
		}
		ctx, stop := context.WithTimeout(w.Context(), time.Minute)
		found := 0
		c := sums.Check{Store: w.store, Committer: w.committer, Found: func(sums.Difference) { found++ },
			Progress: func(done sums.Progress) {
				if done.Accounts == 100 && done.Total == 250 {
					stop()
				}
			}}
		if _, err := c.Run(ctx); !errors.Is(err, context.Canceled) {
			w.Fatal(err)
		}
		first := found
		done, err := c.Run(w.Context())
		if err != nil || !done.Resumed || done.Accounts != 250 || done.Wrong != 25 || found != 25 || first == 0 || first == 25 {
			w.Errorf("%+v, %v: %d found, then %d", done, err, first, found-first)
		}
		if done, found := w.check(false); len(found) > 0 {
			w.Errorf("after it: %+v, %v", done, found)
		}
	})
}
