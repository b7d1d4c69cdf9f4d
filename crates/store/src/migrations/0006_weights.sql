-- Whether a finding is a body weight: the weights of a chart are read by themselves,
-- the newest first. 0 also where the row was not made again yet.
ALTER TABLE observation ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
CREATE INDEX observation_weight ON observation (chart, sort) WHERE weight = 1;
