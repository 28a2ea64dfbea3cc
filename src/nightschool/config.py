"""The home folder of one person and its one settings file, `config.toml`.

Every key has a default here; an unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightschool.errors import UserError


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseConfig:
    """Which untouched model everything is built on."""

    name: str = "pupil"
    """`pupil`, a folder, or a Hugging Face name."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda` or `mps`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryConfig:
    """What goes into the prompt."""

    max_items: int = 12
    max_tokens: int = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class CurateConfig:
    """What deserves to be learnt."""

    replay_share: float = 0.30
    """Share of a dataset's rows that are older kept rows or the base's own answers."""
    told_share: float = 0.25
    """Share of taught rows whose prompt keeps the memory block."""
    holdout_share: float = 0.20
    """Newest share of the conversations, never trained on until the exam has used them."""
    min_examples: int = 12
    max_rows: int = 2000
    tries: int = 4
    """Answers sampled in search of a verified better one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """How behaviour is trained."""

    rank: int = 16
    learning_rate: float = 0.0
    """0 means: chosen by the size of the base."""
    epochs: int = 3
    batch: int = 8
    max_tokens: int = 2048
    """Longest row; longer ones are left out and counted, never cut."""
    short_prefix_tokens: int = 512
    """A system prompt longer than this is replaced by its recorded short form in training rows."""
    max_minutes: float = 240.0
    seed: int = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class ExamConfig:
    """How versions are examined and what the gate allows."""

    margin: float = 0.06
    """Largest fall against the anchor, as a share of the pooled battery."""
    alpha: float = 0.05
    battery_items: int = 420
    min_items: int = 36
    """Fewest personal items that a promotion can rest on."""
    min_battery: int = 300
    """Fewest battery items, right on the base, that non-inferiority can rest on."""
    max_answer_tokens: int = 96
    earlier: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """All settings of one home."""

    base: BaseConfig = field(default_factory=BaseConfig)
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    curate: CurateConfig = field(default_factory=CurateConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    exam: ExamConfig = field(default_factory=ExamConfig)


@dataclass(frozen=True)
class Home:
    """Where everything of one person lies; mode 0700."""

    path: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.path / "nightschool.db"

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.path / "config.toml"

    @property
    def versions(self) -> Path:
        """Adapters, one folder per version."""
        return self.path / "versions"

    @property
    def datasets(self) -> Path:
        """Frozen datasets, one file per hash."""
        return self.path / "datasets"

    @property
    def runs(self) -> Path:
        """One folder per night."""
        return self.path / "runs"

    @property
    def lock(self) -> Path:
        """Held by the night that is running."""
        return self.path / "sleep.lock"

    def create(self) -> Home:
        """Make the folder, mode 0700, where it does not exist yet; UserError where that cannot be."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
            for folder in (self.versions, self.datasets, self.runs):
                folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise UserError(
                f"The home folder {str(self.path)!r} cannot be written: {error.strerror}",
                hint="Choose another one with `--home PATH` or the variable NIGHTSCHOOL_HOME",
            ) from error
        if not os.access(self.path, os.W_OK):
            raise UserError(
                f"The home folder {str(self.path)!r} cannot be written",
                hint="Choose another one with `--home PATH` or the variable NIGHTSCHOOL_HOME",
            )
        return self


def find_home(option: str | None) -> Home:
    """Return the home named by the option, by NIGHTSCHOOL_HOME, or the platform's default."""
    chosen = option or os.environ.get("NIGHTSCHOOL_HOME")
    if chosen:
        return Home(Path(chosen).expanduser().resolve())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("nightschool", appauthor=False)))


def read_config(path: Path) -> Config:
    """Read the settings; a missing file means all defaults.

    Raises UserError where the file is no TOML, a key is unknown or a value has the wrong type.
    """
    if not path.exists():
        return Config()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}", hint="Mend that line, or move the file away") from error
    sections: dict[str, Any] = {}
    for name, values in table.items():
        kind = _section(path, name)
        if not isinstance(values, dict):
            raise UserError(f"{path}: {name!r} is a section", hint=f"Write its keys below a line `[{name}]`")
        sections[name] = kind(**{key: _value(path, kind, name, key, value) for key, value in values.items()})
    return Config(**sections)


def _section(path: Path, name: str) -> type[Any]:
    kinds = {f.name: f.default_factory for f in dataclasses.fields(Config)}
    if name not in kinds:
        raise UserError(f"{path}: unknown section {name!r}", hint=_nearest(name, list(kinds)))
    return kinds[name]  # type: ignore[return-value]


def _value(path: Path, kind: type[Any], section: str, key: str, value: object) -> object:
    fields = {f.name: f for f in dataclasses.fields(kind)}
    if key not in fields:
        raise UserError(f"{path}: unknown key {key!r} in [{section}]", hint=_nearest(key, list(fields)))
    wanted = type(fields[key].default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise UserError(f"{path}: {section}.{key} is {value!r}", hint=f"It takes a value of type {wanted.__name__}")
    return value


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return f"Did you mean {close[0]!r}?"


def write_config(path: Path, config: Config) -> None:
    """Write the settings that differ from their defaults, atomically."""
    lines: list[str] = []
    for section in dataclasses.fields(Config):
        values = getattr(config, section.name)
        changed = [f for f in dataclasses.fields(values) if getattr(values, f.name) != f.default]
        if changed:
            lines += [f"[{section.name}]", *(f"{f.name} = {_toml(getattr(values, f.name))}" for f in changed), ""]
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(lines), encoding="utf-8")
    os.replace(partial, path)


def _toml(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value).lower()
