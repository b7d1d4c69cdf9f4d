-- What of a chart was last written here and no server has acknowledged yet: an entry, or (kind '')
-- all of the chart; the change that wrote it, and in which envelope of this computer it went out, 0
-- and 0 while it waits to be sealed.
CREATE TABLE unacknowledged (
  document INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL,
  change INTEGER NOT NULL, generation INTEGER NOT NULL, counter INTEGER NOT NULL,
  PRIMARY KEY (document, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unacknowledged_change ON unacknowledged (change) WHERE counter = 0;
CREATE INDEX unacknowledged_lane ON unacknowledged (generation, counter) WHERE counter > 0;
INSERT INTO unacknowledged (document, kind, id, change, generation, counter)
SELECT change.document, '', x'', max(change.ord), 0, 0
FROM outbox JOIN change ON change.ord = outbox.change
JOIN document ON document.ord = change.document AND document.kind = 1
GROUP BY change.document;

-- How far a server ever acknowledged a sequence. Of what was sealed before this was kept it is not
-- known: all of it must be with the server before it is said to be there.
CREATE TABLE acknowledged (
  device BLOB NOT NULL, generation INTEGER NOT NULL, counter INTEGER NOT NULL,
  PRIMARY KEY (device, generation)
) STRICT, WITHOUT ROWID;
INSERT INTO acknowledged (device, generation, counter)
SELECT device, generation, counter FROM peer_have WHERE peer = '';

-- Which document an envelope that was set aside is of, by its tag.
ALTER TABLE quarantine ADD COLUMN tag BLOB NOT NULL DEFAULT x'';
UPDATE quarantine SET tag = substr(bytes, 19, 32) WHERE length(bytes) > 50;
CREATE INDEX quarantine_tag ON quarantine (tag) WHERE tag <> x'';

-- What was decided of envelopes that were set aside, packed; nothing where the row was not made
-- again yet.
ALTER TABLE clinic ADD COLUMN decided BLOB NOT NULL DEFAULT x'';
