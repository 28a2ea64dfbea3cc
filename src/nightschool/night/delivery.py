"""Bring versions to where the person chats, and take back what may not answer any more.

Every step can be done again: a version that is there already is switched to, not sent. A place that
fails keeps what it had; nobody is switched to a version whose answers there were not compared.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nightschool import models
from nightschool.config import Config, Home
from nightschool.curate import dataset
from nightschool.edit import mounting
from nightschool.edit.phrasing import phrasing
from nightschool.errors import UserError
from nightschool.exam import battery
from nightschool.models import shelf
from nightschool.models.base import find
from nightschool.models.delivery import parcel, record
from nightschool.models.delivery.gguf_adapter import text_settings
from nightschool.models.delivery.parcel import MERGED, Parcel
from nightschool.models.delivery.place import Place
from nightschool.models.delivery.probe import probe
from nightschool.models.delivery.record import Delivery
from nightschool.records import Prompt, Version
from nightschool.store import facts, versions

PLACES = ("ollama", "llama-server", "vllm", "mlx")
KINDS = (*PLACES, MERGED)
LONGEST_CONTEXT = 32_768
PROMPTS = 4
"""Asked of each kind, taught and general."""

Loaded = Callable[[], Any]
"""Returns the loaded base, a TransformersModel; called only where something has to be compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """What every delivery of one home needs."""

    db: sqlite3.Connection
    home: Home
    config: Config
    fingerprint: str
    base: Path
    loaded: Loaded

    def folder(self, kind: str) -> Path:
        """Where the parcels of a place lie."""
        chosen = self.config.deliver.folder
        return (Path(chosen).expanduser().resolve() if chosen else self.home.delivered) / kind


def post(db: sqlite3.Connection, home: Home, config: Config, loaded: Loaded | None = None) -> Post:
    """Prepare deliveries of a home; the base is loaded only where it is needed."""
    name, device = config.base.name, config.base.device
    return Post(
        db=db,
        home=home,
        config=config,
        fingerprint=models.fingerprint(name),
        base=find(name),
        loaded=loaded or (lambda: models.load(name, device)),
    )


def wanted(config: Config) -> tuple[str, ...]:
    """The places that the settings name; UserError where one is none."""
    return kinds(config.deliver.to)


def kinds(text: str) -> tuple[str, ...]:
    """Read names of places with commas between; UserError where one is none."""
    named = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    for word in named:
        if word not in KINDS:
            raise UserError(f"There is no place {word!r} to deliver to", hint=f"Choose among {', '.join(KINDS)}")
    return named


def carry(db: sqlite3.Connection, home: Home, config: Config, loaded: Loaded | None = None) -> tuple[Delivery, ...]:
    """Follow what the champion is now and what was forgotten; nothing where no place was ever set up, never raises."""
    if not config.deliver.to and not home.deliveries.exists():
        return ()
    try:
        return follow(post(db, home, config, loaded))
    except UserError as error:
        return (_refused("", versions.pointer(db, "champion"), error),)


def follow(at: Post) -> tuple[Delivery, ...]:
    """Make every place of the settings answer as the champion, and withdraw what may not stay; never raises."""
    try:
        champion = versions.pointer(at.db, "champion")
        done = [deliver(at, champion, kind) for kind in wanted(at.config) if kind in PLACES]
        return (*done, *withdraw(at))
    except UserError as error:
        return (_refused("", versions.pointer(at.db, "champion"), error),)


def known(at: Post) -> bool:
    """Whether anything was ever delivered."""
    return bool(record.read(at.home.deliveries))


def deliver(at: Post, version_id: str, kind: str) -> Delivery:
    """Bring one version to one place, and let it answer there where it is the champion."""
    before = _answering(at, kind)
    try:
        with _plainly(kind):
            version = versions.get(at.db, version_id)
            if version.state == "blocked":
                raise UserError(
                    f"Version {version_id!r} is blocked: it was trained on something that was forgotten since",
                    hint="`nightschool versions list` shows the others",
                )
            done = _deliver(at, version, kind)
    except UserError as error:
        done = _refused(kind, version_id, error)
    if not done.answers and before is not None and _may_not_answer(at, before):
        _fall_back(at, kind)
    return done


def take_back(db: sqlite3.Connection, home: Home, config: Config) -> tuple[Delivery, ...]:
    """Withdraw what was forgotten wherever it answers, without loading or comparing anything; never raises.

    The untouched base answers there until the next delivery.
    """
    if not home.deliveries.exists():
        return ()
    try:
        at = post(db, home, config)
        for each in record.read(home.deliveries):
            if each.answers and _may_not_answer(at, each):
                _fall_back(at, each.place)
        return withdraw(at)
    except UserError as error:
        return (_refused("", versions.pointer(db, "champion"), error),)


