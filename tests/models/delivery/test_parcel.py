"""A parcel is whole or as it was, and whoever cannot be reached is named in a sentence."""

import pytest

from nightschool.errors import UserError
from nightschool.models.delivery.parcel import PEFT, Parcel, pack
from nightschool.models.delivery.wire import Wire


def test_a_parcel_that_is_served_stays_where_a_new_one_cannot_be_written(tmp_path):
    parcel = Parcel(
        name="n", version="v-0001", folder=tmp_path / "n", base=tmp_path, fingerprint="f", context_tokens=512
    )
    parcel.peft.mkdir(parents=True)
    (parcel.peft / "adapter_config.json").write_text("{}")
    with pytest.raises(UserError, match="could not be written"):
        pack(parcel, [tmp_path / "gone"], PEFT, base="b")
    assert (parcel.peft / "adapter_config.json").read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["n"]


@pytest.mark.parametrize("url", ["http://localhost:port", "http://[::1", "http://a..b", "http://"])
def test_an_address_that_cannot_be_meant_is_a_sentence(url):
    with pytest.raises(UserError):
        Wire("Ollama", url, "Start it").get("/api/version")
