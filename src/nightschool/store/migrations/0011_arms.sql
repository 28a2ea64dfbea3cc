-- Which side of the comparison of champion and bare base answered; empty outside of it.
ALTER TABLE exchanges ADD COLUMN arm TEXT NOT NULL DEFAULT '' CHECK (arm IN ('', 'base', 'champion'));