def withdraw(at: Post) -> tuple[Delivery, ...]:
    """Take back what is blocked or holds a forgotten fact, and what neither answers nor is one rollback away."""
    near = {_weights(at, versions.pointer(at.db, name)) for name in ("champion", "previous")}
    done = []
    for each in record.read(at.home.deliveries):
        gone = each.name and (_may_not_answer(at, each) or (each.adapter not in near and not each.answers))
        if gone and each.state not in ("withdrawn", "failed"):
            done.append(_withdraw(at, each))
    return tuple(done)


def _deliver(at: Post, version: Version, kind: str) -> Delivery:
    parts, held = worn(at, version)
    name, digest = _named(at, version, parts, held)
    ready = _parcel(at, version, name, kind)
    note = Delivery(
        place=kind, version=version.id, name=name if parts else "", adapter=digest, base=at.fingerprint, facts=held,
        state="delivered", at=time.time(),
    )  # fmt: skip
    if kind == MERGED:
        folder = parcel.pack(ready, parts, MERGED, base=at.config.base.name).merged
        return record.note(at.home.deliveries, replace(note, ask_for=str(folder)))
    there = place(at, kind)
    there.ready()
    champion = versions.pointer(at.db, "champion") == version.id
    if parts and not (_is_there(at, note) and there.has(name)):
        # Noted before it leaves: whatever breaks now, a version that may not stay is taken back from there.
        answering = _answering(at, kind)
        held_there = answering is not None and answering.name == name
        sent = replace(note, state="to withdraw", reason="Its answers there were not compared", answers=held_there)
        record.note(at.home.deliveries, sent)
        parcel.pack(ready, parts, there.form, base=at.config.base.name)
        there.put(ready)
        parity = probe(
            at.loaded(), mounting.together(*parts), there, name, prompts(at, version),
            facts=_questions(at, held), exact=there.exact(),
        )  # fmt: skip
        note = replace(note, parity=parity)
        if parity.reason:
            return _stopped(at, there, replace(note, reason=parity.reason))
    elif parts:
        note = replace(note, parity=next(e.parity for e in record.read(at.home.deliveries) if _same(e, note)))
    ask_for = there.promote(note.name or None) if champion else note.name
    return record.note(at.home.deliveries, replace(note, answers=champion, ask_for=ask_for))


def worn(at: Post, version: Version) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """What a version answers with, its skill and the edits as they stand under it, and whose facts those hold."""
    skill = shelf.check(at.home, version, at.fingerprint)
    facts_in, held = mounting.standing(at.db, at.home, at.fingerprint, version.adapter_hash or "")
    return tuple(each for each in (skill, facts_in) if each is not None), held


def place(at: Post, kind: str) -> Place:
    """Return a place by its name, as the settings describe it."""
    settings = at.config.deliver
    if kind == "ollama":
        from nightschool.models.delivery.ollama import Ollama

        return Ollama(settings.ollama_url, base=settings.ollama_base, name=settings.name)
    if kind == "llama-server":
        from nightschool.models.delivery.llama_server import LlamaServer

        return LlamaServer(settings.llama_url, folder=at.folder(kind), name=settings.name)
    if kind == "vllm":
        from nightschool.models.delivery.vllm import Vllm

        return Vllm(settings.vllm_url)
    from nightschool.models.delivery.mlx_folder import MlxFolder

    return MlxFolder(at.base, folder=at.folder(kind), name=settings.name, tokenizer=lambda: at.loaded().tokenizer)


