"""What a process computes with: the cores that it really has, and memory that it holds on to.

Twice as many threads as cores made the same training ten times slower.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
"""Names of glibc's `mallopt`."""
HELD_BYTES = 1 << 30


def cores() -> int:
    """Count the physical cores that this process may use, within its container's quota."""
    if os.environ.get("OMP_NUM_THREADS", "").isdigit():
        return max(1, int(os.environ["OMP_NUM_THREADS"]))
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = {_siblings(cpu) for cpu in allowed}
    return max(1, min(len(siblings), _quota() or len(siblings)))


def _siblings(cpu: int) -> str:
    """Name a CPU's core by the list of its hardware threads; by itself where the system does not say."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text(encoding="ascii")
    except OSError:
        return str(cpu)


def _quota() -> int | None:
    try:
        limit, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return None if limit == "max" else max(1, round(int(limit) / int(period)))
    except (OSError, ValueError):
        return None


def hold_memory() -> None:
    """Keep freed memory for the next forward pass instead of giving it back (glibc only, else nothing).

    Pages that are returned and asked for again at every step cost a quarter of a night's processor time.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for name, size in ((TRIM_THRESHOLD, HELD_BYTES), (TOP_PAD, HELD_BYTES >> 4), (MMAP_THRESHOLD, HELD_BYTES)):
            mallopt(name, size)
