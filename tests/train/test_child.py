"""The child process: silent, bounded, whole or not at all, and never left behind."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch

from nightschool.errors import UserError
from nightschool.train import child, child_main, train
from nightschool.train.job import Job, write_job
from nightschool.train.trained import Progress, Refused, Trained, write_manifest

from . import tiny

AUDIT = """
import os, sys
def hook(event, arguments):
    if event in ("socket.getaddrinfo", "socket.connect", "socket.gethostbyname"):
        os.write(descriptor, (event + " " + repr(arguments) + "\\n").encode())
descriptor = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(hook)
os.write(descriptor, b"started " + " ".join(sorted(os.environ)).encode() + b"\\n")
"""


class Run(NamedTuple):
    """One training in a real child, with all that was seen of it."""

    trained: Trained
    folder: Path
    told: list[Progress]
    audit: str


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("inputs")
    rows = [make(index) for make in (tiny.sft, tiny.dpo, tiny.kto) for index in range(4)]
    return tiny.job(tiny.write_rows(folder / "rows.jsonl", rows), tiny.save_base(folder / "base"))


@pytest.fixture(scope="module")
def run(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Train once in a child whose every look-up and connection is written down."""
    folder, site = tmp_path_factory.mktemp("version"), tmp_path_factory.mktemp("site")
    (site / "sitecustomize.py").write_text(AUDIT.format(log=str(site / "audit.log")))
    told: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("SECRET_TOKEN", "not for the child")
        trained = train(job, folder, told.append)
    yield Run(trained, folder, told, (site / "audit.log").read_text())


def test_a_child_trains_an_adapter_and_says_what_it_did(run: Run) -> None:
    assert dict(run.trained.rows) == {"sft": 4, "dpo": 4, "kto": 4}
    assert run.trained.adapter == run.folder / "adapter"
    assert sorted(file.name for file in run.folder.iterdir()) == ["adapter", "job.json", "log.txt", "manifest.json"]
    assert list(dict.fromkeys(one.stage for one in run.told)) == ["load", "render", "sft", "dpo", "kto", "save"]


def test_training_looks_nothing_up_and_connects_to_nothing(run: Run) -> None:
    started, *calls = run.audit.splitlines()
    assert started.startswith("started ")
    assert calls == []


def test_the_child_knows_only_the_variables_it_needs(run: Run) -> None:
    names = run.audit.splitlines()[0].split()[1:]
    assert "SECRET_TOKEN" not in names
    assert {"HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK", "TRANSFORMERS_OFFLINE"} <= set(names)
    assert set(names) <= {*child.environment(tiny.job()), "LC_CTYPE", "PYTHONPATH"}


def test_the_files_name_no_place_and_can_be_read_by_a_server(run: Run, job: Job) -> None:
    for file in run.trained.adapter.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        for place in (str(run.folder), job.base, job.dataset):
            assert place.encode() not in file.read_bytes()


def test_the_child_makes_the_same_file_as_this_process(run: Run, job: Job, tmp_path: Path) -> None:
    from nightschool.train import fit

    fit.fit(job, tmp_path, lambda _: None)
    made = (tmp_path / "adapter/adapter_model.safetensors").read_bytes()
    assert made == (run.trained.adapter / "adapter_model.safetensors").read_bytes()


def test_a_child_that_is_killed_leaves_a_sentence_and_no_adapter(job: Job, tmp_path: Path) -> None:
    def kill(_: Progress) -> None:
        os.kill(children()[0], signal.SIGKILL)

    with pytest.raises(UserError, match=r"killed from outside \(SIGKILL\)"):
        train(job, tmp_path, kill)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["job.json", "log.txt"]


def test_ctrl_c_ends_the_child_too(job: Job, tmp_path: Path) -> None:
    seen: list[int] = []

    def interrupt(_: Progress) -> None:
        seen.extend(children())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(job, tmp_path, interrupt)
    assert seen and not any(is_alive(one) for one in seen)
    assert not (tmp_path / ".partial").exists()


def test_training_stops_at_its_time_limit(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"time limit of 0\.001 minutes"):
        train(tiny.job(max_minutes=0.001), tmp_path)
    assert not (tmp_path / "adapter").exists()


def test_a_base_that_is_not_there_is_the_persons_to_mend(tmp_path: Path) -> None:
    job = tiny.job(tiny.write_rows(tmp_path / "rows.jsonl", [tiny.sft(0)]), tmp_path / "nowhere")
    with pytest.raises(UserError, match="nowhere"):
        train(job, tmp_path / "version")


