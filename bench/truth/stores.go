package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
	"casegraph/localstore"
	"casegraph/neo4jstore"
)

// openStore opens an empty store.
func openStore(ctx context.Context, engine, folder string) (casegraph.Store, error) {
	var store casegraph.Store
	var err error
	switch engine {
	case "local":
		store, err = localstore.Open(filepath.Join(folder, "graph.db"), localstore.Options{})
	case "neo4j":
		store, err = openNeo4j(ctx)
	default:
		err = fmt.Errorf("%q is no store: local or neo4j", engine)
	}
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		store.Close()
		return nil, err
	}
	return store, nil
}

func openNeo4j(ctx context.Context) (casegraph.Store, error) {
	o := neo4jstore.Options{URI: os.Getenv("CASEGRAPH_TEST_NEO4J_URI"), User: os.Getenv("CASEGRAPH_TEST_NEO4J_USER"),
		Password: os.Getenv("CASEGRAPH_TEST_NEO4J_PASSWORD")}
	if o.URI == "" {
		return nil, fmt.Errorf("CASEGRAPH_TEST_NEO4J_URI is not set: run `make truth`, which starts a Neo4j")
	}
	if err := empty(ctx, o); err != nil {
		return nil, fmt.Errorf("emptying the test Neo4j: %w", err)
	}
	return neo4jstore.Open(ctx, o)
}

// empty removes all that the test Neo4j holds; its schema may stay.
func empty(ctx context.Context, o neo4jstore.Options) error {
	driver, err := neo4j.NewDriverWithContext(o.URI, neo4j.BasicAuth(o.User, o.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	// Links first: a transaction that detaches thousands of hubs outgrows a small server.
	for _, statement := range []string{
		"MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS",
		"MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS",
	} {
		result, err := session.Run(ctx, statement, nil)
		if err != nil {
			return err
		}
		if _, err := result.Consume(ctx); err != nil {
			return err
		}
	}
	return nil
}
