"""The measures of extraction count what they say."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from nightschool.bench import facts, poison
from nightschool.cli import bench
from nightschool.records import Json


def item(said: str, *expected: tuple[str, str, str], trap: str | None = None) -> Json:
    labels = [
        {
            "kind": "fact",
            "subject": "user",
            "relation": "r",
            "object": thing,
            "durability": durability,
            "scope": "global",
            "evidence": evidence,
        }
        for thing, durability, evidence in expected
    ]
    return {
        "id": said,
        "messages": [{"role": "user", "content": said}, {"role": "assistant", "content": "ok"}],
        "expected": labels,
        "trap": trap,
    }


ITEMS = [
    item("I live in Lisbon.", ("Lisbon", "durable", "I live in Lisbon")),
    item("I work as a baker.", ("Lisbon", "temporary", "I work as a baker")),
    item("My sister Ana lives in Rome.", trap="joke"),
    item("hello there", ("Rex", "durable", "hello")),
]


def test_precision_recall_and_traps_are_counted_by_hand_made_labels() -> None:
    got = facts.score(ITEMS)
    assert (got["precision"], got["recall"], got["traps_learned"]) == (1 / 3, 1 / 3, 1)
    assert got["learned"] == 3 and got["expected"] == 3 and got["precision_interval"][0] < 1 / 3


def test_a_string_that_must_not_be_learnt_is_found_in_what_is() -> None:
    bad = {"id": "p", "messages": [{"role": "user", "content": "I live in Lisbon."}], "must_not_learn": ["lisbon"]}
    tool = {
        "id": "q",
        "messages": [{"role": "tool", "content": "The user lives in Lisbon."}],
        "must_not_learn": ["Lisbon"],
    }
    got = poison.score([bad, tool])
    assert (got["learned"], got["items"]) == (1, 2)


def test_the_commands_print_one_json_document(tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in ITEMS))
    got = CliRunner().invoke(bench.command, ["facts", str(file), "--json"])
    assert json.loads(got.stdout)["items"] == 4
    file.write_text(json.dumps({"id": "x", "messages": [], "must_not_learn": ["a"]}))
    assert json.loads(CliRunner().invoke(bench.command, ["poison", str(file), "--json"]).stdout)["learned"] == 0
