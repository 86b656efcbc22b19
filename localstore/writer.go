package localstore

import (
	"context"
	"database/sql"
	"fmt"

	"casegraph"
)

// writer is the one connection that writes. Whoever holds its token may use
// it; the log's lock of this store is that token.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	token chan struct{}
	stmts map[string]*sql.Stmt
	// nextNID, cids and nids are what only this process changes. nids are the
	// numbers of nodes that were met; past maxNIDs they are learnt anew.
	nextNID int64
	cids    map[casegraph.Class]int64
	nids    map[casegraph.ID]int64
}

// ImportLinks is how many links an import writes best in one transaction here.
// While it runs nobody else can write this store, so nobody waits for it.
const ImportLinks = 20_000

const maxNIDs = 1 << 17

func openWriter(path string) (*writer, error) {
	db, err := sql.Open("sqlite", address(path, "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)",
		"journal_size_limit(67108864)", "wal_autocheckpoint(8000)", "recursive_triggers(0)"))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(context.Background())
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open store: %w", unavailable(err))
	}
	w := &writer{db: db, conn: conn, token: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
	return w, nil
}

func (w *writer) take(ctx context.Context) error {
	select {
	case w.token <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) give() { <-w.token }

func (w *writer) close() error {
	w.token <- struct{}{} // a batch that is being written ends first
	for _, stmt := range w.stmts {
		stmt.Close()
	}
	w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	w.conn.Close()
	return w.db.Close()
}

func (w *writer) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := w.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("localstore: %w", unavailable(err))
	}
	w.stmts[text] = stmt
	return stmt, nil
}

func (w *writer) exec(ctx context.Context, text string, args ...any) error {
	stmt, err := w.prepare(ctx, text)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, args...)
	return unavailable(err)
}

func (w *writer) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := w.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	return rows, unavailable(err)
}

// know reads what is kept in memory between batches.
func (w *writer) know(ctx context.Context) error {
	if len(w.nids) > maxNIDs {
		w.nids = map[casegraph.ID]int64{}
	}
	if w.cids != nil {
		return nil
	}
	var last sql.NullInt64
	if err := w.conn.QueryRowContext(ctx, "SELECT max(nid) FROM nodes").Scan(&last); err != nil {
		return unavailable(err)
	}
	cids := map[casegraph.Class]int64{}
	rows, err := w.query(ctx, "SELECT cid, class FROM classes")
	err = each(rows, err, func(r scanner) error {
		var cid int64
		var class casegraph.Class
		err := r.Scan(&cid, &class)
		cids[class] = cid
		return err
	})
	if err != nil {
		return err
	}
	w.nextNID, w.cids, w.nids = last.Int64+1, cids, map[casegraph.ID]int64{}
	return nil
}

// forget makes the next batch read again what a failed one may have changed.
func (w *writer) forget() { w.cids = nil }

func (w *writer) cid(ctx context.Context, class casegraph.Class) (int64, error) {
	if cid, ok := w.cids[class]; ok {
		return cid, nil
	}
	cid := int64(len(w.cids) + 1)
	if err := w.exec(ctx, "INSERT INTO classes (cid, class) VALUES (?, ?)", cid, string(class)); err != nil {
		return 0, err
	}
	w.cids[class] = cid
	return cid, nil
}
