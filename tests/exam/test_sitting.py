"""The sitting: who is asked what, what is written down, and what an arm that fails leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from nightschool.errors import UserError
from nightschool.exam.gate import Policy, decide
from nightschool.exam.sitting import arms, sit
from nightschool.models.model import Likelihood
from nightschool.records import Answer, Arm, Dataset, Exam, Example, Item, Json, Prompt, Version

GOOD = Path("versions/v-0001/adapter")


@dataclass(kw_only=True)
class ScriptedModel:
    """A model whose words are a function of the last question and the adapter."""

    words: Callable[[str, Path | None], str]
    name: str = "scripted"
    fingerprint: str = "b-1"
    context_tokens: int = 200
    parameters: int = 1
    asked: list[tuple[str, Path | None]] = field(default_factory=list)
    broken: frozenset[Path] = frozenset()

    def answer(
        self,
        prompts: Sequence[Prompt],
        *,
        adapter: Path | None = None,
        max_tokens: int = 96,
        temperature: float = 0.0,
        seed: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> list[Answer]:
        said = [str(prompt.messages[-1]["content"]) for prompt in prompts]
        self.asked += [(text, adapter) for text in said]
        if progress is not None:
            progress(len(prompts))
        return [Answer(text=self.words(text, adapter)) for text in said]

    def stream(self, prompt: Prompt, *, adapter: Path | None = None, max_tokens: int = 512) -> Iterator[str]:
        yield self.words(str(prompt.messages[-1]["content"]), adapter)

    def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Path | None = None) -> list[Likelihood]:
        return [Likelihood(total=-len(row["content"]) * (1.0 if adapter else 2.0), tokens=4) for _, row in rows]

    def count_tokens(self, prompt: Prompt, answer: Json | None = None) -> int:
        return sum(len(str(message["content"]).split()) for message in prompt.messages)

    def mounted(self, adapter: Path) -> str:
        if adapter in self.broken:
            raise UserError(f"The adapter in {str(adapter)!r} is damaged")
        return f"hash of {adapter}"


def echo(text: str, adapter: Path | None) -> str:
    return f"{'learnt' if adapter else 'plain'}: {text}"


def question(name: str, task: str = "personal", asked: str = "", conversation: str | None = "c") -> Item:
    prompt = Prompt(messages=({"role": "user", "content": asked or f"Question {name}?"},))
    return Item(
        id=name,
        task=task,
        prompt=prompt,
        scorer="contains",
        expected={"contains": ["learnt"]},
        conversation_id=conversation,
    )


def remember(prompt: Prompt) -> Prompt:
    return replace(
        prompt, messages=({"role": "system", "content": "The person told you:\n- Be kind."}, *prompt.messages)
    )


def seat(model: ScriptedModel, items: list[Item], **more: object) -> Exam:
    settings: dict[str, object] = {
        "run": "r-1", "champion": "base", "challenger": "v-0001", "dataset": Dataset(hash="d", examples=()),
    } | more  # fmt: skip
    listed = arms("base", (), "v-0001")
    return sit(model, items, listed, {"base": None, "v-0001": GOOD}, remember, **settings)  # type: ignore[arg-type]


def test_every_version_sits_with_and_without_memory_and_none_twice() -> None:
    listed = arms("v-0002", ["v-0001", "base"], "v-0003")
    assert [arm.name for arm in listed] == [
        "base", "base+memory", "v-0002", "v-0002+memory", "v-0001", "v-0001+memory", "v-0003", "v-0003+memory",
    ]  # fmt: skip
    assert arms("base") == (Arm(version="base", told=False), Arm(version="base", told=True))


def test_all_arms_answer_the_same_questions_and_results_carry_n_and_interval() -> None:
    exam = seat(ScriptedModel(words=echo), [question("a"), question("b"), question("x", "json")])
    assert {score.arm for score in exam.scores} == {"base", "base+memory", "v-0001", "v-0001+memory"}
    assert {score.item for score in exam.scores if score.arm == "v-0001+memory"} == {"a", "b", "x"}
    result = next(found for found in exam.results if (found.task, found.arm) == ("personal", "v-0001"))
    assert (result.value, result.n) == (1.0, 2)
    assert 0.3 < result.low < result.high == 1.0
    assert (exam.id, exam.base, exam.fingerprints) == ("e-r-1", "b-1", {"v-0001": f"hash of {GOOD}"})
    assert exam.seconds > 0.0


def test_only_told_arms_have_memory_in_their_prompts() -> None:
    seen: list[int] = []

    class Counting(ScriptedModel):
        def answer(self, prompts: Sequence[Prompt], **more: object) -> list[Answer]:  # type: ignore[override]
            seen.extend(len(prompt.messages) for prompt in prompts)
            return super().answer(prompts, **more)  # type: ignore[arg-type]

    seat(Counting(words=echo), [question("a")])
    assert sorted(seen) == [1, 1, 2, 2]


def test_the_same_weights_answer_the_same_prompt_once() -> None:
    """With an empty memory, told and untold are one question; and a champion that is the base is the base."""
    model = ScriptedModel(words=echo)
    listed = [*arms("base", ["v-0002"], "v-0001")]
    exam = sit(
        model, [question("a")], listed, {"base": None, "v-0001": GOOD, "v-0002": GOOD}, lambda prompt: prompt,
        run="r", champion="base", challenger="v-0001",
    )  # fmt: skip
    assert len(model.asked) == 2
    assert len(exam.scores) == 6


def test_the_battery_is_asked_with_memory_in_part_alone_and_the_same_part_for_all() -> None:
    exam = seat(
        ScriptedModel(words=echo), [question("a"), *(question(f"j{i}", "json") for i in range(9))], told_battery=4
    )
    told = {score.item for score in exam.scores if score.arm == "v-0001+memory"}
    assert told == {score.item for score in exam.scores if score.arm == "base+memory"} == {"a", "j0", "j1", "j2", "j3"}


def test_margins_are_measured_not_answered() -> None:
    item = replace(
        question("m", "personal-margin"),
        scorer="margin",
        expected={
            "accepted": {"role": "assistant", "content": "ab"},
            "rejected": {"role": "assistant", "content": "abcdef"},
        },
    )
    model = ScriptedModel(words=echo)
    exam = seat(model, [item])
    values = {score.arm: score.value for score in exam.scores}
    assert (values["base"], values["v-0001"]) == (pytest.approx(2.0), pytest.approx(1.0))
    assert model.asked == []
    assert next(result for result in exam.results if result.arm == "base").value == pytest.approx(2.0)


def test_an_adapter_that_does_not_load_leaves_no_scores_and_says_why() -> None:
    exam = seat(ScriptedModel(words=echo, broken=frozenset({GOOD})), [question("a")])
    assert {score.arm for score in exam.scores} == {"base", "base+memory"}
    assert [reason for reason in exam.skipped if reason.startswith("v-0001 did not answer: The adapter in")]
    version = Version(id="v-0001", base="b-1", adapter_hash=f"hash of {GOOD}")
    decision = decide(exam, Policy(base="b-1", versions={"v-0001": version}, min_items=1, min_battery=0))
    assert decision.outcome == "refuse"
    assert any("v-0001 left 1 of 1" in reason for reason in decision.reasons)


def test_a_version_without_a_folder_is_no_base_in_disguise() -> None:
    exam = sit(
        ScriptedModel(words=echo), [question("a")], arms("base", (), "v-0009"), {"base": None}, remember,
        run="r", champion="base", challenger="v-0009",
    )  # fmt: skip
    assert {score.arm for score in exam.scores} == {"base", "base+memory"}


def row(asked: str, conversation: str | None) -> Example:
    prompt = Prompt(messages=({"role": "system", "content": "Short."}, {"role": "user", "content": asked}))
    chosen = {"role": "assistant", "content": "x"}
    return Example(id=asked, objective="sft", prompt=prompt, chosen=chosen, conversation_id=conversation)


def test_a_question_that_was_trained_on_is_struck_out() -> None:
    """Else a holdout learnt by heart would look like a lesson learnt."""
    dataset = Dataset(hash="d", examples=(row("question  A?", None),))
    exam = seat(ScriptedModel(words=echo), [question("A"), question("B")], dataset=dataset)
    assert [item.id for item in exam.items] == ["B"]
    assert exam.skipped["stands in the training data"] == 1
    assert exam.leaked == ()


def test_items_of_a_conversation_that_was_trained_on_are_named() -> None:
    dataset = Dataset(hash="d", examples=(row("another question", "c"),))
    items = [question("A"), question("B", conversation="d"), question("C", "json")]
    assert seat(ScriptedModel(words=echo), items, dataset=dataset).leaked == ("A",)
    assert seat(ScriptedModel(words=echo), items, dataset=None).leaked is None
    assert seat(ScriptedModel(words=echo), items, dataset=None, challenger=None).leaked == ()


def test_a_question_too_long_for_the_base_is_left_out_and_counted() -> None:
    long = question("long", asked="word " * 102)
    exam = seat(ScriptedModel(words=echo), [question("a"), long], skipped={"no clear outcome": 3})
    assert [item.id for item in exam.items] == ["a"]
    assert exam.skipped == {"no clear outcome": 3, "longer than the base's context": 1}


KEY = "ghp_" + "x7Kq2ZpL9vB4nM8rT1wY6cD3fG5hJ0sAeUio"


def test_a_secret_in_an_answer_is_masked_and_makes_it_wrong_unless_the_prompt_held_it() -> None:
    def words(text: str, adapter: Path | None) -> str:
        return f"learnt {KEY}" if adapter else "learnt"

    exam = seat(ScriptedModel(words=words), [question("a"), question("b", asked=f"Repeat {KEY}")])
    found = {score.item: score for score in exam.scores if score.arm == "v-0001"}
    assert (found["a"].secret, found["a"].value) == (True, 0.0)
    assert (found["b"].secret, found["b"].value) == (False, 1.0)
    assert all(KEY not in score.output for score in exam.scores)
    assert "[secret:" in found["a"].output


def test_progress_counts_all_questions_of_all_arms() -> None:
    ticks: list[tuple[int, int]] = []
    seat(
        ScriptedModel(words=echo),
        [question("a"), question("b")],
        progress=lambda done, total: ticks.append((done, total)),
    )
    assert ticks[-1] == (8, 8)
    assert [done for done, _ in ticks] == sorted(done for done, _ in ticks)


def test_a_score_that_is_not_a_number_is_not_written_down() -> None:
    class Nan(ScriptedModel):
        def likelihood(self, rows: Sequence[tuple[Prompt, Json]], *, adapter: Path | None = None) -> list[Likelihood]:
            return [Likelihood(total=float("nan"), tokens=1) for _ in rows]

    message = {"role": "assistant", "content": "x"}
    item = replace(question("m"), scorer="margin", expected={"accepted": message, "rejected": message})
    assert seat(Nan(words=echo), [item]).scores == ()
