"""What is mounted: a function of the set of rows, and in the running network exactly B(Ax)."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
import torch

from nightschool import models
from nightschool.edit import adapter, mounting
from nightschool.edit import ground as grounds
from nightschool.edit.site import reading, sites
from nightschool.store.edits import Edit
from tests import tiny
from tests.edit.grounds import columns, ground

IDS = torch.tensor([[5, 9, 3, 7, 2, 8]])
PLAIN = SimpleNamespace(fingerprint="f" * 64, precision="float32")


def row(number: int, fact: str, held) -> Edit:
    return Edit(
        number=number, fact_id=fact, ground="g", columns=held.pack(), loss=held.loss, created=0.0, state="written",
        reason="",
    )  # fmt: skip


def test_the_adapter_is_a_function_of_the_set_of_rows(tmp_path):
    rows = [row(number, f"f-{number}", columns(number)) for number in range(6)]
    shuffled = random.Random(1).sample(rows, len(rows))
    first, second = (
        mounting.made(tmp_path / name, each, ground(PLAIN)) for name, each in (("a", rows), ("b", shuffled))
    )
    assert first.name == second.name
    weights = "adapter_model.safetensors"
    assert (first / weights).read_bytes() == (second / weights).read_bytes()
    without = mounting.made(tmp_path / "a", rows[1:], ground(PLAIN))
    never = mounting.made(tmp_path / "c", rows[1:], ground(PLAIN))
    assert without.name != first.name and (without / weights).read_bytes() == (never / weights).read_bytes()


@pytest.mark.parametrize("name", list(tiny.FAMILIES))
def test_what_is_mounted_adds_b_of_a_of_its_input_in_every_architecture(name, tmp_path):
    model = models.load(str(tiny.make(tmp_path / name, name, template="{% for m in messages %}{{ m.content }}"
                                      "{% endfor %}" if name == "gpt2" else None)))  # fmt: skip
    site = sites(model.network)[1]
    widths = {1: (site.d_in, site.d_out)}
    stood_on = ground(model, widths=widths, modules={1: site.name})
    solved = adapter.factors([columns(3, widths=widths), columns(4, widths=widths)], stood_on)
    network = model.network_with(adapter.write(tmp_path / "edits", solved, stood_on))
    (worn,) = [each for each in sites(network) if each.layer == 1]
    outputs: list[torch.Tensor] = []
    handle = worn.module.register_forward_hook(lambda module, inputs, output: outputs.append(output.detach()))
    with torch.no_grad(), reading([worn]) as seen:
        network(input_ids=IDS)
        handle.remove()
        plain = worn.module.base_layer(seen[1])
    added = torch.tensor(solved[1].change(seen[1][0].double().numpy().T)).T
    assert torch.allclose(outputs[0][0] - plain[0], added.float(), atol=1e-4)
    assert added.abs().max() > 0.01


def test_a_ledger_of_another_base_or_precision_is_refused_with_the_command_that_makes_it_again(tmp_path):
    from nightschool.edit.editor import refuse_foreign
    from nightschool.errors import UserError

    mine = ground(PLAIN)
    for name, other in (
        ("base", SimpleNamespace(fingerprint="e" * 64, precision="float32")),
        ("precision", SimpleNamespace(fingerprint="f" * 64, precision="bitsandbytes")),
    ):
        with pytest.raises(UserError, match=f"another {name}") as refused:
            refuse_foreign(mine, other, None)
        assert "facts write" in refused.value.hint


def test_a_damaged_ground_is_told_with_what_measures_it_again(tmp_path, monkeypatch):
    from nightschool.config import Home
    from nightschool.errors import UserError

    home = Home(tmp_path / "home").create()
    place = grounds.keep(home, ground(PLAIN))
    assert grounds.read(place).id == ground(PLAIN).id
    file = place / "ground.safetensors"
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(UserError, match="damaged") as refused:
        grounds.read(place)
    assert "--measure" in refused.value.hint
