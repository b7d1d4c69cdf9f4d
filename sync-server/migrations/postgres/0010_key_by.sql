-- Who brought a key: each computer has places of its own for those of a document and epoch. Of keys
-- from before this it is not known, and they take nobody's places.

ALTER TABLE wrapped_key ADD COLUMN IF NOT EXISTS device bytea NOT NULL
    DEFAULT '\x00000000000000000000000000000000' CHECK (octet_length(device) = 16);
