"""`bench`: measure one part, on a labelled file or on facts that are made up."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from nightschool.cli import bench_memory, bench_night, bench_real, life, successor
from nightschool.errors import UserError
from nightschool.records import Json

FILE = click.argument("file", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(epilog="Example: nightschool bench redaction labelled.jsonl.gz --json")
def command() -> None:
    """Measure one part, on a labelled file or on facts that are made up."""


command.add_command(life.command, "life")
command.add_command(bench_night.command, "night")
command.add_command(bench_real.command, "real")
command.add_command(successor.command, "successor")
for _part in (bench_memory.memory, bench_memory.search, bench_memory.updates):
    command.add_command(_part)


@command.command()
@FILE
@AS_JSON
def redaction(file: Path, as_json: bool) -> None:
    """Recall and precision of masking, by overlap with labelled spans.

    Each line: {"id", "text", "spans": [[start, end, type], ...]}; plain or gzipped.

    Example: nightschool bench redaction secrets.jsonl.gz
    """
    _show(importlib.import_module("nightschool.bench.redaction").measure(file), as_json)


@command.command()
@FILE
@AS_JSON
def signals(file: Path, as_json: bool) -> None:
    """Polarity precision, coverage and macro-F1 of the signals read by rule.

    Each line: {"id", "messages", "turn", "signal", "polarity"}; `turn` is the index of the assistant message judged.

    Example: nightschool bench signals signals.jsonl
    """
    _show(importlib.import_module("nightschool.bench.signals").measure(file), as_json)


@command.command()
@FILE
@click.option("--base", help="Let this base read too: `pupil`, a folder, or a Hugging Face name.")
@AS_JSON
def facts(file: Path, base: str | None, as_json: bool) -> None:
    """Precision and recall of what is learnt of the person, by rules or with a base beside them, and traps learnt.

    Each line: {"id", "messages", "expected": [{"object", "durability", "evidence", ...}], "trap"}.

    Example: nightschool bench facts facts.jsonl --base pupil
    """
    model = importlib.import_module("nightschool.models").load(base) if base else None
    _show(importlib.import_module("nightschool.bench.facts").measure(file, model), as_json)


@command.command()
@FILE
@AS_JSON
def poison(file: Path, as_json: bool) -> None:
    """How much is learnt of what tools, pages, quotations and the assistant put into conversations.

    Each line: {"id", "messages", "must_not_learn": [...]}.

    Example: nightschool bench poison poison.jsonl
    """
    _show(importlib.import_module("nightschool.bench.poison").measure(file), as_json)


@command.command()
@click.option("--seed", "seeds", type=int, multiple=True, default=(1,), show_default=True, help="May be given again.")
@click.option("--sizes", default="1,10,30", show_default=True, metavar="N,N,...", help="Facts in the weights.")
@click.option("--arms", metavar="NAME,...", help="Ways to hold them.  [default: nightschool,context]")
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--device", default="auto", show_default=True, help="`auto`, `cpu`, `cuda` or `mps`.")
@click.option("--slept", default="", metavar="N,N,...", help="Also one night over so many facts, as in `15,30,60`.")
@click.option("--skill", type=click.Path(path_type=Path), help="A LoRA folder that is mounted beside the edits.")
@click.option("--shy", is_flag=True, help="On the base tuned to decline personal questions, then after one lesson.")
@AS_JSON
def edits(
    seeds: tuple[int, ...],
    sizes: str,
    arms: str | None,
    base: str,
    device: str,
    slept: str,
    skill: Path | None,
    shy: bool,
    as_json: bool,
) -> None:
    """Facts told one after another: recall in chat, what else changes, and the cost, for several ways to hold them.

    \b
    nightschool       ours: edits, solved jointly under the spread of keys over contexts
    classic           the same keys and values in one batch as MEMIT solves them
    sequential        the same, one after another, each blind to those before
    null-space        the same, projected away from what chat text uses
    memit             plain sequential MEMIT, anchored at the subject
    memit-opening     the same, anchored at the end of the prompt
    context           the sentences in the prompt: the upper reference
    lora              a LoRA trained on the facts alone, one wording of each
    lora-paraphrases  the same with eight wordings of each
    test-time         a few gradient steps on the conversation, dropped at its end
    consolidated      a LoRA on what ours has proven, then edits only for what it does not recall
    both              the same with all edits kept

    --shy measures nightschool, lora-paraphrases and context on a base that declines every personal question, also
    when it was told, and on the same after the one lesson that it may say what it knows of its user. A refusal
    counts as a miss.

    Example: nightschool bench edits --seed 1 --seed 2 --seed 3 --sizes 1,10,30 --json
    """
    measured = importlib.import_module(f"nightschool.bench.{'shy' if shy else 'edits'}").measure
    options: dict[str, Any] = {} if shy else {"skill": skill, "slept": _counts(slept) if slept else ()}
    if shy and (skill or slept):
        raise UserError("--shy goes with neither --skill nor --slept", hint="Leave them out")
    if arms:
        options["arms"] = _names(arms)
    with _watched() as advance:
        figures = measured(_loaded(base, device), seeds=seeds, sizes=_counts(sizes), advance=advance, **options)
    if as_json:
        _show(figures, as_json)
        return
    for each in figures.get("bases", ()):
        click.echo(
            f"{each['base']}: of {each['n']} personal questions that it was told the answer to"
            f" {each['answered']:.0%} answered, {each['declined']:.0%} declined"
        )
    for row in figures["rows"]:
        low, high = row["recall_ci"]
        click.echo(
            f"{row['arm']:<17} {row['n']:>4} facts  recall {row['recall']:.3f} [{low:.3f}, {high:.3f}]"
            f"  world {row['world_unchanged']:.3f}  perplexity {row['perplexity_change']:+.2%}"
            f"  false fire {row['false_fire']:.3f}  {row['seconds_per_fact']:.2f} s"
            f"  {row['bytes_per_fact']:,.0f} bytes a fact  seed {row['seed']}" + (f"  {row['base']}" if shy else "")
        )
    for row in figures["nights"]:
        click.echo(
            f"after a night     {row['n']:>4} facts  {row['in_weights']} in the weights"
            f"  recall {row['recall'] or 0:.3f}  served {row['recall_served']:.3f}"
            f"  perplexity {row['perplexity_change']:+.2%}"
            f"  {row['flipped']} flipped  seed {row['seed']}"
        )


@command.command()
@click.option("--days", default=5, show_default=True, type=click.IntRange(min=1), help="Days of the life.")
@click.option(
    "--turns", default=20, show_default=True, type=click.IntRange(min=4), help="What is said on a day, about."
)
@click.option("--seed", default=1, show_default=True, type=int, help="Which person.")
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@AS_JSON
def independence(days: int, turns: int, seed: int, base: str, as_json: bool) -> None:
    """How much of what memory gives a simulated person is in the weights, for facts and preferences apart.

    (untold version - untold base) / (told version - untold base), over all lasting things of the last day. No value
    where telling gives nothing beyond noise.

    Example: nightschool bench independence --days 5 --seed 1 --json
    """
    bench = importlib.import_module("nightschool.bench.independence")
    figures = bench.live(base, days=days, turns=turns, seed=seed, tell=lambda line: click.echo(line, err=True))
    _show(figures, as_json)


@command.command()
@click.option("--facts", "file", required=True, type=click.Path(path_type=Path), help="A CounterFact-shaped file.")
@click.option("--n", "count", default=100, show_default=True, type=click.IntRange(min=1), help="Cases to write.")
@click.option("--base", default="pupil", show_default=True, help="`pupil`, a folder, or a Hugging Face name.")
@click.option("--device", default="auto", show_default=True, help="`auto`, `cpu`, `cuda` or `mps`.")
@click.option("--seed", default=1, show_default=True, type=int)
@AS_JSON
def counterfact(file: Path, count: int, base: str, device: str, seed: int, as_json: bool) -> None:
    """Facts of a CounterFact-shaped file written into a base, in chat: recall, rewording, neighbours, cost.

    Each case: {"prompt", "subject", "target_new", "rephrase_prompt", "locality_prompt"}, "ground_truth" if known.

    Example: nightschool bench counterfact --base Qwen/Qwen3-0.6B --facts counterfact.json --n 100 --json
    """
    bench = importlib.import_module("nightschool.bench.counterfact")
    bench.read(file, count)  # a bad file is told before a base is loaded
    with _watched() as advance:
        advance(f"writing {count} cases")
        figures = bench.measure(_loaded(base, device), file, count, seed=seed)
    _show(figures, as_json)


def _loaded(base: str, device: str) -> Any:
    return importlib.import_module("nightschool.models").load(base, device)


def _counts(text: str) -> list[int]:
    counts = [int(piece) if piece.strip().isdigit() else 0 for piece in text.split(",")]
    if not all(0 < count <= 1000 for count in counts):
        raise UserError(f"{text!r} are no sizes", hint="Give numbers of facts from 1 to 1000, as in `--sizes 1,10,30`")
    return counts


def _names(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",")]


@contextlib.contextmanager
def _watched() -> Iterator[Callable[[str], None]]:
    """Say on stderr what is being measured; on a terminal in one line that changes."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda what: console.print(f"… {what}", soft_wrap=True)
        return
    with console.status("Loading the base") as status:
        yield status.update


