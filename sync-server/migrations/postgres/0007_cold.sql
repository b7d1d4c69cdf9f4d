-- What stands below the floor of a log is covered by what stands above it: it is kept apart from
-- what is read every day, and never dropped. The partitions may lie on another tablespace.

-- Up to this place the bytes of envelopes lie in cold storage.
ALTER TABLE clinic ADD COLUMN cold bigint NOT NULL DEFAULT 0 CHECK (cold >= 0);

CREATE TABLE cold_envelope (
    clinic bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    seq    bigint NOT NULL CHECK (seq > 0),
    bytes  bytea  NOT NULL,
    PRIMARY KEY (clinic, seq)
) PARTITION BY HASH (clinic);

ALTER TABLE cold_envelope ALTER COLUMN bytes SET STORAGE EXTERNAL;

DO $$
DECLARE one text;
BEGIN
    FOR number IN 0..15 LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF cold_envelope FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            'cold_envelope_' || lpad(number::text, 2, '0'), number);
    END LOOP;
    FOR one IN SELECT c.relname FROM pg_class c
               WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                 AND c.relname LIKE 'cold\_envelope%' LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY one_clinic ON %I USING (clinic = this_clinic())
                        WITH CHECK (clinic = this_clinic())', one);
    END LOOP;
END $$;

-- Moves the bytes of the next places below the floor of the transaction's clinic, `most` of them;
-- answers whether there are more. The servers' role can change no envelope by itself: it may move
-- them, and this is the only way.
CREATE FUNCTION make_cold(most bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = fieldchart AS $$
DECLARE below clinic%ROWTYPE; through bigint;
BEGIN
    SELECT * INTO below FROM clinic WHERE clinic = this_clinic() FOR UPDATE;
    through := least(below.floor, below.cold + most);
    IF through IS NULL OR through <= below.cold THEN
        RETURN false;
    END IF;
    INSERT INTO cold_envelope SELECT e.clinic, e.seq, e.bytes FROM envelope e
        WHERE e.clinic = below.clinic AND e.seq > below.cold AND e.seq <= through;
    UPDATE envelope e SET bytes = ''
        WHERE e.clinic = below.clinic AND e.seq > below.cold AND e.seq <= through;
    UPDATE clinic SET cold = through WHERE clinic.clinic = below.clinic;
    RETURN through < below.floor;
END $$;

REVOKE ALL ON FUNCTION make_cold(bigint) FROM PUBLIC;