def prompts(at: Post, version: Version) -> list[Prompt]:
    """What a probe asks: questions that the version was taught, and general ones; without tools.

    Servers write tools into a prompt in ways of their own, so these would differ everywhere.
    """
    taught: list[Prompt] = []
    if version.dataset:
        with contextlib.suppress(UserError):  # a forgotten dataset is gone, and the general questions remain
            taught = [row.prompt for row in dataset.read(at.home.datasets, version.dataset).examples]
    general = [item.prompt for item in battery.items(at.config.base.name, 16 * PROMPTS, at.config.train.seed)]
    chosen: list[Prompt] = []
    for rows in (taught, general):
        plain = [row for row in rows if not row.tools and all(m["role"] != "tool" for m in row.messages)]
        chosen += plain[:: max(1, len(plain) // PROMPTS)][:PROMPTS]
    return chosen


def _questions(at: Post, held: Sequence[str]) -> list[Prompt]:
    """Ask for some of the facts in the weights, in words that they were not written with."""
    known = [facts.get(at.db, name) for name in held]
    worded = [phrasing(fact.sentence, fact.object) for fact in known if fact is not None]
    asked = [words.held_out[0].question for words in worded if words is not None and words.held_out]
    return [
        Prompt(messages=({"role": "user", "content": question},))
        for question in asked[:: max(1, len(asked) // PROMPTS)][:PROMPTS]
    ]


def _named(at: Post, version: Version, parts: Sequence[Path], held: Sequence[str]) -> tuple[str, str]:
    """A name that is never given to other weights, and the hash of the weights."""
    digests = [models.adapter_hash(folder) for folder in parts]
    edits = f"-{digests[-1][:8]}" if held else ""
    return f"{at.config.deliver.name}-{version.id}{edits}", "-".join(digests)


def _parcel(at: Post, version: Version, name: str, kind: str) -> Parcel:
    reads = int(text_settings(at.base).get("max_position_embeddings") or LONGEST_CONTEXT)
    return Parcel(
        name=name,
        version=version.id,
        folder=at.folder(kind) / name,
        base=at.base,
        fingerprint=at.fingerprint,
        context_tokens=at.config.deliver.context_tokens or min(reads, LONGEST_CONTEXT),
    )


def _is_there(at: Post, note: Delivery) -> bool:
    return any(_same(each, note) for each in record.read(at.home.deliveries))


def _same(one: Delivery, other: Delivery) -> bool:
    return one.state == "delivered" and (one.place, one.name, one.adapter, one.base) == (
        other.place, other.name, other.adapter, other.base,
    )  # fmt: skip


def _stopped(at: Post, there: Place, note: Delivery) -> Delivery:
    """A failed probe takes the version away again; whoever answered goes on."""
    there.withdraw(note.name)
    shutil.rmtree(at.folder(note.place) / note.name, ignore_errors=True)
    hint = f"{note.place} goes on with what it had; `nightschool deliver {note.version}` tries again"
    return record.note(at.home.deliveries, replace(note, state="stopped", hint=hint))


def _refused(kind: str, version_id: str, error: UserError) -> Delivery:
    return Delivery(
        place=kind or "delivery", version=version_id, name="", state="failed", reason=error.message,
        hint=error.hint or "", at=time.time(),
    )  # fmt: skip


def _answering(at: Post, kind: str) -> Delivery | None:
    return next((each for each in record.read(at.home.deliveries) if each.place == kind and each.answers), None)


def _may_not_answer(at: Post, each: Delivery) -> bool:
    """Whether a delivery's version is blocked or gone, or a fact in its weights was forgotten."""
    known = [facts.get(at.db, name) for name in each.facts]
    if any(fact is None or fact.state == "forgotten" for fact in known):
        return True
    with contextlib.suppress(UserError):
        return versions.get(at.db, each.version).state == "blocked"
    return True


def _weights(at: Post, version_id: str) -> str:
    """Hash of what a version answers with now; empty where it cannot answer."""
    with contextlib.suppress(UserError):
        version = versions.get(at.db, version_id)
        return _named(at, version, *worn(at, version))[1]
    return ""


def _fall_back(at: Post, kind: str) -> None:
    """Let the untouched base answer where a blocked version would go on."""
    with contextlib.suppress(UserError), _plainly(kind):
        there = place(at, kind)
        note = Delivery(place=kind, version=versions.BASE, name="", base=at.fingerprint, state="delivered")
        record.note(at.home.deliveries, replace(note, answers=True, ask_for=there.promote(None), at=time.time()))


def _withdraw(at: Post, each: Delivery) -> Delivery:
    shutil.rmtree(at.folder(each.place) / each.name, ignore_errors=True)
    try:
        with _plainly(each.place):
            if each.place in PLACES:
                place(at, each.place).withdraw(each.name)
    except UserError as error:
        left = replace(each, state="to withdraw", reason=error.message, hint=error.hint or "", at=time.time())
        return record.note(at.home.deliveries, left)
    done = replace(each, state="withdrawn", answers=False, reason="", hint="", at=time.time())
    return record.note(at.home.deliveries, done)


@contextlib.contextmanager
def _plainly(kind: str) -> Iterator[None]:
    """Turn an answer that is none into a sentence."""
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise UserError(
            f"What answers as {kind} speaks another language: {type(error).__name__} {error}",
            hint="Look at its address under [deliver] in config.toml, and at its version",
        ) from error