@pytest.mark.parametrize("line", ['{"refused": "Too little"}', '{"error": "Broken", "hint": "Mend it"}', "{}"])
def test_how_a_child_ends_is_how_training_ends(line: str, tmp_path: Path) -> None:
    expected = Refused if "refused" in line else UserError
    with pytest.raises(expected, match=r"Too little|Broken|log\.txt"):
        child._judge(3, json.loads(line), tmp_path / "log.txt")


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("[metal::malloc] Attempting to allocate 9 bytes"), True),
        (RuntimeError("shape mismatch"), False),
    ],
)
def test_memory_that_runs_out_halfway_is_known_for_what_it_is(error: Exception, short: bool) -> None:
    assert child_main.short_of_memory(error) is short


def test_memory_that_runs_out_halfway_is_a_sentence_and_leaves_no_adapter(job: Job, tmp_path: Path) -> None:
    broken = "def fit(*_):\n    raise MemoryError('no more')\n"
    words = f"import sys, types; m = types.ModuleType('nightschool.train.fit'); exec({broken!r}, m.__dict__);"
    words += "sys.modules['nightschool.train.fit'] = m; from nightschool.train.child_main import main;"
    words += "sys.exit(main(sys.argv[1:]))"
    write_job(job, tmp_path / "job.json")
    ended = subprocess.run(
        [sys.executable, "-c", words, str(tmp_path / "job.json"), str(tmp_path / "partial"), str(os.getpid())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    last = json.loads(ended.stdout.splitlines()[-1])
    with pytest.raises(UserError, match="No memory was left in the middle of training"):
        child._judge(ended.returncode, last, tmp_path / "log.txt")
    assert not (tmp_path / "partial").exists()


def test_an_adapter_that_is_not_whole_is_not_taken_in(run: Run, tmp_path: Path) -> None:
    partial = tmp_path / ".partial"
    shutil.copytree(run.folder / "adapter", partial / "adapter")
    shutil.copy(run.folder / "manifest.json", partial)
    weights = partial / "adapter/adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(UserError, match="not whole"):
        child._take_in(tmp_path)
    assert not (tmp_path / "adapter").exists()


def test_a_kill_in_the_middle_of_taking_in_leaves_no_manifest_without_its_adapter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, tmp_path / ".partial"):
        (folder / "adapter").mkdir(parents=True)
        (folder / "adapter/adapter_model.safetensors").write_bytes(b"weights")
        made = Trained(
            adapter=folder / "adapter", sha256=hashlib.sha256(b"weights").hexdigest(), base="b", dataset="d", rows={},
            left_out={}, tokens=1, steps={}, losses={}, learning_rates={}, seconds=1.0, versions={}, seed=7,
        )  # fmt: skip
        write_manifest(made, folder / "manifest.json")

    def killed(folder: Path, **_: Any) -> None:
        (folder / "adapter_model.safetensors").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        child._take_in(tmp_path)
    assert not (tmp_path / "manifest.json").exists()


def test_a_child_whose_parent_was_killed_ends_by_itself(job: Job, tmp_path: Path) -> None:
    """A night that is killed with -9 must not leave a training that runs on for hours."""
    script = (
        "import sys, pathlib, nightschool.train as t, nightschool.train.job as j\n"
        "told = lambda progress: print('told', flush=True)\n"
        "t.train(j.read_job(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]), told)\n"
    )
    from nightschool.train.job import write_job

    write_job(job, tmp_path / "job.json")
    command = [sys.executable, "-c", script, str(tmp_path / "job.json"), str(tmp_path / "version")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == "told\n"
        (trainer,) = children(parent.pid)
        parent.kill()
    deadline = time.monotonic() + 20
    while is_alive(trainer) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(trainer)
    assert not (tmp_path / "version/adapter").exists()


def children(parent: int | None = None) -> list[int]:
    """List the training children of a process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == (parent or os.getpid()) and b"nightschool.train.child_main" in command:
            found.append(int(status.parent.name))
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_pause_holds_training_within_one_step_and_does_not_count_against_its_limit(job: Job, tmp_path: Path) -> None:
    pause, told, seen = tmp_path / "pause", [], []

    def report(progress: Progress) -> None:
        told.append((time.monotonic(), progress))
        if progress.stage == "sft" and progress.step == 1:
            pause.write_text("somebody is back")

    def release() -> None:
        while not pause.exists():
            time.sleep(0.05)
        time.sleep(0.5)  # the step that was under way may end
        seen.append(len(told))
        time.sleep(3.0)
        seen.append(len(told))
        pause.unlink()

    threading.Thread(target=release).start()
    trained = train(dataclasses.replace(job, max_minutes=1.0), tmp_path / "version", report, pause=pause)
    assert seen[0] == seen[1], "no step ended while the pause was there"
    assert max(later - sooner for (sooner, _), (later, _) in itertools.pairwise(told)) > 3.0
    assert trained.steps["sft"] > 1


def test_time_in_a_pause_is_not_worked(tmp_path: Path) -> None:
    pause, ended = tmp_path / "pause", threading.Event()
    pause.write_text("")
    threading.Timer(1.5, ended.set).start()
    assert not child._worked(0.2, pause, ended)
    assert child._worked(0.2, tmp_path / "none", threading.Event())
