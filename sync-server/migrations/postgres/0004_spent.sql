-- A challenge buys one token in all, whichever server it is shown to; and a copy of the database
-- within one cluster is another life too.

-- Challenges that bought a token, until nobody takes them any more.
CREATE TABLE spent (
    clinic     bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    nonce      bytea  NOT NULL CHECK (octet_length(nonce) = 32),
    ends_at_ms bigint NOT NULL,
    PRIMARY KEY (clinic, nonce)
);

ALTER TABLE spent ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON spent USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());

-- Logs that are of this life stay of it under its longer name. The owner is held by row-level
-- security like everybody: for this one step it is lifted, and nobody sees it.
ALTER TABLE clinic NO FORCE ROW LEVEL SECURITY;

UPDATE clinic SET life = life || '/' ||
    (SELECT oid::text FROM pg_database WHERE datname = current_database())
WHERE life = this_life();

ALTER TABLE clinic FORCE ROW LEVEL SECURITY;

-- This life of the database: another after a promotion, where a dump made the tables anew, and in
-- a copy by CREATE DATABASE … TEMPLATE. A snapshot of the disk has the life of what it was taken of.
CREATE OR REPLACE FUNCTION this_life() RETURNS text LANGUAGE sql STABLE
    RETURN (SELECT system_identifier::text FROM pg_control_system())
        || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        || '/' || (SELECT oid::text FROM pg_class
                   WHERE relname = 'clinic' AND relnamespace = 'fieldchart'::regnamespace)
        || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database());
