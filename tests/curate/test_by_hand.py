"""What a person decides of a lesson holds at once, can be taken back, and is never changed by a later reading."""

from __future__ import annotations

import pytest

from nightschool.curate import by_hand
from nightschool.curate.reconcile import as_fact, reconcile
from nightschool.errors import UserError
from nightschool.records import Lesson
from nightschool.rules import parse
from nightschool.store import facts, lessons
from nightschool.store.database import open_database

TEXT = "Give me distances in miles."


@pytest.fixture
def db(tmp_path):
    db = open_database(tmp_path / "nightschool.db")
    yield db
    db.close()


@pytest.fixture
def lesson(db):
    found = Lesson(
        id="l-1", kind="preference", text=TEXT, durable=True, source=("m-1",), conversation_id="c-1",
        created=1000.0, state="proposed", reason="said once", rule=parse(TEXT),
    )  # fmt: skip
    lessons.put(db, [found])
    return found


def told(db):
    return [fact.sentence for fact in facts.live(db)]


def test_a_kept_lesson_is_told_from_the_next_answer_on(db, lesson):
    kept = by_hand.keep(db, "l-1")
    assert (kept.state, kept.reason) == ("kept", "by the person: kept")
    assert told(db) == [TEXT]
    assert facts.live(db)[0].source == ("m-1",)


def test_a_dropped_lesson_is_told_no_more_and_comes_back(db, lesson):
    by_hand.keep(db, "l-1")
    by_hand.drop(db, "l-1")
    assert told(db) == []
    by_hand.undo(db, "l-1")
    assert lessons.get(db, "l-1").state == "kept"
    assert told(db) == [TEXT]


def test_a_revised_lesson_has_the_persons_words_and_their_rule(db, lesson):
    by_hand.keep(db, "l-1")
    revised = by_hand.revise(db, "l-1", "Give me distances in nautical miles.")
    assert revised.rule == parse("Give me distances in nautical miles.")
    assert told(db) == ["Give me distances in nautical miles."]
    by_hand.drop(db, "l-1")
    assert told(db) == []
    by_hand.undo(db, "l-1")
    by_hand.undo(db, "l-1")
    assert told(db) == []


def test_undo_before_any_change_says_so(db, lesson):
    with pytest.raises(UserError, match="never changed"):
        by_hand.undo(db, "l-1")


def test_what_is_not_there_is_said(db):
    with pytest.raises(UserError, match="no lesson"):
        by_hand.keep(db, "l-9")


def test_the_next_night_leaves_a_lesson_as_the_person_put_it(db, lesson):
    by_hand.revise(db, "l-1", "Give me distances in nautical miles.")
    found = [Lesson(
        id="l-1", kind="preference", text=TEXT, durable=True, source=("m-1",), conversation_id="c-1",
        created=1000.0, reason="stated as a rule", rule=parse(TEXT),
    )]  # fmt: skip
    settled = reconcile(found, lessons.lessons(db)).lessons
    assert [one.text for one in settled] == ["Give me distances in nautical miles."]
    assert settled[0].state == "kept"
    facts.add(db, as_fact(settled[0]))
    assert told(db) == ["Give me distances in nautical miles."]


def test_what_the_person_dropped_is_not_learnt_again(db, lesson):
    by_hand.drop(db, "l-1")
    again = [Lesson(
        id=f"l-{n}", kind="preference", text=TEXT, durable=True, source=(f"m-{n}",), conversation_id="c-2",
        created=2000.0 + n, reason="stated as a rule", rule=parse(TEXT),
    ) for n in range(2, 6)]  # fmt: skip
    settled = reconcile(again, lessons.lessons(db)).lessons
    assert [one.state for one in settled] == ["dropped"]
