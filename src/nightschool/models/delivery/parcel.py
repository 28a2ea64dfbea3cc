"""What a version is delivered as: a folder of files that another program under another user can read.

A parcel is made beside its place and moved there whole, so that a full disk or a kill leaves none that is
not. Its files name the base by its fingerprint and never a path of this machine.
"""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError

from nightschool.errors import UserError
from nightschool.models.adapter import read_settings
from nightschool.models.delivery import factors, gguf_adapter, merged, mlx_adapter
from nightschool.records import Json

CARD = "parcel.json"
PEFT, GGUF, MLX, MERGED = "peft", "adapter.gguf", "mlx", "merged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One version made ready, in the form that one place takes."""

    name: str
    """What it is called wherever it goes; never given to anything else."""
    version: str
    folder: Path
    base: Path
    """The folder of the untouched base."""
    fingerprint: str
    context_tokens: int
    """How long a conversation may grow there."""

    @property
    def peft(self) -> Path:
        """The adapter in its canonical form."""
        return self.folder / PEFT

    @property
    def gguf(self) -> Path:
        """For llama.cpp and Ollama."""
        return self.folder / GGUF

    @property
    def mlx(self) -> Path:
        """For mlx-lm."""
        return self.folder / MLX

    @property
    def merged(self) -> Path:
        """Full weights."""
        return self.folder / MERGED


def pack(parcel: Parcel, adapters: Sequence[Path], form: str, *, base: str) -> Parcel:
    """Write the form of a parcel that a place takes; UserError leaves what was there, or nothing of it.

    Two adapters, skill and edits, become one.
    """
    target, written = parcel.folder / form, False
    if not adapters:
        raise UserError("The untouched base has no adapter to deliver", hint="`nightschool versions list`")
    partial = parcel.folder.with_name(f".{parcel.folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        _write(parcel, adapters, form, partial, base)
        _readable(partial)
        parcel.folder.mkdir(parents=True, exist_ok=True)
        parcel.folder.chmod(0o755)
        written = True
        _remove(target)
        (partial / form).rename(target)
        (parcel.folder / CARD).write_text(json.dumps(_card(parcel), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        (parcel.folder / CARD).chmod(0o644)
    except (OSError, SafetensorError) as error:
        if written:
            _remove(target)
        if not any(parcel.folder.glob("*")):
            _remove(parcel.folder)
        raise UserError(
            f"Version {parcel.version!r} could not be written to {str(parcel.folder)!r}: {_why(error)}",
            hint="Free some space, or set `folder` under [deliver] in config.toml to another disk",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return parcel


def _why(error: OSError | SafetensorError) -> str:
    """Say what hindered a write; safetensors hides the number of the system's error in its words."""
    full = error.errno == errno.ENOSPC if isinstance(error, OSError) else f"os error {errno.ENOSPC}" in str(error)
    return "the disk is full" if full else str(getattr(error, "strerror", None) or error)


def digest(file: Path) -> str:
    """Hash a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write(parcel: Parcel, adapters: Sequence[Path], form: str, folder: Path, base: str) -> None:
    if len(adapters) == 1 and form == PEFT:
        shutil.copytree(adapters[0], folder / PEFT)
        _forget_paths(folder / PEFT, base)
        return
    if form == MERGED:
        _write(parcel, adapters, PEFT, folder, base)
        merged.write(folder / PEFT, folder / MERGED, base=base)
        return
    changes = factors.read(adapters[0])
    for adapter in adapters[1:]:
        changes = factors.joined(changes, factors.read(adapter))
    if form == GGUF:
        gguf_adapter.write(changes, folder / GGUF, base=parcel.base, fingerprint=parcel.fingerprint)
    elif form == MLX:
        mlx_adapter.write(changes, folder / MLX, base=parcel.base, fingerprint=parcel.fingerprint)
    else:
        factors.write(changes, folder / PEFT, base=parcel.fingerprint)


def _forget_paths(folder: Path, base: str) -> None:
    """Take the folder that a base was trained from out of the settings; a hub's name may stay."""
    settings = read_settings(folder)
    if "/" in str(settings.get("base_model_name_or_path", ""))[:1] or Path(base).is_absolute():
        settings["base_model_name_or_path"] = Path(base).name
        (folder / "adapter_config.json").write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", "utf-8")


def _card(parcel: Parcel) -> Json:
    files = [file for file in sorted(parcel.folder.rglob("*")) if file.is_file() and file.name != CARD]
    return {
        "name": parcel.name,
        "version": parcel.version,
        "base": parcel.fingerprint,
        "files": {file.relative_to(parcel.folder).as_posix(): digest(file) for file in files},
    }


def _readable(folder: Path) -> None:
    """Let the user that a server runs under read what safetensors writes for its owner alone."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
