"""What is proposed as a base fits the machine, and what lies on it comes before what would have to be downloaded."""

from __future__ import annotations

import dataclasses

import pytest

from nightschool.config import TrainConfig
from nightschool.train.plan import Machine, Work, plan, shape_of
from nightschool.wake import proposal
from nightschool.wake.proposal import Found

WORK = Work.of(TrainConfig())
SIZES = {each.shape.name.split("-")[1]: each.shape for each in proposal.downloads()}


def card(gigabytes):
    return Machine(name="card", device="cuda", memory=gigabytes * 1e9)


def held(size, source):
    return Found(source=source, shape=dataclasses.replace(SIZES[size], name=f"{source}:{size}"))


def names(candidates, machine):
    return [each.name for each in proposal.proposals(candidates, machine, WORK)]


def test_the_family_s_sizes_are_those_of_its_weights():
    assert {name: round(shape.parameters / 1e9, 1) for name, shape in SIZES.items()} == {
        "0.6B": 0.6, "1.7B": 1.7, "4B": 4.0, "8B": 8.2, "14B": 14.8,
    }  # fmt: skip


def test_what_ollama_holds_is_proposed_first_and_the_largest_of_it():
    there = [Found(source="bundled", shape=shape_of("pupil")), held("4B", "disk"), held("0.6B", "ollama"),
             held("1.7B", "ollama"), *proposal.downloads()]  # fmt: skip
    found = names(there, card(24))
    assert found[:4] == ["ollama:1.7B", "ollama:0.6B", "disk:4B", "pupil"]
    assert found[4].startswith("Qwen/")


@pytest.mark.parametrize("gigabytes", [8, 12, 16, 24, 48])
def test_what_is_proposed_fits_and_four_bits_are_named_where_only_they_do(gigabytes):
    machine = card(gigabytes)
    for made in proposal.proposals(proposal.downloads(), machine, WORK):
        assert made.needed <= 0.85 * machine.memory
        shape = SIZES[made.name.split("-")[1].removesuffix(":4bit")]
        assert plan(shape, machine, WORK).fits is not made.name.endswith(":4bit")
    assert "Qwen/Qwen3-8B:4bit" in names(proposal.downloads(), card(24))


def test_where_nothing_else_fits_the_small_one_is_left():
    two_cores = Machine(name="two cores", device="cpu", memory=8e9, cores=2)
    there = [held("8B", "ollama"), Found(source="bundled", shape=shape_of("pupil"))]
    assert names(there, two_cores) == ["pupil"]


def test_trying_facts_takes_longer_on_a_larger_base():
    assert proposal.trial_minutes(8 * 10**9, card(24)) > 4 * proposal.trial_minutes(10**9, card(24))
