-- The region of this database, and the clinics that are to be founded in it.

-- The name by which the servers know it; the first one's is it, and none changes it.
CREATE TABLE region (
    one  boolean PRIMARY KEY CHECK (one),
    name text    NOT NULL
);

ALTER TABLE region ENABLE ROW LEVEL SECURITY;
ALTER TABLE region FORCE ROW LEVEL SECURITY;
CREATE POLICY every_server ON region USING (true) WITH CHECK (true);

-- Clinics that an operator placed here before anybody founded them. The servers read it and cannot
-- write it.
CREATE TABLE placed (
    clinic bytea PRIMARY KEY CHECK (octet_length(clinic) = 16)
);

ALTER TABLE placed ENABLE ROW LEVEL SECURITY;
ALTER TABLE placed FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON placed USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());
