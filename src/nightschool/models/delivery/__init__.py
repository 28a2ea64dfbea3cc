"""Carries a version to where the person chats: other forms of its adapter, and the servers that take them."""
