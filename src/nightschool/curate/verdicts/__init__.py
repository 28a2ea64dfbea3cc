"""How a turn came out, read from the person's words and from what tools printed."""
