-- Documents and packs that nobody is to read any more: their keys are gone, and none is taken again.
CREATE TABLE erased (
    clinic_no INTEGER NOT NULL REFERENCES clinic (clinic_no),
    doc_tag   BLOB    NOT NULL CHECK (length(doc_tag) = 32),
    PRIMARY KEY (clinic_no, doc_tag)
) STRICT, WITHOUT ROWID;
