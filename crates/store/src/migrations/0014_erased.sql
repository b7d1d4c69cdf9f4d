-- Charts that were erased: nothing of what they held. Who said so, when, why, by which number; how
-- many changes that were never sealed went with one here, and how much came for it since.
CREATE TABLE erasure (
  ord INTEGER PRIMARY KEY,
  patient BLOB NOT NULL UNIQUE,
  number TEXT NOT NULL,
  ground TEXT NOT NULL,
  author BLOB NOT NULL,
  at INTEGER NOT NULL,
  unsent INTEGER NOT NULL,
  came INTEGER NOT NULL
) STRICT;
-- The tags whose keys are destroyed, and of which nothing is taken in any more.
CREATE TABLE erased_tag (
  tag BLOB PRIMARY KEY,
  erasure INTEGER NOT NULL REFERENCES erasure (ord)
) STRICT, WITHOUT ROWID;
-- 1 while the file may still hold what was erased, in pages that nothing uses any more.
ALTER TABLE state ADD COLUMN unswept INTEGER NOT NULL DEFAULT 0;

-- What was printed stays, but of whom was erased.
DROP TRIGGER sheet_stays;
CREATE TRIGGER sheet_stays BEFORE DELETE ON sheet
WHEN OLD.patient NOT IN (SELECT patient FROM erasure)
BEGIN SELECT RAISE(ABORT, 'what was printed is never removed'); END;
