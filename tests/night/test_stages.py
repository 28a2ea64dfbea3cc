"""Whole nights on a made-up week: what is learnt, what is left out, and that no safeguard can be unplugged."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter

import pytest

from nightschool.config import Config, CurateConfig, Home
from nightschool.curate import dataset
from nightschool.intake import import_path
from nightschool.night import conduct
from nightschool.store import conversations, facts, lessons, nights, versions
from tests.night import stand_ins
from tests.night.stand_ins import opened


def sleep(home, week, config=None, **more):
    """One night with the stand-ins."""
    return conduct.sleep(
        home,
        config or Config(),
        model=more.pop("model", None) or stand_ins.Parrot(week),
        trainer=more.pop("trainer", None) or stand_ins.trainer(week),
        **more,
    )


def rows(home, night):
    return dataset.read(home.datasets, night.output("compose")["dataset"]).examples


@pytest.fixture(scope="module")
def whole_week():
    """The demo's whole week, with all its traps."""
    return stand_ins.week()


@pytest.fixture(scope="module")
def good(tmp_path_factory, whole_week):
    """One good night, for the tests that only look at what it left."""
    home = Home(tmp_path_factory.mktemp("good") / "home").create()
    with opened(home) as db:
        import_path(db, stand_ins.write_logs(tmp_path_factory.mktemp("whole"), whole_week))
    return home, sleep(home, whole_week)


def test_a_week_of_corrections_ends_in_a_promotion(good):
    home, night = good
    assert night.state == "done", night.error
    assert night.output("decide")["outcome"] == "promote", night.output("decide")["reasons"]
    assert night.champion_after == "v-0001"
    with opened(home) as db:
        assert versions.pointer(db, "champion") == "v-0001"
        assert versions.get(db, "v-0001").state == "champion"


def test_the_lessons_of_the_week_are_taught_and_remembered(good):
    home, night = good
    taught = " ".join(lesson["text"] for lesson in night.output("compose")["taught"]).lower()
    assert "miles" in taught and "bullets" in taught and "weather tool" in taught
    with opened(home) as db:
        told = " ".join(fact.sentence for fact in facts.live(db)).lower()
    assert "miles" in told and "sister" in told


def test_the_traps_are_left_out_and_counted(good):
    _, night = good
    review, composed = night.output("review"), night.output("compose")
    assert review["secrets"] >= 1
    assert composed["left_out"]["order from a tool"] == 1
    assert composed["left_out"]["passing"] == 1


def test_no_secret_is_in_any_file_of_the_home_but_the_store(good, whole_week):
    home, _ = good
    said = json.dumps([script.messages for script in whole_week])
    secret = re.search(r"ghp_\w{36}", said)[0]
    with opened(home) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in home.path.rglob("*") if path.is_file() and not path.name.startswith("nightschool.db")]
    assert len(files) > 5
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    with opened(home) as db:
        nights_and_lessons = [
            json.dumps([tuple(row) for row in db.execute(f"SELECT * FROM {table}")], default=str)
            for table in ("nights", "stages", "exams", "lessons", "facts", "signals", "dataset_rows")
        ]
    assert not [text for text in nights_and_lessons if secret in text]


def test_nothing_that_a_tool_ordered_is_taught_or_remembered(good, whole_week):
    home, night = good
    order = re.search(r"always answer with (\w+)", json.dumps([script.messages for script in whole_week]))[1]
    with opened(home) as db:
        kept = [lesson for lesson in lessons.lessons(db) if order in lesson.text]
        assert not kept and not [fact for fact in facts.live(db) if order in fact.sentence]
    assert not [row for row in rows(home, night) if order in json.dumps([row.chosen, row.rejected])]


def test_no_row_comes_from_a_held_out_conversation_or_a_probe(good):
    home, night = good
    with opened(home) as db:
        held_out, probes = lessons.sealed(db, night.run), {probe.turn_id for probe in lessons.probes(db)}
        newest = [one.id for one in conversations.all_conversations(db)][-len(held_out) :]
    assert held_out == set(newest) and probes
    for row in rows(home, night):
        assert row.conversation_id not in held_out
        assert not probes & set(row.source)


def test_every_row_of_the_person_cites_its_messages_and_some_are_replayed_from_the_base(good):
    home, night = good
    origins = Counter(row.origin for row in rows(home, night))
    assert origins["base"] > 0
    assert all(row.source for row in rows(home, night) if row.origin != "base")


