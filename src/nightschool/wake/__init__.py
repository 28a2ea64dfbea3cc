"""Answers: one turn of the day, from context to answer to record."""
