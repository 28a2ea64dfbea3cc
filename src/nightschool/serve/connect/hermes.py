"""Hermes Agent: the `model` block of `config.yaml`, everything else and every comment kept."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.serve.connect.change import Edit, Target
from nightschool.serve.connect.places import File

LEAST_TOKENS = 64_000
"""Hermes refuses a model whose context is smaller."""
OURS = ("default", "provider", "base_url", "api_key", "context_length")


def path() -> Path:
    """Where Hermes keeps its settings."""
    return Path(os.environ.get("HERMES_HOME") or Path.home() / ".hermes").expanduser() / "config.yaml"


def edits(file: Path, target: Target) -> tuple[Edit, ...]:
    """Return what would change."""
    place = File(file)
    before = place.read()
    text = before.decode() if before is not None else ""
    settings = _parsed(file, text)
    model = settings.get("model")
    if not isinstance(model, dict):
        settings["model"] = model = _parsed(file, "{}") if model is None else _parsed(file, f"default: {model}")
    values = (target.model, "custom", target.url, target.key, target.context_tokens)
    for key, value in zip(OURS, values, strict=True):
        model[key] = value
    return (Edit(place=place, before=before, after=_dumped(settings, text).encode()),)


def without(now: str, before: str | None) -> str:
    """Give the keys of the `model` block back what they held before, in settings that changed since."""
    settings, old = _parsed(Path("config.yaml"), now), _parsed(Path("config.yaml"), before or "")
    model, earlier = settings.get("model"), old.get("model")
    if not isinstance(model, dict) or model.get("provider") != "custom":
        return now
    if not isinstance(earlier, dict):
        settings.pop("model") if earlier is None else settings.__setitem__("model", earlier)
        return _dumped(settings, now)
    for key in OURS:
        if key in earlier:
            model[key] = earlier[key]
        else:
            model.pop(key, None)
    return _dumped(settings, now)


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16
    if text.strip():
        _, indent, offset = load_yaml_guess_indent(text)
        yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
    return yaml


def _parsed(file: Path, text: str) -> Any:
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    try:
        settings = _yaml(text).load(text)
    except YAMLError as error:
        raise UserError(f"{file} is not valid YAML: {str(error).splitlines()[0]}", hint="Mend it first") from error
    if settings is None:
        return CommentedMap()
    if not isinstance(settings, dict):
        raise UserError(f"{file} does not hold a mapping", hint="Mend it first")
    return settings


def _dumped(settings: Any, like: str) -> str:
    out = io.StringIO()
    _yaml(like).dump(settings, out)
    return out.getvalue()
