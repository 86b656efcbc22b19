package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCommandGetsTheServersAndItsExitCodeIsPassedOn(t *testing.T) {
	t.Setenv("CASEGRAPH_TEST_REDIS_URL", "")
	seen := filepath.Join(t.TempDir(), "seen")
	opts := options{neo4j: "5.26.30", only: []string{"redis"}}
	code, err := run(t.Context(), opts, []string{"sh", "-c", `echo "$CASEGRAPH_TEST_REDIS_URL" >` + seen + `; pwd >>` + seen + `; exit 7`})
	if err != nil || code != 7 {
		t.Fatalf("exit code %d, error %v; the command exited with 7", code, err)
	}

	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	url, dir, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if _, err := os.Stat(filepath.Join(dir, "testservers")); err != nil {
		t.Errorf("the command ran in %s, not in the root of the repository", dir)
	}
	address, found := strings.CutPrefix(url, "redis://")
	if !found {
		t.Fatalf("CASEGRAPH_TEST_REDIS_URL was %q", url)
	}
	if pingRedis(t.Context(), address) == nil {
		t.Error("Redis still answers after the command has ended")
	}
}

func TestAServerOfTheEnvironmentIsUsed(t *testing.T) {
	t.Setenv("CASEGRAPH_TEST_NEO4J_URI", "neo4j://elsewhere")
	t.Setenv("CASEGRAPH_TEST_REDIS_URL", "redis://elsewhere")
	opts := options{neo4j: "5.26.30", only: []string{"neo4j", "redis"}}
	starters, err := prepare(t.Context(), &opts)
	if err != nil || len(starters) != 0 {
		t.Errorf("%d servers would be started, error %v; want none", len(starters), err)
	}
}

func TestAKilledCommandHasTheShellsExitCode(t *testing.T) {
	code, err := runCommand(t.Context(), t.TempDir(), []string{"sh", "-c", "kill -9 $$"}, nil)
	if err != nil || code != 128+9 {
		t.Errorf("exit code %d, error %v; want 137", code, err)
	}
}

func TestAFetchIsTriedAgain(t *testing.T) {
	tries := 0
	err := retryFetch(t.Context(), 0, func() error {
		tries++
		if tries < 3 {
			return errors.New("connection reset")
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

func TestAFetchIsGivenUp(t *testing.T) {
	refused := errors.New("no such artifact")
	tries := 0
	err := retryFetch(t.Context(), 0, func() error { tries++; return refused })
	if !errors.Is(err, refused) || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

func TestEachNeo4jHasItsJava(t *testing.T) {
	for version, want := range map[string]int{"5.26.30": 17, "2025.01.0": 21, "2026.08.1": 21} {
		if got := oldestJava(version); got != want {
			t.Errorf("Neo4j %s: Java %d, want %d", version, got, want)
		}
	}
}

func TestJavaMajorIsReadFromItsReleaseFile(t *testing.T) {
	for _, c := range []struct {
		name    string
		release string
		program bool
		want    int
	}{
		{"a Java", "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\n", true, 17},
		{"a first release", "JAVA_VERSION=\"25\"\n", true, 25},
		{"a folder left behind", "JAVA_VERSION=\"17.0.15\"\n", false, 0},
		{"something else", "", true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			write(t, filepath.Join(home, "release"), c.release)
			if c.program {
				write(t, filepath.Join(home, "bin", "java"), "")
			}
			if got := javaMajor(home); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no apt-get either
	err := provide(t.Context(), []requirement{maven, redis})
	if err == nil {
		t.Fatal("no error")
	}
	for _, word := range []string{"Maven", "mvn", "Redis", "CASEGRAPH_TEST_REDIS_URL"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name %s", err, word)
		}
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	for arg, word := range map[string]string{"--only=neo4j,mysql": "mysql", "--password=short": "8 characters"} {
		if _, _, err := parse([]string{arg}); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: error %v, want one about %s", arg, err, word)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
