import pytest

from nightschool import models
from tests import tiny


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The folder of a tiny Qwen3."""
    return tiny.make(tmp_path_factory.mktemp("qwen3"), "qwen3", context=640)


@pytest.fixture
def model(base):
    return models.load(str(base), "cpu")


@pytest.fixture(scope="session")
def adapters(base, tmp_path_factory):
    """Folders of eight adapters on that base, each changing its answers differently."""
    folder = tmp_path_factory.mktemp("adapters")
    return [tiny.adapter(folder / f"a{seed}", base, seed=seed) for seed in range(8)]
