// Package localstore keeps the graph in one SQLite file: the embedded,
// durable store for those who run no database. One process writes at a time;
// any number may read.
package localstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"casegraph"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Store is a casegraph.Store over one SQLite file.
type Store struct {
	readers *sql.DB
	writer  *writer // nil in a store opened for reading
	lock    *fileLock
	classes classNames
	stmts   statements
	closing sync.Once
}

// Options says how to open a store.
type Options struct {
	// ReadOnly opens a store that another process may be writing. Begin and
	// Migrate are refused.
	ReadOnly bool
}

// Open opens the store in the file at path, or makes it, with its folder.
// Migrate must have run before anything else is asked of a new one.
func Open(path string, options Options) (*Store, error) {
	s := &Store{}
	if !options.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
		lock, err := lockFile(path + ".lock")
		if err != nil {
			return nil, err
		}
		s.lock = lock
		if err = makeFile(path); err == nil {
			s.writer, err = openWriter(path)
		}
		if err != nil {
			lock.release()
			return nil, err
		}
	} else if _, err := os.Stat(path); err != nil {
		return nil, &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "there is no store yet; start the server once, or run: casegraph migrate"}
	}
	readers, err := sql.Open("sqlite", address(path, "query_only(1)", "cache_size(-65536)", "mmap_size(1073741824)"))
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("open store: %w", err)
	}
	readers.SetMaxOpenConns(max(4, 2*runtime.GOMAXPROCS(0)))
	readers.SetMaxIdleConns(max(4, 2*runtime.GOMAXPROCS(0)))
	s.readers = readers
	s.stmts.db = readers
	if options.ReadOnly {
		if err := s.checkSchema(); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// checkSchema refuses a store of another version to those who can't migrate it.
func (s *Store) checkSchema() error {
	var version int
	rows, err := s.readers.Query("PRAGMA user_version")
	err = each(rows, err, func(row scanner) error { return row.Scan(&version) })
	if err == nil && version != len(migrations) {
		err = &casegraph.Error{Code: casegraph.CodeUnavailable, Message: fmt.Sprintf(
			"the store has the schema version %d and this program's is %d; start this program's server once, or run: casegraph migrate", version, len(migrations))}
	}
	return err
}

// makeFile makes the file for its owner alone, as it holds personal data; what
// SQLite puts beside it gets the same mode. A file that is there keeps its own.
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return file.Close()
}

// address names a database with the settings of each of its connections.
func address(path string, pragmas ...string) string {
	query := url.Values{"_pragma": append([]string{"busy_timeout(10000)"}, pragmas...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

// Ping tells whether the store can be read.
func (s *Store) Ping(ctx context.Context) error { return unavailable(s.readers.PingContext(ctx)) }

// Close ends the store, once. What was written is durable already.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() { err = s.close() })
	return err
}

func (s *Store) close() error {
	var errs []error
	if s.readers != nil {
		s.stmts.close()
		errs = append(errs, s.readers.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.lock != nil {
		s.lock.release()
	}
	return errors.Join(errs...)
}

// unavailable marks an error of the database that may pass; others stay.
func unavailable(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
			return errors.Join(&casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the store can't be reached"}, err)
		}
	}
	return err
}

// statements are the prepared reading statements, by text.
type statements struct {
	db *sql.DB
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

// query runs a statement that is prepared once. Texts are few: they differ by
// the shape of a question, never by its values.
func (s *statements) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s.mu.RLock()
	stmt := s.m[text]
	s.mu.RUnlock()
	if stmt == nil {
		var err error
		if stmt, err = s.prepare(ctx, text); err != nil {
			return nil, unavailable(err)
		}
	}
	rows, err := stmt.QueryContext(ctx, args...)
	return rows, unavailable(err)
}

func (s *statements) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.m[text]; stmt != nil {
		return stmt, nil
	}
	if len(s.m) >= maxStatements {
		for _, stmt := range s.m {
			stmt.Close()
		}
		s.m = nil
	}
	stmt, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("localstore: %w", err)
	}
	if s.m == nil {
		s.m = map[string]*sql.Stmt{}
	}
	s.m[text] = stmt
	return stmt, nil
}

const maxStatements = 500

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.m {
		stmt.Close()
	}
}

type scanner interface{ Scan(...any) error }

// each scans every row.
func each(rows *sql.Rows, err error, scan func(scanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return unavailable(err)
		}
	}
	return unavailable(rows.Err())
}
