package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"casegraph/ingest"
)

// progressLine draws how far something is: one line that is drawn again on a
// terminal, a line now and then elsewhere.
type progressLine struct {
	to       io.Writer
	terminal bool
	drawn    time.Time
}

func newProgressLine(to io.Writer) *progressLine {
	file, ok := to.(*os.File)
	return &progressLine{to: to, terminal: ok && term.IsTerminal(int(file.Fd()))}
}

func (l *progressLine) show(text func() string) {
	pause := 5 * time.Second
	if l.terminal {
		pause = 100 * time.Millisecond
	}
	if time.Since(l.drawn) < pause {
		return
	}
	l.drawn = time.Now()
	if l.terminal {
		fmt.Fprintf(l.to, "\r\x1b[K%s", text())
		return
	}
	fmt.Fprintln(l.to, text())
}

func (l *progressLine) importing(p ingest.Progress) {
	l.show(func() string {
		percent := 0.0
		if p.TotalBytes > 0 {
			percent = 100 * float64(p.Bytes) / float64(p.TotalBytes)
		}
		return fmt.Sprintf("%5.1f %%  %d rows  %.0f rows/s  %s left  %d rejected  %s", percent, p.Rows,
			float64(p.Rows)/max(p.Elapsed.Seconds(), 0.001), p.Left.Round(time.Second), p.Rejected, filepath.Base(p.File))
	})
}

func (l *progressLine) end() {
	if l.terminal && !l.drawn.IsZero() {
		fmt.Fprint(l.to, "\r\x1b[K")
	}
}
