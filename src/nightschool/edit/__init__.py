"""Writes facts into the weights as low-rank factors beside an untouched base."""
