"""Thinks between conversations: what is left open, what went wrong, what keeps coming back."""
