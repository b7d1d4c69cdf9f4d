-- What the role of the servers may do: rows, never tables; partitions only through their parents.
GRANT USAGE ON SCHEMA fieldchart TO {role};
GRANT SELECT ON schema_version, quota, placed, cold_envelope TO {role};
GRANT EXECUTE ON FUNCTION make_cold(bigint) TO {role};
GRANT SELECT, INSERT, UPDATE ON clinic, lane TO {role};
GRANT SELECT, INSERT ON blob, envelope, erased, member_entry, server, region TO {role};
GRANT SELECT, INSERT, DELETE ON beside, wrapped_key, spent, room, room_message TO {role};
GRANT SELECT, INSERT, DELETE ON invite, token TO {role};
-- An invite changes and stays its clinic's; a token does not change.
REVOKE UPDATE ON invite, token FROM {role};
GRANT UPDATE (expires_at_ms, fetches_left, blob) ON invite TO {role};
