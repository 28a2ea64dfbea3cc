"""The benches of memory read both shapes, count what they say, and refuse what is neither."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from nightschool.bench import memory, search, talk_sets, updates
from nightschool.cli.main import Session, cli
from nightschool.errors import UserError


def locomo(path):
    turns = [
        ("D1:1", "Ana", "Hello! Which pet do you have?"),
        ("D1:2", "Tom", "A parrot called Xanadu."),
        ("D1:3", "Ana", "I paint rivers in spring."),
    ]
    talk = {"session_1": [{"dia_id": i, "speaker": s, "text": t} for i, s, t in turns],
            "session_1_date_time": "1:56 pm on 8 May, 2023"}  # fmt: skip
    questions = [
        {"question": "What is Tom's parrot called?", "evidence": ["D1:2"], "category": 4},
        {"question": "What pet does Tom have?", "evidence": ["D1:2; D:1:01"], "category": 1},
        {"question": "nothing to find", "evidence": [], "category": 5},
    ]
    observation = {"session_1_observation": {"Tom": [["Tom has a parrot called Xanadu.", "D1:2"]]}}
    path.write_text(json.dumps([{"conversation": talk, "qa": questions, "observation": observation}]))
    return path


def beam(folder):
    folder.mkdir()
    chat = [{"batch_number": 1, "turns": [[
        {"role": "user", "id": 0, "time_anchor": "March-15-2024", "content": "My sprint ends on March 29. ->-> 1,1"},
        {"role": "assistant", "id": 1, "content": "Noted."},
    ]]}]  # fmt: skip
    probing = {"information_extraction": [{"question": "When does my sprint end?", "source_chat_ids": {"a": [0, 1]}}]}
    (folder / "chat.json").write_text(json.dumps(chat))
    (folder / "probing_questions.json").write_text(json.dumps(probing))
    return folder


def test_malformed_evidence_is_read_and_every_arm_gets_its_figures(tmp_path):
    (one,) = talk_sets.read(locomo(tmp_path / "l.json"))
    assert [sorted(question.evidence) for question in one.questions] == [["D1:2"], ["D1:1", "D1:2"]]
    figures = memory.measure(tmp_path / "l.json")
    assert set(figures["arms"]) == {"nightschool", "nightschool-no-embedder", "bm25"}
    assert figures["arms"]["nightschool"]["recall@10"] == 100.0
    assert figures["arms"]["bm25"]["categories"]["single-hop"]["n"] == 1
    assert figures["in_tokens"]["facts and turns"]["250"] == 100.0


class Letters:
    name = "letters"

    def embed(self, texts, *, query=False):
        return np.array([[text.lower().count(letter) + 1e-3 for letter in "abcdefghijklmnop"] for text in texts])


def test_with_an_embedder_the_usual_ways_and_the_best_of_them_are_measured_too(tmp_path):
    figures = memory.measure(locomo(tmp_path / "l.json"), Letters())
    assert set(figures["arms"]) == {
        "nightschool", "nightschool-no-embedder", "bm25", "vectors", "hybrid-rrf60", "hybrid-rrf10"
    }  # fmt: skip
    assert all(0 <= arm["recall@5"] <= 100 and arm["recall@10_interval"] for arm in figures["arms"].values())
    assert figures["embedder"] == "letters"


def test_on_beams_shape_the_persons_messages_count(tmp_path):
    figures = memory.measure(beam(tmp_path / "1"))
    assert (figures["shape"], figures["arms"]["nightschool"]["recall@5"]) == ("beam", 100.0)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"qa": 3}', '[{"qa": [], "conversation": {}}]', "\\x00"])
def test_a_file_of_another_shape_is_a_sentence(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(UserError):
        memory.measure(tmp_path / "x.json")
    with pytest.raises(UserError):
        memory.measure(tmp_path / "none.json")


def test_generated_histories_are_answered_right(tmp_path):
    figures = updates.measure(20, seed=3)
    assert figures["right"] == 1.0 and figures["n"] == 160 and set(figures["events"]) > {"move"}


def test_search_finds_what_it_was_asked_for_and_is_timed_beside_the_others():
    (row,) = search.measure([400], seed=2)["sizes"]
    assert row["nightschool"]["found_at_10"] >= 0.95
    assert {row[arm]["n"] for arm in ("nightschool", "fts5")} == {search.QUERIES}
    assert row["bytes_per_memory"] > 0 and row["insertions_per_second"] > 0


def test_the_commands_print_one_json_document(tmp_path):
    for arguments in (
        ["memory", str(locomo(tmp_path / "l.json")), "--embedder", "none"],
        ["updates", "--histories", "3"],
        ["search", "--sizes", "200"],
    ):
        result = CliRunner().invoke(cli, ["bench", *arguments, "--json"], obj=Session(str(tmp_path / "home")))
        assert result.exit_code == 0, result.output
        assert isinstance(json.loads(result.stdout), dict)
