-- What each clinic keeps, and what its operator lets it keep.

-- Bytes of envelopes and wrapped keys, counted as they come.
ALTER TABLE clinic ADD COLUMN bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0);

-- The owner is held by row-level security like everybody: for this one count it is lifted, in the
-- one transaction of the migration, which nobody sees before its end.
ALTER TABLE clinic NO FORCE ROW LEVEL SECURITY;
ALTER TABLE envelope NO FORCE ROW LEVEL SECURITY;
ALTER TABLE wrapped_key NO FORCE ROW LEVEL SECURITY;

UPDATE clinic SET bytes =
    (SELECT coalesce(sum(octet_length(e.bytes)), 0) FROM envelope e WHERE e.clinic = clinic.clinic)
    + (SELECT coalesce(sum(octet_length(k.doc_tag) + octet_length(k.wrapped)), 0) FROM wrapped_key k
       WHERE k.clinic = clinic.clinic);

ALTER TABLE clinic FORCE ROW LEVEL SECURITY;
ALTER TABLE envelope FORCE ROW LEVEL SECURITY;
ALTER TABLE wrapped_key FORCE ROW LEVEL SECURITY;

-- Of the clinics for which an operator decided; also of one that is still to come. The servers read
-- it and cannot write it.
CREATE TABLE quota (
    clinic        bytea  PRIMARY KEY CHECK (octet_length(clinic) = 16),
    bytes_max     bigint NOT NULL CHECK (bytes_max >= 0),
    envelopes_max bigint NOT NULL CHECK (envelopes_max >= 0),
    devices_max   bigint NOT NULL CHECK (devices_max >= 0)
);

ALTER TABLE quota ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON quota USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());
