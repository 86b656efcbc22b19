package localstore

import (
	"context"
	_ "embed"
	"fmt"

	"casegraph"
)

//go:embed schema.sql
var schema string

// migrations bring the schema from the version before each to its own: the
// first makes it.
var migrations = []string{schema, head, due, holder, linksIn, open}

// head keeps the log's last event apart from the events, so that a log whose
// end was cut off is seen.
const head = `
CREATE TABLE head (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL,
	hash BLOB NOT NULL
);
INSERT INTO head VALUES (1, 0, zeroblob(32));
UPDATE head SET seq = e.seq, hash = e.hash FROM (SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1) e;`

// due orders cases by their clocks; 9007199254740992 is casegraph.Never.
const due = `
ALTER TABLE nodes ADD COLUMN due INTEGER NOT NULL DEFAULT 9007199254740992;
ALTER TABLE nodes ADD COLUMN alarm INTEGER NOT NULL DEFAULT 9007199254740992;
CREATE INDEX nodes_due ON nodes (due, id) WHERE kind = 'CASE';
CREATE INDEX nodes_alarm ON nodes (alarm, id) WHERE kind = 'CASE';`

// holder finds the open cases that somebody has.
const holder = `
CREATE INDEX nodes_holder ON nodes (data ->> '$.assigneeId') WHERE kind = 'CASE' AND data ->> '$.resolvedAt' IS NULL;`

// linksIn gives a node's newest links that come in without a look at the others.
const linksIn = `
DROP INDEX links_in;
CREATE INDEX links_in ON links (dst, kind, last DESC, src, key, first, count, recorded, detailed);`

// open has the indexes of open cases hold what they are counted and ordered by,
// so that none of them is read for it. Filters name their expressions: see typed.
const open = `
DROP INDEX nodes_holder;
CREATE INDEX nodes_holder ON nodes (data ->> '$.assigneeId', updated, id, created, due, cid)
	WHERE kind = 'CASE' AND data ->> '$.resolvedAt' IS NULL;
CREATE INDEX nodes_queue ON nodes (data ->> '$.queueId', created, id, data ->> '$.assigneeId', updated, due, cid,
	data ->> '$.snooze.at', data ->> '$.snooze.until') WHERE kind = 'CASE' AND data ->> '$.resolvedAt' IS NULL;`

// Migrate makes the schema or brings it up to date, in one transaction.
func (s *Store) Migrate(ctx context.Context) error {
	if s.writer == nil {
		return &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the store is opened for reading alone"}
	}
	return s.writer.migrate(ctx)
}

func (w *writer) migrate(ctx context.Context) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.give()
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return unavailable(err)
	}
	defer w.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // nothing to do after COMMIT
	var version int
	if err := w.conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return unavailable(err)
	}
	if version > len(migrations) {
		return fmt.Errorf("the store has the schema version %d; this program knows %d: use a newer program", version, len(migrations))
	}
	for ; version < len(migrations); version++ {
		if _, err := w.conn.ExecContext(ctx, migrations[version]); err != nil {
			return fmt.Errorf("migrate to version %d: %w", version+1, err)
		}
	}
	if _, err := w.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return unavailable(err)
	}
	_, err := w.conn.ExecContext(ctx, "COMMIT")
	return unavailable(err)
}
