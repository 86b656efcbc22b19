package ingest

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkImport brings transactions with two owners and a payment each, and
// sign-ins that show a device, into a new embedded store, and then again.
func BenchmarkImport(b *testing.B) {
	var text strings.Builder
	const transactions, sessions, accounts = 20_000, 5_000, 2_000
	for i := range transactions {
		fmt.Fprintf(&text, `{"node":"TRANSACTION","source":"bank","referenceId":"t%d","at":%d,"transactionType":"transfer","amount":%d.50,"currency":"EUR","of":[{"role":"payer","referenceId":"a%d"},{"role":"payee","referenceId":"a%d"}]}`+"\n",
			i, 1_700_000_000_000+i*1000, i, i*7919%accounts, (i*104729+1)%accounts)
	}
	for i := range sessions {
		fmt.Fprintf(&text, `{"node":"SESSION","source":"bank","referenceId":"s%d","at":%d,"device":"device-%d","of":[{"referenceId":"a%d"}]}`+"\n",
			i, 1_700_000_000_000+i*1000, i%1500, i*7919%accounts)
	}
	run := func(b *testing.B, w *world, path string) {
		done, err := w.importOf(path).Run(w.ctx)
		if err != nil || done.Rejected > 0 {
			b.Fatal(err, done.Rejected)
		}
		b.ReportMetric(float64(done.Links)/done.Elapsed.Seconds(), "links/s")
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			w := newWorld(b)
			path := w.write("rows.ndjson", text.String())
			b.StartTimer()
			run(b, w, path)
		}
	})
	b.Run("again", func(b *testing.B) {
		w := newWorld(b)
		path := w.write("rows.ndjson", text.String())
		run(b, w, path)
		for b.Loop() {
			run(b, w, path)
		}
	})
}
