// Package testservers hands tests the real servers that they need: a Neo4j, a
// Redis, a browser. It starts nothing: `make test` does, and names them in the
// environment. A test that lacks one fails and says so; it never skips.
//
// The tests of several packages run as processes side by side, against one
// Neo4j that has one database. So a process that asks for a server owns it
// until the process ends, and others wait. Each call empties the server: tests
// that call it must not run in parallel with each other.
package testservers

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// variable is the value of an environment variable that the test cannot do without.
func variable(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run the tests by `make test`, which starts the servers they need", name)
	}
	return value
}

var owned struct {
	sync.Mutex
	files map[string]*os.File // by address; open, and so locked, until the process ends
}

// own waits until no other process uses the server at the address.
func own(t testing.TB, address string) {
	t.Helper()
	owned.Lock()
	defer owned.Unlock()
	if owned.files[address] != nil {
		return
	}
	name := fnv.New64a()
	_, _ = name.Write([]byte(address))
	path := filepath.Join(os.TempDir(), fmt.Sprintf("casegraph-test-%x.lock", name.Sum64()))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		t.Fatalf("lock of %s: %v", address, err)
	}
	if err := lock(file); err != nil {
		t.Fatalf("lock of %s: %v", address, err)
	}
	if owned.files == nil {
		owned.files = map[string]*os.File{}
	}
	owned.files[address] = file
}

// lock waits for the file's lock; a signal that comes meanwhile (Go's runtime
// sends itself some) is no reason to give up.
func lock(file *os.File) error {
	for {
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
			return err
		}
	}
}
