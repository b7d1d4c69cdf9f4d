-- What each clinic keeps, and what its operator lets it keep.

-- Bytes of envelopes and wrapped keys, counted as they come.
ALTER TABLE clinic ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0);

UPDATE clinic SET bytes =
    (SELECT coalesce(sum(length(bytes)), 0) FROM envelope WHERE envelope.clinic_no = clinic.clinic_no)
    + (SELECT coalesce(sum(length(doc_tag) + length(wrapped)), 0) FROM wrapped_key
       WHERE wrapped_key.clinic_no = clinic.clinic_no);

-- Of the clinics for which an operator decided; also of one that is still to come.
CREATE TABLE quota (
    clinic        BLOB    NOT NULL PRIMARY KEY CHECK (length(clinic) = 16),
    bytes_max     INTEGER NOT NULL CHECK (bytes_max >= 0),
    envelopes_max INTEGER NOT NULL CHECK (envelopes_max >= 0),
    devices_max   INTEGER NOT NULL CHECK (devices_max >= 0)
) STRICT;
