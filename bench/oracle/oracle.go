// Package oracle asks networkx, an independent graph library, what a traversal
// should answer. It needs python3 on the path and, once, the Python package
// index.
package oracle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed oracle.py
var program []byte

//go:embed requirements.txt
var requirements []byte

// Oracle is a Python with what it needs.
type Oracle struct{ python, program string }

// New makes a Python environment in the user's cache folder, or takes the one
// that is there.
func New(ctx context.Context) (*Oracle, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(bytes.Clone(requirements), program...))
	home := filepath.Join(cache, "casegraph", "oracle-"+hex.EncodeToString(sum[:6]))
	o := &Oracle{python: filepath.Join(home, "venv", "bin", "python"), program: filepath.Join(home, "oracle.py")}
	ready := filepath.Join(home, "ready")
	if _, err := os.Stat(ready); err == nil {
		return o, nil
	}
	if err := o.install(ctx, home); err != nil {
		return nil, fmt.Errorf("oracle: %w", err)
	}
	return o, os.WriteFile(ready, nil, 0o644)
}

func (o *Oracle) install(ctx context.Context, home string) error {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(o.program, program, 0o644); err != nil {
		return err
	}
	packages := filepath.Join(home, "requirements.txt")
	if err := os.WriteFile(packages, requirements, 0o644); err != nil {
		return err
	}
	if err := run(ctx, "python3", "-m", "venv", "--clear", filepath.Join(home, "venv")); err != nil {
		return err
	}
	return tries(ctx, 4, func() error {
		return run(ctx, o.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", packages)
	})
}

// tries does something that a network may spoil, with longer and longer pauses.
func tries(ctx context.Context, n int, do func() error) error {
	pause := time.Second
	for {
		err := do()
		if n--; err == nil || n == 0 {
			return err
		}
		select {
		case <-time.After(pause):
			pause *= 4
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, bytes.TrimSpace(out))
	}
	return nil
}

// Ask gives each the answers to the questions, in their order, while the next is
// looked for; an error of it ends the asking. Both files are JSON lines, as
// oracle.py describes them.
func (o *Oracle) Ask(ctx context.Context, graph, questions string, each func(json.RawMessage) error) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	var complaint bytes.Buffer
	command := exec.CommandContext(ctx, o.python, o.program, graph, questions)
	command.Stderr = &complaint
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return fmt.Errorf("oracle: %w", err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for err == nil && lines.Scan() {
		err = each(lines.Bytes())
	}
	if err != nil {
		end()
		command.Wait()
		return err
	}
	if err := errors.Join(lines.Err(), command.Wait()); err != nil {
		return fmt.Errorf("oracle: %w: %s", err, bytes.TrimSpace(complaint.Bytes()))
	}
	return nil
}
