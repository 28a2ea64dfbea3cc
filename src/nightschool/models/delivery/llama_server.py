"""llama.cpp's server: adapters are named when it starts, and switched while it runs.

A file under a lasting name stands for whoever answers, so that a restart finds the right one.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from nightschool.errors import UserError
from nightschool.models.delivery.parcel import GGUF, Parcel
from nightschool.models.delivery.place import Heard
from nightschool.models.delivery.wire import Wire
from nightschool.records import Json, Prompt


class LlamaServer:
    """One running llama-server."""

    kind = "llama-server"
    form = GGUF

    def __init__(self, url: str, *, folder: Path, name: str) -> None:
        self._wire = Wire("llama-server", url, "Start it with `llama-server -m BASE.gguf`, then `nightschool deliver`")
        self._folder = folder
        self._link = folder / f"{name}.gguf"

    def ready(self) -> None:
        """Raise UserError where it is not running."""
        self._wire.get("/health")

    def exact(self) -> bool:
        """Whether its base is unquantised: it does not tell more than the file's name."""
        model = str(self._wire.get("/props").get("model_path", ""))
        return any(mark in model.lower() for mark in ("f32", "fp32"))

    def has(self, name: str) -> bool:
        """Whether the server has loaded a version."""
        return self._number(name) is not None

    def put(self, parcel: Parcel) -> None:
        """See that the server has the adapter; UserError says how to start it where it has not."""
        if self._number(parcel.name) is None:
            raise UserError(
                f"llama-server has not loaded version {parcel.version!r}, and takes adapters only when it starts",
                hint=f"Restart it with `--lora {parcel.gguf} --lora-init-without-apply -c {parcel.context_tokens}`, "
                f"then `nightschool deliver`",
            )

    def ask(self, name: str | None, prompt: Prompt, *, max_tokens: int) -> Heard:
        """Answer a conversation."""
        body: Json = {"messages": list(prompt.messages), "chat_template_kwargs": {"enable_thinking": False}}
        if prompt.tools:
            body["tools"] = list(prompt.tools)
        rendered = str(self._wire.post("/apply-template", body)["prompt"])
        said = self._wire.post("/v1/chat/completions", body | self._how(name) | {"max_tokens": max_tokens})
        return Heard(text=str(said["choices"][0]["message"].get("content") or ""), rendered=rendered)

    def ask_raw(self, name: str | None, text: str, *, max_tokens: int) -> Heard:
        """Continue a text."""
        body = {"prompt": text, "n_predict": max_tokens, "n_probs": 5} | self._how(name)
        said = self._wire.post("/completion", body)
        return Heard(text=str(said["content"]), first=_first(said))

    def promote(self, name: str | None) -> str:
        """Switch one adapter on and all others off, and point the lasting name at its file."""
        wanted = None if name is None else self._number(name)
        scales: list[Json] = [
            {"id": each["id"], "scale": 1.0 if each["id"] == wanted else 0.0} for each in self._loaded()
        ]
        if scales:
            self._wire.post("/lora-adapters", scales)
        point(self._link, None if name is None else self._folder / name / GGUF)
        return self._wire.url

    def withdraw(self, name: str) -> None:
        """Switch a version off; its file is gone before the next start."""
        number = self._number(name)
        if number is not None:
            # The server switches off whatever a list leaves out.
            scales: list[Json] = [
                {"id": each["id"], "scale": 0.0 if each["id"] == number else each["scale"]} for each in self._loaded()
            ]
            self._wire.post("/lora-adapters", scales)

    def _how(self, name: str | None) -> Json:
        number = None if name is None else self._number(name)
        scales = [{"id": each["id"], "scale": 1.0 if each["id"] == number else 0.0} for each in self._loaded()]
        return {"temperature": 0.0, "top_k": 1, "repeat_penalty": 1.0, "cache_prompt": False, "lora": scales}

    def _loaded(self) -> list[Json]:
        return [dict(each) for each in self._wire.get("/lora-adapters") or ()]

    def _number(self, name: str) -> int | None:
        """The server's number for a version, by the file that it loaded."""
        for each in self._loaded():
            if Path(str(each.get("path", ""))).parent.name == name:
                return int(each["id"])
        return None


def point(link: Path, target: Path | None) -> None:
    """Point a lasting name at a file, in one step; remove it where nothing is to be pointed at."""
    if target is None:
        link.unlink(missing_ok=True)
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.fresh")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent))
    os.replace(fresh, link)


def _first(said: Json) -> dict[str, float]:
    tokens: list[Any] = said.get("completion_probabilities") or []
    if not tokens:
        return {}
    ranked = tokens[0].get("top_logprobs") or tokens[0].get("probs") or []
    return {
        str(each.get("token", each.get("tok_str"))): float(
            each["logprob"] if "logprob" in each else math.log(max(each["prob"], 1e-30))
        )
        for each in ranked
    }
