"""A project is known by the person's words and by what passed there, and told there alone."""

from __future__ import annotations

import dataclasses

import pytest

from nightschool.curate import extract, projects, scopes, signals
from nightschool.errors import UserError
from tests.curate.talk import call, conversation, result


def of(text: str, project: str | None = "shop"):
    talk = dataclasses.replace(conversation("c", text, "All right.", started=1e9), project=project)
    return [(fact.relation, fact.object, fact.scope) for fact in projects.facts(talk, ())]


@pytest.mark.parametrize(
    ("text", "relation", "value"),
    [
        ("This project is written in Rust.", "built with", "Rust"),
        ("Our backend uses PostgreSQL 16 and it is fast.", "built with", "PostgreSQL 16"),
        ("The tests live in `spec/unit`, please look there.", "place of tests", "spec/unit"),
        ("Our migrations are under db/versions/.", "place of migrations", "db/versions/"),
        ("The tests are run with `make check`.", "command to tests", "make check"),
        ("We deploy with `fly deploy`.", "command to deploy", "fly deploy"),
        ("You run the tests with pnpm test.", "command to run the tests", "pnpm test"),
    ],
)
def test_what_the_person_tells_of_the_project_is_a_fact_of_it(text, relation, value):
    assert (relation, value, "project:shop") in of(text)
    assert of(text, project=None) == [], "without a project there is nothing to tell it of"


@pytest.mark.parametrize(
    "text",
    [
        "Is this project written in Rust?",
        "If this project was written in Go, would it be faster?",
        'The readme says: "This project uses Perl."',
        "This project is on fire.",
        "Just kidding, our backend uses COBOL.",
    ],
)
def test_what_is_asked_guessed_quoted_or_joked_is_none(text):
    assert of(text) == []


def fixed(command: str, code: int = 0, text: str = "12 passed"):
    talk = conversation(
        "c", "Fix the rounding.", call("edit_file", path="a.py", new_string="round(x, 2)"), result("ok", 0),
        call("exec", command=command), result(text, code), "Fixed.", started=1e9,
    )  # fmt: skip
    talk = dataclasses.replace(talk, project="shop")
    return [fact.object for fact in projects.facts(talk, signals.read(talk))]


def test_a_check_that_passed_after_a_change_is_how_the_project_is_checked():
    assert fixed("pytest -q") == ["pytest -q"]
    assert fixed("pytest -q", 1, "1 failed") == []
    assert fixed("pytest tests/test_round.py::test_two") == [], "one file's check is not the project's"


def test_agents_and_projects_are_kept_apart_where_the_settings_say_so():
    talk = dataclasses.replace(conversation("c", "I live in Lisbon.", "Noted."), project="shop", agent="work")
    facts = extract.facts(talk)
    assert [fact.scope for fact in scopes.apart(facts, talk, "")] == ["everywhere"]
    assert [fact.scope for fact in scopes.apart(facts, talk, "agents")] == ["agent:work"]
    assert [fact.scope for fact in scopes.apart(facts, talk, "agents, projects")] == ["project:shop"]
    with pytest.raises(UserError, match="'people'"):
        scopes.apart(facts, talk, "people")
