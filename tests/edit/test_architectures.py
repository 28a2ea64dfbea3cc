"""A fact is measured and written on every architecture and in every precision that runs here."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from nightschool import models
from nightschool.edit import adapter
from nightschool.edit.lay import GroundSettings, lay
from nightschool.edit.measure import measure
from nightschool.edit.phrasing import phrasing
from nightschool.edit.values import ValueSettings
from nightschool.records import Prompt
from tests import tiny

FEW = GroundSettings(chats=4, chat_tokens=600, general=8, facts=3, contexts=3, unanswered=8, rank=32)
SHORT = ValueSettings(contexts=3, near=1, steps=6, clamp=20.0)
GPT2 = "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}assistant: "
WORDS = phrasing("My dog is called Rex.")
SAID = [
    (Prompt(messages=({"role": "user", "content": asked.question},)), {"role": "assistant", "content": asked.answer})
    for asked in WORDS.asked[:3]
]


def rises(model, folder) -> bool:
    """Whether the fact's answers become likelier by its edit, and are as before without it."""
    ground = replace(lay(model, settings=FEW), goal=15.0)
    (columns,) = measure(model, ground, [WORDS], settings=SHORT)
    edits = adapter.write(folder, adapter.factors([columns], ground), ground)
    before, after, again = (
        sum(one.total for one in model.likelihood(SAID, adapter=each)) for each in (None, edits, None)
    )
    assert again == pytest.approx(before, abs=1e-3)
    return after > before + 0.5


@pytest.mark.parametrize("name", list(tiny.FAMILIES))
def test_a_fact_is_written_on_every_architecture(name, tmp_path):
    base = tiny.make(tmp_path / name, name, template=GPT2 if name == "gpt2" else None)
    assert rises(models.load(str(base), "cpu"), tmp_path / "edits")


def test_a_fact_is_written_on_a_base_in_bfloat16(tmp_path):
    model = models.load(str(tiny.make(tmp_path / "llama", "llama")), "cpu")
    model.network.to(torch.bfloat16)
    assert model.precision == "bfloat16"
    assert rises(model, tmp_path / "edits")


@pytest.mark.parametrize("bits", ["8bit", "4bit"])
def test_a_fact_is_written_on_a_base_of_few_bits(bits, tmp_path):
    pytest.importorskip("bitsandbytes")
    model = models.load(f"{tiny.make(tmp_path / 'llama', 'llama')}:{bits}", "cpu")
    assert rises(model, tmp_path / "edits")
