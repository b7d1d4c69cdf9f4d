-- The logs of clinics: sealed envelopes in one order each, who belongs, invites that wait.
-- Nothing here can be opened by the server. Migrations only add.

CREATE TABLE clinic (
    clinic_no  INTEGER PRIMARY KEY,
    clinic     BLOB    NOT NULL UNIQUE CHECK (length(clinic) = 16),
    log_epoch  BLOB    NOT NULL CHECK (length(log_epoch) = 16),
    -- The last place and the hash over every id up to it.
    head       INTEGER NOT NULL CHECK (head >= floor),
    chain      BLOB    NOT NULL CHECK (length(chain) = 32),
    -- The log starts after this place.
    floor      INTEGER NOT NULL CHECK (floor >= 0),
    floor_chain BLOB   NOT NULL CHECK (length(floor_chain) = 32),
    -- The last place of the clinic's wrapped keys.
    keys_head  INTEGER NOT NULL CHECK (keys_head >= 0)
) STRICT;

CREATE TABLE envelope (
    clinic_no  INTEGER NOT NULL REFERENCES clinic (clinic_no),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    id         BLOB    NOT NULL CHECK (length(id) = 32),
    device     BLOB    NOT NULL CHECK (length(device) = 16),
    generation INTEGER NOT NULL CHECK (generation > 0),
    counter    INTEGER NOT NULL CHECK (counter > 0),
    -- The hash over every id up to this one.
    chain      BLOB    NOT NULL CHECK (length(chain) = 32),
    -- Header, ciphertext and signature as they came.
    bytes      BLOB    NOT NULL,
    UNIQUE (clinic_no, seq),
    UNIQUE (clinic_no, id)
) STRICT;

CREATE INDEX envelope_by_lane ON envelope (clinic_no, device, generation, counter);

-- How far each lane is held; the id is that of the first envelope at its last counter.
CREATE TABLE lane (
    clinic_no  INTEGER NOT NULL REFERENCES clinic (clinic_no),
    device     BLOB    NOT NULL CHECK (length(device) = 16),
    generation INTEGER NOT NULL CHECK (generation > 0),
    counter    INTEGER NOT NULL CHECK (counter > 0),
    id         BLOB    NOT NULL CHECK (length(id) = 32),
    PRIMARY KEY (clinic_no, device, generation)
) STRICT, WITHOUT ROWID;

-- Wrapped keys of documents. Places count from 1; an erased key leaves its place empty.
CREATE TABLE wrapped_key (
    clinic_no  INTEGER NOT NULL REFERENCES clinic (clinic_no),
    place      INTEGER NOT NULL CHECK (place > 0),
    doc_tag    BLOB    NOT NULL CHECK (length(doc_tag) = 32),
    wrapped    BLOB    NOT NULL,
    PRIMARY KEY (clinic_no, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX wrapped_key_by_document ON wrapped_key (clinic_no, doc_tag);

CREATE TABLE member_entry (
    clinic_no  INTEGER NOT NULL REFERENCES clinic (clinic_no),
    place      INTEGER NOT NULL CHECK (place >= 0),
    bytes      BLOB    NOT NULL,
    UNIQUE (clinic_no, place)
) STRICT;

CREATE TABLE invite (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    clinic_no     INTEGER NOT NULL REFERENCES clinic (clinic_no),
    expires_at_ms INTEGER NOT NULL,
    -- How often it may still be fetched.
    fetches_left  INTEGER NOT NULL CHECK (fetches_left > 0),
    blob          BLOB    NOT NULL
) STRICT;

CREATE INDEX invite_by_end ON invite (expires_at_ms);
