"""What holds for all tests."""

LONGEST = ("test_known_bad.py", "test_edits.py", "test_facts.py")
"""Files that train or write facts on the bundled model."""


def pytest_collection_modifyitems(items):
    """Begin with the longest files, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
