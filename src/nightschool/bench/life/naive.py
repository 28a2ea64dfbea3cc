"""Nightly fine-tuning on everything that was said, each night upon the last: the way that this project does not go.

Nothing is redacted, judged, held out or replayed, and nothing is examined: the newest adapter answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nightschool.bench.life.talk import Held
from nightschool.config import Config
from nightschool.curate import dataset
from nightschool.curate.dataset import example, freeze
from nightschool.records import Example
from nightschool.train import Job, Refused, train
from nightschool.turns import chat_message, prompt_before


def rows(held: Sequence[Held]) -> list[Example]:
    """Every answer of a day, good or bad, to imitate."""
    made: dict[str, Example] = {}
    for one in held:
        conversation = one.conversation()
        for message in conversation.messages:
            if message.role == "assistant":
                prompt = prompt_before(conversation, message.id)
                source = {"source": (message.id,), "conversation_id": conversation.id}
                row = example("sft", prompt, chat_message(message), **source)  # type: ignore[arg-type]
                made.setdefault(row.id, row)
    return list(made.values())


def night(day: Sequence[Example], config: Config, fingerprint: str, folder: Path, onto: Path | None) -> Path | None:
    """Train a day's rows upon the last adapter; return the new one, or the last where there was too little."""
    frozen = freeze(list(day), frozenset(), {})
    file = dataset.write(frozen, folder / "datasets")
    base = Job.of(config, base=config.base.name, fingerprint=fingerprint, dataset=file, dataset_hash=frozen.hash)
    job = Job(**{name: getattr(base, name) for name in Job.__dataclass_fields__} | {"onto": str(onto or "")})
    try:
        return train(job, folder / "training" / frozen.hash[:12]).adapter
    except Refused:
        return onto
