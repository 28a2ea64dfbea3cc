"""Start the training child, relay its progress, limit it and take in what it made.

The child writes into `.partial`; only here, after its hash was checked, does the result get its
name. Killed on either side, at any time, there is no adapter that is not whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from nightschool.errors import UserError
from nightschool.records import Json
from nightschool.train.job import Job, write_job
from nightschool.train.trained import ADAPTER, MANIFEST, Progress, Refused, Trained, read_manifest

PARTIAL = ".partial"
KEPT_VARIABLES = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "PYTHONPATH",
    "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME",
)  # fmt: skip
SILENCE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "AXOLOTL_DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "PYTHONHASHSEED": "0",
    "PYTHONUNBUFFERED": "1",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}
"""Offline, no telemetry, and nothing that differs from run to run."""


def train(
    job: Job, folder: Path, progress: Callable[[Progress], None] | None = None, *, pause: Path | None = None
) -> Trained:
    """Train an adapter into `folder` and return what it is; while the file `pause` is there, training waits.

    Raises Refused where training would not be honest or took too long, and UserError where it broke.
    """
    partial = folder / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        write_job(job, folder / "job.json")
        _run(job, folder, progress or (lambda _: None), pause)
        return _take_in(folder)
    except OSError as error:
        raise UserError(f"Training could not write to {str(folder)!r}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def environment(job: Job) -> dict[str, str]:
    """The child's whole environment: few variables of ours, one GPU, and what keeps it silent and steady."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    threads = {name: str(job.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    return kept | SILENCE | threads | {"CUDA_VISIBLE_DEVICES": kept.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]}


def _run(job: Job, folder: Path, progress: Callable[[Progress], None], pause: Path | None) -> None:
    command = [sys.executable, "-P", "-m", "nightschool.train.child_main"]
    arguments = [str(folder / "job.json"), str(folder / PARTIAL), str(os.getpid()), *([str(pause)] if pause else [])]
    last: Json = {}
    expired, ended = threading.Event(), threading.Event()
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command + arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            env=environment(job),
            start_new_session=True,
        )

    def limit() -> None:
        if _worked(job.max_minutes * 60, pause, ended):
            expired.set()
            _kill(process)

    threading.Thread(target=limit, daemon=True).start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # the child died while writing it
            last = json.loads(line)
            if "stage" in last:
                progress(Progress(**last))
        process.wait()
    finally:
        ended.set()
        _kill(process)
    if expired.is_set():
        raise Refused(f"Training was stopped at its time limit of {job.max_minutes:g} minutes")
    _judge(process.returncode, last, folder / "log.txt")


def _worked(seconds: float, pause: Path | None, ended: threading.Event) -> bool:
    """Wait until so much time has passed outside of pauses, and tell whether that was before the end."""
    left = seconds
    while left > 0:
        step = min(1.0, left)
        if ended.wait(step):
            return False
        if pause is None or not pause.exists():
            left -= step
    return True


def _kill(process: subprocess.Popen[str]) -> None:
    """End the child and all that it started; it holds nothing that would have to be put away."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _judge(returncode: int, last: Json, log: Path) -> None:
    if "refused" in last:
        raise Refused(last["refused"])
    if "error" in last:
        raise UserError(last["error"], hint=last["hint"])
    if returncode < 0:
        name = signal.Signals(-returncode).name
        raise UserError(
            f"Training was killed from outside ({name})",
            hint="Often that is too little memory; a smaller `train.batch` or `train.max_tokens` needs less",
        )
    if returncode:
        raise UserError("Training broke off with an error", hint=f"Its reason is at the end of {str(log)!r}")


def _take_in(folder: Path) -> Trained:
    partial = folder / PARTIAL
    if not (partial / MANIFEST).is_file():
        raise UserError("Training ended without a result", hint=f"Read {str(folder / 'log.txt')!r}")
    made = read_manifest(partial)
    weights = hashlib.sha256((made.adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    if weights != made.sha256:
        raise UserError("The adapter that training wrote is not whole", hint="Run the night again")
    # First the one and last the other: a folder with a manifest is a whole one, whenever this is killed.
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder / ADAPTER, ignore_errors=True)
    os.replace(partial / ADAPTER, folder / ADAPTER)
    os.replace(partial / MANIFEST, folder / MANIFEST)
    return read_manifest(folder)
