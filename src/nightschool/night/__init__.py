"""Conducts the night: the stages, their resuming, and the morning report."""
