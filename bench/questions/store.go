package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"casegraph"
	"casegraph/commit"
	"casegraph/generate"
	"casegraph/ingest"
	"casegraph/localstore"
	"casegraph/neo4jstore"
)

// scaled is the investigation of a scale.
func scaled(scale string) (generate.Graph, error) {
	size, err := generate.ScaleOf(scale)
	return generate.Graph{Scale: size, Seed: 1}, err
}

// open opens a store that holds the investigation, and tells how it got there.
func open(ctx context.Context, engine, scale, folder string) (store casegraph.Store, brought string, err error) {
	scratch, err := os.MkdirTemp("", "casegraph-questions-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(scratch)
	im := ingest.Import{Name: "questions", Rejects: filepath.Join(scratch, "rejects.ndjson")}
	path := ""
	switch engine {
	case "local":
		if folder == "" {
			folder = filepath.Join(os.TempDir(), "casegraph-questions-"+scale)
		}
		path = filepath.Join(folder, "graph.db")
		im.PageLinks = localstore.ImportLinks
		store, err = localstore.Open(path, localstore.Options{})
	case "neo4j":
		store, err = neo4jstore.Open(ctx, neo4jstore.Options{URI: os.Getenv("CASEGRAPH_TEST_NEO4J_URI"),
			User: os.Getenv("CASEGRAPH_TEST_NEO4J_USER"), Password: os.Getenv("CASEGRAPH_TEST_NEO4J_PASSWORD")})
	default:
		err = fmt.Errorf("%q is no store: local or neo4j", engine)
	}
	if err != nil {
		return nil, "", err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, "", err
	}
	_, end, err := store.Events(ctx, 0, 1)
	if err != nil || end > 0 { // an earlier run brought it in
		return store, size(path), err
	}
	im.Store, im.Committer = store, commit.New(store, nil)
	defer im.Committer.Close()
	file := filepath.Join(scratch, "rows.ndjson")
	if err := writeRows(ctx, scale, file); err != nil {
		return nil, "", err
	}
	im.Inputs = []ingest.Input{{Path: file}}
	progress, err := im.Run(ctx)
	brought = fmt.Sprintf("%d links brought in within %s, %.0f a second", progress.Links, progress.Elapsed.Round(time.Second),
		float64(progress.Links)/progress.Elapsed.Seconds())
	if text := size(path); text != "" {
		brought += "; " + text
	}
	return store, brought, err
}

// size tells how large a file is.
func size(path string) string {
	info, err := os.Stat(path)
	if path == "" || err != nil {
		return ""
	}
	return fmt.Sprintf("%d MB on disk", info.Size()/1e6)
}

func writeRows(ctx context.Context, scale, path string) error {
	made, err := scaled(scale)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	_, err = made.WriteRows(ctx, buffered)
	return errors.Join(err, buffered.Flush(), file.Close())
}
