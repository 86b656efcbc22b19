package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsGeneratedComesIn(t *testing.T) {
	folder := t.TempDir()
	rows, truth := filepath.Join(folder, "rows.ndjson"), filepath.Join(folder, "truth.ndjson")
	must(t, folder, "generate", "--out", rows, "--truth", truth)
	written, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	if printed := must(t, folder, "generate"); printed != string(written) {
		t.Error("the standard output gets other rows than a file")
	}
	if planted, err := os.ReadFile(truth); err != nil || !bytes.Contains(planted, []byte(`"kind":"mule-chain"`)) {
		t.Errorf("truth: %v", err)
	}
	if told := must(t, folder, "import", rows); !strings.Contains(told, "0 rejected, 0 warnings") {
		t.Errorf("import: %s", told)
	}
}

func TestGeneratingOverwritesNothing(t *testing.T) {
	folder := t.TempDir()
	there := filepath.Join(folder, "there")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--out", "--truth"} {
		if code, _, err := call(t, folder, "generate", flag, there); code != 1 || !strings.Contains(err, flag+": open ") {
			t.Errorf("%s: exit %d: %s", flag, code, err)
		}
	}
	if kept, _ := os.ReadFile(there); string(kept) != "mine" {
		t.Errorf("the file holds %q", kept)
	}
}

func TestWhatIsCutShortIsTakenAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.ndjson")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, says bytes.Buffer
	code := execute(ctx, []string{"generate", "--scale", "large", "--out", path}, &out, &says)
	if _, err := os.Stat(path); code != 130 || !os.IsNotExist(err) {
		t.Errorf("exit %d (%s), and the file: %v", code, &says, err)
	}
}
