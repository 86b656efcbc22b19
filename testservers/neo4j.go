package testservers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A Neo4jServer is where an empty Neo4j listens and who may use it.
type Neo4jServer struct {
	URI      string // neo4j://host:port
	User     string
	Password string
}

// Neo4j is the test Neo4j, with no node, constraint or index in it (but for
// the two token indexes that every database has).
func Neo4j(t testing.TB) Neo4jServer {
	t.Helper()
	server := Neo4jServer{
		URI:      variable(t, "CASEGRAPH_TEST_NEO4J_URI"),
		User:     variable(t, "CASEGRAPH_TEST_NEO4J_USER"),
		Password: variable(t, "CASEGRAPH_TEST_NEO4J_PASSWORD"),
	}
	own(t, server.URI)
	if err := server.empty(context.Background()); err != nil {
		t.Fatalf("emptying the Neo4j at %s: %v", server.URI, err)
	}
	return server
}

func (s Neo4jServer) empty(ctx context.Context) error {
	driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(s.User, s.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)

	if _, err := run(ctx, session, "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"); err != nil {
		return err
	}
	// A constraint takes its own index with it, so constraints go first.
	if err := drop(ctx, session, "CONSTRAINT", "SHOW CONSTRAINTS YIELD name RETURN name"); err != nil {
		return err
	}
	return drop(ctx, session, "INDEX", "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
}

func drop(ctx context.Context, session neo4j.SessionWithContext, what, list string) error {
	rows, err := run(ctx, session, list)
	if err != nil {
		return err
	}
	for _, row := range rows {
		name := strings.ReplaceAll(row.Values[0].(string), "`", "``")
		if _, err := run(ctx, session, fmt.Sprintf("DROP %s `%s`", what, name)); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, session neo4j.SessionWithContext, statement string) ([]*neo4j.Record, error) {
	result, err := session.Run(ctx, statement, nil)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}
