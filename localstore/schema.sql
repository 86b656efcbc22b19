CREATE TABLE classes (
	cid   INTEGER PRIMARY KEY,
	class TEXT NOT NULL UNIQUE
);
CREATE TABLE nodes (
	nid       INTEGER PRIMARY KEY,
	id        TEXT NOT NULL UNIQUE,
	kind      TEXT NOT NULL,
	cid       INTEGER NOT NULL REFERENCES classes,
	version   INTEGER NOT NULL,
	created   INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	at        INTEGER NOT NULL, -- 0 where the source gives none
	source    TEXT NOT NULL,
	reference TEXT NOT NULL,
	data      TEXT NOT NULL
);
CREATE INDEX nodes_created ON nodes (kind, created, id);
CREATE INDEX nodes_updated ON nodes (kind, updated, id);
CREATE INDEX nodes_at ON nodes (kind, at, id) WHERE at <> 0;
CREATE INDEX nodes_reference ON nodes (reference, kind, source) WHERE reference <> '';

CREATE TABLE links (
	src      INTEGER NOT NULL,
	kind     INTEGER NOT NULL, -- casegraph.LinkKind.Number
	dst      INTEGER NOT NULL,
	key      TEXT NOT NULL,
	first    INTEGER NOT NULL,
	last     INTEGER NOT NULL,
	count    INTEGER NOT NULL,
	recorded INTEGER NOT NULL,
	detailed INTEGER NOT NULL, -- whether props is not NULL, for links_in
	props    TEXT,
	PRIMARY KEY (src, kind, dst, key)
) WITHOUT ROWID;
-- The same from the other end; all but the properties is in the index.
CREATE INDEX links_in ON links (dst, kind, src, key, first, last, count, recorded, detailed);

-- What links were before they changed or ended, by the event that did it. The
-- versions of one life of a link have the same recorded and follow each other.
CREATE TABLE past_links (
	src      INTEGER NOT NULL,
	kind     INTEGER NOT NULL,
	dst      INTEGER NOT NULL,
	key      TEXT NOT NULL,
	ended    INTEGER NOT NULL,
	first    INTEGER NOT NULL,
	last     INTEGER NOT NULL,
	count    INTEGER NOT NULL,
	recorded INTEGER NOT NULL,
	props    TEXT,
	PRIMARY KEY (src, kind, dst, key, ended)
) WITHOUT ROWID;
CREATE INDEX past_links_in ON past_links (dst, kind, src, key, ended);

-- How many links a node has, by direction (0 out, 1 in), kind and the far
-- node's class. Triggers keep it, so that it is right whoever writes.
CREATE TABLE degrees (
	nid  INTEGER NOT NULL,
	dir  INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	cid  INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY (nid, dir, kind, cid)
) WITHOUT ROWID;
CREATE TRIGGER link_added AFTER INSERT ON links BEGIN
	INSERT INTO degrees VALUES (NEW.src, 0, NEW.kind, (SELECT cid FROM nodes WHERE nid = NEW.dst), 1)
		ON CONFLICT DO UPDATE SET n = n + 1;
	INSERT INTO degrees VALUES (NEW.dst, 1, NEW.kind, (SELECT cid FROM nodes WHERE nid = NEW.src), 1)
		ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER link_ended AFTER DELETE ON links BEGIN
	UPDATE degrees SET n = n - 1 WHERE nid = OLD.src AND dir = 0 AND kind = OLD.kind AND cid = (SELECT cid FROM nodes WHERE nid = OLD.dst);
	UPDATE degrees SET n = n - 1 WHERE nid = OLD.dst AND dir = 1 AND kind = OLD.kind AND cid = (SELECT cid FROM nodes WHERE nid = OLD.src);
END;
CREATE TRIGGER node_reclassed AFTER UPDATE OF cid ON nodes WHEN NEW.cid <> OLD.cid BEGIN
	INSERT INTO degrees SELECT dst, 1, kind, OLD.cid, -count(*) FROM links WHERE src = NEW.nid GROUP BY dst, kind
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO degrees SELECT dst, 1, kind, NEW.cid, count(*) FROM links WHERE src = NEW.nid GROUP BY dst, kind
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO degrees SELECT src, 0, kind, OLD.cid, -count(*) FROM links WHERE dst = NEW.nid GROUP BY src, kind
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO degrees SELECT src, 0, kind, NEW.cid, count(*) FROM links WHERE dst = NEW.nid GROUP BY src, kind
		ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

-- The words are split by us; the ascii tokenizer only cuts at spaces.
CREATE VIRTUAL TABLE texts USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='ascii');
CREATE TABLE vocabulary (
	variant TEXT NOT NULL,
	term    TEXT NOT NULL,
	PRIMARY KEY (variant, term)
) WITHOUT ROWID;

CREATE TABLE events (
	seq          INTEGER PRIMARY KEY,
	at           INTEGER NOT NULL,
	name         TEXT NOT NULL,
	subject      INTEGER NOT NULL, -- nid
	actor        TEXT NOT NULL,
	payload      BLOB NOT NULL,
	payload_hash BLOB NOT NULL,
	hash         BLOB NOT NULL
);
CREATE INDEX events_subject ON events (subject, seq);

CREATE TABLE kept (
	key     TEXT PRIMARY KEY,
	data    BLOB NOT NULL,
	expires INTEGER NOT NULL -- 0 is never
) WITHOUT ROWID;
CREATE INDEX kept_expires ON kept (expires) WHERE expires <> 0;
