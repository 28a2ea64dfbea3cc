"""One night at a time per home.

The operating system holds the lock, so that it falls with the process that held it, however that
process ended; the process id in the file is only there to be named.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightschool.errors import UserError

FAR = 1 << 30
"""Windows locks bytes against reading too; this one is beyond the process id that the others read."""


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; UserError naming the process that holds it already."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}",
            hint="Mend its permissions, or choose another home with `--home PATH`",
        ) from error
    try:
        if not _take(handle):
            os.lseek(handle, 0, os.SEEK_SET)
            owner = os.read(handle, 32).decode("ascii", "replace").strip()
            raise UserError(
                f"Another night is running in {path.parent} (process {owner or 'unknown'})",
                hint="Wait until it ends, or stop it with Ctrl-C; it can be resumed",
            )
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode("ascii"))
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
