package neo4jstore_test

import (
	"testing"

	"casegraph"
	"casegraph/neo4jstore"
	"casegraph/storetest"
	"casegraph/testservers"
)

// open is a migrated store in the test Neo4j, emptied.
func open(t testing.TB) *neo4jstore.Store {
	t.Helper()
	server := testservers.Neo4j(t)
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: server.URI, User: server.User, Password: server.Password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) casegraph.Store { return open(t) })
}
