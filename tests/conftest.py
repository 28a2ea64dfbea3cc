"""What holds for all tests."""

import pytest

LONGEST = ("test_known_bad.py", "test_edits.py", "test_facts.py")
"""Files that train or write facts on the bundled model."""


def pytest_collection_modifyitems(items):
    """Begin with the longest files, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def pupil():
    """The bundled model."""
    from nightschool import models

    return models.load("pupil")


@pytest.fixture(scope="session")
def ground(pupil):
    """What edits of the bundled model stand on, laid on few texts: enough for two or three facts."""
    from nightschool.edit.lay import lay
    from tests.grounds import LIGHT

    return lay(pupil, settings=LIGHT)
