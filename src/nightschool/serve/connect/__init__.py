"""Points another program at this server, and takes that back: never a byte more than the difference shown."""
