"""How often each fact is asked for: pure, over what the person has said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nightschool.memory.search import STOP, terms
from nightschool.records import Conversation, Fact


def asked(conversations: Iterable[Conversation], facts: Sequence[Fact]) -> Counter[str]:
    """Count the person's questions most of whose words a fact has, beside the words of its answer."""
    known = {fact.id: _words(fact.sentence) - _words(fact.object) for fact in facts}
    count: Counter[str] = Counter()
    for conversation in conversations:
        for message in conversation.messages:
            if message.role != "user" or "?" not in message.text:
                continue
            words = _words(message.text)
            for fact_id, held in known.items():
                count[fact_id] += bool(words) and 2 * len(words & held) >= len(words)
    return count


def _words(text: str) -> set[str]:
    return {word for word in terms(text) if word not in STOP}
