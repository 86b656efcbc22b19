package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"casegraph"
	"casegraph/ingest"
	"casegraph/localstore"
	"casegraph/persona"
)

type importCommand struct {
	Paths   []string `arg:"" help:"Files of our NDJSON, or one folder with --mapping; .gz as well."`
	Mapping string   `help:"Mapping file that says how the folder's files become rows, or the name of one of ours: amlsim, febrl, finbench, paysim, splink."`
	Persona bool     `help:"The files are Persona's JSON: resources or lists as its API returns them, one document a file or a line."`
	Name    string   `help:"Name that the import's position is kept under; else made from the files' names."`
	Restart bool     `help:"Begin at the first row, whatever an earlier run has done."`
	Rejects string   `default:"rejects.ndjson" help:"File for rows that can't come in, each with line, column and reason."`
}

// Validate refuses flags that contradict each other.
func (c *importCommand) Validate() error {
	if c.Persona && c.Mapping != "" {
		return errors.New("--persona: goes without --mapping, which says itself how files become rows")
	}
	return nil
}

// Run brings files in. Interrupted, it goes on where it ended. An import of
// which nothing comes in fails.
func (c *importCommand) Run(p *program) error {
	inputs, err := c.inputs()
	if err != nil {
		return err
	}
	e, err := p.open()
	if err != nil {
		return err
	}
	defer e.close()
	bar := newProgressLine(p.err)
	im := ingest.Import{Store: e.store, Committer: e.committer, Name: c.name(), Inputs: inputs, Restart: c.Restart,
		Rejects: c.Rejects, Progress: bar.importing, Settings: e.ingestSettings()}
	if p.settings.Neo4jURI == "" {
		im.PageLinks = localstore.ImportLinks
	}
	done, err := im.Run(p.ctx)
	bar.end()
	if err != nil && done.Records == 0 {
		return err
	}
	fmt.Fprintf(p.out, "%d records, %d rows, %d links: %d created, %d updated, %d unchanged, %d rejected, %d warnings in %s.\n",
		done.Records, done.Rows, done.Links, done.Created, done.Updated, done.Unchanged, done.Rejected, done.Warnings, done.Elapsed.Round(time.Millisecond))
	if done.Rejected+done.Warnings > 0 {
		fmt.Fprintf(p.out, "What was rejected, left out or could be better stands in %s.\n", c.Rejects)
	}
	if err != nil {
		fmt.Fprintln(p.err, "Everything up to there is in; the same command goes on from there.")
		return err
	}
	if done.Rows > 0 && done.Rejected == done.Rows {
		return fmt.Errorf("every row was rejected; %s says why", c.Rejects)
	}
	return nil
}

func (c *importCommand) inputs() ([]ingest.Input, error) {
	if c.Mapping != "" {
		if len(c.Paths) != 1 {
			return nil, errors.New("PATHS: with --mapping, one folder")
		}
		mapping, err := readMapping(c.Mapping)
		if err != nil {
			return nil, fmt.Errorf("--mapping: %w", err)
		}
		return mapping.Inputs(c.Paths[0])
	}
	var inputs []ingest.Input
	for _, path := range c.Paths {
		input := ingest.Input{Path: path}
		if c.Persona {
			input.Decode = persona.Rows
		}
		inputs = append(inputs, input)
	}
	return inputs, nil
}

// readMapping reads a file, or one of our own by its name.
func readMapping(name string) (*ingest.Mapping, error) {
	if filepath.Ext(name) == "" && !strings.ContainsRune(name, filepath.Separator) {
		if text, err := ingest.Mappings.ReadFile("mappings/" + name + ".yaml"); err == nil {
			return ingest.ParseMapping(text)
		}
	}
	return ingest.ReadMapping(name)
}

// name tells imports of different files apart.
func (c *importCommand) name() string {
	if c.Name != "" {
		return c.Name
	}
	hash := sha256.New()
	for _, path := range append([]string{c.Mapping}, c.Paths...) {
		absolute, err := filepath.Abs(path)
		if err != nil {
			absolute = path
		}
		fmt.Fprintln(hash, absolute)
	}
	return filepath.Base(c.Paths[0]) + "-" + hex.EncodeToString(hash.Sum(nil)[:6])
}

func (e *engine) ingestSettings() ingest.Settings {
	return ingest.Settings{Identity: e.identity, UserByEmail: func(ctx context.Context, email string) (casegraph.ID, error) {
		key := casegraph.Key{Kind: casegraph.KindUser, Reference: email}
		found, err := e.store.Resolve(ctx, []casegraph.Key{key})
		if err != nil || len(found[key]) == 0 {
			return "", err
		}
		return found[key][0], nil
	}}
}
