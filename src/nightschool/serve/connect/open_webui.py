"""Open WebUI: one more connection beside those it has, in the table where it keeps its settings.

Releases since the middle of 2026 keep a row per key, earlier ones one row with everything in it.
"""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.records import Json
from nightschool.serve.connect.change import Edit, Target
from nightschool.serve.connect.places import Row, tables

TABLE = "config"
URLS, KEYS, ENABLED = "openai.api_base_urls", "openai.api_keys", "openai.enable"
USUAL = "https://api.openai.com/v1"
"""What it asks where nothing was ever stored."""


def path() -> Path:
    """Where Open WebUI keeps its database; UserError where it is not found."""
    places = [Path(os.environ["DATA_DIR"])] if os.environ.get("DATA_DIR") else []
    spec = find_spec("open_webui")
    if spec is not None and spec.submodule_search_locations:
        places.append(Path(spec.submodule_search_locations[0]) / "data")
    found = next((place / "webui.db" for place in places if (place / "webui.db").is_file()), None)
    if found is None:
        raise UserError(
            "Open WebUI's database was not found", hint="Name it: `nightschool connect open-webui --path …/webui.db`"
        )
    return found


def edits(file: Path, target: Target) -> tuple[Edit, ...]:
    """Return what would change in the database's settings."""
    file = file.expanduser().resolve()
    if not file.is_file():
        raise UserError(f"There is no file {file}", hint="Name Open WebUI's webui.db with `--path`")
    return _by_key(file, target) if "key" in tables(file, TABLE) else _by_blob(file, target)


def _by_key(file: Path, target: Target) -> tuple[Edit, ...]:
    places = {key: Row(file, TABLE, "key", key, "value") for key in (URLS, KEYS, ENABLED)}
    stored = {key: place.read() for key, place in places.items()}
    urls, keys = (None if (data := stored[key]) is None else json.loads(data) for key in (URLS, KEYS))
    urls, keys = _added(urls, keys, target)
    wanted: dict[str, Any] = {URLS: urls, KEYS: keys}
    if stored[ENABLED] is not None and json.loads(stored[ENABLED] or b"true") is False:
        wanted[ENABLED] = True
    return tuple(
        Edit(place=places[key], before=stored[key], after=json.dumps(value).encode())
        for key, value in wanted.items()
        if stored[key] is None or json.loads(stored[key] or b"null") != value
    )


def _by_blob(file: Path, target: Target) -> tuple[Edit, ...]:
    place = Row(file, TABLE, "id", "1", "data")
    before = place.read()
    settings: Json = json.loads(before or b"{}")
    block = settings.setdefault("openai", {})
    block["api_base_urls"], block["api_keys"] = _added(block.get("api_base_urls"), block.get("api_keys"), target)
    if block.get("enable") is False:
        block["enable"] = True
    return (Edit(place=place, before=before, after=json.dumps(settings).encode()),)


def _added(urls: list[str] | None, keys: list[str] | None, target: Target) -> tuple[list[str], list[str]]:
    """Add ours behind the connections that are there; where it is there already, only its key is set."""
    urls = [USUAL] if urls is None else list(urls)
    keys = [*(keys or []), *[""] * len(urls)][: len(urls)]
    if target.url not in urls:
        urls, keys = [*urls, target.url], [*keys, ""]
    keys[urls.index(target.url)] = target.key
    return urls, keys


def without(now: str, before: str | None) -> str:
    """Leave rows that were changed since as they are: which connection is whose can no longer be told."""
    raise UserError(
        "Open WebUI's connections were changed since they were connected",
        hint="Remove ours in its settings, under Connections",
    )
