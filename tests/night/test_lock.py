"""One night at a time per home."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from nightschool.errors import UserError
from nightschool.night.lock import only_one

HOLD = "import sys; from pathlib import Path; from nightschool.night.lock import only_one\n"
HOLD += "with only_one(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def held(path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_night_is_told_which_process_holds_the_first(tmp_path):
    other = held(tmp_path / "sleep.lock")
    with pytest.raises(UserError, match=f"process {other.pid}"), only_one(tmp_path / "sleep.lock"):
        pass
    other.communicate("")


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path):
    other = held(tmp_path / "sleep.lock")
    other.kill()
    other.communicate()
    with only_one(tmp_path / "sleep.lock"):
        assert (tmp_path / "sleep.lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="broken"), only_one(tmp_path / "sleep.lock"):
        raise ValueError("broken")
    with only_one(tmp_path / "sleep.lock"):
        pass


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path):
    with pytest.raises(UserError, match="cannot be written"), only_one(tmp_path / "missing" / "sleep.lock"):
        pass
