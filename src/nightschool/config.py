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
    retrieved_tokens: int = 1000
    """Room for what was said before, next to the question; bases with a short context get none."""
    embedder: str = ""
    """`minilm`, a model's folder, or `http://localhost:11434#nomic-embed-text`; empty: by words alone."""
    consolidate: bool = False
    """Whether nights also train the facts that are proven in the weights, and let go of the edits not needed then."""


KINDS_APART = ("agents", "projects")


def kept_apart(kinds: str) -> frozenset[str]:
    """Return the kinds that `curate.apart` names; UserError where it names anything else."""
    named = frozenset(kind.strip() for kind in kinds.split(",") if kind.strip())
    unknown = next(iter(sorted(named.difference(KINDS_APART))), None)
    if unknown is not None:
        raise UserError(f"curate.apart names {unknown!r}", hint="It takes `agents`, `projects`, or both with a comma")
    return named


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
    reader: str = "rules"
    """`rules`, or `base`: the base reads messages and complaints too, and the rules watch over what it finds."""
    candidate_days: int = 90
    """A wish that was not repeated for so long is no candidate any more; 0 keeps it for ever."""
    day_rows: int = 400
    """Most rows of one program and day, so that no single day decides what a night learns."""
    apart: str = ""
    """`agents`, `projects`, or both with a comma: what is told there is told again there alone, and never trained."""
    repositories: str = ""
    """Folders of git repositories, commas between, whose history tells which edits stayed; empty: none is read."""
    own_share: float = 0.10
    """Largest share of a dataset's rows, replayed ones included, that rests on what only the model read."""


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
    liger: bool = False
    """Liger's kernels on a CUDA card: less memory, more speed; an extra to install."""
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
class JudgeConfig:
    """One judge of the panel: a model behind an endpoint, or the local base itself."""

    name: str = ""
    url: str = ""
    """`http://host:11434`, `http://host:8000/v1`; empty means the local base."""
    model: str = ""
    """Empty means: the first one that the endpoint lists."""
    api: str = "auto"
    """`auto`, `openai` or `ollama`."""
    key_variable: str = ""
    """Name of the environment variable that holds the key."""
    transport: str = "auto"
    """`auto`, `httpx` or `curl`."""
    thinking: bool = False
    """Whether it thinks first, in a call of its own."""
    parallel: int = 4
    context_tokens: int = 16384


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgesConfig:
    """Who judges answers, and when they are believed."""

    panel: tuple[JudgeConfig, ...] = ()
    """Written as tables `[[judges.panel]]`."""
    good: float = 7.0
    """An overall score from here on is good."""
    bad: float = 4.0
    """An overall score down from here is bad."""
    max_spread: float = 4.0
    """Overall scores further apart than this are a disagreement."""
    min_sound: int = 2
    """With fewer sound judges the judged signal is off."""
    votes: int = 0
    """Judges that look at each turn; 0 means all of them, fewer share the turns among them."""
    controls: int = 20
    """Planted answers of each kind, junk and gold, in every run."""
    pool: int = 100
    """Latest planted answers of each kind that a judge is measured on."""
    junk_bar: float = 0.90
    gold_bar: float = 0.85
    consistency_bar: float = 0.80
    """Share of pairs on which both orders must give the same preference."""
    no_verdict_bar: float = 0.20
    """Largest share of a run's planted answers that may stay without a verdict."""
    max_turns: int = 500
    """Turns judged in one night."""
    max_minutes: float = 60.0
    seconds: float = 120.0
    """Time for one answer of a judge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleConfig:
    """When nights begin by themselves, and what holds one back. A 0 switches its key off."""

    window: str = "01:00-06:00"
    """Local time in which a night begins; it may pass midnight."""
    idle_minutes: int = 20
    """How long nobody must have used the machine; somebody who comes back pauses the night."""
    mains: bool = True
    """Whether a night waits for mains power."""
    gpu_free_gb: float = 0.0
    max_minutes: float = 0.0
    """Of work, pauses not counted; what is left goes on in the next window."""
    max_degrees: float = 0.0
    """Celsius of the hottest sensor; above it the night pauses."""
    max_watt_hours: float = 0.0
    by_server: bool = False
    """Whether `nightschool serve` begins nights, where no timer of the system does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolConfig:
    """One tool of the history that may be run again at night: what is listed here, and nothing else."""

    name: str = ""
    """What the tool is called in the history, such as `exec`."""
    command: str = ""
    """What is run in its place, without a shell; `{path}` stands for the call's argument of that name."""
    only: str = ""
    """Run only where an argument of the call is exactly this, such as `pytest -q`; empty means always."""
    folder: str = ""
    """Where it is run; empty means the person's home folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReflectConfig:
    """Whether nights think about history, and how much; off until it has been shown to help."""

    enabled: bool = False
    max_tokens: int = 20_000
    max_minutes: float = 10.0
    max_changes: int = 3
    """Changes that a night may propose: candidates of its own, and lessons that it casts doubt on."""
    url: str = ""
    """Another model that thinks, cheaper or stronger, behind an endpoint; empty means whoever answers by day."""
    model: str = ""
    """Its name there; empty means the first one that the endpoint lists."""
    api: str = "auto"
    """`auto`, `openai` or `ollama`."""
    key_variable: str = ""
    """Name of the environment variable that holds the key."""
    tools: tuple[ToolConfig, ...] = ()
    """Written as tables `[[reflect.tools]]`."""
    tool_seconds: float = 60.0
    """Time for one run of a tool."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverConfig:
    """Where a promoted version is carried, so that it answers where the person chats."""

    to: str = ""
    """`ollama`, `llama-server`, `vllm` or `mlx`, several with commas between; empty means nowhere."""
    name: str = "nightschool"
    """What the model is called there."""
    folder: str = ""
    """Where files for servers lie; empty means inside the home, which only the person can read."""
    context_tokens: int = 0
    """Longest conversation there. 0 means: what the base reads, at most 32,768."""
    ollama_url: str = "http://127.0.0.1:11434"
    ollama_base: str = ""
    """Ollama's name of this home's base, such as `qwen3:8b`."""
    llama_url: str = "http://127.0.0.1:8080"
    vllm_url: str = "http://127.0.0.1:8000"


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeConfig:
    """Where the server listens, and what answers behind it."""

    host: str = "127.0.0.1"
    port: int = 8787
    upstream: str = ""
    """Address of a server to stand in front of; empty means the base in this process."""
    key_variable: str = ""
    """Name of the environment variable that holds the key for it."""
    base_share: float = 0.0
    """Share of conversations with the champion that the bare base answers instead, to compare the two; 0: none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """All settings of one home."""

    base: BaseConfig = field(default_factory=BaseConfig)
    memory: MemoryConfig = field(default_factory=MemoryConfig)
    curate: CurateConfig = field(default_factory=CurateConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    exam: ExamConfig = field(default_factory=ExamConfig)
    reflect: ReflectConfig = field(default_factory=ReflectConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    serve: ServeConfig = field(default_factory=ServeConfig)
    judges: JudgesConfig = field(default_factory=JudgesConfig)
    deliver: DeliverConfig = field(default_factory=DeliverConfig)


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
    def edits(self) -> Path:
        """What edits stand on and the adapters made from the ledger, one folder per base and skill."""
        return self.path / "edits"

    @property
    def delivered(self) -> Path:
        """Versions in the forms that other programs read."""
        return self.path / "delivered"

    @property
    def deliveries(self) -> Path:
        """What was delivered where."""
        return self.path / "deliveries.json"

    @property
    def runs(self) -> Path:
        """One folder per night."""
        return self.path / "runs"

    @property
    def lock(self) -> Path:
        """Held by the night that is running."""
        return self.path / "sleep.lock"

    @property
    def pause(self) -> Path:
        """While this file is there, a running night waits; it holds the reason."""
        return self.path / "pause"

    @property
    def awake(self) -> Path:
        """Its time of change is the last moment at which the person asked something."""
        return self.path / "awake"

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
    if wanted is tuple:
        return _tables(path, f"{section}.{key}", value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise UserError(f"{path}: {section}.{key} is {value!r}", hint=f"It takes a value of type {wanted.__name__}")
    return value


_ENTRIES: dict[str, type[Any]] = {"judges.panel": JudgeConfig, "reflect.tools": ToolConfig}
"""What the tables of a list are."""


def _tables(path: Path, name: str, value: object) -> tuple[Any, ...]:
    """Read a list of tables, each as strictly as a section."""
    kind: type[Any] = _ENTRIES[name]
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise UserError(f"{path}: {name} is {value!r}", hint=f"Write one table `[[{name}]]` for each entry")
    return tuple(kind(**{key: _value(path, kind, name, key, entry) for key, entry in table.items()}) for table in value)


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

    if isinstance(value, tuple):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    if isinstance(value, (JudgeConfig, ToolConfig)):
        pairs = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value)]
        return f"{{{', '.join(f'{key} = {_toml(entry)}' for key, entry in pairs)}}}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value).lower()
