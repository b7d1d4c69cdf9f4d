-- Where the store stands: one row.
CREATE TABLE state (
  ord INTEGER PRIMARY KEY CHECK (ord = 1),
  sequence INTEGER NOT NULL,
  audit_seq INTEGER NOT NULL,
  audit_head BLOB NOT NULL,
  tally BLOB NOT NULL
) STRICT;

-- A person on a device, so that rows need not repeat both ids.
CREATE TABLE writer (
  ord INTEGER PRIMARY KEY,
  author BLOB NOT NULL,
  device BLOB NOT NULL,
  UNIQUE (author, device)
) STRICT;

-- The record: documents, their snapshots and the changes since.
CREATE TABLE document (
  ord INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  heads BLOB NOT NULL,
  loose_count INTEGER NOT NULL,
  loose_bytes INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX document_name ON document (id, kind);
CREATE INDEX document_updated ON document (kind, updated);

CREATE TABLE snapshot (
  document INTEGER PRIMARY KEY REFERENCES document (ord),
  digest BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

-- state: 0 loose, 1 waits for a change it follows, 2 in the snapshot and kept for the outbox.
CREATE TABLE change (
  ord INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document (ord),
  hash BLOB NOT NULL,
  state INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX change_hash ON change (document, hash);
CREATE INDEX change_waiting ON change (document) WHERE state = 1;

CREATE TABLE outbox (
  change INTEGER PRIMARY KEY REFERENCES change (ord)
) STRICT;

-- Projections: can be dropped and made again from the record.
CREATE TABLE patient (
  chart INTEGER PRIMARY KEY,
  sort_name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  gender TEXT NOT NULL,
  deceased INTEGER NOT NULL,
  disputed INTEGER NOT NULL,
  writer INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE INDEX patient_sort ON patient (sort_name, chart);

CREATE VIRTUAL TABLE patient_search USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'ascii'
);
-- A leaf must fit a page of SQLCipher, which keeps 80 bytes of each for itself.
INSERT INTO patient_search (patient_search, rank) VALUES ('pgsz', 3900);

CREATE TABLE allergy (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE condition (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE medication (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE encounter (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX encounter_sort ON encounter (chart, sort);
CREATE TABLE observation (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX observation_sort ON observation (chart, sort);
CREATE TABLE composition (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE task (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_open ON task (chart) WHERE holds = 1;

-- mark: 1 withdrawn, 2 unreadable here.
CREATE TABLE entry_mark (
  chart INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, mark INTEGER NOT NULL,
  PRIMARY KEY (chart, mark, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict (
  chart INTEGER NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  document INTEGER PRIMARY KEY,
  patient BLOB NOT NULL,
  open INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE INDEX draft_open ON draft (patient) WHERE open = 1;

CREATE TABLE clinic (
  document INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE person (
  id BLOB PRIMARY KEY,
  user_name TEXT NOT NULL,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What is being typed, before it becomes part of a draft document.
CREATE TABLE draft_text (
  ord INTEGER PRIMARY KEY,
  draft BLOB NOT NULL,
  section TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (draft, section)
) STRICT;

-- Who did what: never changed, never removed, chained by hash.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  writer INTEGER NOT NULL,
  action INTEGER NOT NULL,
  patient BLOB NOT NULL,
  resource TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  change BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_stands BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
CREATE TRIGGER writer_stands BEFORE UPDATE ON writer
BEGIN SELECT RAISE(ABORT, 'writers are never changed'); END;

-- Sync: what was sealed and received, and how far others have come.
CREATE TABLE envelope (
  ord INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  device BLOB NOT NULL,
  generation INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX envelope_lane ON envelope (device, generation, counter);
CREATE TABLE peer_have (
  peer TEXT NOT NULL, device BLOB NOT NULL, generation INTEGER NOT NULL,
  counter INTEGER NOT NULL, id BLOB NOT NULL,
  PRIMARY KEY (peer, device, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE cursor (
  server TEXT PRIMARY KEY,
  log_epoch BLOB NOT NULL,
  seq INTEGER NOT NULL,
  chain BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
  ord INTEGER PRIMARY KEY,
  envelope BLOB NOT NULL UNIQUE,
  device BLOB NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE replica (
  ord INTEGER PRIMARY KEY CHECK (ord = 1),
  device BLOB NOT NULL,
  generation INTEGER NOT NULL,
  counter INTEGER NOT NULL,
  prev_id BLOB NOT NULL
) STRICT;

-- Small named values: sealed keys, membership entries, settings of this computer.
CREATE TABLE named (
  name TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO state VALUES (1, 0, 0, zeroblob(32), zeroblob(32));
