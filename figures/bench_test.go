package figures

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"casegraph"
)

// aMillion are a million cases over two years, of which half were closed.
var aMillion = sync.OnceValues(func() (*model, uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	random, m := rand.New(rand.NewPCG(1, 2)), newModel()
	number := func(prefix string, n int) uint32 { return m.texts.number(fmt.Sprint(prefix, random.IntN(n))) }
	at, seq := casegraph.Time(1_700_000_000_000), casegraph.Seq(0)
	const cases = 1_000_000
	for of := range uint32(cases) {
		at += 730 * day / cases
		seq++
		m.open(keyOf(casegraph.ID(fmt.Sprint("case_", of))), seq, at, state{caseType: number("type ", 5), queue: number("que_", 20), tags: m.texts.number(fmt.Sprintf(`["tag %d"]`, random.IntN(30)))})
		old := uint32(random.IntN(int(of) + 1))
		s := m.state(&m.changes[m.last[old]])
		if s[ended] == 0 {
			s[ended], s[resolution], s[outcome], s[assignee] = m.texts.number("1"), number("resolution ", 4), number("outcome ", 3), number("usr_", 50)
		} else {
			s[ended], s[resolution], s[outcome] = 0, 0, 0
		}
		seq++
		m.change(old, seq, at, s, true, false)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	m.seq = seq
	return m, after.HeapAlloc - before.HeapAlloc
})

// BenchmarkAsk is what a question costs, but for reading the log's end.
func BenchmarkAsk(b *testing.B) {
	m, bytes := aMillion()
	now := m.changes[len(m.changes)-1].at
	investigator := casegraph.Mask{RestrictedCases: true}
	for name, q := range map[string]Query{
		"all in one":             {Mask: investigator},
		"by queue":               {GroupBy: ByQueue, Mask: investigator},
		"by assignee, 30 days":   {GroupBy: ByAssignee, From: now - 30*day, Mask: investigator},
		"by tag, by month":       {GroupBy: ByTag, Interval: Month, Mask: investigator},
		"by day of a year":       {Interval: Day, From: now - 364*day, Mask: investigator},
		"by queue, filtered":     {GroupBy: ByQueue, Filter: casegraph.Filter{Path: "caseType", Op: casegraph.OpEq, Value: "type 1"}, Mask: investigator},
		"a year ago, by queue":   {GroupBy: ByQueue, AsOf: 1_000_000, Mask: investigator},
		"by case type, by week":  {GroupBy: ByCaseType, Interval: Week, Mask: investigator},
		"by queue, by month, to": {GroupBy: ByQueue, Interval: Month, To: now - 60*day},
	} {
		b.Run(name, func(b *testing.B) {
			f := New(still{m.seq})
			f.model = m
			b.ReportAllocs()
			for b.Loop() {
				q := q
				q.Now = now
				a, err := f.Ask(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				for _, row := range a.Rows {
					row.TimeToFirstResponse()
					row.TimeToResolution()
					row.Outcomes()
				}
			}
			b.ReportMetric(float64(bytes)/1e6, "MB-held")
		})
	}
}

// still is a log in which nothing happens any more.
type still struct{ end casegraph.Seq }

func (s still) Events(context.Context, casegraph.Seq, int) ([]casegraph.Event, casegraph.Seq, error) {
	return nil, s.end, nil
}

func (s still) Nodes(context.Context, casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	return nil, nil
}
