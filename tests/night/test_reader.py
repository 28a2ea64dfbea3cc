"""The base reads along only where the settings say so, and what it finds reaches memory."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nightschool.bench.life import play
from nightschool.bench.life.line import Line
from nightschool.bench.life.script import Talk
from nightschool.bench.life.scripted import Scripted
from nightschool.bench.life.talk import hold, together
from nightschool.config import Config, Home
from nightschool.night.conduct import sleep
from nightschool.night.stages import STAGES
from nightschool.records import Answer, Prompt
from nightschool.store import facts
from nightschool.store.database import open_database

SAID = "On my balcony I am growing chillies."


class Reads:
    """A base that finds the chillies in everything."""

    name, fingerprint, context_tokens, parameters = "pupil", "f" * 64, 1000, 1

    def __init__(self) -> None:
        self.asked = 0

    def answer(self, prompts: Sequence[Prompt], **settings: object) -> list[Answer]:
        self.asked += len(prompts)
        entry = {"kind": "fact", "subject": "I", "relation": "grows", "object": "chillies", "quote": SAID}
        return [Answer(text=json.dumps([entry])) for _ in prompts]


@pytest.mark.parametrize(("reader", "found"), [("base", ["chillies"]), ("rules", [])])
def test_what_the_base_reads_is_remembered_where_it_may_read(tmp_path: Path, reader: str, found: list[str]) -> None:
    home, model = Home(tmp_path / "home").create(), Reads()
    talk = Talk(id="t", started=1e9, lines=(Line(why="tell", text=SAID, answered="Nice."),), day=0)
    play.keep(home, together([hold(talk, [], 1)], Scripted(1)))
    config = Config()
    config = dataclasses.replace(config, curate=dataclasses.replace(config.curate, reader=reader))
    for _ in range(2):
        night = sleep(home, config, model=model, stages=STAGES[:2])
        assert night.state == "done", night.error
    with contextlib.closing(open_database(home.database)) as db:
        assert [fact.object for fact in facts.live(db)] == found
    assert model.asked == len(found), "what was read is kept for the nights to come"
