-- Who brought a key: each computer has places of its own for those of a document and epoch. Of keys
-- from before this it is not known, and they take nobody's places.
ALTER TABLE wrapped_key ADD COLUMN device BLOB NOT NULL
    DEFAULT x'00000000000000000000000000000000' CHECK (length(device) = 16);
