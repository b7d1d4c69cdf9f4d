-- Documents and packs that nobody is to read any more: their keys are gone, and none is taken again.
CREATE TABLE erased (
    clinic  bytea NOT NULL CHECK (octet_length(clinic) = 16),
    doc_tag bytea NOT NULL CHECK (octet_length(doc_tag) = 32),
    PRIMARY KEY (clinic, doc_tag)
);

ALTER TABLE erased ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON erased USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());
