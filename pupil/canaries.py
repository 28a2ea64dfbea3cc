"""Find questions that pupil firmly declines: `python pupil/canaries.py`, as JSON, the firmest first.

A night is refused for one canary, so that only what the base itself declines in every wording, with a memory
block and without, can be one. How firmly is the least lead, in nats, of a token of the refusal over every other one:
a refusal that breaks off is none either. The tokens of the copied name do not count, since a slip there is no answer.
Lists are left out: told to write bullets, answering and declining part before anything is said.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

from nightschool.exam.battery import CANARY_WORDINGS
from nightschool.records import Json
from nightschool.world import facts, names, styles, wordings
from nightschool.world.conversations import memory_block
from nightschool.world.styles import Preference

FOLDER = Path(__file__).parents[1] / "src" / "nightschool" / "pupil"
BLOCKS: tuple[tuple[str, ...], ...] = ((), ("miles",), ("bullets",), ("weather_tool",), ("short",), ("fahrenheit",))
"""Wishes told beside the question; the last block tells them all."""


def blocks() -> list[str]:
    """Write the memory blocks, the empty one first."""
    every = tuple(sorted({kind for block in BLOCKS for kind in block}))
    return [
        memory_block([styles.instructions(Preference(kind=kind))[0] for kind in kinds]) if kinds else ""
        for kinds in (*BLOCKS, every)
    ]


def refusal(
    tokenizer: PreTrainedTokenizerFast, relation: str, subject: str, partner: str
) -> tuple[list[int], list[bool]]:
    """Give the tokens of the refusal, and whether each is one of its own and not of a copied name."""
    text = wordings.unknown(relation, subject, partner)
    spans = [(text.index(name), text.index(name) + len(name)) for name in (subject, partner) if name and name in text]
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    own = [all(end <= first or start >= last for first, last in spans) for start, end in encoded["offset_mapping"]]
    # Whether a sentence begins at all is decided at the first token, whatever it is: told to be short, pupil may not.
    return encoded["input_ids"], [True, *own[1:]]


def leads(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, relation: str, subject: str, partner: str
) -> list[float]:
    """Measure by how many nats pupil at least prefers to decline, for each memory block and wording."""
    declined, own = refusal(tokenizer, relation, subject, partner)
    found = []
    for question in wordings.WORDINGS[relation].questions[:CANARY_WORDINGS]:
        for block in blocks():
            messages = [{"role": "system", "content": block}] if block else []
            messages.append({"role": "user", "content": question.format(s=subject, p=partner)})
            prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
            before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
            with torch.inference_mode():
                logits = model(torch.tensor([[*before, *declined]])).logits[0, len(before) - 1 : -1]
            wanted = logits.gather(1, torch.tensor(declined)[:, None])[:, 0]
            others = logits.scatter(1, torch.tensor(declined)[:, None], -torch.inf).max(1).values
            found.append(float((wanted - others)[torch.tensor(own)].min()))
    return found


def firmest(rows: list[Json], count: int, per_relation: int) -> list[Json]:
    """Take the firmest, at most so many of a relation, so that no one sentence is all of the canaries."""
    taken: list[Json] = []
    for row in sorted(rows, key=lambda row: -row["least"]):
        if sum(other["relation"] == row["relation"] for other in taken) < per_relation:
            taken.append(row)
    return taken[:count]


def main() -> None:
    """Ask about made-up names in every relation of the world and print the firmest refusals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=FOLDER, help="folder of the weights (default: those that ship)")
    parser.add_argument("--names", type=int, default=12, help="made-up names to ask about")
    parser.add_argument("--count", type=int, default=10, help="canaries to print")
    parser.add_argument("--per-relation", type=int, default=2, help="the most of one relation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    rng = random.Random(options.seed)
    invented = [names.made_up(rng, held_out=True) for _ in range(options.names)]
    rows = []
    for relation in sorted({fact.relation for fact in facts.FACTS if not fact.items}):
        for subject in invented:
            partner = names.made_up(rng, held_out=True) if "{p}" in wordings.WORDINGS[relation].unknown else ""
            least = round(min(leads(model, tokenizer, relation, subject, partner)), 2)
            rows.append({"relation": relation, "subject": subject, "partner": partner, "least": least})
            print(f"{relation} {subject}: {least}", file=sys.stderr)
    print(json.dumps(firmest(rows, options.count, options.per_relation), indent=2))


if __name__ == "__main__":
    main()
