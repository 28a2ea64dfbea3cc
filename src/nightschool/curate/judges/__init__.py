"""Judges: what they are shown, what they say, and whether they are believed."""
