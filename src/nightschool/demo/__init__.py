"""The demonstration: a week of one person's conversations, one night, and the morning after."""
