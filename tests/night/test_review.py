"""Review reads all of history: late outcomes, the person's repository, projects, and explanations that work."""

from __future__ import annotations

import contextlib
import dataclasses
import time

import pytest

from nightschool.config import Config, CurateConfig, Home
from nightschool.night.conduct import sleep
from nightschool.night.report import report
from nightschool.night.stages import STAGES
from nightschool.store import conversations, facts, lessons
from nightschool.store.database import open_database
from tests.curate.talk import call, conversation, result
from tests.curate.test_explanations import person
from tests.curate.test_late import DAY, START, TEXT, commit, git


def reviewed(folder, talks, **settings: str):
    """A night that only collects and reviews; its record, and what the store holds then."""
    home = Home(folder / "home").create()
    with contextlib.closing(open_database(home.database)) as db:
        for talk in talks:
            view = conversations.View(
                conversation_id=talk.id,
                program=talk.program,
                session_id=talk.source_id,
                messages=talk.messages,
                leaf=talk.messages[-1].id,
                opened=talk.started,
                latest=talk.messages[-1].created,
                tools=talk.tools,
                project=talk.project,
                agent=talk.agent,
            )
            conversations.add(db, view)
        night = sleep(home, Config(curate=CurateConfig(**settings)), stages=STAGES[:2])
        return night, lessons.signals(db), facts.live(db), lessons.lessons(db)


@pytest.fixture
def talks():
    """An edit in a project, and next day a word on it."""
    edit = conversation(
        "e", "Sum the shop's prices.", call("write_file", path="shop.py", content=TEXT), result("ok", 0),
        call("exec", command="make check"), result("12 passed", 0), "Done: shop.py sums the prices.", started=START,
    )  # fmt: skip
    told = conversation("t", "This project is written in Python 3.", "All right.", started=START + 60)
    later = conversation(
        "l", "The price sum in shop.py you wrote yesterday works great!", "Good to hear.", started=START + DAY
    )
    return [dataclasses.replace(talk, project="shop", agent="main") for talk in (edit, told, later)]


def test_late_words_and_the_persons_repository_are_outcomes(tmp_path, talks):
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q")
    commit(root, TEXT, "Sum prices", START + 60)
    _, read, _, _ = reviewed(tmp_path, talks, repositories=str(root))
    kinds = {(signal.kind, signal.by): signal.turn_id for signal in read}
    assert kinds["edit_kept", "program"] == "e-0" and kinds["acceptance", "person"] == "e-0"


def test_no_repository_is_read_that_the_settings_do_not_name(tmp_path, talks):
    night, read, _, _ = reviewed(tmp_path, talks)
    assert night.state == "done" and not [signal for signal in read if signal.by == "program"]


def test_a_folder_that_is_no_repository_stands_in_the_report(tmp_path, talks):
    night, _, _, _ = reviewed(tmp_path, talks, repositories=str(tmp_path / "gone"))
    assert any("no git repository" in problem for problem in report(night).problems)


def test_what_holds_in_a_project_is_remembered_for_it_alone(tmp_path, talks):
    _, _, held, _ = reviewed(tmp_path, talks)
    found = {(fact.object, fact.scope) for fact in held}
    assert {("Python 3", "project:shop"), ("make check", "project:shop")} <= found


def test_agents_that_are_kept_apart_do_not_share_what_they_were_told(tmp_path):
    talk = dataclasses.replace(conversation("c", "I live in Lisbon.", "Noted.", started=START), agent="work")
    _, _, held, _ = reviewed(tmp_path, [talk], apart="agents")
    assert [fact.scope for fact in held] == ["agent:work"]


def test_a_setting_that_keeps_nothing_apart_stops_the_night_with_one_sentence(tmp_path, talks):
    night, _, _, _ = reviewed(tmp_path, talks, apart="people")
    assert night.state == "failed" and "curate.apart names 'people'" in night.error


def test_a_form_of_explanation_that_works_waits_in_the_inbox_and_is_not_told(tmp_path):
    _, _, held, found = reviewed(tmp_path, person(example_works=True, start=time.time() - DAY))
    assert [(x.state, x.reason) for x in found if "example" in x.text] == [("asked", "explained so")]
    assert not [fact for fact in held if "example" in fact.sentence]
