-- Files in charts, and the name under which the sealed bytes of each travel: their SHA-256.
CREATE TABLE document_reference (
  chart INTEGER NOT NULL, id BLOB NOT NULL, sort INTEGER NOT NULL, holds INTEGER NOT NULL,
  disputed INTEGER NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  blob BLOB NOT NULL DEFAULT x'',
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_reference_blob ON document_reference (blob);

-- The sealed bytes that the clinic's server said it has.
CREATE TABLE blob_held (blob BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
