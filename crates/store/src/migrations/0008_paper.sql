-- What the clinic's paper says, packed; nothing where the row was not made again yet.
ALTER TABLE clinic ADD COLUMN letterhead BLOB NOT NULL DEFAULT x'';

-- What was printed here: a row for each time. Copy 1 is the original and has what stands on it,
-- packed; of a copy there are the hash of its file and who printed it.
CREATE TABLE sheet (
  ord INTEGER PRIMARY KEY,
  serial TEXT NOT NULL,
  copy INTEGER NOT NULL,
  kind TEXT NOT NULL,
  patient BLOB NOT NULL,
  encounter BLOB NOT NULL,
  at INTEGER NOT NULL,
  writer INTEGER NOT NULL,
  paper TEXT NOT NULL,
  language TEXT NOT NULL,
  code TEXT NOT NULL,
  content BLOB NOT NULL,
  digest BLOB NOT NULL,
  UNIQUE (serial, copy)
) STRICT;
CREATE INDEX sheet_patient ON sheet (patient, ord);
CREATE TRIGGER sheet_stands BEFORE UPDATE ON sheet
BEGIN SELECT RAISE(ABORT, 'what was printed is never changed'); END;
CREATE TRIGGER sheet_stays BEFORE DELETE ON sheet
BEGIN SELECT RAISE(ABORT, 'what was printed is never removed'); END;

-- Bytes by their SHA-256, packed.
CREATE TABLE blob (
  ord INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;
CREATE TRIGGER blob_stands BEFORE UPDATE ON blob
BEGIN SELECT RAISE(ABORT, 'bytes have the hash they have'); END;