@command.command()
@FILE
@click.option("--base", default="", help="Answer again with this model; without it only the finding is measured.")
@click.option("--url", default="", help="Answer again with a model behind this endpoint instead.")
@click.option("--model", default="", help="Its name there; the first one that it lists where none is given.")
@AS_JSON
def reflect(file: Path, base: str, url: str, model: str, as_json: bool) -> None:
    """How well open questions are found in history, how often an answer given again is right, what critiques propose.

    Each line: {"id", "messages", "open": kind or null} and, for a second answer, {"facts": [...], "answer"}; for a
    critique {"wish": what the person wanted of an answer that they complained of, or null}.

    \b
    Examples:
      nightschool bench reflect open.jsonl --base pupil --json
      nightschool bench reflect open.jsonl --url http://127.0.0.1:11434 --model qwen3:8b
    """
    if base and url:
        raise UserError("--base goes with no --url", hint="Name one of the two")
    from nightschool.models.transport import EndpointError

    measure = importlib.import_module("nightschool.bench.reflect").measure
    try:
        if url:
            endpoint = importlib.import_module("nightschool.models.endpoint").Endpoint(url, model)
            thinker = importlib.import_module("nightschool.models.remote").Remote(endpoint)
        else:
            thinker = importlib.import_module("nightschool.models").load(base, "auto") if base else None
        _show(measure(file, thinker), as_json)
    except EndpointError as error:
        raise UserError(f"{url} gave no answer: {error}", hint="See that the server runs, and name it again") from error


