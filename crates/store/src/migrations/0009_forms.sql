-- What is typed into forms and not recorded yet: of each person their own.
CREATE TABLE form_text (
  author BLOB NOT NULL,
  form TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (author, form)
) STRICT, WITHOUT ROWID;
