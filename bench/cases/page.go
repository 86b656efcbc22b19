package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"casegraph"
)

// page is the page of what was measured.
type page struct {
	cases, questions int
	stores           []measured
}

type measured struct {
	engine  string
	events  casegraph.Seq
	filled  time.Duration // 0 where the cases were there already
	read    time.Duration // for figures, from the log's beginning
	held    uint64        // by figures, in bytes
	figures []figure
}

var engineNames = map[string]string{"local": "The embedded store", "neo4j": "Neo4j"}

// WriteTo writes the page as Markdown.
func (p *page) WriteTo(to io.Writer) (int64, error) {
	var text bytes.Buffer
	fmt.Fprintf(&text, `<!-- Made by "make performance-cases". Do not edit. -->
# How long casework takes on %d cases

Measured on %s, on %d cores%s, by `+"`make performance-cases CASES=%d`"+`: cases of %d sorts in %d queues over two years, of four one
assigned and one worked to its end; each question asked %d times, by an asker who does not see restricted cases. The times are those inside the engine,
in milliseconds: without HTTP, GraphQL and the records of the answer; figures with all percentiles, as CSV. Clients, engine and, where it is
asked, the database share the machine. p50 is the median; one call in a hundred takes longer than p99.
`, p.cases, time.Now().UTC().Format("2 January 2006"), runtime.NumCPU(), load(), p.cases, types, queues, p.questions)
	for _, store := range p.stores {
		fmt.Fprintf(&text, "\n## %s\n\n%d events", engineNames[store.engine], store.events)
		if store.filled > 0 {
			fmt.Fprintf(&text, ", written within %s", store.filled.Round(time.Second))
		}
		fmt.Fprintf(&text, ". Figures read the log from its beginning within %.1f s and hold %d MB.\n\n", store.read.Seconds(), store.held/1_000_000)
		fmt.Fprintln(&text, "| question | 1 client: p50 | p99 | 8 clients: p50 | p99 |")
		fmt.Fprintln(&text, "| --- |"+strings.Repeat(" ---: |", 4))
		for _, f := range store.figures {
			fmt.Fprintf(&text, "| %s |", f.question)
			for _, s := range f.took {
				fmt.Fprintf(&text, " %s | %s |", milliseconds(s.p50), milliseconds(s.p99))
			}
			fmt.Fprintln(&text)
		}
	}
	return text.WriteTo(to)
}

func milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms < 10 {
		return fmt.Sprintf("%.2f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// load is what the machine did, where the system tells.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return fmt.Sprintf(", with a load average of %s at the end, its own included", strings.Fields(string(text))[0])
}
