-- Which charts are of one person: each link as each of the two charts tells it.
CREATE TABLE patient_link (
  chart INTEGER NOT NULL, id BLOB NOT NULL, shown BLOB NOT NULL, replaced BLOB NOT NULL,
  value BLOB NOT NULL, PRIMARY KEY (chart, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_link_shown ON patient_link (shown);
CREATE INDEX patient_link_replaced ON patient_link (replaced);
