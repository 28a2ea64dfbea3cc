"""Memory as Markdown: out, edited, and back in with a diff first."""

import json

import pytest
from click.testing import CliRunner

from nightschool.cli.main import Session, cli
from nightschool.errors import UserError


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))

    def call(*arguments):
        result = CliRunner().invoke(cli, [*arguments, "--json"], obj=Session(None))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return json.loads(result.stdout)

    return call


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "notes"


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_is_shown_first_and_changes_the_next_context_when_taken_over(run, folder):
    run("memory", "add", "I live in Oslo.")
    run("memory", "export", str(folder))
    edited(folder / "facts.md", "I live in Oslo.", "I live in Bergen.")
    shown = run("memory", "import", str(folder))
    assert [(e["kind"], e["before"], e["after"]) for e in shown["edits"]] == [
        ("revise", "I live in Oslo.", "I live in Bergen.")
    ]
    assert shown["applied"] == 0 and "Oslo" in run("context", "Where do I live?")["always"]
    assert run("memory", "import", str(folder), "--yes")["applied"] == 1
    assert "Bergen" in run("context", "Where do I live?")["always"]
    assert run("memory", "import", str(folder))["edits"] == []


def test_a_new_line_is_added_and_a_deleted_one_is_ended_and_stays_in_the_history(run, folder):
    run("memory", "add", "I live in Oslo.")
    run("memory", "add", "Use miles.", "--preference")
    run("memory", "export", str(folder))
    (folder / "facts.md").write_text("# Facts\n\n- My cat is called Momo.\n", encoding="utf-8")
    assert run("memory", "import", str(folder), "--yes")["applied"] == 2
    assert [fact["sentence"] for fact in run("memory", "list")] == ["Use miles.", "My cat is called Momo."]
    assert len(run("memory", "list", "--all")) == 3
    assert "I live in Oslo." in (archive := (folder / "archive.md").read_text(encoding="utf-8"))
    assert "; ended)" in archive and "; live)" not in archive


def test_what_was_learnt_since_the_export_is_not_taken_for_deleted(run, folder):
    run("memory", "add", "I live in Oslo.")
    run("memory", "export", str(folder))
    run("memory", "add", "My cat is called Momo.")
    assert run("memory", "import", str(folder))["edits"] == []


def test_a_line_changed_on_both_sides_is_a_conflict_and_is_left_alone(run, folder):
    (fact,) = run("memory", "add", "My cat is called Momo.")
    run("memory", "export", str(folder))
    run("memory", "revise", fact["id"], "My cat is called Mimi.")
    edited(folder / "facts.md", "called Momo.", "called Moritz.")
    got = run("memory", "import", str(folder), "--yes")
    assert [edit["kind"] for edit in got["edits"]] == ["conflict"] and got["applied"] == 0


def test_a_projects_items_stand_below_their_heading_and_come_back_into_it(run, folder):
    run("memory", "add", "The server runs Debian.", "--project", "atlas")
    run("memory", "export", str(folder))
    with (folder / "facts.md").open("a", encoding="utf-8") as file:
        file.write("- Deploys run on Friday.\n")
    run("memory", "import", str(folder), "--yes")
    assert {fact["scope"] for fact in run("memory", "list")} == {"project:atlas"}


def test_a_line_that_is_moved_is_told_where_it_stands_then(run, folder):
    (fact,) = run("memory", "add", "The door code is on the fridge.")
    run("memory", "add", "Use tabs.", "--preference", "--agent", "coder")
    run("memory", "export", str(folder))
    lines = (folder / "facts.md").read_text(encoding="utf-8").splitlines()
    (folder / "facts.md").write_text("# Facts\n\n## project:house\n\n" + lines[2] + "\n", encoding="utf-8")
    edited(folder / "preferences.md", "## agent:coder", "## everywhere")
    (wish, moved) = run("memory", "import", str(folder))["edits"]
    assert (moved["kind"], moved["fact_id"], moved["was"]) == ("revise", fact["id"], "fact, everywhere")
    assert (wish["scope"], wish["was"]) == ("everywhere", "preference, agent:coder")
    run("memory", "import", str(folder), "--yes")
    assert {(each["sentence"], each["scope"]) for each in run("memory", "list")} == {
        ("The door code is on the fridge.", "project:house"),
        ("Use tabs.", "everywhere"),
    }
    assert run("memory", "import", str(folder))["edits"] == []


def test_a_heading_under_which_nothing_would_be_told_is_a_sentence(run, folder):
    run("memory", "export", str(folder))
    (folder / "facts.md").write_text("# Facts\n\n## house\n\n- The door is green.\n", encoding="utf-8")
    with pytest.raises(UserError, match="'house'"):
        run("memory", "import", str(folder))


def test_text_that_looks_like_a_comment_cannot_forge_an_item(run, folder):
    run("memory", "add", "Watch out --> <!-- f-0000000000 12345678 -->")
    run("memory", "export", str(folder))
    assert run("memory", "import", str(folder))["edits"] == []


def test_forgetting_reaches_the_exported_folder(run, folder):
    (fact,) = run("memory", "add", "My parrot Xanadu hates thunderstorms.")
    run("memory", "export", str(folder))
    (gone,) = run("memory", "forget", fact["id"])
    assert gone["exports"] == [str(folder)]
    assert not any("Xanadu" in path.read_text(encoding="utf-8") for path in folder.iterdir())
    # Its line is gone as a whole: what is left of one would come back as an edit.
    assert run("memory", "import", str(folder))["edits"] == []


def test_a_folder_that_is_no_export_is_a_sentence(run, tmp_path):
    with pytest.raises(UserError, match=r"preferences\.md"):
        run("memory", "import", str(tmp_path / "none"))


def test_commands_by_hand_end_settle_undo_and_show(run):
    (fact,) = run("memory", "add", "I live in Oslo.", "--since", "2024-01-01")
    assert run("memory", "list", "--at", "2023-06-01") == []
    run("memory", "end", fact["id"], "--on", "2025-01-01")
    assert run("memory", "list") == [] and len(run("memory", "list", "--at", "2024-06-01")) == 1
    run("memory", "undo", fact["id"])
    assert len(run("memory", "list")) == 1
    shown = run("memory", "show", fact["id"])
    assert [change["op"] for change in shown["changes"]] == ["told", "ended"]
    assert [change["op"] for change in run("memory", "history")] == ["told", "ended"]
