-- The finding that a finding replaces; empty for none.
ALTER TABLE observation ADD COLUMN replaces BLOB NOT NULL DEFAULT x'';
CREATE INDEX observation_replaces ON observation (chart, replaces) WHERE replaces <> x'';
