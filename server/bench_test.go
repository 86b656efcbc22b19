package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"casegraph/demo"
)

// BenchmarkOperations is each ready query from the request's bytes to the
// answer's, over the embedded store.
func BenchmarkOperations(b *testing.B) {
	f := newFixture(b, localStore(b))
	for _, o := range operations(b) {
		if strings.HasPrefix(o.Query, "mutation") {
			continue
		}
		body, err := json.Marshal(map[string]any{"query": o.Query, "variables": json.RawMessage(o.Variables)})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(o.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if response := f.send(demo.Ben, body); response.Code != 200 {
					b.Fatal(response.Body)
				}
			}
		})
	}
}
