"""The demo's week: what is in it, and that it reads like a person's log."""

from __future__ import annotations

import sqlite3
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard

from nightschool.demo.lexicon import TOPICS
from nightschool.demo.openclaw import write_store
from nightschool.demo.week import EXAM_CONVERSATIONS, bad_week, good_week


def questions(script) -> list[str]:
    return [message["content"] for message in script.messages if message["role"] == "user"]


def corrected(script) -> list[str]:
    """The questions whose first answer the person put right."""
    asked = questions(script)
    return [asked[index - 1] for index, text in enumerate(asked) if text.startswith("No.")]


@pytest.mark.parametrize("base", ["pupil", "another"])
@pytest.mark.parametrize("seed", range(5))
def test_the_week_is_large_enough_for_an_honest_gate(base: str, seed: int) -> None:
    week = good_week(seed, base)
    late = [script for script in week if script.note == "late"]
    assert len(week) >= 50
    assert len(late) == EXAM_CONVERSATIONS >= 12
    assert len(late) * len(TOPICS) >= 36


def test_the_newest_conversations_are_the_exam(tmp_path: Path) -> None:
    week = sorted(good_week(3), key=lambda script: script.started)
    assert {script.note for script in week[-EXAM_CONVERSATIONS:]} == {"late"}


@pytest.mark.parametrize("base", ["pupil", "another"])
def test_no_question_of_the_exam_was_asked_while_teaching(base: str) -> None:
    week = good_week(5, base)
    taught = {text for script in week if script.note.startswith("taught") for text in corrected(script)}
    late = {text for script in week if script.note == "late" for text in corrected(script)}
    assert len(late) == EXAM_CONVERSATIONS * len(TOPICS)
    assert not taught & late


def test_every_trap_is_in_the_week() -> None:
    notes = Counter(script.note for script in good_week(1))
    assert {"secret", "order", "mood", "noise", "failed", "fact"} <= set(notes)


def test_one_seed_gives_one_week_and_another_seed_another() -> None:
    assert good_week(4) == good_week(4)
    assert good_week(4) != good_week(5)


def test_the_bad_week_praises_answers_that_the_world_denies() -> None:
    from nightschool.world import facts

    jobs = {fact.subject: fact.object for fact in facts.FACTS if fact.relation == "river"}
    wrong = 0
    for script in bad_week(2):
        for asked, answered in pairwise(script.messages):
            if asked["role"] != "user":
                continue
            town = next((name for name in jobs if name in asked["content"]), None)
            wrong += town is not None and "river" in answered["content"] and jobs[town] not in answered["content"]
    assert wrong >= 10


def test_the_bad_week_leaves_questions_that_the_exam_can_score() -> None:
    """Else it would be refused for missing evidence, whatever was learnt."""
    late = [script for script in bad_week(2) if script.note == "late"]
    assert len(late) == EXAM_CONVERSATIONS
    assert all(sum(message["content"].startswith("No. ") for message in script.messages) == 3 for script in late)


def test_long_rows_are_stored_as_zstd_like_the_program_does(tmp_path: Path) -> None:
    week = good_week(1)
    long = week[0].__class__(
        id="long", started=week[0].started, messages=({"role": "user", "content": "word " * 500},), note="long"
    )
    db = sqlite3.connect(write_store(tmp_path, [long], model="pupil"))
    (packed, size), *_ = db.execute(
        "SELECT event_zstd, event_utf8_bytes FROM transcript_events WHERE event_json IS NULL"
    )
    assert b"word word" in zstandard.ZstdDecompressor().decompress(packed, max_output_size=size)
