-- Why an entry was stopped or marked as a mistake, beside the marks that say so.
ALTER TABLE entry_mark ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE entry_mark ADD COLUMN writer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry_mark ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
