package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"casegraph/ingest"
)

type exportCommand struct {
	To string `arg:"" optional:"" help:"File to write, which must not exist; none is the standard output."`
}

// Run writes all objects, their evidence, cases and relations in the form that
// import reads. Users, keys, comments and the log are not in it.
func (c *exportCommand) Run(p *program) error {
	e, err := p.openReading()
	if err != nil {
		return err
	}
	defer e.close()
	if c.To == "" {
		return c.write(p, e, p.out)
	}
	file, err := os.OpenFile(c.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(c.write(p, e, file), file.Close())
}

func (c *exportCommand) write(p *program, e *engine, to io.Writer) error {
	buffered := bufio.NewWriter(to)
	rows, err := ingest.Export(p.ctx, e.store, buffered)
	if err := errors.Join(err, buffered.Flush()); err != nil {
		return err
	}
	fmt.Fprintf(p.err, "%d rows written.\n", rows)
	return nil
}
