"""Serves: the API that any client speaks, the recorder behind it, and the pages."""
