"""A home in which much has happened, for the pages; and the pages on a real port."""

from __future__ import annotations

import dataclasses
import json
import time

from nightschool import models, rules
from nightschool.config import Home
from nightschool.curate.reconcile import as_fact
from nightschool.models import adapter_hash
from nightschool.records import Answer, Arm, Exam, Fact, Item, Lesson, Night, Prompt, Score, Signal, from_json, to_json
from nightschool.store import conversations, facts, lessons, nights, versions
from nightschool.store.database import open_database
from nightschool.turns import turns
from nightschool.wake import talk as talks
from tests.night import nights_made_up
from tests.night.stand_ins import write_adapter

DAY = 86_400.0
SECRET = "sk-proj-9fK2mQ7xLr4TzB8vWn3YcD6hJp1SgA5e"
TALK = (
    ("How far is it from Lorn to Vell?", "It is 12 km from Lorn to Vell.", "correction", -1),
    ("No. Give me distances in miles.", "It is 7.5 miles from Lorn to Vell.", "acceptance", 1),
    ("Thanks! And the weather in Tarn?", "It is rainy in Tarn.", "acceptance", 1),
    (f"My key is {SECRET}, keep it safe.", "I will not repeat it.", "reask", -1),
)


def talk(db, number: int) -> None:
    """One conversation, some days ago."""
    began = time.time() - (number * 7 + 1) * DAY
    going = talks.begin(began)
    for step, (question, answer, _, _) in enumerate(TALK[: 2 + number % 3]):
        asked = began + 60 * step
        said = Answer(text=answer, raw=answer)
        going = talks.exchange(going, question, said, version="v-0001", stop="stop", asked=asked, now=asked + 5)
    talks.keep(db, going)


def furnish(home: Home, *, past=20):
    """Fill a home with talks, signals, facts, lessons, versions and nights; return what tests ask for."""
    db = open_database(home.database)
    try:
        for number in range(12):
            talk(db, number)
        _signals(db)
        first = next(iter(conversations.all_conversations(db)))
        source = turns(first)[1].id
        _facts(db, source)
        _lessons(db, source, first.id)
        run = _nights(home, db, past)
        return {"conversation": first.id, "message": source, "run": run}
    finally:
        db.close()


def _signals(db):
    for conversation in conversations.all_conversations(db):
        found = []
        for turn, (_, _, kind, polarity) in zip(turns(conversation), TALK, strict=False):
            found.append(
                Signal(turn_id=turn.id, kind=kind, polarity=polarity, strength=0.9, source=(turn.id,), by="person")
            )
        lessons.put_signals(db, conversation.id, found)


def _facts(db, source):
    now = time.time()
    told = (
        "My boat is called Petrel.",
        "I am allergic to peanuts.",
        "My sister Mara lives in Oslo.",
        "I work at Tern & Sons.",
    )
    for number, sentence in enumerate(told):
        facts.add(db, Fact(id=f"f-{number}", kind="fact", sentence=sentence, source=(source,) if number else (),
                           known_from=now - number * DAY))  # fmt: skip


def _lessons(db, source, conversation_id):
    for number, (text, state, reason) in enumerate((
        ("Give me distances in miles.", "kept", "stated as a rule"),
        ("Call me Captain when you answer.", "asked", "corrected once"),
        ("Use bullets when I ask for a list.", "proposed", "said once"),
        ("Be quick today.", "dropped", "passing"),
    )):  # fmt: skip
        lesson = Lesson(
            id=f"l-{number}", kind="preference", text=text, durable=True, source=(source,), state=state, reason=reason,
            conversation_id=conversation_id, created=time.time() - number * DAY, rule=rules.parse(text),
        )  # fmt: skip
        lessons.put(db, [lesson])
        if state == "kept":
            facts.add(db, as_fact(lesson))


def _nights(home, db, past):
    base = models.fingerprint("pupil")
    made = []
    for number in range(2):
        version = versions.create(db, base=base, dataset="d" * 16, run=f"r-2026112{number}-010000-aaaa")
        write_adapter(home.versions / version.id / "adapter", ["miles", "bullets"][: number + 1])
        versions.trained(db, version.id, adapter_hash(home.versions / version.id / "adapter"))
        versions.promote(db, version.id)
        made.append(version.id)
    kinds = (nights_made_up.kept, nights_made_up.nothing, nights_made_up.promoted, nights_made_up.stopped)
    now = time.time()
    for back in range(past, 0, -1):
        night = kinds[back % 4]()
        put(db, dataclasses.replace(night, run=f"r-20261001-{back:06d}-bbbb", started=now - (back + 1) * DAY))
    last = _renamed(nights_made_up.promoted(), {"v-0003": made[1], "v-0001": made[0]})
    put(db, dataclasses.replace(last, run="r-20261121-010000-aaaa", started=now - 6 * 3600.0))
    nights.add_exam(db, exam(made, "r-20261121-010000-aaaa"))
    return "r-20261121-010000-aaaa"


def _renamed(night: Night, names) -> Night:

    text = json.dumps(to_json(night))
    for old, new in names.items():
        text = text.replace(old, f"@{new}")
    return from_json(Night, json.loads(text.replace("@", "")))


def put(db, night: Night):
    """Store a night as its stages would have."""
    nights.begin(db, run=night.run, started=night.started, champion=night.champion_before)
    for stage in night.stages:
        nights.finish_stage(db, night.run, stage, inputs="x")
    nights.set_state(db, night.run, night.state, champion=night.champion_after, error=night.error)


def exam(made, run) -> Exam:
    """A sitting with two questions, on one of which the versions differ."""
    items = tuple(
        Item(id=f"i-{n}", task="personal", prompt=Prompt(messages=({"role": "user", "content": text},)), scorer="rule")
        for n, text in enumerate(("How far is it from Lorn to Tarn?", "Who was the <b>first</b> king?"))
    )
    arms = tuple(Arm(version=version, told=False) for version in ("base", *made))
    outputs = (("It is 20 km.", 0.0), ("It is 20 km.", 0.0), ("It is 12 miles.", 1.0))
    scores = [Score(item="i-0", arm=arm.name, value=value, output=text)
              for arm, (text, value) in zip(arms, outputs, strict=True)]  # fmt: skip
    scores += [Score(item="i-1", arm=arm.name, value=1.0, output="Old <script>Bran</script>.") for arm in arms]
    return Exam(
        id="x-1", run=run, arms=arms, items=items, scores=tuple(scores), results=(), scorer_hash="h", base="b",
        challenger=made[1], champion=made[0],
    )  # fmt: skip
