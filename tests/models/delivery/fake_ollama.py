"""An Ollama that speaks its API and really answers: its base is a tiny model, its adapters are read from GGUF.

It knows nothing of how adapters are written here: it adds alpha / rank * B @ A to its own base's weights,
in llama.cpp's order of rows, and renders with a template of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import gguf
import torch

from nightschool import models
from nightschool.models import chat
from nightschool.records import Prompt

NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip


@dataclass
class Fake:
    """Its state, for tests to look at and to spoil."""

    base: Path
    url: str = ""
    version: str = "0.12.11"
    quantisation: str = "F32"
    interleaved: bool = True
    """Whether its base is of the llama family."""
    blobs: dict[str, bytes] = field(default_factory=dict)
    tags: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name -> what it was created from."""
    deaf: bool = False
    """Takes adapters and does not use them."""
    spoken: str = ""
    """A word that its template puts before each question."""
    broken: set[str] = field(default_factory=set)
    """Paths that answer 500."""
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = models.load(str(self.base), "cpu")
        self.plain = {name: value.clone() for name, value in self.model.network.state_dict().items()}
        self.tags["tiny:latest"] = {"from": "tiny:latest"}

    def resolve(self, name: str) -> dict[str, Any] | None:
        return self.tags.get(name if ":" in name else f"{name}:latest")

    def answer(self, name: str, text: str, most: int) -> str:
        self._mount(self.resolve(name) or {})
        ids = self.model.tokenizer(text, add_special_tokens=False)["input_ids"]
        if (begin := self.model.tokenizer.bos_token_id) is not None:
            ids = [begin, *ids]
        spoken: list[int] = []
        for _ in range(most):
            token = int(self.model.logits([*ids, *spoken])[-1].argmax())
            if token in self.model._stops:
                break
            spoken.append(token)
        return str(self.model.tokenizer.decode(spoken, skip_special_tokens=True))

    def _mount(self, made: dict[str, Any]) -> None:
        weights = {name: value.clone() for name, value in self.plain.items()}
        for blob in made.get("adapters", {}).values():
            if not self.deaf:
                self._add(weights, self.blobs[blob.removeprefix("sha256:")])
        self.model.network.load_state_dict(weights)

    def _add(self, weights: dict[str, Any], data: bytes) -> None:
        file = self.base / "read.gguf"
        file.write_bytes(data)
        reader = gguf.GGUFReader(file)
        alpha = float(reader.fields["adapter.lora.alpha"].parts[-1][0])
        sides = {each.name: torch.tensor(each.data.copy()) for each in reader.tensors}
        heads = self.model.network.config.num_attention_heads, self.model.network.config.num_key_value_heads
        for name in sides:
            if not name.endswith(".lora_a"):
                continue
            _, block, kind = name.removesuffix(".weight.lora_a").split(".")
            a, b = sides[name], sides[name.replace("lora_a", "lora_b")]
            if self.interleaved and kind in ("attn_q", "attn_k"):
                count = heads[kind == "attn_k"]
                b = b.reshape(count, b.shape[0] // count // 2, 2, -1).swapaxes(1, 2).reshape(b.shape)
            weights[f"model.layers.{block}.{NAMES[kind]}.weight"] += alpha / b.shape[1] * b @ a

    def render(self, messages: list[dict[str, Any]]) -> str:
        said = [m | {"content": self.spoken + m["content"]} if m["role"] == "user" else m for m in messages]
        text = chat.render(self.model.tokenizer, Prompt(messages=tuple(said))).text
        return text.removeprefix(self.model.tokenizer.bos_token or "")


class _Handler(BaseHTTPRequestHandler):
    fake: Fake

    def log_message(self, *_: Any) -> None:
        return

    def _send(self, status: int, body: Any = None) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self) -> None:
        self.fake.calls.append(self.path)
        self._send(200, {"version": self.fake.version} if self.path == "/api/version" else {"models": []})

    def do_HEAD(self) -> None:
        self._send(200 if self.path.rpartition(":")[2] in self.fake.blobs else 404)

    def do_DELETE(self) -> None:
        name = json.loads(self._body())["model"]
        self.fake.calls.append(f"delete {name}")
        self._send(200 if self.fake.tags.pop(name, None) else 404, None)

    def do_POST(self) -> None:
        data = self._body()
        self.fake.calls.append(self.path)
        if self.path in self.fake.broken:
            self._send(500, {"error": "it broke"})
            return
        if self.path.startswith("/api/blobs/"):
            digest = self.path.rpartition(":")[2]
            fits = hashlib.sha256(data).hexdigest() == digest
            if fits:
                self.fake.blobs[digest] = data
            self._send(201 if fits else 400, None if fits else {"error": "digest mismatch"})
            return
        self._send(*getattr(self, "_" + self.path.rsplit("/", 1)[1])(json.loads(data)))

    def _show(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.fake.resolve(body["model"]) is None:
            return 404, {"error": "model not found"}
        return 200, {"details": {"quantization_level": self.fake.quantisation}}

    def _create(self, body: dict[str, Any]) -> tuple[int, Any]:
        missing = [b for b in body["adapters"].values() if b.removeprefix("sha256:") not in self.fake.blobs]
        if missing or self.fake.resolve(body["from"]) is None:
            return 400, {"error": "blob or base missing"}
        self.fake.tags[body["model"]] = body
        return 200, {"status": "success"}

    def _copy(self, body: dict[str, Any]) -> tuple[int, Any]:
        made = self.fake.resolve(body["source"])
        if made is None:
            return 404, {"error": "model not found"}
        self.fake.tags[body["destination"]] = made
        return 200, None

    def _chat(self, body: dict[str, Any]) -> tuple[int, Any]:
        if "think" in body and body["think"] is not None:
            return 400, {"error": f"{body['model']} does not support thinking"}
        text = self.fake.render(body["messages"])
        said = self.fake.answer(body["model"], text, body["options"]["num_predict"])
        return 200, {"message": {"role": "assistant", "content": said}}

    def _generate(self, body: dict[str, Any]) -> tuple[int, Any]:
        assert body["raw"] is True
        return 200, {"response": self.fake.answer(body["model"], body["prompt"], body["options"]["num_predict"])}


@contextlib.contextmanager
def running(base: Path) -> Iterator[Fake]:
    """Run one on a free port."""
    fake = Fake(base=base)
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
