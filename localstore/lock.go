package localstore

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"casegraph"
)

// fileLock keeps a second process from writing the same store. The system
// lets go of it when the process ends, however that happens.
type fileLock struct{ file *os.File }

func lockFile(path string) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(path)
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, &casegraph.Error{Code: casegraph.CodeUnavailable,
				Message: "the store is being written by " + holderName(holder) + "; one process writes at a time"}
		}
		return nil, fmt.Errorf("lock store: %w", err)
	}
	file.Truncate(0)
	fmt.Fprintf(file, "process %d (%s)", os.Getpid(), filepath.Base(os.Args[0])+" "+strings.Join(firstArg(), " "))
	return &fileLock{file}, nil
}

// firstArg is the command's verb; the rest could hold secrets.
func firstArg() []string {
	if len(os.Args) < 2 {
		return nil
	}
	return os.Args[1:2]
}

func holderName(text []byte) string {
	if len(text) == 0 {
		return "another process"
	}
	return string(text)
}

func (l *fileLock) release() { l.file.Close() }
