-- When charts passed from one clinic to another.
CREATE TABLE sharing (
  chart INTEGER NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sharing_at ON sharing (at);
