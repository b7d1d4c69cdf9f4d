-- Rooms in which two computers meet, and the few messages in each. A room ends by itself.
CREATE TABLE room (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    clinic_no  INTEGER NOT NULL REFERENCES clinic (clinic_no),
    ends_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room_message (
    room  BLOB    NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    place INTEGER NOT NULL CHECK (place >= 0),
    bytes BLOB    NOT NULL,
    PRIMARY KEY (room, place)
) STRICT, WITHOUT ROWID;
