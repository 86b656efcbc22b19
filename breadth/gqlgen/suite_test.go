package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"casegraph/breadth"
)

const upstream = "github.com/99designs/gqlgen"

// gqlgen's own test servers pass with their schemas executed breadth first.
// They stand inside gqlgen's module, so that is copied, with breadth in it. The
// one exception asserts that AroundFields sees plain struct fields.
func TestSuite(t *testing.T) {
	root := copyModule(t)
	servers := []string{"singlefile", "followschema", "usefunctionsyntaxforexecutioncontext", "nullabledirectives", "protogetters",
		"returnpointersinunmarshalinput", "omittypedinputunmarshalers", "subscriptionwithcontext", "subscriptioncontextfield"}
	for _, name := range servers {
		swap(t, root, filepath.Join(root, "codegen/testserver", name), "gqlgen.yml")
	}
	for _, config := range federated(t, root) {
		swap(t, root, filepath.Join(root, "plugin/federation"), config)
	}
	packages := []string{"./plugin/federation"}
	for _, name := range servers {
		packages = append(packages, "./codegen/testserver/"+name+"/...")
	}
	if out, err := command(root, "go", append([]string{"test", "-vet=off", "-skip", "^TestMiddleware$"}, packages...)...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := command(root, "go", "test", "-vet=off", "-run", "^TestMiddleware$", "./codegen/testserver/singlefile"); err == nil {
		t.Errorf("the exception holds: the schema was not swapped\n%s", out)
	}
}

// copyModule copies gqlgen's module, and breadth into it.
func copyModule(t *testing.T) string {
	t.Helper()
	from, err := command(".", "go", "list", "-m", "-f", "{{.Dir}}", upstream)
	if err != nil {
		t.Fatalf("%v\n%s", err, from)
	}
	root := t.TempDir()
	copyTree(t, strings.TrimSpace(string(from)), root, func(path string) bool { return true })
	copyTree(t, "..", filepath.Join(root, "breadth"), func(path string) bool {
		return !strings.HasPrefix(path, "internal") && !strings.HasPrefix(path, "difftest") && !strings.HasSuffix(path, "_test.go")
	})
	for try := 1; ; try++ { // only what is fetched may fail for a moment
		out, err := command(root, "go", "mod", "download")
		if err == nil {
			return root
		}
		if try == 3 {
			t.Fatalf("%v\n%s", err, out)
		}
		time.Sleep(time.Duration(try) * 5 * time.Second)
	}
}

// copyTree copies a folder; Go files get the names that packages have there.
func copyTree(t *testing.T, from, to string, wanted func(path string) bool) {
	t.Helper()
	own := reflect.TypeFor[breadth.Options]().PkgPath()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(from, path)
		if err != nil || !wanted(within) {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, within), 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text = bytes.ReplaceAll(text, []byte(`"`+own), []byte(`"`+upstream+"/breadth"))
		return os.WriteFile(filepath.Join(to, within), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// federated are the configurations that the tests of federation run on.
func federated(t *testing.T, root string) []string {
	t.Helper()
	tests, err := filepath.Glob(filepath.Join(root, "plugin/federation/*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var configs []string
	seen := map[string]bool{}
	for _, test := range tests {
		text, err := os.ReadFile(test)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`//go:generate .* -config (\S+)`).FindAllSubmatch(text, -1) {
			if config := string(match[1]); !seen[config] {
				seen[config] = true
				configs = append(configs, config)
			}
		}
	}
	if len(configs) == 0 {
		t.Fatal("no configurations of federation")
	}
	return configs
}

// swap generates a schema's code with the plugin, and puts the breadth-first
// schema where its tests look for gqlgen's.
func swap(t *testing.T, root, folder, config string) {
	t.Helper()
	binary := filepath.Join(root, "generate")
	if _, err := os.Stat(binary); errors.Is(err, fs.ErrNotExist) {
		if out, err := command(root, "go", "build", "-o", binary, "./breadth/gqlgen"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if out, err := command(folder, binary, "-plain", "*", config); err != nil {
		t.Fatalf("%s: %v\n%s", config, err, out)
	}
	generated := 0
	err := filepath.WalkDir(filepath.Join(folder, filepath.Dir(config)), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		changed := bytes.Replace(text, []byte("func NewExecutableSchema("), []byte("func newGqlgenSchema("), 1)
		if filepath.Base(path) == "breadth.go" {
			generated++
			changed = bytes.Replace(text, []byte("NewExecutableSchema(cfg)"), []byte("newGqlgenSchema(cfg)"), 1)
			changed = append(changed, `
func NewExecutableSchema(cfg Config) graphql.ExecutableSchema {
	return NewBreadthFirstSchema(cfg, breadth.Options{RaiseMarshalPanics: true})
}
`...)
		}
		if bytes.Equal(text, changed) {
			return nil
		}
		return os.WriteFile(path, changed, 0o644)
	})
	if err != nil || generated != 1 {
		t.Fatalf("%s: %d files generated: %v", config, generated, err)
	}
}

func command(folder, name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Dir = folder
	c.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off") // the build cache then serves any folder
	return c.CombinedOutput()
}
