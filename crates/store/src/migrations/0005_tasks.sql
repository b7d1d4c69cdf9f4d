-- What pages of open tasks go by: how pressing each is (0 the most) and whose it is. -1 and nothing
-- where the row was not made again yet.
ALTER TABLE task ADD COLUMN tier INTEGER NOT NULL DEFAULT -1;
ALTER TABLE task ADD COLUMN patient BLOB NOT NULL DEFAULT x'';
CREATE INDEX task_pressing ON task (tier, patient, id) WHERE holds = 1;
