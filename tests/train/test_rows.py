"""Rows are what is served: whole, rendered once, and counted where they cannot be taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nightschool.errors import UserError
from nightschool.models import chat
from nightschool.records import Prompt, to_json
from nightschool.train.rows import KEPT_PROMPT, build, read_examples, refuse_poor
from nightschool.train.trained import Refused

from . import tiny


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return tiny.make_tokenizer()


def test_the_loss_falls_on_the_answer_and_its_end_alone(tokenizer: Any) -> None:
    (row,) = build([tiny.sft(0)], tokenizer, tiny.job()).sft
    assert tokenizer.decode(row.answer) == "Olm is 3 miles away.<|im_end|>"
    assert tokenizer.decode(row.prompt).endswith("How far is Olm?<|im_end|>\n<|im_start|>assistant\n")


def test_what_is_trained_on_is_what_is_served_token_for_token(tokenizer: Any) -> None:
    example = tiny.dpo(1)
    (row,) = build([example], tokenizer, tiny.job()).dpo
    assert list(row.prompt) == chat.render(tokenizer, example.prompt).ids
    assert tokenizer.decode(row.rejected) == "6 km or so<|im_end|>"


def test_rows_over_the_limit_are_left_out_whole_and_counted(tokenizer: Any) -> None:
    rows = build([tiny.sft(0), tiny.sft(1, prompt=long_prompt(300))], tokenizer, tiny.job(max_tokens=200))
    assert [row.id for row in rows.sft] == ["sft0"]
    assert rows.left_out == {"too long": 1}


def test_a_carried_prefix_does_not_count_towards_the_limit(tokenizer: Any) -> None:
    rows = build([tiny.sft(1, prompt=long_prompt(900))], tokenizer, tiny.job(max_tokens=350, prefix="carry"))
    assert rows.sft[0].length > 900
    assert rows.sft[0].carried == len(rows.sft[0].prompt) - KEPT_PROMPT


def test_rows_without_gradient_are_counted_not_trained_on(tokenizer: Any) -> None:
    same = tiny.dpo(0, rejected=tiny.dpo(0).chosen)
    rows = build([same, tiny.dpo(1, rejected=None), tiny.dpo(2), tiny.kto(1, label=None)], tokenizer, tiny.job())
    assert [row.id for row in rows.dpo] == ["dpo2"]
    assert rows.left_out == {"identical pair": 1, "no trainable token": 1, "no label": 1}


def test_ratings_that_all_say_the_same_are_left_out_beside_other_rows(tokenizer: Any) -> None:
    rows = build([tiny.sft(0), tiny.kto(0), tiny.kto(2)], tokenizer, tiny.job())
    assert rows.kto == ()
    assert rows.left_out == {"one-sided ratings": 2}


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ([], "empty"),
        ([tiny.sft(0), tiny.sft(1)], "Only 2 of at least 4"),
        ([tiny.kto(index * 2) for index in range(8)], "one-sided: all ratings"),
        ([tiny.dpo(index, rejected=tiny.dpo(index).chosen) for index in range(8)], "one-sided: both answers"),
        ([tiny.dpo(index, rejected=None) for index in range(8)], r"No row has a token .*8 no trainable token"),
        ([tiny.sft(index, origin="base") for index in range(9)] + [tiny.sft(1)], "Only 1 of at least 4"),
    ],
)
def test_poor_data_is_refused_with_the_reason(tokenizer: Any, examples: list[Any], says: str) -> None:
    rows = build(examples, tokenizer, tiny.job())
    with pytest.raises(Refused, match=says):
        refuse_poor(rows, examples, tiny.job())


def test_a_row_is_a_line_though_its_words_hold_other_breaks(tmp_path: Path) -> None:
    answer = {"role": "assistant", "content": "one\u2028two\x85three"}
    line = json.dumps(to_json(tiny.sft(0, chosen=answer)), ensure_ascii=False)
    (tmp_path / "d.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    assert [row.chosen for row in read_examples(tmp_path / "d.jsonl")] == [answer, answer]


def test_a_header_line_is_no_row(tmp_path: Path) -> None:
    path = tiny.write_rows(tmp_path / "rows.jsonl", [tiny.sft(0), tiny.kto(1)])
    path.write_text('{"held_out": ["c1"]}\n' + path.read_text())
    assert read_examples(path) == (tiny.sft(0), tiny.kto(1))


@pytest.mark.parametrize("text", ["{", '{"objective": "sft", "surprise": 1}\n'])
def test_a_dataset_that_is_none_is_the_persons_to_mend(tmp_path: Path, text: str) -> None:
    (tmp_path / "rows.jsonl").write_text(text)
    with pytest.raises(UserError, match=r"rows\.jsonl"):
        read_examples(tmp_path / "rows.jsonl")


def long_prompt(words: int) -> Prompt:
    system = {"role": "system", "content": "km " * words}
    return Prompt(messages=(system, {"role": "user", "content": "How far?"}))
