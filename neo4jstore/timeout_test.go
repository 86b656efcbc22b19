package neo4jstore

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/testservers"
)

// deaf passes connections on to a server, which does not hear when they are
// closed.
func deaf(t *testing.T, server string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				continue
			}
			t.Cleanup(func() { behind.Close() })
			go io.Copy(behind, client)
			go io.Copy(client, behind)
		}
	}()
	return listener.Addr().String()
}

// A statement that waits, here for a lock, is ended by the server itself when
// the time in which it was wanted is over.
func TestTheServerEndsWhatNobodyWaitsFor(t *testing.T) {
	server := testservers.Neo4j(t)
	_, address, _ := strings.Cut(server.URI, "://")
	open := func(uri string) *Store {
		s, err := Open(t.Context(), Options{URI: uri, User: server.User, Password: server.Password})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	near, far := open(server.URI), open("bolt://"+deaf(t, address))
	if err := near.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	holder, err := near.Begin(t.Context(), casegraph.Needs{})
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback()
	waiting := func() int {
		rows, err := near.collect(t.Context(), neo4j.AccessModeRead, "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS 'log.waits = true' AND NOT currentQuery CONTAINS 'SHOW' RETURN 1", nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := far.collect(ctx, neo4j.AccessModeWrite, "MATCH (log:Log) SET log.waits = true", nil)
		ended <- err
	}()
	for waiting() == 0 {
		if ctx.Err() != nil {
			t.Fatal("the statement did not begin")
		}
	}
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v; want the context's error", err)
	}
	for until := time.Now().Add(20 * time.Second); waiting() > 0; {
		if time.Now().After(until) {
			t.Fatal("the statement still waits at the server")
		}
	}
}
