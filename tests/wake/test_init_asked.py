"""On a terminal `init` asks four questions and starts nothing heavy; anywhere else it asks nothing."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from nightschool.config import Home, read_config
from tests import tiny
from tests.models.delivery import llama_cpp
from tests.models.test_ollama_base import hold

SECONDS = 180


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("base") / "base", "llama")


@pytest.fixture(scope="module")
def there(base, tmp_path_factory):
    """Ollama's folder with one model, `tiny:1b`."""
    folder = tmp_path_factory.mktemp("ollama")
    hold(folder, llama_cpp.write_base(base, folder / "base.gguf", words=True))
    return folder


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def terminal(home, there, *script, words=()):
    """Type a script: each answer once its question is on the screen. Returns the screen and the exit code."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "nightschool", "--home", str(home.path), "init", *words],
        stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings(home, there),
    )  # fmt: skip
    os.close(theirs)
    screen, seen, ends = "", 0, time.monotonic() + SECONDS
    left = list(script)
    while time.monotonic() < ends:
        if left and left[0][0] in screen[seen:]:
            seen = len(screen)
            os.write(ours, f"{left.pop(0)[1]}\n".encode())
        if not select.select([ours], [], [], 0.2)[0]:
            continue
        try:
            more = os.read(ours, 4096)
        except OSError:  # how Linux says that the other end is closed
            break
        if not more:
            break
        screen += more.decode()
    os.close(ours)
    assert not left, screen
    return screen, child.wait(SECONDS)


def surroundings(home, there):
    return os.environ | {"OLLAMA_MODELS": str(there), "HF_HUB_CACHE": str(home.path / "none"), "NO_COLOR": "1"}


def test_enter_takes_what_is_proposed_and_nothing_heavy_is_started(home, there):
    screen, code = terminal(
        home, there, ("Which base?", ""), ("Where do you chat?", ""), ("When may a night begin?", ""),
        ("Try made-up facts now", ""),
    )  # fmt: skip
    assert code == 0, screen
    assert "1  ollama:tiny:1b" in screen and "2  pupil" in screen
    config = read_config(home.config_file)
    assert config.base.name.startswith(str(home.path / "bases" / "tiny-1b-"))
    assert (config.deliver.to, config.deliver.ollama_base) == ("ollama", "tiny:1b")
    assert config.schedule.window == "01:00-06:00"
    assert "not tried" in screen
    assert not home.edits.exists()


def test_an_answer_that_is_none_is_asked_for_again(home, there, base):
    screen, code = terminal(
        home, there, ("Which base?", "7"), ("there is no number 7", str(base)), ("Where do you chat?", "ollamma"),
        ("no place 'ollamma'", "llama-server, vllm"), ("When may", "25:00-3"), ("no span of time", "23:30-05:00"),
        ("Try made-up facts", "n"),
    )  # fmt: skip
    assert code == 0, screen
    config = read_config(home.config_file)
    assert (config.base.name, config.deliver.to) == (str(base), "llama-server,vllm")
    assert config.schedule.window == "23:30-05:00"


def test_who_leaves_at_a_question_leaves_the_home_as_it_was(home, there):
    screen, code = terminal(home, there, ("Which base?", "\x04"))
    assert code == 130, screen
    assert not home.config_file.exists()


def test_yes_takes_the_proposals_and_asks_nothing(home, there):
    said = subprocess.run(
        [sys.executable, "-m", "nightschool", "--home", str(home.path), "init", "--yes", "--window", "22:00-04:00"],
        env=surroundings(home, there), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    assert "Which base?" not in said.stderr and "Where do you" not in said.stderr
    config = read_config(home.config_file)
    assert config.base.name.startswith(str(home.path / "bases" / "tiny-1b-"))
    assert (config.deliver.to, config.schedule.window) == ("", "22:00-04:00")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--to", "olama"), "no place 'olama'"), (("--window", "late"), "'late' is no span of time")],
)
def test_a_flag_that_cannot_be_is_one_sentence(words, sentence, home, there):
    said = subprocess.run(
        [sys.executable, "-m", "nightschool", "--home", str(home.path), "init", *words],
        env=surroundings(home, there), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert said.returncode == 2
    assert sentence in said.stderr and "Traceback" not in said.stderr
    assert not home.config_file.exists()
