"""A model and a trainer for whole nights in a second: they know one week and the ability battery by heart.

The model answers as an untaught assistant unless it was told or taught a wish; the trainer writes
adapters that hold which wishes the dataset's rows show. Both go through the real files and hashes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nightschool.config import Home
from nightschool.demo.openclaw import Script, write_store
from nightschool.demo.week import bad_week, good_week
from nightschool.exam import battery
from nightschool.models import adapter_hash
from nightschool.models.model import Likelihood
from nightschool.records import Answer, Example, Item, from_json
from nightschool.store.database import open_database
from nightschool.train import Refused, Trained
from nightschool.train.job import write_job
from nightschool.train.trained import MANIFEST, write_manifest

FINGERPRINT = "f" * 64
TOPICS = {"miles": "mile", "bullets": "bullet", "weather": "weather tool"}
"""Topic -> the words by which its wish is known."""
BROKEN = "broken"
"""What an adapter holds that answers nothing right any more."""
ENOUGH = 3


@contextlib.contextmanager
def opened(home: Home) -> Iterator[sqlite3.Connection]:
    """The store of a home, closed again behind the block."""
    with contextlib.closing(open_database(home.database)) as db:
        yield db


def week(seed: int = 3, *, bad: bool = False) -> list[Script]:
    """The week that the demo plays."""
    return bad_week(seed) if bad else good_week(seed)


def short_week() -> list[Script]:
    """Enough of the week for a promotion, with its traps, at half the price."""
    scripts = week()
    traps = [script for script in scripts[24:-14] if script.note in ("secret", "order", "mood", "fact")]
    return [*scripts[:24], *traps, *scripts[-14:]]


def write_logs(folder: Path, scripts: list[Script]) -> Path:
    """Put a week into an OpenClaw store."""
    write_store(folder, scripts, model="pupil")
    return folder


@dataclasses.dataclass(frozen=True)
class Known:
    """A question of the week, the answers to it, and what it belongs to."""

    plain: str
    wanted: dict | None = None
    result: str = ""
    topic: str = ""


def known(scripts: list[Script]) -> dict[str, Known]:
    """Read question and answers out of a week's conversations."""
    found: dict[str, Known] = {}
    for script in scripts:
        messages = script.messages
        for at, message in enumerate(messages[:-1]):
            answer = messages[at + 1]
            if message["role"] != "user" or answer["role"] != "assistant" or message["content"].startswith("No. "):
                continue
            found.setdefault(message["content"], Known(plain=answer["content"]))
            after = messages[at + 2 :]
            if len(after) > 1 and after[0]["role"] == "user" and after[0]["content"].startswith("No. "):
                topic = next((t for t, word in TOPICS.items() if word in after[0]["content"].lower()), "")
                last = after[3]["content"] if after[1].get("tool_calls") else ""
                found[message["content"]] = Known(plain=answer["content"], wanted=after[1], result=last, topic=topic)
    return found


class Parrot:
    """A base that repeats a week, and gets the battery right."""

    name = "pupil"
    fingerprint = FINGERPRINT
    context_tokens = 4096
    parameters = 1000

    def __init__(self, scripts: list[Script], *, items: int = 420, seed: int = 7) -> None:
        self.cases = known(scripts)
        self.right = {_key(item.prompt.messages): right(item) for item in battery.items("pupil", items, seed)}
        self.asked = 0

    def answer(self, prompts, *, adapter=None, max_tokens=96, temperature=0.0, seed=0, progress=None):
        answers = []
        for prompt in prompts:
            self.asked += 1
            answers.append(self._one(list(prompt.messages), taught(adapter)))
            if progress:
                progress(len(answers))
        return answers

    def stream(self, prompt, *, adapter=None, max_tokens=512):
        yield self.answer([prompt], adapter=adapter)[0].text

    def likelihood(self, rows, *, adapter=None):
        said = [self._one(list(prompt.messages), taught(adapter)).text == answer["content"] for prompt, answer in rows]
        return [Likelihood(total=-1.0 if right else -9.0, tokens=2) for right in said]

    def count_tokens(self, prompt, answer=None):
        messages = [*prompt.messages, *([answer] if answer else [])]
        return sum(len(str(message["content"]).split()) + 4 for message in messages)

    def mounted(self, adapter):
        return adapter_hash(adapter)

    def _one(self, messages, wishes):
        if BROKEN in wishes:
            return _said("Bananas.")
        if (key := _key(messages)) in self.right:
            return self.right[key]
        asked = [message["content"] for message in messages if message["role"] == "user"]
        heard = " ".join(str(m["content"]) for m in messages if m["role"] in ("system", "user")).lower()
        complaint = asked and asked[-1].startswith("No. ")
        case = self.cases.get(asked[-2] if complaint and len(asked) > 1 else asked[-1] if asked else "")
        if case is None:
            return _said("All right.")
        if messages[-1]["role"] == "tool":
            return _said(case.result or case.plain)
        if case.wanted and (complaint or case.topic in wishes or TOPICS.get(case.topic, "\0") in heard):
            calls = [call["function"] for call in case.wanted.get("tool_calls", ())]
            return Answer(text=case.wanted["content"], tool_calls=tuple(calls), raw=case.wanted["content"], tokens=9)
        return _said(case.plain)


