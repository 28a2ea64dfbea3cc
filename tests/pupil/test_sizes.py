"""Every named size of pupil is about as large as its name says, so that a claim can be shown over size."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from nightschool.models.base import PUPIL

SCRIPTS = Path(__file__).parents[2] / "pupil"


@pytest.fixture
def train(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module("train")
    for name in ("train", "probe", "stream", "words"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(("size", "millions"), [("2m", 2), ("3m", 3), ("8m", 8), ("60m", 60)])
def test_a_size_is_what_its_name_says(train, size, millions):
    options = train.arguments(["--out", "nowhere", "--size", size])
    with torch.device("meta"):
        model = train.build(options, AutoTokenizer.from_pretrained(PUPIL))
    assert sum(each.numel() for each in model.parameters()) == pytest.approx(millions * 1e6, rel=0.05)


def test_a_size_can_be_changed_by_hand(train):
    options = train.arguments(["--out", "nowhere", "--size", "8m", "--layers", "4"])
    assert (options.hidden, options.layers, options.columns) == (192, 4, 1920)
