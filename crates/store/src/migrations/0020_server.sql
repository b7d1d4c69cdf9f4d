-- Which sync server the clinic has, as its document says; empty where it says none.
ALTER TABLE clinic ADD COLUMN server TEXT NOT NULL DEFAULT '';
