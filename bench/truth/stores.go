package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"casegraph"
	"casegraph/localstore"
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
	uri := os.Getenv("CASEGRAPH_TEST_NEO4J_URI")
	if uri == "" {
		return nil, fmt.Errorf("CASEGRAPH_TEST_NEO4J_URI is not set: run `make truth`, which starts a Neo4j")
	}
	return nil, fmt.Errorf("TODO")
}
