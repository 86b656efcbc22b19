package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// page is the page of figures.
type page struct {
	scale     string
	questions int
	stores    []measured
}

type measured struct {
	engine, brought string
	figures         []figure
}

var engineNames = map[string]string{"local": "The embedded store", "neo4j": "Neo4j"}

// WriteTo writes the page as Markdown.
func (p *page) WriteTo(to io.Writer) (int64, error) {
	var text bytes.Buffer
	fmt.Fprintf(&text, `<!-- Made by "make performance". Do not edit. -->
# How long questions take

Measured on %s, on %s, by `+"`make performance`"+`: the investigation of
`+"`casegraph generate --scale %s`"+`, each question asked of %d accounts (or planted pairs), by an asker who does not see restricted cases.
The times are those inside the engine, in milliseconds: without HTTP, GraphQL and the records of the answer. Clients, engine and, where
it is asked, the database share the machine.

*Cold*: nothing is kept in process; the database has read the data before. *Warm*: links and records are kept in process
([caching](caching.md)), and each question was asked before. p50 is the median; one call in a hundred takes longer than p99.
*Nodes* and *calls* are those of the median answer: nodes whose links or degree were read, calls to the store.
`, time.Now().UTC().Format("2 January 2006"), machine(), p.scale, p.questions)
	for _, store := range p.stores {
		fmt.Fprintf(&text, "\n## %s\n\n", engineNames[store.engine])
		if store.brought != "" {
			fmt.Fprintf(&text, "%s.\n\n", store.brought)
		}
		fmt.Fprintln(&text, "| question | nodes | calls | cold, 1 client: p50 | p99 | 16 clients: p50 | p99 | warm, 1 client: p50 | p99 | 16 clients: p50 | p99 |")
		fmt.Fprintln(&text, "| --- |"+strings.Repeat(" ---: |", 10))
		for _, f := range store.figures {
			fmt.Fprintf(&text, "| %s | %d | %d |", f.question, f.nodes, f.calls)
			for _, s := range append(f.cold, f.warm...) {
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

var (
	processor = regexp.MustCompile(`model name\s*: (.+)`)
	memory    = regexp.MustCompile(`MemTotal:\s*(\d+) kB`)
)

// machine is what it was measured on, as far as the system tells.
func machine() string {
	text := fmt.Sprintf("%d cores (%s)", runtime.NumCPU(), runtime.GOARCH)
	if cpu, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if model := processor.FindSubmatch(cpu); model != nil {
			text = fmt.Sprintf("%d cores of an %s", runtime.NumCPU(), bytes.TrimSpace(model[1]))
		}
	}
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		if total := memory.FindSubmatch(info); total != nil {
			var kb int
			fmt.Sscan(string(total[1]), &kb)
			text += fmt.Sprintf(" with %d GB", (kb+500_000)/1_000_000)
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		text += fmt.Sprintf(", with a load average of %s at the end, its own included", strings.Fields(string(load))[0])
	}
	return text
}
