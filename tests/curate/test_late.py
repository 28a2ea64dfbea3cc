"""An outcome may come on another day, in the person's words or in their own repository."""

from __future__ import annotations

import dataclasses
import os
import subprocess

import pytest

from nightschool.curate import late
from nightschool.night import repositories
from tests.curate.talk import call, conversation, result

DAY = 86_400.0
START = 1_700_000_000.0


def told(*openings: str):
    """An answer about a backup script, and what the person says first on the days after."""
    first = conversation(
        "a", "Write a backup script for my photos.", "Here is backup.sh: rsync -a ~/photos /mnt/disk", started=START
    )
    other = conversation("b", "Which tea is good at night?", "Rooibos has no caffeine.", started=START + 3600)
    later = [
        conversation(f"l{day}", opening, "I see.", started=START + day * DAY) for day, opening in enumerate(openings, 1)
    ]
    return late.said([*later, other, first])


@pytest.mark.parametrize(
    ("opening", "polarity"),
    [
        ("The backup script you wrote yesterday works great!", 1),
        ("Your script from yesterday did the job, all photos are on the disk.", 1),
        ("The backup script from last night crashed on the photos.", -1),
        ("The photo backup you gave me the other day does not work.", -1),
    ],
)
def test_a_later_word_counts_for_the_answer_that_it_names(opening, polarity):
    (found,) = told(opening)
    assert (found[0], found[1].turn_id, found[1].polarity) == ("a", "a-0", polarity)
    assert found[1].source[0] == "l1-0" and found[1].strength >= 0.5


@pytest.mark.parametrize(
    "opening",
    [
        "It works great!",
        "My car works great, the trip yesterday was fun.",
        "Yesterday was a good day.",
        "Does the backup script you wrote yesterday work on a Mac?",
        "The backup script you wrote yesterday is on the disk.",
    ],
)
def test_a_word_that_names_nothing_or_judges_nothing_counts_for_nothing(opening):
    assert told(opening) == []


def test_a_question_that_comes_again_next_day_is_a_hint_and_no_clear_outcome():
    first = conversation("a", "How do I resize a partition on Debian?", "With parted.", started=START)
    again = conversation("b", "How do I resize a Debian partition?", "With parted.", started=START + DAY)
    month = conversation("c", "How do I resize a Debian partition?", "With parted.", started=START + 30 * DAY)
    (found,) = late.said([first, again, month])
    assert (found[0], found[1].kind, found[1].polarity) == ("a", "reask", -1)
    assert found[1].strength < 0.5


def test_what_a_tool_answers_may_be_asked_every_day():
    lines = ("What is the weather like in Olm today?", call("weather", place="Olm"), result("rain"), "Rain.")
    days = [conversation(f"d{n}", *lines, started=START + n * DAY) for n in range(3)]
    assert late.said(days) == []


TEXT = "def total(prices):\n    return sum(prices.values())\n\nprint(total({'tea': 3}))\n"


def edited(path: str):
    """A turn that writes a file."""
    talk = conversation(
        "e", "Sum the prices.", call("write_file", path=path, content=TEXT), result("ok", 0), "Done.", started=START
    )
    (edit,) = late.edits(talk)
    return edit


@pytest.fixture
def repository(tmp_path):
    """A git repository of the person's."""
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q")
    return root


def git(root, *arguments: str, at: float = START) -> None:
    who = {f"GIT_{role}_{what}": "p@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": f"{int(at)} +0000" for role in ("AUTHOR", "COMMITTER")}
    subprocess.run(["git", "-C", str(root), *arguments], check=True, env=os.environ | who | when, capture_output=True)


def commit(root, text: str | None, subject: str, at: float) -> None:
    file = root / "shop.py"
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    git(root, "add", "-A", at=at)
    git(root, "commit", "-q", "-m", subject, at=at)


def outcomes(root, path: str = ""):
    found, problems = repositories.outcomes(str(root), [edited(path or str(root / "shop.py"))])
    assert problems == []
    return [(conversation, signal.kind, signal.polarity) for conversation, signal in found]


def test_an_edit_that_is_committed_and_stays_was_good(repository):
    commit(repository, "import os\n", "Start", START - DAY)
    assert outcomes(repository) == [], "nobody knows yet"
    commit(repository, f"import os\n{TEXT}", "Sum prices", START + 60)
    commit(repository, f"import os\n{TEXT}\n# and more\n", "More", START + DAY)
    assert outcomes(repository) == [("e", "edit_kept", 1)]
    assert outcomes(repository, "shop.py") == [("e", "edit_kept", 1)], "a path may be relative"


def test_an_edit_that_is_reverted_was_not(repository):
    commit(repository, "import os\n", "Start", START - DAY)
    commit(repository, TEXT, "Sum prices", START + 60)
    commit(repository, "import os\n", 'Revert "Sum prices"', START + DAY)
    assert outcomes(repository) == [("e", "edit_reverted", -1)]


def test_what_was_rewritten_much_later_says_nothing(repository):
    commit(repository, TEXT, "Sum prices", START + 60)
    commit(repository, None, "Shop is closed", START + 60 * DAY)
    assert outcomes(repository) == []


def test_lines_that_were_there_before_are_not_the_edits(repository):
    commit(repository, TEXT, "By hand", START - DAY)
    commit(repository, TEXT + "\n", "Blank", START + DAY)
    assert outcomes(repository) == []


def test_files_outside_the_named_repositories_are_not_looked_at(repository, tmp_path):
    commit(repository, TEXT, "Sum prices", START + 60)
    assert outcomes(repository, str(tmp_path / "elsewhere" / "shop.py")) == []
    assert outcomes(repository, "../shop.py") == []


def test_a_folder_that_is_no_repository_is_told(tmp_path):
    found, problems = repositories.outcomes(str(tmp_path / "nowhere"), [edited("shop.py")])
    assert found == [] and "no git repository" in problems[0]


def test_a_failed_edit_is_none():
    failed = result("no such folder", 1)
    talk = conversation("e", "Sum.", call("write_file", path="shop.py", content=TEXT), failed, "It failed.")
    assert list(late.edits(talk)) == []
    assert dataclasses.asdict(edited("shop.py"))["turn_id"] == "e-0"
