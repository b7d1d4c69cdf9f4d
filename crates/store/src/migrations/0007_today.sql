-- The visits of a day, of all charts. Of the years before this program nobody asks for a day's.
CREATE INDEX encounter_recent ON encounter (sort) WHERE sort >= 1735689600000;
