"""Take one safeguard out of the night, and the checks that stand over it notice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from nightschool.config import Config, ExamConfig
from nightschool.curate import dataset, replay
from nightschool.night import conduct, examine, history, review, teach
from nightschool.records import Decision
from nightschool.redact import Cleaned
from nightschool.store import conversations, lessons, nights
from nightschool.store.database import open_database
from tests.night import stand_ins

QUICK = Config(exam=ExamConfig(battery_items=84, min_battery=60))


def slept(home, week, *, broken=False):
    parrot = stand_ins.Parrot(week, items=84)
    night = conduct.sleep(home, QUICK, model=parrot, trainer=stand_ins.trainer(week, broken=broken))
    assert night.state == "done", night.error
    return night


def check_redaction(home, night, week):
    """The secret that was pasted is counted, and what the exam and the rows hold of the history is without it."""
    secret = next(m["content"] for s in week if s.note == "secret" for m in s.messages if "ghp_" in m["content"])
    token = re.search(r"ghp_\w+", secret)[0]
    assert night.output("review")["secrets"] >= 1
    assert token not in "".join(path.read_text() for path in home.datasets.glob("*.jsonl"))


def check_holdout(home, night, week):
    """The newest conversations are sealed, and no row comes from one of them."""
    db = open_database(home.database)
    held_out = lessons.sealed(db, night.run)
    newest = [one.id for one in conversations.all_conversations(db)][-len(held_out) :]
    db.close()
    rows = dataset.read(home.datasets, night.output("compose")["dataset"]).examples
    assert held_out and held_out == set(newest)
    assert not [row for row in rows if row.conversation_id in held_out]


def check_replay(home, night, week):
    """A share of the rows is there to keep what was known."""
    origins = Counter(night.output("compose")["origins"])
    kept = origins["base"] + origins["replay"]
    assert kept / origins.total() >= 0.15


def check_gate(home, night, week):
    """A version that answers nothing right any more does not answer."""
    assert night.champion_after == "base"


def check_signals(home, night, week):
    """What the person corrected and accepted is read, and it is enough to decide on."""
    signals = night.output("review")["signals"]
    assert signals["correction"] > 5 and signals["acceptance"] > 5
    assert night.output("decide")["outcome"] == "promote"


CHECKS = {
    "redaction": check_redaction,
    "holdout": check_holdout,
    "replay": check_replay,
    "gate": check_gate,
    "signals": check_signals,
}


def unplug(monkeypatch, what):
    promote = Decision(outcome="promote", reasons=("it is never asked",))
    places = {
        "redaction": (history, "clean", lambda c: Cleaned(conversation=c, masked=0, dropped=())),
        "holdout": (teach.holdout, "seal", lambda *_, **__: frozenset()),
        "replay": (replay, "wanted", lambda *_: 0),
        "gate": (examine.gate, "decide", lambda *_: promote),
        "signals": (review.signals, "read", lambda _: ()),
    }
    monkeypatch.setattr(*places[what])


@pytest.mark.parametrize("what", CHECKS)
def test_unplugging_a_safeguard_is_noticed(home, week, monkeypatch, what):
    unplug(monkeypatch, what)
    night = slept(home, week, broken=what == "gate")
    with pytest.raises((AssertionError, KeyError)):
        CHECKS[what](home, night, week)


def test_with_every_safeguard_in_place_nothing_is_noticed(home, week):
    night = slept(home, week)
    for name in ("redaction", "holdout", "replay", "signals"):
        CHECKS[name](home, night, week)


def test_with_the_gate_in_place_a_broken_version_is_refused(home, week):
    check_gate(home, slept(home, week, broken=True), week)


def test_the_exam_and_the_training_leave_nothing_in_the_history(home, week):
    db = open_database(home.database)
    before = nights.size(db)
    slept(home, week)
    assert nights.size(db) == before
    db.close()
