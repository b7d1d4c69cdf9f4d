-- Row-level security is forced on the version of the tables too: every role may read it, and whoever
-- acts as the owner of the table writes it, whatever was granted to others.
DROP POLICY IF EXISTS read_by_all ON schema_version;
CREATE POLICY read_by_all ON schema_version FOR SELECT USING (true);
DROP POLICY IF EXISTS written_by_owner ON schema_version;
CREATE POLICY written_by_owner ON schema_version
    USING (pg_has_role((SELECT c.relowner FROM pg_class c
                        WHERE c.oid = 'fieldchart.schema_version'::regclass), 'USAGE'))
    WITH CHECK (pg_has_role((SELECT c.relowner FROM pg_class c
                             WHERE c.oid = 'fieldchart.schema_version'::regclass), 'USAGE'));
ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE schema_version FORCE ROW LEVEL SECURITY;
