"""TRL trains exactly the rows it is given: the same losses as forty lines of plain PyTorch, step by step."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import set_seed

from nightschool.records import Objective
from nightschool.train import adapter, fit, objectives
from nightschool.train.rows import Row, build
from nightschool.train.schedule import Schedule
from nightschool.train.trained import Progress, Refused

from . import oracle, tiny

ROWS = {"sft": tiny.sft, "dpo": tiny.dpo, "kto": tiny.kto}


def prepared(objective: str, count: int = 6, **fields: Any) -> tuple[tiny.Base, Any, tuple[Row, ...]]:
    """A base with a fresh adapter, and rows of one objective."""
    base, job = tiny.make_base(), tiny.job(**fields)
    set_seed(job.seed)
    model = adapter.attach(fit.still(base.network), job)
    return base, model, build([ROWS[objective](index) for index in range(count)], base.tokenizer, job).of(objective)


def run(
    base: tiny.Base, model: Any, objective: Objective, rows: Sequence[Row], folder: Path, **plan: Any
) -> list[float]:
    """Train one objective as the child does and return its losses."""
    settings = {"learning_rate": 3e-3, "steps": 6, "micro_batch": len(rows), "accumulation": 1}
    rehearsed = plan.pop("rehearsed", ())
    return objectives.train_objective(
        model, base.tokenizer, objective, rows, job=tiny.job(), plan=Schedule(**(settings | plan)),
        scratch=folder, report=lambda _: None, rehearsed=rehearsed,
    )  # fmt: skip


def trainer_of(base: tiny.Base, model: Any, objective: Objective, rows: Sequence[Row], folder: Path) -> Any:
    plan = Schedule(learning_rate=1e-3, steps=1, micro_batch=len(rows), accumulation=1)
    watch = objectives.Watch(objective, lambda _: None)
    return objectives.make_trainer(
        model, base.tokenizer, objective, rows, job=tiny.job(), plan=plan, scratch=folder, watch=watch
    )


@pytest.mark.parametrize("objective", ["sft", "dpo", "kto"])
def test_losses_equal_those_of_the_plain_loop(objective: Objective, tmp_path: Path) -> None:
    base, model, rows = prepared(objective)
    ours = run(base, model, objective, rows, tmp_path)
    _, model, rows = prepared(objective)
    ordered = objectives.mixed(rows) if objective == "kto" else rows
    theirs = oracle.fit(model, getattr(oracle, objective), ordered, rate=3e-3, steps=6, warmup=1)
    assert ours == pytest.approx(theirs, abs=2e-4)
    assert ours[-1] < ours[0]


def test_more_bad_ratings_than_good_are_weighed_evenly(tmp_path: Path) -> None:
    base, model, _ = prepared("kto")
    examples = [tiny.kto(0), *(tiny.kto(index) for index in (1, 3, 5))]
    rows = build(examples, base.tokenizer, tiny.job()).kto
    ours = run(base, model, "kto", rows, tmp_path, steps=1)
    expected = oracle.kto(prepared("kto")[1], objectives.mixed(rows), good_weight=3.0)
    assert ours[0] == pytest.approx(expected.item(), abs=2e-4)


@pytest.mark.parametrize("objective", ["dpo", "kto"])
def test_preferences_are_measured_against_the_base_also_after_answers_were_trained(
    objective: Objective, tmp_path: Path
) -> None:
    base, model, rows = prepared(objective)
    answers = build([tiny.sft(index) for index in range(6)], base.tokenizer, tiny.job()).sft
    run(base, model, "sft", answers, tmp_path)
    ordered = objectives.mixed(rows) if objective == "kto" else rows
    expected = getattr(oracle, objective)(model, ordered).item()
    assert run(base, model, objective, rows, tmp_path, steps=1)[0] == pytest.approx(expected, abs=2e-4)
    assert list(model.peft_config) == ["default"]


def test_the_labels_that_reach_the_loss_decode_to_the_answers(tmp_path: Path) -> None:
    base, model, rows = prepared("sft", 3)
    (batch,) = trainer_of(base, model, "sft", rows, tmp_path).get_train_dataloader()
    said = {base.tokenizer.decode(labels[labels != -100]) for labels in batch["labels"]}
    assert said == {f"{tiny.PLACES[index]} is {index + 3} miles away.<|im_end|>" for index in range(3)}


def test_the_pairs_that_reach_the_loss_decode_to_both_answers(tmp_path: Path) -> None:
    base, model, rows = prepared("dpo", 2)
    (batch,) = trainer_of(base, model, "dpo", rows, tmp_path).get_train_dataloader()
    masks = batch["completion_mask"].bool()
    said = [base.tokenizer.decode(ids[mask]) for ids, mask in zip(batch["input_ids"], masks, strict=True)]
    assert sorted(said[:2]) == ["3 miles<|im_end|>", "4 miles<|im_end|>"]
    assert sorted(said[2:]) == ["5 km or so<|im_end|>", "6 km or so<|im_end|>"]


def test_no_token_but_the_answers_has_a_gradient(tmp_path: Path) -> None:
    base, model, rows = prepared("sft", 3)
    trainer = trainer_of(base, model, "sft", rows, tmp_path)
    (batch,) = trainer.get_train_dataloader()
    seen: dict[str, Any] = {}

    def listen(module: Any, inputs: Any, output: Any) -> None:
        output.last_hidden_state.register_hook(lambda grad: seen.update(grad=grad))

    handle = model.get_base_model().model.register_forward_hook(listen)
    trainer.compute_loss(model, batch).backward()
    handle.remove()
    moved = seen["grad"].abs().sum(-1) > 0
    assert torch.equal(moved[:, :-1], batch["labels"][:, 1:] != -100)


def test_eight_rows_at_once_and_eight_one_by_one_are_the_same_step(tmp_path: Path) -> None:
    base, model, rows = prepared("sft", 8)
    together = run(base, model, "sft", rows, tmp_path, steps=3)
    weights = {name: value.clone() for name, value in model.state_dict().items() if ".lora_B." in name}
    base, model, rows = prepared("sft", 8)
    apart = run(base, model, "sft", rows, tmp_path, steps=3, micro_batch=1, accumulation=8)
    assert apart == pytest.approx(together, abs=1e-4)
    for name, value in weights.items():
        assert torch.allclose(model.state_dict()[name], value, atol=1e-4), name


def test_the_rejected_answer_falls_behind_the_chosen_one(tmp_path: Path) -> None:
    base, model, rows = prepared("dpo")
    before = margins(model, rows)
    run(base, model, "dpo", rows, tmp_path, steps=10)
    after = margins(model, rows)
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))


@pytest.mark.parametrize("objective", ["dpo", "kto"])
def test_answers_are_rehearsed_beside_a_preference(objective: Objective, tmp_path: Path) -> None:
    left = {}
    for rehearsed in (True, False):
        base, model, rows = prepared(objective)
        answers = build([tiny.sft(index) for index in range(6)], base.tokenizer, tiny.job()).sft
        run(base, model, objective, rows, tmp_path, steps=10, rehearsed=answers if rehearsed else ())
        with torch.no_grad():
            left[rehearsed] = oracle.sft(model, answers).item()
    assert left[True] < left[False] - 0.1


def margins(model: Any, rows: Sequence[Row]) -> list[float]:
    with torch.no_grad():
        chosen, _ = oracle.log_probs(model, [(row.prompt, row.answer) for row in rows])
        rejected, _ = oracle.log_probs(model, [(row.prompt, row.rejected) for row in rows])
    return (chosen - rejected).tolist()


def test_a_loss_that_is_no_number_is_refused(tmp_path: Path) -> None:
    base, model, rows = prepared("sft")
    next(weight for weight in model.parameters() if weight.requires_grad).data[0, 0] = float("nan")
    with pytest.raises(Refused, match="not a number at step 1"):
        run(base, model, "sft", rows, tmp_path)


def test_every_step_is_told(tmp_path: Path) -> None:
    base, model, rows = prepared("sft")
    told: list[Progress] = []
    plan = Schedule(learning_rate=1e-3, steps=3, micro_batch=2, accumulation=1)
    objectives.train_objective(
        model, base.tokenizer, "sft", rows, job=tiny.job(), plan=plan, scratch=tmp_path, report=told.append
    )
    assert [(one.stage, one.step, one.of) for one in told] == [("sft", step, 3) for step in (1, 2, 3)]
    assert all(one.loss is not None for one in told)


@pytest.mark.parametrize(("good", "bad", "batch"), [(3, 9, 4), (5, 4, 4), (2, 1, 2), (7, 7, 8)])
def test_each_batch_of_ratings_mixes_both_and_pairs_no_answer_with_its_own_prompt(
    good: int, bad: int, batch: int
) -> None:
    labels = [True] * good + [False] * bad
    random.Random(1).shuffle(labels)
    rows = [Row(id=str(i), prompt=(1,), answer=(i,), label=label) for i, label in enumerate(labels)]
    columns = objectives.columns("kto", rows, batch)
    assert sorted(column["completion_ids"] for column in columns) == [[index] for index in range(len(rows))]
    assert all(column["completion_ids"] != column["KL_completion_ids"] for column in columns)
    for start in range(0, len(rows) - batch + 1, batch):
        assert {column["label"] for column in columns[start : start + batch]} == {True, False}
