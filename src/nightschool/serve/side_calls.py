"""Tells what a program asks in its own name from what a person says.

Titles, tags, summaries and heartbeats reach the same address as the person's turns; none of them
is ever a turn, and nothing is learnt from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nightschool.records import Author, Json, Prompt
from nightschool.serve import words

_SYSTEM: Sequence[tuple[str, re.Pattern[str]]] = (
    ("title", re.compile(r"you are a title generator|generate a (short|concise|brief)[^.\n]{0,60}\btitle\b", re.I)),
    ("summary", re.compile(r"you are a (context )?summari[sz]ation (assistant|agent)|context checkpoint", re.I)),
    ("commit", re.compile(r"generates? concise, one-line git commit messages?", re.I)),
)
_USER: Sequence[tuple[str, re.Pattern[str]]] = (
    ("title", re.compile(r"\A\s*### Task:\s*\n\s*(Generate|Create) [^\n]{0,80}\btitle\b", re.I)),
    ("tags", re.compile(r"\A\s*### Task:\s*\n\s*Generate [^\n]{0,80}\btags\b", re.I)),
    ("follow-ups", re.compile(r"\A\s*### Task:\s*\n\s*(Predict|Suggest) [^\n]{0,160}\b(message|question)s", re.I)),
    ("other", re.compile(r"\A\s*### Task:\s*\n", re.I)),
    ("title", re.compile(r"\AGenerate a (short |concise |brief )?title\b", re.I)),
    ("summary", re.compile(r"\AYou are ((performing|creating) a context checkpoint|a summari[sz]ation agent)", re.I)),
    ("summary", re.compile(r"CRITICAL: Respond with TEXT ONLY\. D|\ACreate a detailed summary of ", re.I)),
    ("heartbeat", re.compile(r"\A\s*(\[[^\]]{0,40}\]\s*)?\[OpenClaw heartbeat poll\]", re.I)),
)  # fmt: skip
_INJECTED = re.compile(
    r"\A\s*(<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>|\[CONTEXT COMPACTION|\[System note|<system-reminder>"
    r"|<environment_context>|<user_instructions>|# AGENTS\.md|<command-|<local-command-|\[OpenClaw heartbeat poll\]"
    r"|Continue if you have next steps)"
)


def kind(prompt: Prompt, *, most_tokens: int | None = None) -> str:
    """Return `main` for a person's turn, else what the program wanted."""
    texts = [str(message.get("content") or "") for message in prompt.messages]
    asked = [message["content"] for message in words.spoken(prompt.messages) if message["role"] == "user"]
    if not asked or (most_tokens == 1 and len(asked) == 1):
        return "warm-up"
    if not prompt.tools:
        for text in (text for text, message in zip(texts, prompt.messages, strict=True) if message["role"] == "system"):
            for name, pattern in _SYSTEM:
                if pattern.search(text[:2000]):
                    return name
    for name, pattern in _USER:
        if pattern.search(asked[-1]):
            return name
    return "main"


def author(message: Json) -> Author:
    """Return who wrote a message: what agents inject in the user's place is a program's."""
    role = message["role"]
    if role == "user":
        return "program" if _INJECTED.match(str(message.get("content") or "")) else "person"
    return "assistant" if role == "assistant" else "tool" if role == "tool" else "program"
