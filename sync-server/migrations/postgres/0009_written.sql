-- Who knows a name may see the row it names; a row is written for one clinic, and stays its.

-- An invite is found, counted and ended by who knows its name; it is left by its clinic alone.
ALTER POLICY one_clinic ON invite USING (clinic = this_clinic()) WITH CHECK (clinic = this_clinic());
DROP POLICY IF EXISTS found_by_name ON invite;
CREATE POLICY found_by_name ON invite FOR SELECT USING (id = this_name());
DROP POLICY IF EXISTS counted_by_name ON invite;
CREATE POLICY counted_by_name ON invite FOR UPDATE USING (id = this_name()) WITH CHECK (id = this_name());
DROP POLICY IF EXISTS ended_by_name ON invite;
CREATE POLICY ended_by_name ON invite FOR DELETE USING (id = this_name());

-- A message is of the clinic whose room it lies in.
ALTER POLICY one_clinic ON room_message WITH CHECK (room = this_name()
    AND clinic = (SELECT r.clinic FROM room AS r WHERE r.id = room_message.room));
