package testservers

import (
	"os"
	"os/exec"
	"testing"
)

// Chromium is the path of a Chromium or Chrome: the one that
// CASEGRAPH_TEST_CHROMIUM names, or the first found on the PATH.
func Chromium(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if named := os.Getenv("CASEGRAPH_TEST_CHROMIUM"); named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("no browser among %v: run the tests by `make test`, which installs one, or set CASEGRAPH_TEST_CHROMIUM", names)
	return ""
}
