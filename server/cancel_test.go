package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph/demo"
	"casegraph/testservers"
)

// payments puts so many payments between each two accounts that follow each
// other, so that the links of many accounts take the database a while.
const payments = `
MATCH (a:Account)
WITH a ORDER BY a.id
WITH collect(a) AS ring
UNWIND range(0, size(ring) - 1) AS i
WITH ring[i] AS payer, ring[(i + 1) % size(ring)] AS payee
CALL (payer, payee) {
  UNWIND range(1, 2000) AS n
  CREATE (payer)-[:PAID {key: 'txn_' + n, firstSeen: n, lastSeen: n, count: 1, recorded: 1}]->(payee)
} IN TRANSACTIONS OF 10 ROWS`

// underWay are the nodes that each statement which now reads links begins at.
const underWay = `
SHOW TRANSACTIONS YIELD currentQuery, parameters
WHERE currentQuery CONTAINS 'AS degree' AND NOT currentQuery CONTAINS 'SHOW'
RETURN parameters.ids[0]`

// When whoever asked goes away, the statement that was running for them ends at
// the database: it is gone while another that began before it, and takes a
// third as long, still runs.
func TestACancelledRequestEndsItsStatement(t *testing.T) {
	at := testservers.Neo4j(t)
	f := newFixture(t, openNeo4j(t, at))
	database := newDatabase(t, at)
	database.ask(payments)
	accounts := database.ask("MATCH (a:Account) RETURN a.id ORDER BY a.id")
	few := len(accounts) / 4
	listener := httptest.NewServer(f.http)
	defer listener.Close()
	ask := func(ctx context.Context, from []any) <-chan error {
		body, err := json.Marshal(map[string]any{"query": `query($from: [ID!]!) { expand(from: $from, depth: 1, kinds: [PAID], perNode: 10000, maxLinks: 20000, maxNodes: 1000) { complete } }`,
			"variables": map[string]any{"from": from}})
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, listener.URL+"/graphql", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+f.keys[demo.Ben])
		done := make(chan error, 1)
		go func() {
			response, err := http.DefaultClient.Do(request)
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			done <- err
		}()
		return done
	}

	first := ask(t.Context(), accounts[:few])
	database.until(func(ids []any) bool { return len(ids) == 1 })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	second := ask(ctx, accounts[few:])
	database.until(func(ids []any) bool { return len(ids) == 2 })
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Fatalf("the cancelled request: %v", err)
	}
	database.until(func(ids []any) bool {
		if len(ids) == 0 || (len(ids) == 1 && ids[0] != accounts[0]) {
			t.Fatalf("%v is under way: the first ended before the second, which was cancelled", ids)
		}
		return len(ids) == 1
	})
	if err := <-first; err != nil {
		t.Errorf("the other request: %v", err)
	}
}

// database asks Neo4j itself, past the store.
type database struct {
	t      *testing.T
	driver neo4j.DriverWithContext
}

func newDatabase(t *testing.T, at testservers.Neo4jServer) *database {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(at.URI, neo4j.BasicAuth(at.User, at.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { driver.Close(context.Background()) })
	return &database{t: t, driver: driver}
}

// ask gives the first column of a statement's rows.
func (d *database) ask(statement string) []any {
	d.t.Helper()
	session := d.driver.NewSession(d.t.Context(), neo4j.SessionConfig{})
	defer session.Close(context.Background())
	result, err := session.Run(d.t.Context(), statement, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := result.Collect(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	column := make([]any, len(rows))
	for i, row := range rows {
		column[i] = row.Values[0]
	}
	return column
}

// until asks which statements are under way until it is as wanted.
func (d *database) until(wanted func(ids []any) bool) {
	d.t.Helper()
	for last := time.Now().Add(30 * time.Second); ; {
		ids := d.ask(underWay)
		if wanted(ids) {
			return
		}
		if time.Now().After(last) {
			d.t.Fatalf("under way: %v", ids)
		}
	}
}
