"""A night thinks where the person asked for it, after its decision, and says what it thought."""

from __future__ import annotations

import contextlib

from nightschool.config import Config, Home, ReflectConfig
from nightschool.intake import import_path
from nightschool.night import conduct
from nightschool.night.report import report
from nightschool.night.text import text
from nightschool.store import reflections
from nightschool.store.database import open_database
from tests.night import stand_ins


def _thoughtful_home(tmp_path):
    """A home whose week ends before anything could be taught, and leaves a failed task open."""
    scripts = [script for script in stand_ins.week() if script.note in ("failed", "fact", "noise")]
    home = Home(tmp_path / "home").create()
    db = open_database(home.database)
    import_path(db, stand_ins.write_logs(tmp_path / "logs", scripts))
    db.close()
    return home, stand_ins.Parrot(scripts), stand_ins.trainer(scripts)


def test_a_night_that_may_think_leaves_questions_and_says_so(tmp_path):
    home, model, trainer = _thoughtful_home(tmp_path)
    config = Config(reflect=ReflectConfig(enabled=True))
    night = conduct.sleep(home, config, model=model, trainer=trainer)
    with contextlib.closing(open_database(home.database)) as db:
        open_ = reflections.questions(db, ["open"])
        thoughts = reflections.thoughts(db, night.run)
    assert [question.kind for question in open_] == ["failed"]
    assert night.output("reflect")["thoughts"] == len(thoughts) == 1
    assert "still open" in text(report(night))


def test_nobody_thinks_unasked(tmp_path):
    home, model, trainer = _thoughtful_home(tmp_path)
    night = conduct.sleep(home, Config(), model=model, trainer=trainer)
    assert night.output("reflect") == {}
    assert "What I thought about" not in text(report(night))
    with contextlib.closing(open_database(home.database)) as db:
        assert reflections.questions(db) == []
