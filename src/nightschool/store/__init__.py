"""Remembers: one SQLite file per home, and the only SQL that this package writes."""
