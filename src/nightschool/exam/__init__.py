"""Measures: the items of an exam, how answers are scored, the sitting, and the gate that decides."""
