package plugin

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
)

// example is what gqlgen knows of the example's schema.
func example(t *testing.T) *codegen.Data {
	t.Helper()
	t.Chdir("../internal/example")
	cfg, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.LoadSchema(); err != nil {
		t.Fatal(err)
	}
	if err := cfg.Init(); err != nil {
		t.Fatal(err)
	}
	data, err := codegen.BuildData(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A resolver that takes one parent at a time, where there can be many, is
// refused unless it is named.
func TestPlainResolvers(t *testing.T) {
	data := example(t)
	err := Plugin{}.GenerateCode(data)
	if err == nil || !strings.HasSuffix(err.Error(), ": Account.slow") {
		t.Errorf("%v", err)
	}
	for _, allowed := range []string{"Account.slow", "*"} {
		if err := newGenerator(data).checkPlain([]string{allowed}); err != nil {
			t.Errorf("%s: %v", allowed, err)
		}
	}
}

// What is left to gqlgen is told.
func TestReport(t *testing.T) {
	data := example(t)
	data.Config.Exec.Filename = filepath.Join(t.TempDir(), "generated.go")
	var report bytes.Buffer
	if err := (Plugin{Plain: []string{"Account.slow"}, Report: &report}).GenerateCode(data); err != nil {
		t.Fatal(err)
	}
	if report.String() != "breadth: left to gqlgen: Account.motto Query.__schema Query.__type\n" {
		t.Errorf("%s", report.String())
	}
}
