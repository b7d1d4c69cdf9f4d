-- The form the projections were last made in; 0 is from before this was kept.
ALTER TABLE state ADD COLUMN projections INTEGER NOT NULL DEFAULT 0;

-- Entries of the clinic's document that this version cannot read.
ALTER TABLE clinic ADD COLUMN unreadable INTEGER NOT NULL DEFAULT 0;

-- What is kept whole is looked for by its reason, in the order in which it came.
CREATE INDEX quarantine_whole ON quarantine (reason, ord) WHERE length(bytes) > 0;
