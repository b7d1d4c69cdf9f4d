-- Which blobs each clinic keeps; their sealed bytes lie in a store of their own.
CREATE TABLE blob (
    clinic bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    id     bytea  NOT NULL CHECK (octet_length(id) = 32),
    bytes  bigint NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (clinic, id)
);

ALTER TABLE blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE blob FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON blob USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());
