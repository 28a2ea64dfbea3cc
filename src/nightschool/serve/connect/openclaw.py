"""OpenClaw: a provider of our own in `openclaw.json`, and its model as the agents' first choice."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.records import Json
from nightschool.serve.connect.change import Edit, Target
from nightschool.serve.connect.places import File

PROVIDER = "nightschool"
FREE = {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
MAX_ANSWER = 8192


def path() -> Path:
    """Where OpenClaw keeps its settings."""
    named = os.environ.get("OPENCLAW_CONFIG_PATH")
    state = Path(os.environ.get("OPENCLAW_STATE_DIR") or Path.home() / ".openclaw")
    return Path(named).expanduser() if named else state.expanduser() / "openclaw.json"


def edits(file: Path, target: Target) -> tuple[Edit, ...]:
    """Return what would change; UserError where the file could not be kept as it is otherwise."""
    place = File(file)
    before = place.read()
    text = before.decode() if before is not None else "{}\n"
    settings = _parsed(file, text)
    providers = _inside(settings, "models", "providers")
    _inside(settings, "models").setdefault("mode", "merge")
    model = {
        "id": target.model, "name": f"nightschool {target.model}", "reasoning": False, "input": ["text"], "cost": FREE,
        "contextWindow": target.context_tokens, "maxTokens": min(MAX_ANSWER, target.context_tokens // 2),
    }  # fmt: skip
    providers[PROVIDER] = {
        "baseUrl": target.url, "apiKey": target.key, "api": "openai-completions", "timeoutSeconds": 300,
        "models": [model],
    }  # fmt: skip
    chosen = _inside(settings, "agents", "defaults")
    name = f"{PROVIDER}/{target.model}"
    if isinstance(chosen.get("model"), dict):
        chosen["model"]["primary"] = name
    else:
        chosen["model"] = {"primary": name}
    if isinstance(chosen.get("models"), dict):  # Where it is there, it lists all that may be used.
        chosen["models"].setdefault(name, {})
    return (Edit(place=place, before=before, after=_dumped(settings, text).encode()),)


def without(now: str, before: str | None) -> str:
    """Take our provider out of settings that changed since, and give the first choice back."""
    settings = _parsed(Path("openclaw.json"), now)
    old = _parsed(Path("openclaw.json"), before) if before else {}
    _inside(settings, "models", "providers").pop(PROVIDER, None)
    chosen = _inside(settings, "agents", "defaults")
    earlier = old.get("agents", {}).get("defaults", {}).get("model")
    model = chosen.get("model")
    if isinstance(model, dict) and str(model.get("primary", "")).startswith(f"{PROVIDER}/"):
        if earlier is None:
            del chosen["model"]
        elif isinstance(earlier, dict) and "primary" in earlier:
            model["primary"] = earlier["primary"]
        else:
            chosen["model"] = earlier
    if isinstance(chosen.get("models"), dict):
        for name in [name for name in chosen["models"] if name.startswith(f"{PROVIDER}/")]:
            del chosen["models"][name]
    return _dumped(settings, now)


def _parsed(file: Path, text: str) -> Json:
    try:
        settings = json.loads(text)
    except ValueError as error:
        raise UserError(
            f"{file} is not plain JSON, and rewriting it would lose its comments",
            hint="`openclaw config set` writes it plainly; or add the provider by hand, see `--print`",
        ) from error
    if not isinstance(settings, dict):
        raise UserError(f"{file} does not hold an object", hint="Mend it with `openclaw doctor`")
    return settings


def _inside(settings: Json, *keys: str) -> Json:
    found: Any = settings
    for key in keys:
        found = found.setdefault(key, {})
        if not isinstance(found, dict):
            raise UserError(f"`{'.'.join(keys)}` in OpenClaw's settings is no object", hint="Mend it first")
    return found  # type: ignore[no-any-return]


def _dumped(settings: Json, like: str) -> str:
    """Write JSON with the indentation and the last line of the text that was there."""
    found = re.search(r"\n([ \t]+)\S", like)
    text = json.dumps(settings, indent=found[1] if found else 2, ensure_ascii=False)
    return text + ("\n" if like.endswith("\n") else "")
