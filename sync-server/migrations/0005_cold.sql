-- What stands below the floor of a log is covered by what stands above it: it is kept apart from
-- what is read every day, and never dropped.

-- Up to this place the bytes of envelopes lie in cold storage.
ALTER TABLE clinic ADD COLUMN cold INTEGER NOT NULL DEFAULT 0 CHECK (cold >= 0);

CREATE TABLE cold_envelope (
    clinic_no INTEGER NOT NULL REFERENCES clinic (clinic_no),
    seq       INTEGER NOT NULL CHECK (seq > 0),
    bytes     BLOB    NOT NULL,
    UNIQUE (clinic_no, seq)
) STRICT;
