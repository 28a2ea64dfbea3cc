"""Questions and reflections are stored whole or not at all, and judged by hand."""

from __future__ import annotations

import json
import sys
from unittest.mock import patch

import pytest

from nightschool import rules
from nightschool.cli.main import main
from nightschool.config import Home
from nightschool.curate import by_hand
from nightschool.errors import UserError
from nightschool.records import Lesson, Question, Reflection
from nightschool.store import lessons, reflections
from nightschool.store.database import open_database

QUESTION = Question(id="q-1", kind="unanswered", text="Where?", conversation_id="c", source=("m",), opened=1.0)
LESSON = Lesson(
    id="l-1",
    kind="correction",
    text="Give me distances in miles.",
    durable=True,
    source=("m",),
    conversation_id="c",
    created=1.0,
    rule=rules.parse("Give me distances in miles."),
)
THOUGHT = Reflection(
    id="r-1",
    kind="critique",
    about="t",
    asked="How far?",
    before="16 km",
    after="10 miles",
    checks={"it can be checked": True},
    source=("m",),
    state="proposed",
    lesson_id="l-1",
)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").create()


@pytest.fixture
def db(home):
    opened = open_database(home.database)
    yield opened
    opened.close()


def test_a_thought_that_cannot_be_stored_whole_leaves_nothing(db, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(lessons, "put", broken)
    with pytest.raises(RuntimeError):
        reflections.keep(db, "r", QUESTION, THOUGHT, LESSON)
    assert (reflections.questions(db), reflections.thoughts(db)) == ([], [])


def test_the_same_thought_again_adds_nothing(db):
    for _ in range(2):
        reflections.keep(db, "r", QUESTION, THOUGHT, LESSON)
    assert db.execute("SELECT count(*) FROM questions").fetchone()[0] == 1
    assert db.execute("SELECT count(*) FROM reflections").fetchone()[0] == 1


@pytest.mark.parametrize(("state", "lesson"), [("kept", "kept"), ("dropped", "dropped")])
def test_the_persons_word_settles_the_candidate_too(db, state, lesson):
    reflections.keep(db, "r", None, THOUGHT, LESSON)
    by_hand.settle_thought(db, "r-1", state)
    assert reflections.get(db, "r-1").reflection.state == state
    stored = lessons.get(db, "l-1")
    assert (stored.state, stored.reason) == (lesson, f"by the person: {state}")


def test_closing_keeps_the_history_of_a_question(db):
    reflections.keep(db, "r", QUESTION, None, None)
    reflections.close(db, "q-1", "found it myself")
    assert reflections.questions(db, ["open"]) == []
    assert [question.note for question in reflections.questions(db)] == ["found it myself"]
    assert db.execute("SELECT count(*) FROM questions").fetchone()[0] == 2


def test_an_unknown_id_is_named_in_a_sentence(db):
    with pytest.raises(UserError, match="no question 'q-9'"):
        reflections.close(db, "q-9", "")
    with pytest.raises(UserError, match="no reflection 'r-9'"):
        reflections.get(db, "r-9")


def test_the_commands_list_show_and_settle(home, db, capsys):
    reflections.keep(db, "r", QUESTION, THOUGHT, LESSON)
    for arguments, expected in (
        (["questions", "list"], "q-1"),
        (["questions", "show", "q-1"], "Where?"),
        (["reflections", "list"], "10 miles"),
        (["reflections", "show", "r-1"], "it can be checked"),
        (["reflections", "keep", "r-1"], "kept"),
        (["questions", "close", "q-1"], "closed"),
    ):
        assert _run(home, *arguments) == 0
        assert expected in capsys.readouterr().out
    assert _run(home, "reflections", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["reflection"]["state"] == "kept"
    assert _run(home, "questions", "show", "q-9") == 2


def _run(home, *arguments):
    with patch.object(sys, "argv", ["nightschool", "--home", str(home.path), *arguments]):
        try:
            main()
        except SystemExit as ended:
            return ended.code
    return 0
