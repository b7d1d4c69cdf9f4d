-- What this computer serves to others of its clinic: its envelopes in the order in which they
-- came, with the running hash over their ids as far as it was asked for, and the wrapped keys of
-- documents in the order in which they came. A place in either is never used again.
CREATE TABLE envelope_chain (
  envelope INTEGER PRIMARY KEY REFERENCES envelope (ord),
  chain BLOB NOT NULL
) STRICT;
CREATE TABLE key_order (
  ord INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO key_order (name)
SELECT name FROM named WHERE name >= 'sync/key/' AND name < 'sync/key0' ORDER BY name;
CREATE TRIGGER key_order_of_named AFTER INSERT ON named
WHEN NEW.name >= 'sync/key/' AND NEW.name < 'sync/key0'
BEGIN
  INSERT OR IGNORE INTO key_order (name) VALUES (NEW.name);
END;