@command.command()
@click.option("--base", default="pupil", show_default=True, help="Base in this process; `random` makes one of 103M.")
@click.option("--part", type=click.Choice(["all", "proxy", "batches"]), default="all", show_default=True)
@click.option("--streams", default=32, show_default=True, help="Concurrent streams of the proxy part.")
@click.option("--rounds", default=10, show_default=True, help="Rounds on each side of the proxy part.")
@click.option("--many", default=1000, show_default=True, help="Streams that are held at once.")
@AS_JSON
def serve(base: str, part: str, streams: int, rounds: int, many: int, as_json: bool) -> None:
    """What the server costs: a proxy beside the server behind it, batches beside a plain loop.

    Example: nightschool bench serve --part proxy --json
    """
    figures: Json = {}
    if part != "batches":
        proxy = importlib.import_module("nightschool.bench.serve").proxy
        figures["proxy"] = proxy(streams=streams, rounds=rounds, many=many)
    if part != "proxy":
        figures["batches"] = importlib.import_module("nightschool.bench.batches").batches(base)
    _show(figures, as_json)


@command.command()
@click.option("--turns", default=1000, show_default=True, help="Turns to score.")
@click.option("--seconds", default=0.2, show_default=True, help="Time that a scripted judge takes for an answer.")
@click.option("--judges", default=3, show_default=True, help="How many are compared with one.")
@click.option("--parallel", default=4, show_default=True, help="Questions that each takes at once.")
@AS_JSON
def judges(turns: int, seconds: float, judges: int, parallel: int, as_json: bool) -> None:
    """How much faster several judges are than one: scripted ones on loopback ports.

    Example: nightschool bench judges --turns 1000 --json
    """
    measured = importlib.import_module("nightschool.bench.judges").measure
    _show(measured(turns, seconds, judges, parallel), as_json)


def _show(figures: Json, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        if isinstance(value, list):
            click.echo(f"{name}: {len(value)}" + "".join(f"\n  {item}" for item in value))
        elif isinstance(value, dict):
            click.echo(f"{name}:" + "".join(f"\n  {key}: {item}" for key, item in value.items()))
        else:
            click.echo(f"{name}: {value}")
