"""A model behind an endpoint, as far as answering goes: it has no adapters, and tools are told to it in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from nightschool.models.endpoint import Endpoint
from nightschool.models.model import Progress
from nightschool.records import Answer, Json, Prompt


class Remote:
    """Answers prompts one after the other; EndpointError where there is no answer."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.name = endpoint.model
        self.fingerprint = hashlib.sha256(f"{endpoint.url}\0{self.name}".encode()).hexdigest()

    def answer(
        self,
        prompts: Sequence[Prompt],
        *,
        max_tokens: int = 96,
        temperature: float = 0.0,
        seed: int = 0,
        progress: Progress | None = None,
        **unused: Any,
    ) -> list[Answer]:
        """Answer every prompt, in order."""
        answers = []
        for prompt in prompts:
            said = self._endpoint.chat(
                [_told(message) for message in prompt.messages],
                max_tokens=max_tokens,
                temperature=temperature,
                seed=seed,
            )
            answers.append(
                Answer(
                    text=said.text,
                    thinking=said.thinking,
                    raw=said.text,
                    tokens=said.tokens,
                    stop="length" if said.stop == "length" else "stop",
                )
            )
            if progress is not None:
                progress(len(answers))
        return answers


def _told(message: Json) -> Json:
    """A message that every server takes: calls and results of tools as text."""
    text = str(message.get("content") or "")
    if message["role"] == "tool":
        return {"role": "user", "content": f"[result of {message.get('name') or 'the tool'}]\n{text}"}
    calls = [call.get("function", call) for call in message.get("tool_calls") or ()]
    lines = [f"[calls {call['name']} with {json.dumps(call['arguments'], ensure_ascii=False)}]" for call in calls]
    return {"role": message["role"], "content": "\n".join(filter(None, [text, *lines]))}
