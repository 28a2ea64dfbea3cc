"""`bench memory`, `bench search`, `bench updates`: what memory finds, how fast, and whether it keeps up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightschool.cli.waiting import counting, waiting
from nightschool.errors import UserError

if TYPE_CHECKING:
    from nightschool.cli.main import Session
    from nightschool.records import Json

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--embedder",
    metavar="NAME",
    help="`minilm`, a folder, ADDRESS#MODEL, or `none`.  [default: what this home has, else minilm where installed]",
)
@AS_JSON
@click.pass_obj
def memory(session: Session, file: Path, embedder: str | None, as_json: bool) -> None:
    """How much of the evidence recall brings up, beside BM25 and the usual ways, on LoCoMo- and BEAM-shaped files.

    \b
    nightschool              ours, with the embedder where one is named
    nightschool-no-embedder  ours by words alone
    bm25                     FTS5 over each turn alone
    vectors                  the embedder over each turn alone
    hybrid-rrf60             those two as textbooks join them
    hybrid-rrf10             FTS5 over each turn with the one before, the embedder without names, joined at k = 10

    On BEAM's shape the person's messages are searched and count.

    Example: nightschool bench memory locomo10.json --json
    """
    from nightschool.bench import memory as bench
    from nightschool.models import embedding

    name = embedding.preferred(session.config.memory.embedder) if embedder is None else embedder
    with counting("asking every question of every arm") as moved:
        figures = bench.measure(file, embedding.load("" if name == "none" else name), moved)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"{figures['conversations']} conversations, {figures['turns']} turns; recall in % at 5, 10, 20")
    for arm, row in figures["arms"].items():
        low, high = row["recall@10_interval"]
        cuts = "  ".join(f"{row[f'recall@{cut}']:5.1f}" for cut in bench.CUTS)
        click.echo(f"{arm:<24} {cuts}   @10 [{low}, {high}]  n = {row['n']}")
        for name, one in row["categories"].items():
            click.echo(
                f"  {name:<26}" + "  ".join(f"{one[f'recall@{cut}']:5.1f}" for cut in bench.CUTS) + f"  n = {one['n']}"
            )
    for name, row in figures["in_tokens"].items():
        click.echo(f"{name:<24} " + "  ".join(f"{value:.1f} in {tokens} tokens" for tokens, value in row.items()))


@click.command()
@click.option("--sizes", default="10000,100000", show_default=True, metavar="N,N,...", help="Memories; up to 1000000.")
@click.option("--seed", default=1, show_default=True)
@AS_JSON
def search(sizes: str, seed: int, as_json: bool) -> None:
    """How fast recall is as memory grows, beside SQLite's FTS5 alone and a plain scan; made-up texts.

    Example: nightschool bench search --sizes 10000,100000,1000000 --json
    """
    from nightschool.bench import search as bench

    numbers = [int(piece) for piece in sizes.split(",") if piece.strip().isdigit() and 0 < int(piece) <= 2_000_000]
    if len(numbers) != len(sizes.split(",")):
        raise UserError(f"{sizes!r} are no sizes", hint="Give numbers, as in `--sizes 10000,100000`")
    with waiting("Filling a store and searching it"):
        figures = bench.measure(numbers, seed)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    for row in figures["sizes"]:
        click.echo(
            f"{row['memories']:>9,}  {row['insertions_per_second']:,} a second in  {row['megabytes']} MB"
            f"  found {row['nightschool']['found_at_10']:.0%}"
        )
        for arm in ("nightschool", "fts5", "scan"):
            one: Json = row[arm]
            click.echo(
                f"{'':<11}{arm:<12} median {one['median_ms']:>9,.2f} ms  p99 {one['p99_ms']:>9,.2f} ms"
                f"  of the processor {one['processor_median_ms']:,.2f} ms  n = {one['n']}"
            )


@click.command()
@click.option("--histories", default=500, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
@AS_JSON
def updates(histories: int, seed: int, as_json: bool) -> None:
    """Generated moves, corrections, endings and re-openings: is what memory says of then and now right?

    Example: nightschool bench updates --json
    """
    from nightschool.bench import updates as bench

    with waiting(f"Living {histories} histories"):
        figures = bench.measure(histories, seed)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    low, high = figures["interval"]
    click.echo(f"right {figures['right']:.4f} [{low:.4f}, {high:.4f}]  n = {figures['n']}  seed {seed}")
    for kind, row in figures["by_question"].items():
        click.echo(f"  {kind:<18} {row['right']:.4f}  n = {row['n']}")
    for wrong in figures["wrong"]:
        click.echo(f"  wrong: {wrong}")
