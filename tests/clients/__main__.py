"""`python -m tests.clients [NAME ...]`: let the real programs hold one conversation each through the server.

Prints one line per program on stderr and one JSON document; ends with 1 where a program failed.
"""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import closing, contextmanager
from pathlib import Path

from nightschool import redact
from nightschool.config import Home
from nightschool.curate.signals import read as read_signals
from nightschool.serve import heard
from nightschool.store import conversations, exchanges
from nightschool.store.database import open_database
from nightschool.turns import turns
from tests.clients.programs import PROGRAMS, missing


def main():
    """Run what was named, or every program."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=__doc__)
    parser.add_argument(
        "programs", nargs="*", metavar="NAME", help=f"any of {', '.join(PROGRAMS)}; all where none is named"
    )
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "nightschool-clients",
                        help="where the programs are installed")  # fmt: skip
    parser.add_argument("--keep", type=Path, help="keep each program's state and home in this folder")
    wanted = parser.parse_args()
    unknown = set(wanted.programs) - set(PROGRAMS)
    if unknown:
        parser.error(f"there is no program {', '.join(sorted(unknown))}")
    found = []
    with tempfile.TemporaryDirectory(prefix="nightschool-clients-") as temporary:
        for name in wanted.programs or PROGRAMS:
            state = (wanted.keep or Path(temporary)) / name
            try:
                found.append(held(name, wanted.folder, state))
            except Exception:
                found.append({"program": name, "right": False, "error": traceback.format_exc()})
            said = found[-1].get("error", "").strip() or ", ".join(found[-1]["failed"]) or "right"
            print(f"{name}: {said}", file=sys.stderr)
    print(json.dumps(found, indent=1))
    sys.exit(not all(one["right"] for one in found))


def held(name, folder, state):
    """Hold one program's conversation and return what of it was seen and what was stored."""
    (state / "work").mkdir(parents=True)
    codename = f"HERON{secrets.randbelow(10_000)}"
    (state / "work" / "notes.txt").write_text(f"Project notes\ncodename: {codename}\nreview: the 14th\n")
    home = state / "home"
    with assistant(state) as behind, front(home, behind, state) as server:
        program = PROGRAMS[name](folder, state, server, home)
        if missing(program):
            program.install()
        program.connect()
        with program.running():
            shown = [program.say(text, number == 0) for number, text in enumerate(program.talk)]
        time.sleep(1)  # the recorder writes behind the last byte
    return {"program": name, "version": program.version} | judged(program, shown, codename, Home(home))


def judged(program, shown, codename, home):
    """Compare what the program showed and what the store holds with what was said."""
    with closing(open_database(home.database)) as db:
        talks = {one.id: one for one in conversations.all_conversations(db)}
        kept = [exchanges.get(db, row["id"]) for row in db.execute("SELECT id FROM exchanges ORDER BY started")]
        main = [one for one in kept if one.kind == "main"]
        own = {one.conversation_id for one in main} & set(talks)
    said = [
        [message.text for message in talk.messages if message.author == "person"]
        for talk in talks.values()
        if talk.id in own
    ]
    talk = talks[next(iter(own))] if len(own) == 1 else None
    signals = read_signals(redact.clean(talk).conversation) if talk else ()
    order = {turn.id: number for number, turn in enumerate(turns(talk))} if talk else {}
    kinds = sorted({(order[signal.turn_id], signal.kind) for signal in signals if signal.turn_id in order})
    told = [one for one in main if (got := heard.answered(one.path, one.response)) and got.answer().text]
    checks = {
        "the wrong answer was shown": "Sydney" in shown[0],
        "what the tool read was shown": codename in shown[2] or program.name == "open-webui",
        "one conversation": len(own) == 1,
        "the person's words and no others": said == [list(program.talk)],
        "the tool's result is in it": bool(talk) and any(message.role == "tool" for message in talk.messages),
        "every main answer was whole and streamed": bool(main) and all(
            one.status == 200 and "event-stream" in one.content_type and one.path == program.answers_api for one in main
        ),
        "first words came before the last": bool(told) and all(one.first_seconds < one.seconds / 2 for one in told),
        "the correction was read": (0, "correction") in kinds,
        "the thanks were read": (2, "acceptance") in kinds,
    }  # fmt: skip
    return {
        "right": all(checks.values()),
        "failed": [name for name, right in checks.items() if not right],
        "exchanges": {kind: sum(one.kind == kind for one in kept) for kind in {one.kind for one in kept}},
        "client": main[0].client if main else "",
        "signals": kinds,
        "said": said,
    }


def free():
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(*command, port, log):
    """Run a server until the block ends."""
    with open(log, "ab") as out:
        running = subprocess.Popen([sys.executable, "-m", *command], stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 120
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command} did not begin: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=60)


@contextmanager
def assistant(state):
    """The scripted assistant."""
    port = free()
    with process("tests.clients.assistant", str(port), port=port, log=state / "assistant.log") as address:
        yield address


@contextmanager
def front(home, behind, state):
    """`nightschool serve` in front of it."""
    port = free()
    words = ("nightschool", "--home", str(home), "serve", "--port", str(port), "--upstream", behind)
    with process(*words, port=port, log=state / "serve.log") as address:
        yield address


if __name__ == "__main__":
    main()
