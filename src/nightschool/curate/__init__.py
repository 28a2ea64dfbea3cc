"""Decide what deserves to be learnt, and make a dataset of it."""
