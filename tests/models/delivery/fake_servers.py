"""llama.cpp's server and vLLM as they speak and act, on a tiny base that really answers with their adapters.

llama-server takes adapters when it starts, and a list of scales switches off whatever it leaves out. vLLM takes
them while it runs where that was allowed, refuses a name twice, and speaks of success in plain text.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from tests.models.delivery.fake_ollama import Fake, _Handler


@dataclass
class LlamaServer:
    """One process of llama-server, for tests to look at and to spoil."""

    engine: Fake
    url: str = ""
    files: list[Path] = field(default_factory=list)
    """What `--lora` named when it started."""
    scales: list[float] = field(default_factory=list)
    model_path: str = "/models/tiny-f32.gguf"
    loading: bool = False
    deaf: bool = False
    calls: list[str] = field(default_factory=list)

    def start(self, *files: Path) -> None:
        """Start again with these adapters, none of them applied."""
        self.files, self.scales = list(files), [0.0] * len(files)
        self.engine.blobs = {str(number): file.read_bytes() for number, file in enumerate(files)}

    def scaled(self, body: list[dict[str, Any]]) -> list[float]:
        scales = [0.0] * len(self.files)
        for entry in body:
            if not 0 <= entry["id"] < len(scales):
                raise ValueError("invalid adapter id")
            scales[entry["id"]] = entry["scale"]
        return scales

    def said(self, text: str, most: int, scales: list[float]) -> tuple[str, list[dict[str, Any]]]:
        worn = {} if self.deaf else {str(n): f"sha256:{n}" for n, scale in enumerate(scales) if scale == 1.0}
        self.engine.tags["asked:latest"] = {"adapters": worn}
        said = self.engine.answer("asked", text, most)
        return said, likely(self.engine, text)


@dataclass
class Vllm:
    """One process of vLLM."""

    engine: Fake
    url: str = ""
    updating: bool = True
    """Whether VLLM_ALLOW_RUNTIME_LORA_UPDATING was set."""
    largest: int = 256
    """Rank that `--max-lora-rank` allows."""
    loaded: dict[str, dict[str, Any]] = field(default_factory=dict)
    deaf: bool = False
    calls: list[str] = field(default_factory=list)

    def load(self, name: str, path: str) -> None:
        settings = json.loads((Path(path) / "adapter_config.json").read_text())
        if settings["r"] > self.largest:
            raise ValueError(f"LoRA rank {settings['r']} is greater than max_lora_rank {self.largest}.")
        self.loaded[name] = {"settings": settings, "sides": load_file(Path(path) / "adapter_model.safetensors")}

    def mount(self, name: str) -> None:
        weights = {each: value.clone() for each, value in self.engine.plain.items()}
        worn = None if self.deaf else self.loaded.get(name)
        for side, a in (worn or {"sides": {}})["sides"].items():
            if side.endswith(".lora_A.weight"):
                stem = side.removesuffix(".lora_A.weight")
                scale = worn["settings"]["lora_alpha"] / worn["settings"]["r"]
                change = scale * worn["sides"][f"{stem}.lora_B.weight"].float() @ a.float()
                weights[f"{stem.removeprefix('base_model.model.')}.weight"] += change
        self.engine.model.network.load_state_dict(weights)

    def said(self, name: str, text: str, most: int) -> tuple[str, list[dict[str, Any]]]:
        self.engine._mount = lambda _: self.mount(name)  # its own way to wear an adapter
        return self.engine.answer(name, text, most), likely(self.engine, text)


def likely(engine: Fake, text: str) -> list[dict[str, Any]]:
    """The five likeliest next tokens on the weights as they are mounted."""
    ids = engine.model.tokenizer(text, add_special_tokens=False)["input_ids"]
    if (begin := engine.model.tokenizer.bos_token_id) is not None:
        ids = [begin, *ids]
    logs = engine.model.logits(ids)[-1].log_softmax(-1)
    best = torch.topk(logs, 5).indices.tolist()
    return [{"token": engine.model.tokenizer.decode([each]), "logprob": float(logs[each])} for each in best]


class _Llama(_Handler):
    server_: LlamaServer

    def do_GET(self) -> None:
        there = self.server_
        there.calls.append(self.path)
        if self.path == "/health" and there.loading:
            self._send(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})
            return
        found = {
            "/health": {"status": "ok"},
            "/props": {"model_path": there.model_path},
            "/lora-adapters": [
                {"id": number, "path": str(file), "scale": there.scales[number]}
                for number, file in enumerate(there.files)
            ],
        }  # fmt: skip
        self._send(200 if self.path in found else 404, found.get(self.path))

    def do_POST(self) -> None:
        there, body = self.server_, json.loads(self._body())
        there.calls.append(self.path)
        if self.path == "/lora-adapters":
            try:
                there.scales = there.scaled(body)
            except ValueError as error:
                self._send(400, {"error": {"code": 400, "message": str(error), "type": "invalid_request_error"}})
                return
            self._send(200, {"success": True})
            return
        if self.path == "/apply-template":
            self._send(200, {"prompt": there.engine.render(body["messages"])})
            return
        scales = there.scaled(body["lora"]) if "lora" in body else there.scales
        if self.path == "/completion":
            said, first = there.said(body["prompt"], body["n_predict"], scales)
            probabilities = [{"id": 0, **first[0], "top_logprobs": first}] if body.get("n_probs") else []
            self._send(200, {"content": said, "stop": True, "completion_probabilities": probabilities})
            return
        said, _ = there.said(there.engine.render(body["messages"]), body["max_tokens"], scales)
        self._send(200, {"choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]})


class _Vllm(_Handler):
    server_: Vllm

    def do_GET(self) -> None:
        there = self.server_
        there.calls.append(self.path)
        models = [{"id": "tiny", "object": "model", "root": "tiny", "parent": None}]
        models += [{"id": name, "object": "model", "root": "/x", "parent": "tiny"} for name in there.loaded]
        self._send(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        there, body = self.server_, json.loads(self._body())
        there.calls.append(self.path)
        name = body.get("lora_name", "")
        if self.path.endswith("_lora_adapter") and not there.updating:
            self._send(404, {"detail": "Not Found"})
        elif self.path == "/v1/load_lora_adapter":
            if name in there.loaded:
                self._refuse(400, f"The lora adapter '{name}' has already been loaded.")
                return
            try:
                there.load(name, body["lora_path"])
            except OSError:
                self._refuse(404, f"Loading lora {name} failed: No adapter found for {body['lora_path']}")
                return
            except ValueError as error:
                self._refuse(400, str(error))
                return
            self._plain(f"Success: LoRA adapter '{name}' added successfully.")
        elif self.path == "/v1/unload_lora_adapter":
            if there.loaded.pop(name, None) is None:
                self._refuse(404, f"The lora adapter '{name}' cannot be found.")
                return
            self._plain(f"Success: LoRA adapter '{name}' removed successfully.")
        elif body["model"] not in ("tiny", *there.loaded):
            self._refuse(404, f"The model `{body['model']}` does not exist.")
        elif self.path == "/v1/completions":
            said, first = there.said(body["model"], body["prompt"], body["max_tokens"])
            told = {"top_logprobs": [{each["token"]: each["logprob"] for each in first}]}
            self._send(200, {"choices": [{"index": 0, "text": said, "logprobs": told}]})
        else:
            said, _ = there.said(body["model"], there.engine.render(body["messages"]), body["max_tokens"])
            self._send(200, {"choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]})

    def _refuse(self, status: int, message: str) -> None:
        self._send(status, {"error": {"message": message, "type": "BadRequestError", "param": None, "code": status}})

    def _plain(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


@contextlib.contextmanager
def running(fake: Any) -> Iterator[Any]:
    """Run one of the two on a free port."""
    kind = _Llama if isinstance(fake, LlamaServer) else _Vllm
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (kind,), {"server_": fake}))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
