"""The morning report: one headline of four, plain sentences with sources, nothing secret, one page."""

from __future__ import annotations

import dataclasses
import json
from html.parser import HTMLParser

import pytest

from nightschool.night.page import html
from nightschool.night.report import report
from nightschool.night.text import markdown, text
from nightschool.records import to_json
from tests.night import nights_made_up as made_up

NIGHTS = {
    "promoted": made_up.promoted,
    "kept": made_up.kept,
    "nothing": made_up.nothing,
    "stopped": made_up.stopped,
}
SECRET = "sk-proj-Zk8vQ2mX7rT4bN9wL3cF6hJ1dS5gP0aYuEoIiRtKqWmBxVnC"


class Page(HTMLParser):
    """What the page is made of."""

    VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})

    def __init__(self, written: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(written)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("headline", NIGHTS)
def test_each_night_has_exactly_one_of_four_headlines(headline):
    made = report(NIGHTS[headline]())
    assert made.headline == headline
    for form in (text(made), markdown(made), html(made)):
        titles = [title for title in ("Promoted", "Kept yesterday’s", "Nothing to learn", "Stopped") if title in form]
        assert titles == [made.title]


def test_a_refused_version_reads_as_kept_with_the_reason():
    made = report(made_up.kept("refuse", "Abilities fell against base: -21 points"))
    assert (made.headline, made.decision) == ("kept", "refuse")
    assert "Abilities fell against base" in made.lead
    assert "refused. v-0003 failed." in report(made_up.kept("refuse", "v-0003 failed")).lead


def test_a_failed_night_says_why_and_who_answers():
    failed = dataclasses.replace(made_up.stopped(), state="failed", error="The disk is full\nFree some space")
    made = report(failed)
    assert made.headline == "stopped"
    assert made.lead == "The disk is full. Nothing is lost: version v-0001 is still answering."
    assert made.next[0] == "Free some space"


def test_each_thing_learnt_names_its_conversation_its_date_and_the_persons_words():
    learnt = report(made_up.promoted()).learnt
    assert learnt[0].words == "Give me distances in miles."
    assert learnt[0].conversation == "c0ffeel-1" and learnt[0].date == "17 November 2026"
    assert learnt[0].evidence.startswith("0 of 22 right before, 21 of 22 now")
    assert [item.home for item in learnt] == ["weights", "weights", "weights", "memory"]


def test_at_most_seven_things_are_shown_and_the_rest_is_counted():
    night = made_up.promoted()
    compose = night.output("compose") | {
        "taught": [made_up.lesson(f"l-{n}", "preference", f"Wish number {n}.", 1) for n in range(9)]
    }
    made = report(made_up.changed(night, compose=compose))
    assert len(made.learnt) == 7 and made.learnt_more == 4
    assert "and 4 more" in text(made)


def test_an_unpromoted_night_claims_nothing_for_the_weights():
    for night in (made_up.kept(), made_up.nothing(), made_up.stopped()):
        made = report(night)
        assert all(item.home == "memory" and not item.evidence for item in made.learnt)
        assert not made.undo


def test_what_was_left_out_is_counted_by_reason_with_private_things_first():
    left_out = report(made_up.promoted()).left_out
    assert left_out[0].count == 1 and "secret" in left_out[0].what
    assert sum(item.count for item in left_out) == 1 + 1 + 8 + 2 + 1 + 3


def test_a_secret_that_a_stage_let_through_is_masked_in_every_form():
    night = made_up.promoted()
    compose = night.output("compose") | {"taught": [made_up.lesson("l-1", "preference", f"My key is {SECRET}.", 1)]}
    examine = night.output("examine") | {
        "changes": [
            dict.fromkeys(("question", "before", "after"), f"key {SECRET}")
            | {"before_by": "base", "after_by": "v-0003", "better": True}
        ]
    }
    decide = {"outcome": "promote", "reasons": [f"Because {SECRET}"]}
    leaky = made_up.changed(night, compose=compose, examine=examine, decide=decide)
    failed = dataclasses.replace(made_up.stopped(), error=f"ValueError: {SECRET}")
    for made in (report(leaky), report(failed)):
        forms = [text(made), markdown(made), html(made), json.dumps(to_json(made))]
        assert all(SECRET not in form for form in forms)


@pytest.mark.parametrize("headline", NIGHTS)
def test_the_page_is_whole_and_needs_neither_network_nor_script(headline):
    written = html(report(NIGHTS[headline]()))
    page = Page(written)
    assert not page.open
    assert not page.all("script") and not page.all("link") and not page.all("img")
    assert "http:" not in written and "https:" not in written and "url(" not in written and "@import" not in written
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert len(page.all("h1")) == 1
    assert all(attributes.get("role") == "img" for attributes in page.all("svg") if attributes.get("class") == "plot")
    assert "prefers-color-scheme: dark" in written


def test_the_persons_words_cannot_become_markup():
    night = made_up.promoted()
    trap = '<script>alert(1)</script><img src=x onerror="y">'
    compose = night.output("compose") | {"taught": [made_up.lesson("l-1", "preference", trap, 1)]}
    results = [result | {"task": trap} for result in night.output("examine")["results"]]
    examine = night.output("examine") | {"results": results}
    page = Page(html(report(made_up.changed(night, compose=compose, examine=examine))))
    assert not page.all("script") and not page.all("img")


def test_the_plot_shows_every_arm_of_every_task_with_its_interval():
    made = report(made_up.promoted())
    written = html(made)
    marks = sum(len(row.marks) for row in made.exam)
    assert written.count('class="bar"') == marks
    for row in made.exam:
        for mark in row.marks:
            assert row.low <= mark.low <= mark.value <= mark.high <= row.high
    assert "−0" not in written


def test_rows_that_decide_come_first_and_battery_tasks_that_did_not_move_are_folded():
    made = report(made_up.promoted())
    tasks = list(dict.fromkeys(row.task for row in made.exam))
    assert tasks[:3] == ["personal", "personal-margin", "old-lessons"]
    assert {row.task for row in made.exam if not row.moved} >= {"instructions", "tool-calls"}
    assert "Nothing moved in: instructions, tool calls" in text(made)


def test_old_lessons_are_shown_night_by_night_as_the_version_answered_that_stayed():
    first = dataclasses.replace(made_up.kept(), run="r-1", started=made_up.NOON - made_up.DAY)
    made = report(made_up.promoted(), [first])
    assert made.nights == ("19 November 2026", "20 November 2026")
    assert [row.after for row in made.history] == [(0.5, 1.0), (0.0, 1.0)]


def test_the_terminal_form_fits_eighty_columns_and_colour_is_only_asked_for():
    made = report(made_up.promoted())
    assert max(len(line) for line in text(made).splitlines()) <= 80
    assert "\x1b" not in text(made) and "\x1b[1m" in text(made, colour=True)


def test_undo_and_the_next_step_are_named():
    made = report(made_up.promoted())
    assert made.undo == "nightschool versions rollback"
    for form in (text(made), markdown(made), html(made)):
        assert made.undo in form and "nightschool ask" in form


def test_a_source_that_could_not_be_read_is_named():
    night = made_up.promoted()
    collect = {"sources": [{"path": "/gone", "program": "hermes", "problem": "There is nothing at '/gone'"}]}
    made = report(made_up.changed(night, collect=collect))
    assert made.problems == ("/gone: There is nothing at '/gone'",)
