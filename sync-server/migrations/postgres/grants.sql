-- What the role of the servers may do: rows, never tables; partitions only through their parents.
GRANT USAGE ON SCHEMA fieldchart TO {role};
GRANT SELECT ON schema_version, quota, placed, cold_envelope TO {role};
GRANT EXECUTE ON FUNCTION make_cold(bigint) TO {role};
GRANT SELECT, INSERT, UPDATE ON clinic, lane TO {role};
GRANT SELECT, INSERT ON blob, envelope, erased, member_entry, server, region TO {role};
GRANT SELECT, INSERT, DELETE ON wrapped_key, spent, room, room_message TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON invite, token TO {role};