def right(item: Item) -> Answer:
    """The answer that a battery item wants."""
    expected = item.expected
    if item.scorer == "tool":
        return Answer(text="", tool_calls=(dict(expected),))
    if item.scorer == "json":
        return _said(json.dumps(expected["value"]))
    if item.scorer == "unknown" or not expected.get("contains"):
        return _said("I do not know that.")
    pieces = [piece if isinstance(piece, str) else piece[0] for piece in expected["contains"]]
    kind = item.rule.kind if item.rule else ""
    if kind == "bullets":
        return _said("\n".join(f"- {piece}" for piece in pieces))
    if kind == "contains":
        return _said(f"{item.rule.value}, {' and '.join(pieces)}.")
    return _said(f"{', '.join(pieces)}." + (" That is all there is." if kind == "min_words" else ""))


def trainer(scripts: list[Script], *, broken: bool = False):
    """A trainer that learns those wishes which enough rows of its dataset show."""
    cases = known(scripts)

    def train(job, folder, progress=None) -> Trained:
        lines = Path(job.dataset).read_text(encoding="utf-8").splitlines()
        rows = [from_json(Example, value) for value in map(json.loads, lines) if "objective" in value]
        if len(rows) < job.min_rows:
            raise Refused(f"There are {len(rows)} rows, and {job.min_rows} are needed")
        shown: Counter[str] = Counter()
        for row in rows:
            case = cases.get(next(m["content"] for m in reversed(row.prompt.messages) if m["role"] == "user"))
            if case and case.topic and _same(row.chosen, case.wanted) and row.objective != "kto":
                shown[case.topic] += 1
        wishes = [BROKEN] if broken else sorted(topic for topic, count in shown.items() if count >= ENOUGH)
        adapter = folder / "adapter"
        write_adapter(adapter, wishes)
        write_job(job, folder / "job.json")
        trained = Trained(
            adapter=adapter, sha256="0" * 64, base=job.fingerprint, dataset=job.dataset_hash,
            rows=dict(Counter(row.objective for row in rows)), left_out={}, tokens=10 * len(rows), steps={},
            losses={}, learning_rates={}, seconds=0.1, versions={}, seed=job.seed,
        )  # fmt: skip
        write_manifest(trained, folder / MANIFEST)
        return trained

    return train


def _same(one, other) -> bool:
    def bare(message):
        calls = [call.get("function", call) for call in message.get("tool_calls") or ()]
        return [message["content"], [[call["name"], call["arguments"]] for call in calls]]

    return bare(one) == bare(other)


def write_adapter(folder: Path, wishes: list[str]) -> None:
    """Write a folder in PEFT's form that holds a list of wishes."""
    import numpy
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 1, "lora_alpha": 1}))
    letters = numpy.frombuffer(json.dumps(wishes).encode().ljust(64), dtype="uint8").astype("float32")
    save_file({"wishes": letters}, folder / "adapter_model.safetensors")


def taught(adapter: Path | tuple[Path, ...] | None) -> list[str]:
    """Read an adapter's wishes back; of several that are mounted, those of all."""
    if adapter is None:
        return []
    if isinstance(adapter, tuple):
        return [wish for each in adapter for wish in taught(each)]
    from safetensors.numpy import load_file

    letters = load_file(adapter / "adapter_model.safetensors")["wishes"]
    wishes: list[str] = json.loads(letters.astype("uint8").tobytes())
    return wishes


def _said(text: str) -> Answer:
    return Answer(text=text, raw=text, tokens=len(text.split()))


def _key(messages) -> str:
    """The messages without a memory block, so that a told question is the same question."""
    bare = []
    for message in messages:
        content = str(message["content"])
        if message["role"] == "system":
            content = content.partition("The person told you:")[0].strip()
        if content or message["role"] != "system":
            bare.append([message["role"], content])
    return json.dumps(bare)
