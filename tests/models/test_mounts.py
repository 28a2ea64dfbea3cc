"""Adapters mounted together: their changes add up, and each leaves without a trace."""

import torch

from nightschool import models
from tests import tiny


def test_two_adapters_mounted_together_add_up(model, base, adapters, tmp_path):
    one = tiny.adapter(tmp_path / "one", base, seed=1, layers=["model.layers.0.mlp.down_proj"])
    two = tiny.adapter(tmp_path / "two", base, seed=2, layers=["model.layers.0.mlp.down_proj"])
    ids = [3, 5, 8, 13]
    seen = {}
    place = model.network.model.layers[0].mlp

    def change(adapter):
        model.network_with(adapter)
        handle = place.register_forward_hook(lambda _m, _i, output: seen.__setitem__("out", output))
        model.logits(ids, adapter=adapter)
        handle.remove()
        return seen["out"]

    plain = change(None)
    together = change((one, two)) - plain
    assert torch.allclose(together, (change(one) - plain) + (change(two) - plain), atol=1e-4)
    assert together.abs().max() > 1e-3
    assert torch.equal(change(None), plain)


def test_one_in_a_tuple_is_the_same_as_one_alone(model, adapters):
    assert torch.equal(model.logits([1, 2, 3], adapter=(adapters[0],)), model.logits([1, 2, 3], adapter=adapters[0]))


def test_a_changed_file_beside_another_adapter_is_read_again(model, base, adapters, tmp_path):
    folder = tiny.adapter(tmp_path / "a", base, seed=1)
    before = model.logits([1, 2, 3], adapter=(adapters[0], folder))
    tiny.adapter(folder, base, seed=2, rank=5)
    after = model.logits([1, 2, 3], adapter=(adapters[0], folder))
    fresh = models.load(str(base), "cpu").logits([1, 2, 3], adapter=(adapters[0], folder))
    assert torch.equal(after, fresh)
    assert not torch.equal(after, before)


def test_the_network_wears_what_it_is_asked_to(model, adapters):
    row = torch.tensor([[1, 2, 3]])
    with torch.inference_mode():
        worn = model.network_with(adapters[0])(row).logits[0]
    assert torch.equal(worn, model.logits([1, 2, 3], adapter=adapters[0]))


def test_weights_on_a_cpu_stand_in_thirty_two_bits(model):
    assert model.precision == "float32"
