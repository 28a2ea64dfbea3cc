"""Facts go into a base kept in four or eight bits as into any other: keys, values, solve, and no weight of it moved."""

from __future__ import annotations

import hashlib
import importlib.util
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import torch

from nightschool import models
from nightschool.config import Home
from nightschool.edit import adapter
from nightschool.edit import ground as grounds
from nightschool.edit.editor import Editor
from nightschool.edit.ground import Ground, Parts
from nightschool.edit.measure import measure
from nightschool.edit.phrasing import phrasing
from nightschool.edit.spread import spread_of
from nightschool.edit.values import ValueSettings
from nightschool.errors import UserError
from nightschool.night.nap import nap
from nightschool.records import Fact, Prompt
from nightschool.store import edits, facts
from nightschool.store.database import open_database
from tests import tiny

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bitsandbytes") is None, reason="bitsandbytes is an extra")
SHORT = ValueSettings(contexts=2, near=1, steps=10)
TOLD = phrasing("My sister Ana lives in Oslo.", "Oslo")


def ground_of(model):
    rng = np.random.default_rng(0)
    parts = Parts(**{kind: spread_of(0.3 * rng.normal(size=(400, 128)), 16) for kind in ("chat", "noise", "near")})
    return Ground(
        base=model.fingerprint, skill="", precision=model.precision, layers=(1,), anchors=("answer",),
        modules={1: "model.layers.1.mlp.down_proj"}, parts={1: parts}, norms={1: 8.0}, goal=3.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("base") / "llama", "llama", inner=128)


@pytest.mark.parametrize("bits", ["4bit", "8bit"])
def test_a_fact_is_written_beside_few_bits(bits, base, tmp_path):
    model = models.load(f"{base}:{bits}", "cpu")
    stood_on = ground_of(model)
    before = hashlib.sha256(b"".join(each.data.numpy().tobytes() for each in model.network.parameters())).digest()
    (still,) = measure(model, stood_on, [TOLD], settings=replace(SHORT, steps=1))
    (found,) = measure(model, stood_on, [TOLD], settings=SHORT)
    assert found.loss < still.loss - 0.5
    after = hashlib.sha256(b"".join(each.data.numpy().tobytes() for each in model.network.parameters())).digest()
    assert before == after
    folder = adapter.write(tmp_path / "edit", adapter.factors([found], stood_on), stood_on)
    asked = (Prompt(messages=({"role": "user", "content": TOLD.asked[0].question},)),
             {"role": "assistant", "content": TOLD.asked[0].answer})  # fmt: skip
    plain, written = (model.likelihood([asked], adapter=each)[0] for each in (None, folder))
    assert written.total > plain.total + 1.0
    assert torch.isfinite(model.logits([20, 21, 22], adapter=folder)).all()


@pytest.mark.parametrize("bits", ["4bit", "8bit"])
def test_a_nap_asks_the_base_as_it_is_kept(bits, base, tmp_path, monkeypatch):
    home = Home(tmp_path / "home").create()
    model = models.load(f"{base}:{bits}", "cpu")
    stood_on = ground_of(model)
    grounds.keep(home, stood_on)
    with closing(open_database(home.database)) as db:
        fact = facts.add(db, Fact(id="f-1", kind="fact", sentence="My sister Ana lives in Oslo.", object="Oslo"))
        (found,) = measure(model, stood_on, [TOLD], settings=replace(SHORT, steps=2))
        edits.add(db, fact_id=fact.id, ground=stood_on.id, columns=found.pack(), loss=found.loss, state="written")
        said: list[str] = []
        asked = type(model).answer
        monkeypatch.setattr(
            type(model), "answer", lambda self, *rest, **more: said.append(self.name) or asked(self, *rest, **more)
        )
        monkeypatch.setattr(Editor, "thorough", lambda self: Editor(
            db, home, model, ground=stood_on, settings=replace(SHORT, steps=1), is_thorough=True))  # fmt: skip
        gone_over = nap(db, home, model)
        assert gone_over["held"] == 1 and set(said) == {f"{base}:{bits}"}
        plain = models.load(str(base), "cpu")
        assert grounds.of(home, plain, None) is None
        with pytest.raises(UserError, match="another base"):
            Editor(db, home, plain, ground=stood_on)
