"""Asks the server that a program will be pointed at how much its model can read."""

from __future__ import annotations

from typing import Any

from nightschool.records import Json
from nightschool.serve import names

SECONDS = 3.0
NAMES = ("context_length", "max_model_len", "context_window", "n_ctx")


def context_tokens(address: str, model: str, key: str) -> int | None:
    """Return the context of a model in tokens, or None where nobody answers or nothing tells it.

    Lists of models name it, by several names; Ollama tells it of one model at a time.
    """
    import httpx

    plain = model.removesuffix(names.MEMORY)
    try:
        with httpx.Client(timeout=SECONDS, headers={"authorization": f"Bearer {key}"}) as client:
            listed = client.get(f"{address}/models").json()
            one: Json = next((each for each in listed["data"] if each.get("id") in (model, plain)), {})
            found = _whole(one | (one.get("meta") or {}), NAMES)
            if found is None:
                shown = client.post(f"{address.removesuffix('/v1')}/api/show", json={"model": plain}).json()
                about = shown.get("model_info") or {}
                found = _whole(about, [name for name in about if name.endswith(".context_length")])
            return found
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _whole(values: dict[str, Any], keys: Any) -> int | None:
    return next((values[key] for key in keys if isinstance(values.get(key), int) and values[key] > 0), None)
