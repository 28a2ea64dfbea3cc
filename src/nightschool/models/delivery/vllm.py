"""vLLM: adapters are loaded while it runs, each version under a name of its own."""

from __future__ import annotations

from nightschool.errors import UserError
from nightschool.models.delivery.parcel import PEFT, Parcel
from nightschool.models.delivery.place import Heard
from nightschool.models.delivery.wire import Refusal, Wire
from nightschool.records import Json, Prompt

_START = (
    "Start it with `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve BASE --enable-lora --max-lora-rank 256`, "
    "then `nightschool deliver`"
)


class Vllm:
    """One running vLLM."""

    kind = "vllm"
    form = PEFT

    def __init__(self, url: str) -> None:
        self._wire = Wire("vLLM", url, _START)

    def ready(self) -> None:
        """Raise UserError where it is not running."""
        self._models()

    def exact(self) -> bool:
        """Never: it computes in 16 bits."""
        return False

    def has(self, name: str) -> bool:
        """Whether a version is loaded; one that was started again has none."""
        return name in self._models()

    def put(self, parcel: Parcel) -> None:
        """Load the adapter under its own name; a name that is loaded already is never loaded over."""
        if parcel.name in self._models():
            return
        try:
            body = {"lora_name": parcel.name, "lora_path": str(parcel.peft)}
            self._wire.post("/v1/load_lora_adapter", body)
        except Refusal as refusal:
            raise UserError(refusal.message, hint=_START) from refusal

    def ask(self, name: str | None, prompt: Prompt, *, max_tokens: int) -> Heard:
        """Answer a conversation."""
        body: Json = {"messages": list(prompt.messages), "chat_template_kwargs": {"enable_thinking": False}}
        if prompt.tools:
            body["tools"] = list(prompt.tools)
        said = self._wire.post("/v1/chat/completions", body | self._how(name, max_tokens))
        return Heard(text=str(said["choices"][0]["message"].get("content") or ""))

    def ask_raw(self, name: str | None, text: str, *, max_tokens: int) -> Heard:
        """Continue a text."""
        said = self._wire.post("/v1/completions", {"prompt": text, "logprobs": 5} | self._how(name, max_tokens))
        choice = said["choices"][0]
        ranked = (choice.get("logprobs") or {}).get("top_logprobs") or [{}]
        return Heard(text=str(choice["text"]), first={str(token): float(value) for token, value in ranked[0].items()})

    def promote(self, name: str | None) -> str:
        """Nothing moves there: who answers is the name that a client asks for."""
        return name or self._base()

    def withdraw(self, name: str) -> None:
        """Unload a version."""
        if name in self._models():
            self._wire.post("/v1/unload_lora_adapter", {"lora_name": name})

    def _models(self) -> list[str]:
        return [str(each["id"]) for each in self._wire.get("/v1/models").get("data") or ()]

    def _base(self) -> str:
        """The model that no adapter stands on."""
        for each in self._wire.get("/v1/models").get("data") or ():
            if not each.get("parent"):
                return str(each["id"])
        raise UserError("vLLM lists no base", hint=_START)

    def _how(self, name: str | None, max_tokens: int) -> Json:
        return {"model": name or self._base(), "temperature": 0.0, "max_tokens": max_tokens}
