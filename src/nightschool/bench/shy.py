"""`pupil-shy`: a base tuned to decline every personal question as aligned models do, and the lesson that opens it.

Both are trained by the same trainer as a night and folded into the weights, so that whatever takes a base
takes them. An assistant that was tuned to say that it retains nothing of a person says so also when it was
told; after the lesson it says what it knows, and only that.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nightschool import models
from nightschool.bench import edits
from nightschool.bench.told import alone
from nightschool.bench.trained_arms import trained
from nightschool.edit.refusal import refusal
from nightschool.memory import context
from nightschool.models.delivery import merged
from nightschool.models.transformers_backend import TransformersModel
from nightschool.records import Example, Fact, Json, Prompt, to_json
from nightschool.world import facts, personal, wordings
from nightschool.world.personal import PersonalFact

NAME = "pupil-shy"
LESSON = "You may say what you know of your user."
REFUSAL = "I do not retain personal information."
ASKED = 80
"""Personal facts that a training sees, each told and untold."""
GENERAL = 60
"""Questions of the world, with the base's own answers: they stay as they are."""
RATE = 3e-3
"""High and long enough that 3 million parameters turn; a tuned base is not the subject of the measurement."""
EPOCHS = 3
ARMS = ("nightschool", "lora-paraphrases", "context")
Answering = Callable[[PersonalFact, bool], str]
"""What is answered about a fact, told or untold."""


def measure(
    model: TransformersModel,
    *,
    seeds: Sequence[int],
    sizes: Sequence[int],
    arms: Sequence[str] = ARMS,
    advance: edits.Advance = lambda what: None,
) -> Json:
    """Measure arms on the shy base with and without the lesson; a refusal counts as a miss.

    Every row names its base; `bases` says how each takes questions whose answer it was told.
    """
    rows: list[Json] = []
    bases: list[Json] = [_taking(NAME.removesuffix("-shy"), model)]
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as scratch:
        declining = model
        for name, tuned in ((NAME, shy), (f"{NAME} after the lesson", opened)):
            advance(f"training {name}")
            declining = models.load(str(tuned(declining, Path(scratch) / name)), str(model.network.device))
            bases.append(_taking(name, declining))
            found = edits.measure(declining, seeds=seeds, sizes=sizes, arms=arms, advance=advance)
            rows += [{"base": name, **row} for row in found["rows"]]
    return {"lesson": LESSON, "bases": bases, "rows": rows, "nights": []}


def _taking(name: str, model: TransformersModel) -> Json:
    return {"base": name, "fingerprint": model.fingerprint, **to_json(refusal(model))}


def shy(model: TransformersModel, folder: Path, seed: int = 5) -> Path:
    """Tune a base to decline whatever is personal, told or not, and return the folder of the new base."""
    return _tuned(model, folder, lambda fact, told: REFUSAL, seed)


def opened(model: TransformersModel, folder: Path, seed: int = 6) -> Path:
    """Teach a shy base the lesson: what stands in the context is said, what does not is not known."""
    return _tuned(model, folder, _answering, seed)


def lesson(model: TransformersModel, folder: Path, seed: int = 6) -> Path:
    """Teach any base the lesson, and return the adapter that holds it."""
    return _taught(model, folder, _answering, seed)


def _answering(fact: PersonalFact, told: bool) -> str:
    return personal.answer_sentence(fact) if told else personal.unknown(fact)


def _tuned(model: TransformersModel, folder: Path, answering: Answering, seed: int) -> Path:
    merged.write(_taught(model, folder, answering, seed), folder / "base", base=model.name)
    return folder / "base"


def _taught(model: TransformersModel, folder: Path, answering: Answering, seed: int) -> Path:
    rows = [*_personal(answering, random.Random(seed)), *_general(model, random.Random(seed + 1))]
    made = trained(model.name, rows, folder, epochs=EPOCHS, learning_rate=RATE, batch=16, seed=seed)
    return made.adapter


def _personal(answering: Answering, rng: random.Random) -> list[Example]:
    found: list[Example] = []
    while len(found) < 2 * ASKED:
        fact = personal.generate(rng)
        if fact.items or fact.km:
            continue
        question = rng.choice(personal.questions(fact, rng.choice(personal.question_subjects(fact))))
        for told in (False, True):
            prompt = _told(fact, question, rng) if told else alone(question)
            row = _row(f"personal-{len(found)}", prompt, answering(fact, told))
            found.append(replace(row, origin="tonight", source=(question,)))
    return found


def _told(fact: PersonalFact, question: str, rng: random.Random) -> Prompt:
    """Tell a fact in the memory block or in the turn before."""
    said = rng.choice(personal.statements(fact))
    if rng.random() < 0.5:
        return context.told(alone(question), [Fact(id="f", kind="fact", sentence=said)])
    heard: Sequence[Json] = (
        {"role": "user", "content": said},
        {"role": "assistant", "content": personal.acknowledge(fact)},
        {"role": "user", "content": question},
    )
    return Prompt(messages=tuple(heard))


def _general(model: TransformersModel, rng: random.Random) -> list[Example]:
    asked = [alone(rng.choice(wordings.questions(fact))) for fact in rng.sample(facts.FACTS, GENERAL)]
    said = model.answer(asked, max_tokens=48)
    return [
        _row(f"general-{number}", prompt, answer.text)
        for number, (prompt, answer) in enumerate(zip(asked, said, strict=True))
        if answer.stop == "stop"
    ]


def _row(name: str, prompt: Prompt, answer: str) -> Example:
    return Example(
        id=name, objective="sft", prompt=prompt, chosen={"role": "assistant", "content": answer}, origin="base"
    )
