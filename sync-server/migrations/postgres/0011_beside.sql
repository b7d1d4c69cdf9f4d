-- The regions that were ever served beside this one, this one among them: one that is left out by
-- mistake would have its clinics founded anew in the default region.
CREATE TABLE beside (
    name text PRIMARY KEY
);

ALTER TABLE beside ENABLE ROW LEVEL SECURITY;
ALTER TABLE beside FORCE ROW LEVEL SECURITY;
CREATE POLICY every_server ON beside USING (true) WITH CHECK (true);
