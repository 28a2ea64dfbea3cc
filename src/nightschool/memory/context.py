"""The memory block: which facts go into a prompt, in what words, within what budget.

Pure. It only ever writes sentences of `Fact` records, which are the person's own; text from
tools, files or the web has no way in here. Preferences are not searched for, because a standing
wish shares no words with the question it bears on.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from nightschool.config import MemoryConfig
from nightschool.records import Fact, Json, Prompt

HEADING = "The person told you:"
_CHARACTERS_PER_TOKEN = 4
_K1, _B = 1.2, 0.75


def block(facts: Sequence[Fact]) -> str:
    """Write the facts as one block, a sentence per line; empty for none."""
    if not facts:
        return ""
    return "\n".join([HEADING, *(_line(fact) for fact in facts)])


def _line(fact: Fact) -> str:
    # A line break inside a sentence could pass for the start of another one.
    return "- " + " ".join(fact.sentence.split())


def choose(facts: Sequence[Fact], question: str, config: MemoryConfig) -> list[Fact]:
    """Pick what to tell: every preference, then facts by relevance to the question and by recency.

    Preferences fall out only where they alone overrun the budget in tokens, the oldest first. What is
    picked stands in the order of its age, so that the block stays the same from turn to turn.
    """
    live = [fact for fact in facts if fact.state == "live" and fact.sentence.strip()]
    left = config.max_tokens - tokens(HEADING)
    wishes = []
    for fact in sorted((f for f in live if f.kind == "preference"), key=_age, reverse=True):
        if tokens(_line(fact)) <= left:
            left -= tokens(_line(fact))
            wishes.append(fact)
    picked: list[Fact] = []
    for fact in _by_relevance([f for f in live if f.kind == "fact"], question):
        if len(wishes) + len(picked) >= config.max_items:
            break
        if tokens(_line(fact)) <= left:
            left -= tokens(_line(fact))
            picked.append(fact)
    return [*sorted(wishes, key=_age), *sorted(picked, key=_age)]


def told(prompt: Prompt, facts: Sequence[Fact]) -> Prompt:
    """Add the block to the system message, which is made where it is missing."""
    text = block(facts)
    if not text:
        return prompt
    first, rest = prompt.messages[:1], prompt.messages[1:]
    if not first or first[0].get("role") != "system":
        return Prompt(messages=({"role": "system", "content": text}, *prompt.messages), tools=prompt.tools)
    system: Json = {**first[0], "content": "\n\n".join(filter(None, [first[0].get("content") or "", text]))}
    return Prompt(messages=(system, *rest), tools=prompt.tools)


def remember(prompt: Prompt, facts: Sequence[Fact], config: MemoryConfig) -> Prompt:
    """Tell a prompt what bears on its last question."""
    asked = [message.get("content") or "" for message in prompt.messages if message.get("role") == "user"]
    return told(prompt, choose(facts, asked[-1] if asked else "", config))


def _age(fact: Fact) -> tuple[float, str]:
    return fact.known_from, fact.id


def tokens(text: str) -> int:
    """Estimate how many tokens a line takes, whatever the tokenizer."""
    return math.ceil((len(text) + 1) / _CHARACTERS_PER_TOKEN)


def bears_on(fact: Fact, question: str) -> bool:
    """Tell whether a fact shares a word with the question."""
    return not set(_words(fact.sentence)).isdisjoint(_words(question))


def _by_relevance(facts: Sequence[Fact], question: str) -> list[Fact]:
    """Order facts by BM25 against the question; equal scores by recency, newest first."""
    bags = [Counter(_words(fact.sentence)) for fact in facts]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    seen = Counter(word for bag in bags for word in bag)
    asked = set(_words(question))

    def score(index: int) -> float:
        bag, total = bags[index], 0.0
        for word in asked & bag.keys():
            rarity = math.log(1 + (len(facts) - seen[word] + 0.5) / (seen[word] + 0.5))
            weight = bag[word] * (_K1 + 1) / (bag[word] + _K1 * (1 - _B + _B * lengths[index] / mean))
            total += rarity * weight
        return total

    order = sorted(range(len(facts)), key=lambda i: (score(i), _age(facts[i])), reverse=True)
    return [facts[i] for i in order]


def _words(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"\w+", text.casefold()) if len(word) > 1]


def _stem(word: str) -> str:
    """Cut the commonest English endings, so that `allergies` meets `allergic`."""
    for ending in ("ies", "ing", "ed", "es", "ic", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
