"""`bench serve` as it is typed, in small: both parts run and tell what they are ratios of."""

from __future__ import annotations

import json
from functools import partial

from click.testing import CliRunner

from nightschool.bench import batches
from nightschool.cli.main import cli
from nightschool.models import untrained


def measured(*words):
    done = CliRunner().invoke(cli, ["bench", "serve", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_base_of_random_weights_is_made_and_measured_without_anything_else_at_hand(monkeypatch):
    monkeypatch.setattr(untrained, "write", partial(untrained.write, layers=1, width=24, heads=2))
    monkeypatch.setattr(batches, "batches", partial(batches.batches, tokens=2, repeats=1))
    told = measured("--part", "batches", "--base", "random")["batches"]
    assert told["base"] == "random" and told["bytes_per_person"] > 0
    assert all(rate > 0 for rate in told["tokens_per_second"].values()) and len(told["ratios"]) == 3


def test_a_proxy_is_measured_beside_the_server_behind_it():
    told = measured("--part", "proxy", "--streams", "2", "--rounds", "1", "--many", "4")
    assert list(told) == ["proxy"] and told["proxy"]
