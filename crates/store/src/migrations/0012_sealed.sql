-- Whether something of a document was ever sealed, here or by another computer: what is new goes
-- out whole. Of what is here now, that is so but where changes still wait.
ALTER TABLE document ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
UPDATE document SET sealed = 1
WHERE ord NOT IN (SELECT change.document FROM outbox JOIN change ON change.ord = outbox.change);
