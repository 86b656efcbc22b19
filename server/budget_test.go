package server_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/demo"
	"casegraph/server"
)

// slow is a store whose every list of links takes a second by its own clock.
type slow struct {
	casegraph.Store
	passed time.Duration
}

func (s *slow) now() time.Time { return at.Add(s.passed) }

func (s *slow) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	s.passed += time.Second
	return s.Store.Links(ctx, r)
}

// A traversal whose time is spent gives what it has, says where it stopped, and
// is no error.
func TestTimeThatIsSpent(t *testing.T) {
	f := newFixture(t, localStore(t))
	store := &slow{Store: f.store}
	f.http = server.New(server.Options{Store: store, Committer: f.committer, Auth: f.auth, Now: store.now})
	for name, field := range map[string]string{
		"expand":       `expand(from: ["$case"], depth: 4`,
		"paths":        `paths(from: ["$case"], to: ["$account"], mode: ALL_WITHIN, maxPaths: 100, maxLength: 4`,
		"component":    `component(of: "$case"`,
		"relatedCases": `relatedCases(of: "$case"`,
	} {
		t.Run(name, func(t *testing.T) {
			field = strings.NewReplacer("$case", string(demo.Case(1)), "$account", string(demo.Account("M-3001"))).Replace(field)
			for limit, reason := range map[string]string{"maxMilliseconds: 1500": "BUDGET", "maxMilliseconds: 25000": ""} {
				a := f.as(demo.Ben, `{ `+field+`, `+limit+`) { complete cost { storeCalls } boundaries { reason degree } } }`, nil)
				if complete := get(t, a, name, "complete"); complete != (reason == "") {
					t.Errorf("%s: complete is %v", limit, complete)
				}
				if spent := strings.Contains(string(a.Data), `"BUDGET"`); spent != (reason != "") {
					t.Errorf("%s: %s", limit, a.Data)
				}
			}
			refused(t, f.as(demo.Ben, `{ `+field+`, maxMilliseconds: 25001) { complete } }`, nil), casegraph.CodeBadInput, "maxMilliseconds")
			refused(t, f.as(demo.Ben, `query($n: Int) { `+field+`, maxMilliseconds: $n) { complete } }`, json.RawMessage(`{"n":9223372036854775807}`)),
				casegraph.CodeBadInput, "maxMilliseconds")
		})
	}
}
