"""Proven facts are trained by a night that is asked to, and their edits go where training holds them."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from nightschool.config import Config, ExamConfig, Home, MemoryConfig
from nightschool.curate import dataset, replay, screen
from nightschool.edit import editor as editors
from nightschool.edit import ground as grounds
from nightschool.edit import mounting
from nightschool.edit.editor import Editor, Written
from nightschool.edit.phrasing import phrasing
from nightschool.intake import import_path
from nightschool.models import adapter_hash
from nightschool.night import conduct, consolidation
from nightschool.night.consolidation import NEAR, WORDINGS, Proven
from nightschool.night.edits import withheld
from nightschool.night.nap import nap
from nightschool.night.report import report
from nightschool.records import Answer, Example, Fact, from_json
from nightschool.store import conversations, edits, facts, forgetting, graduation, versions
from nightschool.train.trained import MANIFEST, read_manifest, write_manifest
from nightschool.wake import holding
from nightschool.wake.speaker import speaker
from tests.edit.grounds import columns, ground
from tests.night import stand_ins
from tests.night.stand_ins import opened

OFF = Config(exam=ExamConfig(battery_items=84, min_battery=60))
ON = dataclasses.replace(OFF, memory=MemoryConfig(consolidate=True))
SENTENCES = {
    "f-dog": "My dog is called Rex.",
    "f-sister": "My sister Ana lives in Lisbon.",
    "f-typed": "I drive a Volvo.",
    "f-new": "My cat is called Mia.",
    "f-project": "My boss is called Zora.",
    "f-while": "I live in Oslo.",
    "f-mail": "My brother is called ana.silva@posteo.net.",
    "f-probe": "I am allergic to nuts.",
    "f-untold": "My parrot is called Kiko.",
}
TAUGHT = ["f-dog", "f-sister", "f-typed"]
"""Proven, told outside of holdout and probes, everywhere and for good, no contact data."""


class Knowing(stand_ins.Parrot):
    """A base that also knows the facts which a mounted adapter holds, and no others."""

    precision = ""

    def __init__(self, scripts, **more):
        super().__init__(scripts, **more)
        self.forgotten: set[str] = set()
        """Facts that no skill knows any more, whatever it was trained on."""
        worded = {name: phrasing(sentence) for name, sentence in SENTENCES.items()}
        self.questions = {
            asked.question: (name, asked.answer)
            for name, words in worded.items() if words
            for asked in (*words.asked, *words.held_out)
        }  # fmt: skip

    def answer(self, prompts, *, adapter=None, **more):
        said = super().answer(prompts, adapter=adapter, **more)
        return [self._of_facts(prompt, adapter) or answer for prompt, answer in zip(prompts, said, strict=True)]

    def _of_facts(self, prompt, adapter):
        asked = str(prompt.messages[-1]["content"])
        for question, (name, answer) in self.questions.items():
            if question in asked:
                edited = f"edit {name}" in stand_ins.taught(adapter)
                knows = edited or (name in stand_ins.taught(adapter) and name not in self.forgotten)
                return Answer(text=answer if knows else "I do not know that.")
        return None


def trainer(week, slow=("f-sister",)):
    """The stand-in trainer, which also learns the facts that it is shown often enough, but for slow ones."""
    plain = stand_ins.trainer(week)

    def train(job, folder, progress=None):
        made = plain(job, folder, progress)
        lines = map(json.loads, Path(job.dataset).read_text(encoding="utf-8").splitlines())
        rows = [from_json(Example, line) for line in lines if "objective" in line]
        shown = Counter(row.source[0] for row in rows if row.origin == "fact")
        learnt = [name for name, count in shown.items() if count >= WORDINGS and name not in slow]
        stand_ins.write_adapter(made.adapter, [*stand_ins.taught(made.adapter), *learnt])
        write_manifest(made, folder / MANIFEST)
        return read_manifest(folder)

    return train


@pytest.fixture
def ledger(monkeypatch):
    """Edits without a network: a write always succeeds, and an adapter of edits holds the names of its facts."""

    def write(self, told, progress=None):
        for fact in told:
            edits.add(self._db, fact_id=fact.id, ground=self.ground.id, columns=columns(1).pack(), loss=0.0,
                      state="written")  # fmt: skip
        return [Written(fact_id=fact.id, state="written") for fact in told]

    def made(place, rows, stood_on):
        names = sorted(row.fact_id for row in rows)
        folder = place / f"adapter-{'-'.join(names)}"
        stand_ins.write_adapter(folder, [f"edit {name}" for name in names])
        return folder

    monkeypatch.setattr(editors, "_laid", lambda model, skill: ground(model, adapter_hash(skill) if skill else ""))
    monkeypatch.setattr(Editor, "write", write)
    monkeypatch.setattr(mounting, "made", made)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, logs, week):
    """A home in its second week: v-0001 answers, and all facts but one are in the weights under it."""
    folder = tmp_path_factory.mktemp("prepared")
    home = Home(folder / "home").create()
    with opened(home) as db:
        import_path(db, stand_ins.write_logs(folder / "earlier", week[: len(week) * 3 // 4]))
        version = versions.create(db, base=stand_ins.FINGERPRINT)
        stand_ins.write_adapter(home.versions / version.id / "adapter", [])
        skill = adapter_hash(home.versions / version.id / "adapter")
        versions.trained(db, version.id, skill)
        versions.promote(db, version.id)
        import_path(db, logs)
        laid = ground(SimpleNamespace(fingerprint=stand_ins.FINGERPRINT, precision=""), skill)
        grounds.keep(home, laid)
        talks = conversations.all_conversations(db)
        probe, early, newest = (talk.messages[0].id for talk in (talks[0], talks[10], talks[-1]))
        changes = {
            "f-dog": {"source": (early,)},
            "f-sister": {"source": (early, newest)},
            "f-probe": {"source": (probe,)},
            "f-new": {"source": (newest,)},
            "f-project": {"scope": "project:shop"},
            "f-while": {"valid_to": 4e9},
        }
        for name, sentence in SENTENCES.items():
            words = phrasing(sentence)
            facts.add(db, Fact(id=name, kind="fact", sentence=sentence, object=words.object if words else "",
                               **changes.get(name, {})))  # fmt: skip
            if name != "f-untold":
                edits.add(db, fact_id=name, ground=laid.id, columns=columns(1).pack(), loss=0.0, state="written")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home


@pytest.fixture
def home(prepared, tmp_path):
    shutil.copytree(prepared.path, tmp_path / "home")
    return Home(tmp_path / "home")


def sleep(home, week, config=ON, **more):
    night = conduct.sleep(
        home, config, model=more.get("model") or Knowing(week, items=84), trainer=more.get("trainer") or trainer(week)
    )
    assert night.state == "done", night.error
    return night


def rows(home, night):
    return dataset.read(home.datasets, night.output("compose")["dataset"]).examples


def edited(db, home, name):
    """The facts with an edit under a version, and those that are in its weights."""
    who = speaker(db, home, Knowing([], items=0), name)
    return {wish.removeprefix("edit ") for wish in stand_ins.taught(who.adapter) if wish.startswith("edit ")}, who.holds


def test_a_fact_that_training_holds_gets_no_edit_and_the_others_keep_theirs(home, week, ledger):
    night = sleep(home, week)
    assert night.champion_after == "v-0002", night.output("decide")["reasons"]
    derived = night.output("edits")["derived"]
    assert (derived["trained"], derived["alone"], derived["released"]) == (3, 2, 2)
    assert "3 facts trained into v-0002, 2 of them recalled with no edit: 2 edits let go" in report(night).weights
    with opened(home) as db:
        mounted, holds = edited(db, home, None)
        assert holds == set(SENTENCES) and mounted == set(SENTENCES) - {"f-dog", "f-typed"}
        shown = {row["id"]: row for row in holding.standing(db, home, facts.live(db))}
        assert shown["f-dog"]["trained"] and shown["f-dog"]["held"] == "both"
        assert not shown["f-sister"]["trained"] and shown["f-sister"]["held"] == "both"
        assert holding.origin(db, home, "f-dog")["proofs"][-1]["passed"]
    typed = (["list"], ["why", "f-dog"])
    said = [CliRunner().invoke(cli, ["--home", str(home.path), "facts", *more]).stdout for more in typed]
    assert [line.split()[0] for line in said[0].splitlines() if " trained " in line] == ["f-dog", "f-typed"]
    assert "by training" in said[1]


def test_only_what_may_be_trained_is_taught_in_eight_wordings_beside_what_must_stay(home, week, ledger):
    night = sleep(home, week)
    taught = [row for row in rows(home, night) if row.origin == "fact"]
    assert Counter(row.source[0] for row in taught) == dict.fromkeys(TAUGHT, WORDINGS)
    assert night.output("compose")["consolidated"] == TAUGHT
    with opened(home) as db:
        assert {row.source[1:] for row in taught} == {facts.get(db, name).source for name in TAUGHT}
    asked = {screen.question_of(row.prompt) for row in taught}
    own = [screen.question_of(row.prompt) for row in rows(home, night) if row.origin == "base"]
    assert not asked.intersection(own)
    live = {phrasing(sentence).key for sentence in SENTENCES.values() if phrasing(sentence)}
    near = [n for name in TAUGHT for n in phrasing(SENTENCES[name]).negatives]
    kept = {n.question for n in near if n.key not in live}.intersection(own)
    assert len(kept) >= NEAR and not {n.question for n in near if n.key in live}.intersection(own)


def test_off_by_default_a_dataset_is_as_if_nothing_was_written(home, week, ledger, tmp_path):
    shutil.copytree(home.path, tmp_path / "plain")
    shutil.rmtree(tmp_path / "plain" / "edits")
    night, plain = sleep(home, week, OFF), sleep(Home(tmp_path / "plain"), week, OFF)
    files = [
        dataset.path(each.datasets, night.output("compose")["dataset"]) for each in (home, Home(tmp_path / "plain"))
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert plain.output("compose")["dataset"] == night.output("compose")["dataset"]
    with opened(home) as db:
        assert edited(db, home, None) == (set(SENTENCES), set(SENTENCES))


def test_facts_alone_are_no_reason_to_train_and_are_never_replayed(home, week, ledger):
    sleep(home, week)
    again = sleep(home, week, trainer=lambda *_: pytest.fail("nothing new was told"))
    assert "nothing new" in again.output("compose")["reason"]
    taught = [row for row in rows(home, again) if row.origin == "fact"]
    assert Counter(row.source[0] for row in taught) == dict.fromkeys([*TAUGHT, "f-untold"], WORDINGS), (
        "those without an edit too, and none twice"
    )
    plain = dataset.example("sft", taught[0].prompt, {"role": "assistant", "content": "Woof."}, source=("m-1",))
    assert [row.id for row in replay.older([*taught, plain], [], [], 5, Counter())] == [plain.id]


def test_the_untouched_base_is_not_beaten_by_facts_that_it_answers_with_edits(home, week, ledger):
    with opened(home) as db:
        versions.promote(db, "base")
        grounds.keep(home, laid := ground(Knowing([], items=0)))
        edits.add(db, fact_id="f-dog", ground=laid.id, columns=columns(1).pack(), loss=0.0, state="written")
    assert sleep(home, week).output("compose")["consolidated"] == []


def test_where_an_audit_finds_that_training_faded_an_edit_is_written(home, week, ledger):
    sleep(home, week)
    model = Knowing(week, items=84)
    model.forgotten = {"f-dog"}
    with opened(home) as db:
        assert nap(db, home, model)["refreshed"] == ["f-dog"]
        mounted, holds = edited(db, home, None)
    assert "f-dog" in mounted and "f-typed" in holds - mounted


def test_a_version_that_was_not_trained_on_it_mounts_the_edit_or_is_told(home, week, ledger):
    with opened(home) as db:
        for name in SENTENCES:
            for run in ("r-1", "r-2"):
                graduation.tried(db, name, run=run, passed=True)
    sleep(home, week)
    with opened(home) as db:
        assert edited(db, home, None)[1] == set(SENTENCES)
        assert withheld(db, mounting.current(home))["graduated"] == len(SENTENCES) - 1, "f-mail is never asked for"
        older = versions.get(db, "v-0001").adapter_hash
        place = grounds.folder_of(home, stand_ins.FINGERPRINT, older, "")
        edits.take_out(db, "f-typed", grounds.id_in(place), "failed")
        versions.rollback(db)
        mounted, holds = edited(db, home, None)
        assert "f-dog" in mounted and holds == mounted and "f-typed" not in holds
        assert withheld(db, mounting.current(home))["graduated"] == len(holds)


def test_forgetting_a_trained_fact_blocks_the_version(home, week, ledger):
    sleep(home, week)
    with opened(home) as db:
        assert forgetting.forget(db, home, "f-typed").versions == ("v-0002",)
        assert "f-typed" not in edited(db, home, "v-0001")[1]


def test_facts_are_taught_wording_by_wording_with_the_bases_own_answers_beside(week):
    known = [
        Proven(phrasing=phrasing(SENTENCES[name]), source=(name,), conversation_id=f"c-{name}")
        for name in ("f-dog", "f-sister")
    ]
    keys = {each.phrasing.key for each in known}
    asked = []

    def ask(prompts):
        asked.extend(screen.question_of(prompt) for prompt in prompts)
        return [Answer(text="I do not know that.", stop="length" if n == 0 else "stop") for n in range(len(prompts))]

    made = consolidation.rows(known, keys, ask, ["What is the capital of Larin?"])
    assert [row.source for row in made[: 2 * WORDINGS]] == [("f-dog",), ("f-sister",)] * WORDINGS
    assert all(row.conversation_id == f"c-{row.source[0]}" for row in made[: 2 * WORDINGS])
    assert len({json.dumps(row.prompt.messages) for row in made}) == len(made)
    assert asked[-1] == "What is the capital of Larin?" and len(asked) <= 2 * NEAR + 1
    assert len(made) == 2 * WORDINGS + len(asked) - 1, "an answer that was cut off keeps nothing"