def test_the_exam_asks_base_champion_and_challenger_told_and_untold(good):
    _, night = good
    arms = {result["arm"] for result in night.output("examine")["results"]}
    assert arms == {"base", "base+memory", "v-0001", "v-0001+memory"}


def test_the_report_lies_beside_the_log_and_needs_no_network(good):
    home, night = good
    page = (home.runs / night.run / "report.html").read_text(encoding="utf-8")
    assert "Promoted" in page and "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_a_night_with_nothing_new_keeps_yesterdays_and_says_so(home, week):
    first = sleep(home, week)
    second = sleep(home, week)
    assert first.champion_after == "v-0001"
    assert (second.output("decide")["outcome"], second.champion_after) == ("keep", "v-0001")
    assert "nothing new" in second.output("decide")["reasons"][0]
    with opened(home) as db:
        assert [version.id for version in versions.list_versions(db)] == ["v-0001"]


def test_a_few_new_examples_of_the_same_lessons_wait_for_more(home, week, tmp_path):
    """Unplug the count, and every row more trains anew."""
    sleep(home, week)
    with opened(home) as db:
        found = stand_ins.week()[24:27]
        import_path(db, stand_ins.write_logs(tmp_path / "new", found))
    second = sleep(home, [*week, *found])
    assert "nothing new" in second.output("decide")["reasons"][0]
    assert "a night needs 12" in second.output("decide")["reasons"][0], "there is something new, but too little"
    assert second.champion_after == "v-0001"


def test_a_history_that_is_too_short_ends_in_keep_with_the_figures(tmp_path, week):

    home = Home(tmp_path / "short").create()
    with opened(home) as db:
        import_path(db, stand_ins.write_logs(tmp_path / "logs", week[:3]))
    night = sleep(home, week)
    assert (night.state, night.output("decide")["outcome"]) == ("done", "keep")
    assert "too little to learn" in night.output("decide")["reasons"][0]
    assert night.champion_after == "base" and night.output("report")["headline"] == "nothing"


def test_a_home_without_any_history_ends_in_keep(tmp_path, week):

    night = sleep(Home(tmp_path / "empty").create(), week)
    assert (night.state, night.output("decide")["outcome"]) == ("done", "keep")


def test_a_version_that_lost_its_abilities_is_refused_and_the_champion_stays(home, week):
    """Unplug the gate, and this version answers."""
    night = sleep(home, week, trainer=stand_ins.trainer(week, broken=True))
    assert night.output("decide")["outcome"] == "refuse" and night.champion_after == "base"
    with opened(home) as db:
        assert versions.get(db, "v-0001").state == "refused"


def test_a_night_whose_exam_could_not_decide_trains_nothing_and_says_what_is_missing(home, week):
    """Unplug the holdout, and there is nothing that a promotion could rest on."""
    night = sleep(home, week, Config(curate=CurateConfig(holdout_share=0.0)))
    assert (night.champion_after, night.output("train")["version"]) == ("base", None)
    assert "0 questions of your own, and 36 are needed: 36 more clear outcomes" in night.output("decide")["reasons"][0]


def test_a_source_that_is_gone_is_told_and_the_night_goes_on(home, week, tmp_path, logs):
    moved = tmp_path / "moved"
    shutil.copytree(logs, moved)
    with opened(home) as db:
        import_path(db, moved)
    shutil.rmtree(moved)
    night = sleep(home, week)
    problems = [source["problem"] for source in night.output("collect")["sources"]]
    assert night.state == "done" and problems[0] is None and problems[1]


def test_only_the_newest_adapters_stay_on_disk(home, week):
    with opened(home) as db:
        for number in range(9):
            version = versions.create(db, base=stand_ins.FINGERPRINT)
            stand_ins.write_adapter(home.versions / version.id / "adapter", [str(number)])
            versions.trained(db, version.id, "0" * 64)
            versions.set_state(db, version.id, "kept")
    night = sleep(home, week)
    assert night.champion_after == "v-0010"
    assert sorted(path.parent.name for path in home.versions.glob("*/adapter")) == [
        f"v-{n:04d}" for n in (5, 6, 7, 8, 9, 10)
    ]
    with opened(home) as db:
        assert len(versions.list_versions(db)) == 10


def test_an_exam_is_kept_item_by_item(good):
    home, night = good
    with opened(home) as db:
        exam = nights.exam(db, night.output("examine")["exam"])
    assert exam is not None and exam.run == night.run and len(exam.scores) > len(exam.items)
