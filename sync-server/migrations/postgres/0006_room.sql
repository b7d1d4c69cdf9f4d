-- Rooms in which two computers meet, and the few messages in each. A room ends by itself.
CREATE TABLE room (
    id         bytea  PRIMARY KEY CHECK (octet_length(id) = 32),
    clinic     bytea  NOT NULL CHECK (octet_length(clinic) = 16),
    ends_at_ms bigint NOT NULL
);

CREATE INDEX room_by_clinic ON room (clinic);

CREATE TABLE room_message (
    room   bytea    NOT NULL CHECK (octet_length(room) = 32),
    place  smallint NOT NULL CHECK (place >= 0),
    -- That of the room.
    clinic bytea    NOT NULL CHECK (octet_length(clinic) = 16),
    bytes  bytea    NOT NULL,
    PRIMARY KEY (room, place)
);

CREATE INDEX room_message_by_clinic ON room_message (clinic);

-- Who knows the name of a room sees it and leaves messages in it; its clinic opens and clears it.
ALTER TABLE room ENABLE ROW LEVEL SECURITY;
ALTER TABLE room FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON room USING (clinic = this_clinic() OR id = this_name())
    WITH CHECK (clinic = this_clinic());

ALTER TABLE room_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE room_message FORCE ROW LEVEL SECURITY;
CREATE POLICY one_clinic ON room_message USING (clinic = this_clinic() OR room = this_name())
    WITH CHECK (room = this_name());
