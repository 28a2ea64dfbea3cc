"""A frozen dataset is what its name says, or it is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightschool.curate import dataset
from nightschool.errors import UserError
from nightschool.records import Dataset, Prompt

PROMPT = Prompt(messages=({"role": "user", "content": "How far is Olm?"},))


def frozen(answer: str = "10 miles") -> Dataset:
    chosen = {"role": "assistant", "content": answer}
    rows = [
        dataset.example(
            "dpo", PROMPT, chosen, rejected={"role": "assistant", "content": "16 km"}, source=("m",), lesson_id="l"
        ),
        dataset.example("sft", PROMPT, chosen, origin="base"),
    ]
    return dataset.freeze(rows, {"c9"}, {"duplicate": 2, "secret": 0})


@pytest.mark.parametrize("answer", ["10 miles", "10\u2028miles\x85or so\u2029"])
def test_what_is_written_is_read_back(tmp_path: Path, answer: str) -> None:
    made = frozen(answer)
    file = dataset.write(made, tmp_path)
    assert file.name == f"{made.hash}.jsonl" and oct(file.stat().st_mode)[-3:] == "600"
    assert dataset.read(tmp_path, made.hash) == made
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert made.left_out == {"duplicate": 2}


def test_the_name_is_the_hash_of_the_rows_and_of_what_was_held_out() -> None:
    made = frozen()
    assert frozen().hash == made.hash != frozen("11 miles").hash
    assert dataset.freeze(reversed(made.examples), {"c9"}, {}).hash == made.hash
    assert dataset.freeze(made.examples, {"c8"}, {}).hash != made.hash


def test_any_changed_byte_is_noticed(tmp_path: Path) -> None:
    made = frozen()
    file = dataset.write(made, tmp_path)
    whole = file.read_bytes()
    for position in range(0, len(whole), 7):
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(UserError):
            dataset.read(tmp_path, made.hash)
    for cut in (0, len(whole) // 2, len(whole) - 3):
        file.write_bytes(whole[:cut])
        with pytest.raises(UserError):
            dataset.read(tmp_path, made.hash)


def test_a_missing_dataset_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        dataset.read(tmp_path, "0" * 64)
