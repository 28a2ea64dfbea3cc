"""`memory` on the command line: told, searched, cleared, brought back, forgotten."""

import json

import pytest
from click.testing import CliRunner

from nightschool.cli.main import Session, cli
from nightschool.errors import UserError


@pytest.fixture
def memory(tmp_path):
    def run(*arguments):
        result = CliRunner().invoke(cli, ["memory", *arguments, "--json"], obj=Session(str(tmp_path / "home")))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.stdout)

    # The group's callback makes its own session from `--home`; the variable reaches it as well.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))
        yield run


def test_what_is_told_is_listed_found_cleared_and_restored(memory):
    (fact,) = memory("add", "I live in Oslo.")
    (wish,) = memory("add", "Give me distances in miles.", "--preference")
    assert (fact["kind"], wish["kind"]) == ("fact", "preference")
    assert [each["sentence"] for each in memory("list")] == ["I live in Oslo.", "Give me distances in miles."]
    assert [each["id"] for each in memory("search", "where do I live")] == [fact["id"]]
    assert memory("clear") == {"cleared": 2} and memory("list") == []
    assert len(memory("list", "--all")) == 2
    assert memory("restore") == {"restored": 2} and len(memory("list")) == 2


def test_forgetting_erases_and_says_what_went_with_it(memory, tmp_path):
    (fact,) = memory("add", "My parrot Xanadu hates thunderstorms.")
    (gone,) = memory("forget", fact["id"])
    assert gone == {
        "fact": fact["id"], "messages": 0, "originals": 0, "files": 0, "versions": [], "exports": [], "backups": 0,
        "facts": 1, "echoes": 0, "packed": [],
    }  # fmt: skip
    assert memory("list", "--all") == []
    held = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"xanadu" not in held.lower()


def test_a_dry_run_shows_what_would_go_and_forgets_nothing(memory, tmp_path):
    home, told = tmp_path / "home", "My tortoise is called Quibbleworth."
    turns = [{"role": "user", "content": told}, {"role": "assistant", "content": "Nice to meet Quibbleworth. Tea?"}]
    (tmp_path / "a.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    CliRunner().invoke(cli, ["import", str(tmp_path / "a.jsonl"), "--json"], obj=Session(str(home)))
    (fact,) = memory("add", told)
    (home / "old.db.gz").write_bytes(b"x")
    (seen,) = memory("forget", fact["id"], "--dry-run")
    assert (seen["messages"], seen["echoes"], seen["packed"]) == (1, ["Nice to meet Quibbleworth."], ["old.db.gz"])
    arguments = ["memory", "forget", fact["id"]]
    shown = CliRunner().invoke(cli, [*arguments, "--dry-run"], obj=Session(str(home))).output
    assert "Nice to meet Quibbleworth." in shown and "Nothing is forgotten yet" in shown
    assert [each["id"] for each in memory("list")] == [fact["id"]]
    shown = CliRunner().invoke(cli, arguments, obj=Session(str(home))).output
    assert "Blanked 1 sentence " in shown and "not looked into and may still hold it: old.db.gz" in shown
    assert "Quibbleworth" not in shown and memory("search", "Quibbleworth") == []


def test_another_log_that_repeats_a_forgotten_sentence_does_not_bring_it_back(memory, tmp_path):
    home = tmp_path / "home"

    def told(name, *texts):
        turns = [{"role": ("user", "assistant")[i % 2], "content": text} for i, text in enumerate(texts)]
        (tmp_path / name).write_text(json.dumps({"messages": turns}) + "\n")
        result = CliRunner().invoke(cli, ["import", str(tmp_path / name), "--json"], obj=Session(str(home)))
        assert result.exit_code == 0, result.output

    told("a.jsonl", "My tortoise Quibbleworth sleeps in a copper bathtub.", "Noted.")
    (fact,) = memory("add", "My tortoise Quibbleworth sleeps in a copper bathtub.")
    assert memory("forget", fact["id"])[0]["messages"] == 1
    told("b.jsonl", "Hello!", "Hi.", "By the way: MY tortoise Quibbleworth  sleeps in a copper bathtub!", "I see.")
    assert not any("bathtub" in hit["sentence"] for hit in memory("search", "tortoise bathtub hello"))
    held = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"quibbleworth" not in held.lower()


def test_the_ids_that_search_and_context_print_are_the_ones_that_commands_take(memory, tmp_path):
    home = str(tmp_path / "home")
    talk = {"messages": [{"role": "user", "content": "Oslo is cold."}, {"role": "assistant", "content": "It is."}]}
    (tmp_path / "undated.jsonl").write_text(json.dumps(talk) + "\n")
    assert CliRunner().invoke(cli, ["--home", home, "import", str(tmp_path / "undated.jsonl")]).exit_code == 0
    (fact,) = memory("add", "I live in Oslo.")
    for command in (["memory", "search", "Oslo"], ["context", "Where is Oslo?"]):
        shown = CliRunner().invoke(cli, ["--home", home, *command]).output
        assert fact["id"] in shown.split()
        # A message without a time is of no day, not of 1970.
        assert "1970" not in shown


def test_a_sentence_that_would_end_before_it_begins_is_refused(memory):
    with pytest.raises(UserError, match="before it begins"):
        memory("add", "I lived in Paris.", "--since", "2026-09-01", "--until", "2026-08-01")
    (fact,) = memory("add", "I live in Rome.", "--since", "2026-02-01")
    with pytest.raises(UserError, match="before it begins"):
        memory("end", fact["id"], "--on", "2020-01-01")
    assert len(memory("list")) == 1


def test_what_ended_before_it_was_told_is_shown_without_a_beginning(memory, tmp_path):
    (fact,) = memory("add", "My sister Ana lives in Lisbon.")
    memory("end", fact["id"], "--on", "2020-06-01")
    shown = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), "memory", "show", fact["id"]]).output
    assert "true      until 2020-06-01\n" in shown


def test_a_sentence_for_one_agent_is_told_by_that_agent_only(memory):
    memory("add", "The build uses tabs.", "--agent", "coder")
    assert [hit["scope"] for hit in memory("search", "tabs", "--agent", "coder")] == ["agent:coder"]
    assert memory("search", "tabs", "--agent", "writer") == memory("search", "tabs") == []


def test_an_empty_sentence_and_an_unknown_id_are_sentences(memory):
    for arguments in (("add", "  "), ("forget", "f-none")):
        with pytest.raises(UserError):
            memory(*arguments)
