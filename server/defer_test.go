package server_test

import (
	"strings"
	"testing"

	"casegraph/demo"
)

// What is deferred would never come, so it is refused and not offered.
func TestDefer(t *testing.T) {
	f := newFixture(t, localStore(t))
	answer := f.send(demo.Ben, []byte(`{"query":"{ cases(first: 1) { nodes { id ... @defer { title } } } }"}`)).Body.String()
	if !strings.Contains(answer, `Unknown directive \"@defer\"`) || strings.Contains(answer, `"data"`) {
		t.Error(answer)
	}
	answer = f.send(demo.Ben, []byte(`{"query":"{ __schema { directives { name } } }"}`)).Body.String()
	if strings.Contains(answer, "defer") || !strings.Contains(answer, "skip") {
		t.Error(answer)
	}
}
