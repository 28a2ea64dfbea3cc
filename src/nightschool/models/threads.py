"""How many threads to compute with: the cores that this process really has.

Twice as many threads as cores made the same training ten times slower.
"""

from __future__ import annotations

import os
from pathlib import Path


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
