package generate

import (
	"context"
	"encoding/json"
	"io"
	"iter"

	"casegraph/ingest"
)

// Graph is one generated investigation graph.
type Graph struct {
	Scale Scale
	Seed  uint64
}

// Rows gives all rows in the form that an import reads, each good for ever.
// What a row names has come before it.
func (g Graph) Rows() iter.Seq[*ingest.Row] {
	return func(yield func(*ingest.Row) bool) {
		if !g.businesses(yield) || !g.households(yield) || !g.payments(yield) {
			return
		}
		for s := range g.stories() {
			for _, row := range s.rows {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// Truth gives what was planted, and what looks like it.
func (g Graph) Truth() iter.Seq[Planted] {
	return func(yield func(Planted) bool) {
		for s := range g.stories() {
			if !yield(s.planted) {
				return
			}
		}
	}
}

// WriteRows writes the rows as NDJSON until ctx ends, and gives their number.
func (g Graph) WriteRows(ctx context.Context, to io.Writer) (rows int, err error) {
	return write(ctx, to, g.Rows())
}

// WriteTruth writes the truth as NDJSON, and gives the number of lines.
func (g Graph) WriteTruth(ctx context.Context, to io.Writer) (lines int, err error) {
	return write(ctx, to, g.Truth())
}

func write[T any](ctx context.Context, to io.Writer, all iter.Seq[T]) (n int, err error) {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	for one := range all {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		if err := encoder.Encode(one); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
