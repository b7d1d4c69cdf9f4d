-- Which blobs each clinic keeps; their sealed bytes lie in a store of their own.
CREATE TABLE blob (
    clinic_no INTEGER NOT NULL REFERENCES clinic (clinic_no),
    id        BLOB    NOT NULL CHECK (length(id) = 32),
    bytes     INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (clinic_no, id)
) STRICT, WITHOUT ROWID;
