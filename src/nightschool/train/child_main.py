"""The training child's entry: `python -m nightschool.train.child_main JOB PARTIAL PARENT [PAUSE]`.

It speaks JSON lines on stdout, one per step, and ends with exit code 0 only when the result is
written. It dies with its parent: by the kernel's signal on Linux, by looking every second elsewhere.
While the file PAUSE is there, it waits behind the step at which it is.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TextIO

from nightschool.errors import UserError
from nightschool.models.base import find
from nightschool.records import Json, to_json
from nightschool.train.job import read_job
from nightschool.train.trained import Progress, Refused

PR_SET_PDEATHSIG = 1
PAUSE_SECONDS = 0.2
LESS = (
    "`nightschool train plan` says what would fit; a smaller `batch` or `max_tokens` under [train] needs less,"
    " and so does a base in four bits"
)


def follow_parent(parent: int) -> None:
    """End this process when its parent is gone, so that no training runs on for nobody."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def take_stdout() -> TextIO:
    """Keep stdout for our lines alone; whatever a library prints goes to the log."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return lines


def main(arguments: list[str]) -> int:
    """Run one job file and return the exit code."""
    job_file, partial, parent, *pause = arguments
    follow_parent(int(parent))
    lines = take_stdout()

    def say(message: Json) -> None:
        lines.write(json.dumps(message) + "\n")

    def report(progress: Progress) -> None:
        say(to_json(progress))
        while any(Path(file).exists() for file in pause):
            time.sleep(PAUSE_SECONDS)

    try:
        job = read_job(Path(job_file))
        report(Progress(stage="load"))
        find(job.base)  # before the seconds that the next import takes
        if job.engine == "mlx":
            from nightschool.train.mlx_fit import fit
        else:
            from nightschool.train.fit import fit

        fit(job, Path(partial), report)
    except Refused as refusal:
        say({"refused": refusal.reason})
        return 3
    except UserError as error:
        say({"error": error.message, "hint": error.hint})
        return 2
    except (MemoryError, RuntimeError) as error:
        if not short_of_memory(error):
            raise
        traceback.print_exc()
        say({"error": "No memory was left in the middle of training", "hint": LESS})
        return 2
    return 0


def short_of_memory(error: BaseException) -> bool:
    """Whether a training broke off because memory ran out: on a card, or in the process."""
    words = ("out of memory", "can't allocate memory", "[metal::malloc]", "unable to allocate")
    return isinstance(error, MemoryError) or any(each in str(error).lower() for each in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
