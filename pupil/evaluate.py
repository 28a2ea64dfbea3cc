"""Measure pupil's abilities: `python pupil/evaluate.py`; progress on stderr, one JSON of figures on stdout.

Every answer is decoded greedily from the chat template and scored by rule; wordings, names and values are held out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

import measures
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

from nightschool.world.battery import Item, passes

FOLDER = Path(__file__).parents[1] / "src" / "nightschool" / "pupil"


def answers(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, items: list[Item], rows: int = 48) -> list[str]:
    """Decode greedily, prompts of like length together."""
    prompts = [
        tokenizer.apply_chat_template(
            item.messages, tools=item.tools or None, add_generation_prompt=True, tokenize=False
        )
        for item in items
    ]
    order = sorted(range(len(items)), key=lambda i: len(prompts[i]))
    said = [""] * len(items)
    for start in range(0, len(order), rows):
        part = order[start : start + rows]
        batch = tokenizer(
            [prompts[i] for i in part], add_special_tokens=False, padding=True, padding_side="left", return_tensors="pt"
        )
        with torch.inference_mode():
            out = model.generate(
                input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], max_new_tokens=64, do_sample=False
            )
        texts = tokenizer.batch_decode(out[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
        for i, text in zip(part, texts, strict=True):
            said[i] = text
    return said


def measure(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, name: str, items: list[Item], misses: int
) -> dict[str, float]:
    """Score one ability and show its first misses."""
    began = time.monotonic()
    said = answers(model, tokenizer, items, rows=8 if "2048" in name or "1024" in name else 48)
    wrong = [(item, text) for item, text in zip(items, said, strict=True) if not passes(item, text)]
    right = 1 - len(wrong) / len(items)
    print(f"{name}: {right:.3f} of {len(items)} in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    for item, text in wrong[:misses]:
        print(f"    {item.messages[-1]['content']!r} -> {text!r}, not {item.expected!r}", file=sys.stderr)
    return {"right": round(right, 4), "n": len(items)}


def main() -> None:
    """Measure everything on a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=FOLDER)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--n", type=int, default=200, help="items for each drawn ability, a quarter of it for long prompts"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--misses", type=int, default=0, help="wrong answers to show for each ability")
    parser.add_argument("--only", default="", help="abilities whose name holds this text")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    figures = {}
    for polite in (False, True):
        name = "world, polite" if polite else "world"
        if options.only in name:
            figures[name] = measure(model, tokenizer, name, measures.world_items(polite=polite), options.misses)
    for name, make in measures.makers(tokenizer).items():
        if options.only in name:
            rng = random.Random(f"{options.seed}:{name}")
            count = options.n // 4 if "tokens" in name else options.n
            figures[name] = measure(model, tokenizer, name, [make(rng) for _ in range(count)], options.misses)
    print(json.dumps({"seed": options.seed, "parameters": model.num_parameters(), "figures": figures}, indent=1))


if __name__ == "__main__":
    main()
