-- The logs of clinics, as in SQLite, for several servers at once. Run by the owner of the schema;
-- servers connect under another role, which row-level security keeps to one clinic at a time.
-- Migrations only add.

-- The clinic of the transaction; NULL where none was named, and nothing is seen.
CREATE FUNCTION this_clinic() RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    RETURN decode(nullif(current_setting('app.clinic', true), ''), 'hex');

-- What the transaction may find without knowing its clinic: the one invite or token it names.
CREATE FUNCTION this_name() RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    RETURN decode(nullif(current_setting('app.name', true), ''), 'hex');

-- This life of the database: another after a promotion, and where a dump made the tables anew. A
-- snapshot of the disk has the life of what it was taken of.
CREATE FUNCTION this_life() RETURNS text LANGUAGE sql STABLE
    RETURN (SELECT system_identifier::text FROM pg_control_system())
        || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        || '/' || (SELECT oid::text FROM pg_class
                   WHERE relname = 'clinic' AND relnamespace = 'fieldchart'::regnamespace);

CREATE TABLE clinic (
    clinic      bytea   PRIMARY KEY CHECK (octet_length(clinic) = 16),
    log_epoch   bytea   NOT NULL CHECK (octet_length(log_epoch) = 16),
    -- The life of the database in which this life of the log began.
    life        text    NOT NULL,
    -- The last place and the hash over every id up to it. Whoever appends locks this row.
    head        bigint  NOT NULL CHECK (head >= floor),
    chain       bytea   NOT NULL CHECK (octet_length(chain) = 32),
    -- The log starts after this place.
    floor       bigint  NOT NULL CHECK (floor >= 0),
    floor_chain bytea   NOT NULL CHECK (octet_length(floor_chain) = 32),
    -- The last place of the clinic's wrapped keys.
    keys_head   bigint  NOT NULL CHECK (keys_head >= 0),
    -- How many membership entries there are.
    members     integer NOT NULL CHECK (members >= 0)
);

CREATE TABLE envelope (
    clinic     bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    seq        bigint NOT NULL CHECK (seq > 0),
    id         bytea  NOT NULL CHECK (octet_length(id) = 32),
    device     bytea  NOT NULL CHECK (octet_length(device) = 16),
    generation bigint NOT NULL CHECK (generation > 0),
    counter    bigint NOT NULL CHECK (counter > 0),
    -- The hash over every id up to this one.
    chain      bytea  NOT NULL CHECK (octet_length(chain) = 32),
    -- Header, ciphertext and signature as they came: nothing of it can be made smaller.
    bytes      bytea  NOT NULL,
    PRIMARY KEY (clinic, seq),
    UNIQUE (clinic, id)
) PARTITION BY HASH (clinic);

ALTER TABLE envelope ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE INDEX envelope_by_lane ON envelope (clinic, device, generation, counter);

-- How far each lane is held; the id is that of the first envelope at its last counter.
CREATE TABLE lane (
    clinic     bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    device     bytea  NOT NULL CHECK (octet_length(device) = 16),
    generation bigint NOT NULL CHECK (generation > 0),
    counter    bigint NOT NULL CHECK (counter > 0),
    id         bytea  NOT NULL CHECK (octet_length(id) = 32),
    PRIMARY KEY (clinic, device, generation)
) PARTITION BY HASH (clinic);

-- Wrapped keys of documents. Places count from 1; an erased key leaves its place empty.
CREATE TABLE wrapped_key (
    clinic  bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    place   bigint NOT NULL CHECK (place > 0),
    doc_tag bytea  NOT NULL CHECK (octet_length(doc_tag) = 32),
    wrapped bytea  NOT NULL,
    PRIMARY KEY (clinic, place)
) PARTITION BY HASH (clinic);

CREATE INDEX wrapped_key_by_document ON wrapped_key (clinic, doc_tag);

CREATE TABLE member_entry (
    clinic bytea   NOT NULL CHECK (octet_length(clinic) = 16),
    place  integer NOT NULL CHECK (place >= 0),
    bytes  bytea   NOT NULL,
    PRIMARY KEY (clinic, place)
) PARTITION BY HASH (clinic);

CREATE TABLE invite (
    id            bytea   PRIMARY KEY CHECK (octet_length(id) = 32),
    clinic        bytea   NOT NULL CHECK (octet_length(clinic) = 16),
    expires_at_ms bigint  NOT NULL,
    -- How often it may still be fetched.
    fetches_left  integer NOT NULL CHECK (fetches_left > 0),
    blob          bytea   NOT NULL
);

CREATE INDEX invite_by_clinic ON invite (clinic);

-- Tokens by their SHA-256: whichever server granted one, all take it.
CREATE TABLE token (
    name          bytea  PRIMARY KEY CHECK (octet_length(name) = 32),
    clinic        bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    -- The principal as it is encoded on the wire.
    principal     bytea  NOT NULL,
    expires_at_ms bigint NOT NULL
);

CREATE INDEX token_by_clinic ON token (clinic, expires_at_ms);

-- The pin of the key by which devices know the servers of this database: all have the same.
CREATE TABLE server (
    one boolean PRIMARY KEY CHECK (one),
    pin bytea   NOT NULL CHECK (octet_length(pin) = 32)
);

DO $$
DECLARE parent text; part text; one text; named text; written text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['envelope', 'lane', 'wrapped_key', 'member_entry'] LOOP
        FOR number IN 0..15 LOOP
            part := format('%s_%s', parent, lpad(number::text, 2, '0'));
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                part, parent, number);
        END LOOP;
    END LOOP;
    FOR one IN SELECT c.relname FROM pg_class c
               WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                 AND c.relname NOT IN ('schema_version', 'server') LOOP
        named := CASE one WHEN 'invite' THEN ' OR id = this_name()'
                          WHEN 'token' THEN ' OR name = this_name()' ELSE '' END;
        -- An invite is counted by who knows its name alone; a token is written for its clinic.
        written := CASE one WHEN 'token' THEN '' ELSE named END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', one);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY one_clinic ON %1$I USING (clinic = this_clinic()%2$s)
                        WITH CHECK (clinic = this_clinic()%3$s)', one, named, written);
    END LOOP;
    ALTER TABLE server ENABLE ROW LEVEL SECURITY;
    ALTER TABLE server FORCE ROW LEVEL SECURITY;
    CREATE POLICY every_server ON server USING (true) WITH CHECK (true);
END $$;
