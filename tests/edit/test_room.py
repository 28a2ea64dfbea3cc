"""As many contexts at once as memory has room for: a large base stays under six gigabytes, pupil searches as ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from nightschool import models
from nightschool.edit import room
from nightschool.edit.ground import Ground, Parts
from nightschool.edit.measure import measure
from nightschool.edit.phrasing import phrasing
from nightschool.edit.room import Stature, row_bytes, rows
from nightschool.edit.spread import spread_of
from nightschool.edit.values import ValueSettings
from tests import tiny

PUPIL = Stature(depth=5, above=3, hidden=128, inner=1280, heads=4, keys=128, vocabulary=1536, wide=4, weights=12e6)
LARGE = Stature(
    depth=28, above=15, hidden=3072, inner=8192, heads=24, keys=1024, vocabulary=128_256, wide=2, weights=2.4e9
)
"""Three billion weights, the linear ones in four bits."""
USUAL = ValueSettings()


def test_pupil_searches_for_as_many_contexts_at_once_as_ever_and_in_one_piece():
    assert rows(10e9, PUPIL) >= USUAL.rows
    facts = USUAL.rows // (USUAL.contexts + USUAL.near)
    every = facts * (USUAL.contexts + 2 * USUAL.near + 1)
    assert rows(10e9, PUPIL, before=120, after=32) >= every


@pytest.mark.parametrize("free", [4e9, 8e9, 24e9, 80e9])
@pytest.mark.parametrize("before", [64, 128, 256])
def test_three_billion_weights_in_four_bits_stay_under_six_gigabytes(free, before):
    fit = rows(free, LARGE, before=before, after=32)
    assert fit > 1
    assert LARGE.weights + room.PROGRAM + fit * row_bytes(LARGE, before=before, after=32) <= 6e9
    assert fit * row_bytes(LARGE, before=before, after=32) <= room.SHARE * free


def test_less_memory_longer_contexts_and_larger_bases_leave_room_for_fewer():
    assert rows(2e9, LARGE) < rows(4e9, LARGE)
    assert rows(8e9, LARGE, before=512) < rows(8e9, LARGE)
    assert rows(8e9, replace(LARGE, vocabulary=2 * LARGE.vocabulary)) < rows(8e9, LARGE)
    assert rows(8e9, replace(LARGE, weights=40e9)) <= rows(8e9, LARGE)
    assert rows(1.0, LARGE) == 1


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma3"])
def test_a_base_s_stature_is_read_from_its_settings(family, tmp_path):
    model = models.load(str(tiny.make(tmp_path / family, family)), "cpu")
    found = room.stature(model.network, 1)
    blocks = [each for name, each in model.network.named_modules() if name.endswith("k_proj")]
    assert (found.depth, found.above) == (len(blocks), len(blocks) - 1)
    assert found.keys == blocks[0].out_features
    assert (found.vocabulary, found.wide) == (model.network.config.vocab_size, 4)


def test_what_is_searched_for_piece_by_piece_is_what_is_found_in_one(tmp_path, monkeypatch):
    model = models.load(str(tiny.make(tmp_path / "base", "llama", inner=128)), "cpu")
    rng = np.random.default_rng(0)
    parts = Parts(**{kind: spread_of(0.3 * rng.normal(size=(400, 128)), 16) for kind in ("chat", "noise", "near")})
    stood_on = Ground(
        base=model.fingerprint, skill="", precision=model.precision, layers=(1,), anchors=("answer",),
        modules={1: "model.layers.1.mlp.down_proj"}, parts={1: parts}, norms={1: 8.0}, goal=3.0,
    )  # fmt: skip
    short = ValueSettings(contexts=4, near=2, steps=6)
    told = [phrasing("My sister Ana lives in Oslo.", "Oslo"), phrasing("My dog is called Rex.", "Rex")]
    whole = measure(model, stood_on, told, settings=short)
    monkeypatch.setattr(room, "free", lambda device: 1e6)
    assert room.rows(1e6, room.stature(model.network, 1)) < 4
    pieces = measure(model, stood_on, told, settings=short)
    for one, other in zip(whole, pieces, strict=True):
        torch.testing.assert_close(torch.tensor(one.wanted[1]), torch.tensor(other.wanted[1]), rtol=1e-3, atol=1e-3)
        assert one.loss == pytest.approx(other.loss, abs=1e-3)
