"""Adapters mounted on one running base: each loaded once, switched by call, alone or together, the oldest put away.

The base's own tensors are never written to; with all adapters off it computes what it did before.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.models.adapter import adapter_hash, hash_tensors, read_settings, refuse_foreign
from nightschool.models.model import Adapter

# Two for each arm of an exam: base, champion, two earlier versions and the challenger are four adapters.
LEAST = 6
MOST = 32
"""PEFT walks through all of them whenever it takes one more."""
MOST_BYTES = 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Mounted:
    """One adapter in the running model."""

    name: str
    state: tuple[int, int]
    """When its file was written, in nanoseconds, and its size."""


class Mounts:
    """The adapters on one base."""

    def __init__(self, base: Any, fingerprint: str) -> None:
        self._base = base
        self._fingerprint = fingerprint
        self._peft: Any = None
        self._mounted: OrderedDict[Path, Mounted] = OrderedDict()
        self._count = 0
        self._active: tuple[str, ...] | None = ()
        self._held: set[str] = set()
        self._doomed: set[str] = set()

    def hold(self, names: set[str]) -> None:
        """Keep what is answering until its answers have ended, even where its file is gone or new by then."""
        self._held = set(names)
        for name in self._doomed - self._held:
            self._doomed.discard(name)
            self._drop(name)

    def mount(self, adapter: Adapter) -> tuple[str, ...]:
        """Load adapters that are new or whose file has changed, and return their names for `switch`."""
        folders = (adapter,) if isinstance(adapter, Path) else adapter or ()
        return tuple(self._mount(folder).name for folder in folders)

    def switch(self, names: tuple[str, ...]) -> None:
        """Switch exactly these mounted adapters on, their changes added up; nothing where it is so already."""
        if names == self._active:
            return
        # Neither on nor off until the switch is through: Ctrl-C in between must not leave a half-switched base.
        self._active = None
        if not names:
            self._peft.base_model.disable_adapter_layers()
        else:
            self._peft.base_model.enable_adapter_layers()
            self._peft.base_model.set_adapter(list(names), inference_mode=True)
        self._active = names

    def hash(self, adapter: Path) -> str:
        """Hash an adapter's tensors as they stand in the running model."""
        from peft import get_peft_model_state_dict

        name = self._mount(adapter).name
        tensors = get_peft_model_state_dict(self._peft, adapter_name=name, save_embedding_layers=False)
        return hash_tensors(
            self._peft.peft_config[name].to_dict(),
            ((key, value.detach().float().cpu().numpy()) for key, value in tensors.items()),
        )

    def _mount(self, adapter: Path) -> Mounted:
        """Return the adapter as mounted, loading it where it is new or its file has changed."""
        folder = adapter.resolve()
        settings = read_settings(folder)
        weights = folder / "adapter_model.safetensors"
        if not weights.is_file():
            raise UserError(f"There are no adapter weights in {str(folder)!r}", hint="`nightschool versions list`")
        state = (weights.stat().st_mtime_ns, weights.stat().st_size)
        found = self._mounted.get(folder)
        if found and found.state == state:
            self._mounted.move_to_end(folder)
            return found
        if found:
            self._unmount(folder)
        refuse_foreign(folder, self._fingerprint)
        adapter_hash(folder)
        self._count += 1
        mounted = Mounted(name=f"adapter{self._count}", state=state)
        self._load(folder, mounted.name, settings)
        self._mounted[folder] = mounted
        while len(self._mounted) > (LEAST if self._bytes > MOST_BYTES else MOST):
            self._unmount(next(iter(self._mounted)))
        return mounted

    @property
    def _bytes(self) -> int:
        """Size of everything that is mounted, as files."""
        return sum(each.state[1] for each in self._mounted.values())

    def _load(self, folder: Path, name: str, settings: dict[str, Any]) -> None:
        from peft import PeftModel

        try:
            with warnings.catch_warnings():
                # PEFT warns of missing tensors; below they are an error.
                warnings.simplefilter("ignore")
                if self._peft is None:
                    self._peft = PeftModel.from_pretrained(self._base, str(folder), adapter_name=name)
                else:
                    self._peft.load_adapter(str(folder), adapter_name=name)
            self._peft.eval()
            self._rest()
            fits = self._tensor_names(name) == _names(folder)
        except (RuntimeError, ValueError, KeyError, TypeError) as error:
            self._drop(name)
            raise _foreign(folder, settings, str(error).splitlines()[0]) from error
        if not fits:
            self._drop(name)
            raise _foreign(folder, settings, "its tensors have other names than the base's layers")

    def _tensor_names(self, name: str) -> set[str]:
        from peft import get_peft_model_state_dict

        return set(get_peft_model_state_dict(self._peft, adapter_name=name, save_embedding_layers=False))

    def _unmount(self, folder: Path) -> None:
        name = self._mounted.pop(folder).name
        if name in self._held:
            self._doomed.add(name)
        else:
            self._drop(name)

    def _drop(self, name: str) -> None:
        if self._peft is None or name not in self._peft.peft_config:
            return
        if len(self._peft.peft_config) == 1:
            self._peft.unload()
            self._peft = None
            self._active = ()
        else:
            self._peft.delete_adapter(name)
            self._rest()

    def _rest(self) -> None:
        """Switch all adapters off: PEFT switches one on whenever it adds or removes any."""
        self._peft.base_model.disable_adapter_layers()
        self._active = ()


def _names(folder: Path) -> set[str]:
    from safetensors import safe_open

    with safe_open(str(folder / "adapter_model.safetensors"), framework="numpy") as file:
        return set(file.keys())


def _foreign(folder: Path, settings: dict[str, Any], why: str) -> UserError:
    base = settings.get("base_model_name_or_path") or "another base"
    return UserError(
        f"The adapter in {str(folder)!r} does not fit this base; it was trained on {base!r} ({why})",
        hint="`nightschool init --base NAME` with the base it was trained on, or `nightschool versions rollback`",
    )
