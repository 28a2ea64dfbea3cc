"""Keys and wanted changes measured on MLX are those measured with PyTorch."""

from __future__ import annotations

import pytest
import torch

from nightschool import models
from nightschool.edit import keys, passage, values
from nightschool.edit.phrasing import phrasing
from nightschool.edit.site import sites
from nightschool.edit.spread import spread_of
from nightschool.edit.values import ValueSettings
from tests import tiny

pytest.importorskip("mlx_lm")

from nightschool.edit import mlx
from nightschool.train import mlx_fit

SETTINGS = ValueSettings(contexts=3, near=1, steps=8)
NORMS = {1: 8.0}
ANCHORS = ("answer",)


@pytest.mark.parametrize("family", ["llama", "qwen3"])
def test_values_on_mlx_equal_those_of_pytorch(family, tmp_path):
    base = tiny.make(tmp_path / "base", family)
    model, network = models.load(str(base), "cpu"), mlx_fit.load(base)
    told = [phrasing("My sister Ana lives in Oslo.", "Oslo"), phrasing("My dog is called Rex.", "Rex")]
    contexts, near = passage.passages(model, told, SETTINGS.contexts), passage.near(model, told, SETTINGS.near)
    chosen = [sites(model.network)[1]]
    here = keys.at_slots(model.network, chosen, contexts, ANCHORS)
    there = mlx.at_slots(network, [1], contexts, ANCHORS)
    assert torch.allclose(here[1], there[1], atol=1e-3, rtol=0, equal_nan=True)
    rng = torch.Generator().manual_seed(0)
    spread = spread_of(0.3 * torch.randn(400, chosen[0].d_in, generator=rng).double().numpy(), 16)
    fires = {1: values.firing(here[1], spread, 3.0)}
    rows = [*contexts, *near]
    ours = values.optimise(model.network, chosen, rows, fires, anchors=ANCHORS, norms=NORMS, settings=SETTINGS)
    theirs = mlx.optimise(network, {1: chosen[0].d_out}, rows, fires, anchors=ANCHORS, norms=NORMS, settings=SETTINGS)
    assert ours.changes[1].abs().max() > 0.1
    apart = (ours.changes[1] - theirs.changes[1]).norm(dim=-1) / ours.changes[1].norm(dim=-1).clamp_min(1e-9)
    assert apart.max() < 1e-3  # of the length of each; Adam turns on signs where a gradient is next to nothing
    assert torch.allclose(ours.losses, theirs.losses, atol=1e-3, rtol=0)
    assert not hasattr(network.layers[1].mlp.down_proj, "inner")
