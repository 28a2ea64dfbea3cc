"""`bench edits` and `bench counterfact`: what is asked, what is compared, and that each arm is really what it says."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from nightschool.bench import choice, consolidation, counterfact, edits, told, trained_arms
from nightschool.bench.choice import NAMES, Arms
from nightschool.bench.ruler import Memory, Ruler, interval
from nightschool.cli.main import cli
from nightschool.edit import adapter
from nightschool.edit.lay import GroundSettings, lay
from nightschool.edit.proof import Proof
from nightschool.errors import UserError
from nightschool.exam.scorers import holds
from nightschool.models.model import Likelihood
from nightschool.night.consolidation import WORDINGS
from nightschool.records import Answer

ROW = {
    "arm", "n", "seed", "recall", "recall_ci", "world_unchanged", "perplexity_change", "false_fire",
    "seconds_per_fact", "bytes_per_fact", "kl_to_base",
}  # fmt: skip
CASES = [
    {
        "prompt": f"The river {name} runs through",
        "subject": f"river {name}",
        "target_new": new,
        "ground_truth": true,
        "rephrase_prompt": f"One finds the river {name} in",
        "locality_prompt": f"The hill {name} stands near",
    }
    for name, new, true in (("Olma", "Brask", "Tind"), ("Ferro", "Quell", "Marn"), ("Suda", "Holm", "Pell"))
]


LIGHT = GroundSettings(chats=24, facts=16, contexts=6)


@pytest.fixture(scope="module")
def ground(pupil):
    """What edits stand on, measured on little."""
    return lay(pupil, settings=LIGHT)


@pytest.fixture(scope="module")
def arms(pupil, ground):
    """All arms on pupil, with what they share measured once."""
    return Arms(pupil, 1, ground)


@pytest.fixture(scope="module")
def facts():
    return told.tell(4, 1)


@pytest.fixture(scope="module")
def ruler(pupil):
    return Ruler(pupil, 1, chats=12)


class Echo:
    """A model that says what it was asked."""

    context_tokens = 4096

    def answer(self, prompts, *, adapter=None, max_tokens=96):
        return [Answer(text=f"{prompt.messages[-1]['content']} {adapter or ''}") for prompt in prompts]

    def likelihood(self, rows, *, adapter=None):
        return [Likelihood(total=-2.0 if adapter else -1.0, tokens=1) for _ in rows]

    def count_tokens(self, prompt, answer=None):
        return 10


def test_facts_are_the_same_from_the_same_seed_and_never_two_of_one_thing(facts):
    longer = told.tell(8, 1)
    assert [fact.sentence for fact in facts] == [fact.sentence for fact in longer[:4]]
    assert len({fact.phrasing.key for fact in longer}) == 8
    assert [fact.sentence for fact in told.tell(4, 2)] != [fact.sentence for fact in facts]


def test_what_is_asked_was_neither_written_with_nor_proven_with(facts):
    for fact in facts:
        assert not {one.question for one in fact.phrasing.asked} & {*fact.questions, *fact.fresh}
        assert not {one.question for one in fact.phrasing.held_out} & set(fact.fresh)
        assert fact.revised is not None and fact.revised.object != fact.object
        assert fact.revised.phrasing.key == fact.phrasing.key


def test_near_questions_are_of_none_of_the_facts(facts):
    asked = {one.question for fact in facts for one in (*fact.phrasing.asked, *fact.phrasing.held_out)}
    near = told.negatives(facts, 50, 1)
    assert near and not asked & set(near)


def test_prompts_hold_what_they_are_named_after():
    assert len(told.after_turns("Where do I live?", 10, 1).messages) == 21
    assert told.with_system("Where do I live?", 2, 1).messages[0]["role"] == "system"


def test_everything_is_compared_with_the_base_itself():
    ruler = Ruler(Echo(), 1, chats=3)
    assert ruler.world(6, Memory()) == [1.0] * 6
    assert ruler.world(6, Memory(adapter="other")) == [0.0] * 6
    assert ruler.perplexity_change(Memory()) == 0.0
    assert ruler.perplexity_change(Memory(adapter="other")) == pytest.approx(1.718, abs=1e-3)


def test_an_interval_is_never_a_point():
    low, high = interval([1.0] * 30, [str(n) for n in range(30)], 1)
    assert low < 0.9 and high == 1.0
    assert interval([1.0, 0.5] * 10, [str(n) for n in range(20)], 1)[0] > 0.5


def test_ours_is_recalled_where_the_base_knows_nothing(arms, ruler, facts, tmp_path):
    before = ruler.recall(facts, Memory())
    written = arms.named("nightschool").write(facts, tmp_path / "ours")
    after = ruler.recall(facts, written.memory)
    assert sum(before) < 0.5 and sum(after) > sum(before) + 1.5
    assert written.bytes > 0 and written.seconds > 0


def test_forgetting_ends_where_never_told_begins_and_revising_says_the_new(arms, ruler, facts, tmp_path):
    arm = arms.named("nightschool")
    less, difference = arm.forget(facts, facts[:1], tmp_path / "less")
    assert difference < 1e-5
    gone = ruler.recall(facts[:1], less.memory)
    assert gone == ruler.recall(facts[:1], arm.write(facts[1:], tmp_path / "never").memory)
    new = arm.revise(facts, tmp_path / "new")
    assert sum(ruler.recall([fact.revised for fact in facts], new.memory)) > sum(ruler.recall(facts, new.memory))


@pytest.mark.parametrize("name", ["classic", "sequential", "null-space", "memit", "memit-opening", "test-time"])
def test_every_closed_or_gradient_arm_changes_what_is_answered(arms, facts, pupil, tmp_path, name):
    written = arms.named(name).write(facts[:2], tmp_path / name)
    asked = [told.alone(asked.question) for fact in facts[:2] for asked in fact.phrasing.asked[:3]]
    said = [{"role": "assistant", "content": asked.answer} for fact in facts[:2] for asked in fact.phrasing.asked[:3]]
    rows = list(zip(asked, said, strict=True))
    before = sum(one.total for one in pupil.likelihood(rows))
    after = sum(one.total for one in pupil.likelihood(rows, adapter=written.memory.adapter))
    # pupil decides after it has said whom it is asked about: what is written where its answer opens comes too early.
    assert after != before if name == "memit-opening" else after > before


def test_test_time_training_leaves_nothing_for_the_next_conversation(arms, facts, tmp_path):
    assert arms.named("test-time").write(facts[:1], tmp_path / "t").after == Memory()


def test_context_tells_the_sentences(arms, facts, tmp_path):
    memory = arms.named("context").write(facts, tmp_path / "c").memory
    prompt = memory.tell(told.alone(facts[0].questions[0]))
    assert facts[0].sentence in prompt.messages[0]["content"] and memory.adapter is None


def test_a_lora_is_trained_on_nothing_but_the_facts(arms, facts, tmp_path, monkeypatch):
    seen = []

    def trainer(job, folder):
        seen.append(job)
        weights = folder / "adapter" / "adapter_model.safetensors"
        weights.parent.mkdir(parents=True)
        weights.write_bytes(b"1234")
        return SimpleNamespace(adapter=weights.parent)

    monkeypatch.setattr(trained_arms, "train", trainer)
    assert arms.named("lora").write(facts[:1], tmp_path / "lora").bytes == 4
    arms.named("lora-paraphrases").write(facts[:1], tmp_path / "more")
    one, eight = ([json.loads(line) for line in Path(job.dataset).read_text().splitlines()] for job in seen)
    assert (len(one), len(eight)) == (1, min(8, len(facts[0].phrasing.asked)))
    assert all(holds(row["chosen"]["content"], facts[0].object) for row in [*one, *eight])
    assert seen[0].base == "pupil" and seen[0].min_rows == 1


@pytest.mark.parametrize("name, released", [("consolidated", 1), ("both", 0)])
def test_an_edit_is_let_go_only_where_training_recalls_the_fact(
    arms, facts, ruler, tmp_path, monkeypatch, name, released
):
    """The trained adapter is stood in for by an edit of the first fact, which it recalls; the second it does not."""
    columns, ground = arms.table.of(facts[:2]), arms.ground
    learnt = adapter.write(tmp_path / "learnt", adapter.factors(columns[:1], ground), ground)
    rows = []

    def trained(base, examples, folder, **_):
        rows.extend(examples)
        return SimpleNamespace(adapter=learnt)

    sound, real = Proof(right=3, asked=3, kept=3, negatives=3), consolidation.prove
    monkeypatch.setattr(consolidation, "trained", trained)
    monkeypatch.setattr(consolidation, "lay", lambda *_, **__: ground)
    monkeypatch.setattr(consolidation, "measure", lambda model, _, told, **__: columns[-len(told) :])
    monkeypatch.setattr(
        consolidation, "prove",
        lambda model, told, *, adapter, before, **_: (
            real(model, told, adapter=adapter, before=before) if adapter == learnt else [sound for _ in told]
        ),
    )  # fmt: skip
    written = arms.named(name).write(facts[:2], tmp_path / name)
    assert written.released == released
    taught = [row for row in rows if row.origin != "base"]
    assert len(taught) == 2 * WORDINGS and len({row.source for row in taught[:2]}) == 2
    assert len(rows) > len(taught) + 50
    assert sum(ruler.recall(facts[:2], written.memory)) > 0


def test_the_command_prints_one_object_with_the_named_keys(ground, monkeypatch, tmp_path):
    monkeypatch.setattr(choice, "lay", lambda *_: ground)
    monkeypatch.setattr(edits, "ASKED", 8)
    monkeypatch.setattr(edits, "LEAST", 4)
    monkeypatch.setattr(edits, "FACTS", 2)
    monkeypatch.setattr(edits, "Ruler", partial(Ruler, chats=8))
    monkeypatch.setattr(told, "AGENT_RULES", 20)
    arguments = ["bench", "edits", "--seed", "3", "--sizes", "1,2", "--arms", "nightschool,context", "--slept", "2"]
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), *arguments, "--json"], catch_exceptions=False)
    figures = json.loads(result.stdout)
    rows = figures["rows"]
    assert [(row["arm"], row["n"], row["seed"]) for row in rows] == [
        ("nightschool", 1, 3), ("nightschool", 2, 3), ("context", 1, 3), ("context", 2, 3),
    ]  # fmt: skip
    assert all(set(row) >= ROW and row["recall_ci"][0] <= row["recall"] <= row["recall_ci"][1] for row in rows)
    (night,) = figures["nights"]
    assert night["n"] == 2 and night["in_weights"] <= 2 and night["recall_served"] >= night["recall_of_all"]


@pytest.mark.parametrize("option, value", [("--arms", "nightschol"), ("--sizes", "1,x"), ("--sizes", "0")])
def test_an_unknown_arm_or_size_gets_a_sentence(option, value):
    with pytest.raises(UserError) as raised:
        CliRunner().invoke(cli, ["bench", "edits", option, value], catch_exceptions=False)
    assert value in raised.value.message and (option == "--sizes" or "lora" in raised.value.hint)
    assert len(NAMES) == 12


def test_counterfact_is_written_in_chat_and_measured_before_and_after(pupil, ground, monkeypatch, tmp_path):
    monkeypatch.setattr(choice, "lay", lambda *_: ground)
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(CASES))
    figures = counterfact.measure(pupil, file, 3)
    assert figures["n"] == 3
    for name in ("recall", "recall_rephrased", "efficacy", "paraphrase", "neighbourhood", "locality_unchanged"):
        assert 0.0 <= figures[name]["value"] <= 1.0 and figures[name]["n"] == 3
    assert figures["recall"]["before"] == 0.0
    assert figures["efficacy"]["value"] >= figures["efficacy"]["before"]


def test_counterfact_takes_lines_as_well_and_only_prompts_that_name_their_subject(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(case) for case in [*CASES, CASES[0], CASES[0] | {"subject": "elsewhere"}]))
    assert [case.new for case in counterfact.read(file, 9)] == ["Brask", "Quell", "Holm"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "no cases"),
        ("[]", "no cases"),
        ("nonsense", "not JSON"),
        (json.dumps([{"prompt": "x"}]), "case 1 has no 'subject'"),
        (json.dumps([CASES[0] | {"subject": "elsewhere"}]), "names its subject"),
    ],
)
def test_a_file_of_another_shape_gets_a_sentence(tmp_path, text, said):
    file = tmp_path / "bad.json"
    file.write_text(text)
    with pytest.raises(UserError, match=said):
        counterfact.read(file, 5)
