package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"casegraph/generate"
)

type generateCommand struct {
	Scale string `default:"small" enum:"small,middle,large" help:"How much: small is about 10,000 links, middle 1 million, large 10 million."`
	Seed  uint64 `default:"1" help:"Another number is another graph; the same is the same, byte for byte."`
	Out   string `help:"File to write, which must not exist; none is the standard output."`
	Truth string `help:"File for what was planted and what looks like it, which must not exist; none is not written."`
}

// Run writes a made-up investigation in the form that import reads.
func (c *generateCommand) Run(p *program) error {
	scale, err := generate.ScaleOf(c.Scale)
	if err != nil {
		return err
	}
	graph := generate.Graph{Scale: scale, Seed: c.Seed}
	if c.Truth != "" {
		if _, err := writeNew(p.ctx, c.Truth, graph.WriteTruth); err != nil {
			return fmt.Errorf("--truth: %w", err)
		}
	}
	var rows int
	if c.Out == "" {
		rows, err = writeBuffered(p.ctx, p.out, graph.WriteRows)
	} else if rows, err = writeNew(p.ctx, c.Out, graph.WriteRows); err != nil {
		err = fmt.Errorf("--out: %w", err)
	}
	if err == nil {
		fmt.Fprintf(p.err, "%d rows written.\n", rows)
	}
	return err
}

// writeNew writes a file that is not there yet. One that is not whole is
// taken away again: nothing would tell.
func writeNew(ctx context.Context, path string, write func(context.Context, io.Writer) (int, error)) (int, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := writeBuffered(ctx, file, write)
	if err = errors.Join(err, file.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return n, err
}

func writeBuffered(ctx context.Context, to io.Writer, write func(context.Context, io.Writer) (int, error)) (int, error) {
	buffered := bufio.NewWriterSize(to, 1<<16)
	n, err := write(ctx, buffered)
	return n, errors.Join(err, buffered.Flush())
}
