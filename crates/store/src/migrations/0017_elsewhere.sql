-- People whose charts may not be here, as who covered a log up to a place listed them: in which of
-- the envelopes that follow the outline of that place their charts are, and who they are.
CREATE TABLE elsewhere (
  ord INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  patient BLOB NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX elsewhere_patient ON elsewhere (patient, place);
CREATE VIRTUAL TABLE elsewhere_search USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'ascii'
);
-- A leaf must fit a page of SQLCipher, which keeps 80 bytes of each for itself.
INSERT INTO elsewhere_search (elsewhere_search, rank) VALUES ('pgsz', 3900);
