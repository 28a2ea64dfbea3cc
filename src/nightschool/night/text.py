"""The morning report for the terminal and as Markdown: the same content, the same order."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from nightschool.night import phrases, plot
from nightschool.night.report import Report, Row

BAR = 34


def text(report: Report, *, width: int = 80, colour: bool = False) -> str:
    """Set the report for a terminal of this width."""
    paint = _paint if colour else _plain
    lines: list[str] = []
    gap = max(1, width - len(report.title) - len(report.date))
    lines += [paint(report.title, "1") + " " * gap + paint(report.date, "2"), *_wrap(report.lead, width), ""]
    for heading, body in _sections(report, width):
        lines += [paint(heading, "1"), *body, ""]
    lines.append(paint(_footer(report), "2"))
    return "\n".join(lines) + "\n"


def markdown(report: Report) -> str:
    """Set the report as Markdown."""
    lines = [f"# {report.title}", "", f"{report.date} · run `{report.run}`", "", report.lead, ""]
    if report.learnt:
        lines += ["## What I learnt", ""]
        for item in report.learnt:
            about = _about(item.conversation, item.date, item.home, item.evidence)
            lines.append(f"- {item.sentence}  \n  {about}")
        lines += [f"- and {report.learnt_more} more"] if report.learnt_more else []
        lines.append("")
    if report.left_out:
        lines += ["## What I left out", "", *(f"- {item.count:,} {item.what}" for item in report.left_out), ""]
    if report.problems:
        lines += ["## What needs a look", "", *(f"- {problem}" for problem in report.problems), ""]
    if report.judges:
        lines += ["## The judges", "", *(f"- {line}" for line in report.judges), ""]
    if report.known:
        lines += ["## Told and known", "", *(f"- {line}" for line in report.known), ""]
    if report.weights:
        lines += ["## Facts in the weights", "", *(f"- {line}" for line in report.weights), ""]
    if report.thoughts:
        lines += ["## What I thought about", "", *(f"- {thought}" for thought in report.thoughts), ""]
    if report.exam:
        lines += ["## The exam", "", *(f"- {reason}" for reason in report.reasons), "", *_table(report.exam), ""]
    if report.changes:
        lines += ["## Before and after, with nothing in the prompt", ""]
        for change in report.changes:
            lines += [f"**{change.question}**", "", f"- `{change.before_by}`: {change.before}"]
            lines += [f"- `{change.after_by}`: {change.after}", ""]
    if report.history:
        lines += ["## Old lessons", "", "| lesson | " + " | ".join(report.nights) + " |"]
        lines.append("|---|" + "---:|" * len(report.nights))
        lines += [f"| {row.lesson} | {' | '.join(share(value) for value in row.after)} |" for row in report.history]
        lines.append("")
    if report.undo:
        lines += ["## Undo", "", f"`{report.undo}` brings {report.champion_before} back.", ""]
    lines += ["## Next", "", *(f"- {step}" for step in report.next), "", _footer(report), ""]
    return "\n".join(lines)


def _sections(report: Report, width: int) -> Iterator[tuple[str, list[str]]]:
    if report.learnt:
        body = []
        for item in report.learnt:
            body += _wrap(item.sentence, width, "  • ", "    ")
            body += _wrap(_about(item.conversation, item.date, item.home, item.evidence), width, "    ")
        yield "What I learnt", body + ([f"  and {report.learnt_more} more"] if report.learnt_more else [])
    if report.left_out:
        yield (
            "What I left out",
            [line for item in report.left_out for line in _wrap(item.what, width, f"{item.count:>6,}  ", " " * 8)],
        )
    if report.problems:
        yield (
            "What needs a look",
            [line for problem in report.problems for line in _wrap(problem, width, "  • ", "    ")],
        )
    if report.judges:
        yield "The judges", [line for said in report.judges for line in _wrap(said, width, "  • ", "    ")]
    if report.known:
        yield "Told and known", [line for said in report.known for line in _wrap(said, width, "  • ", "    ")]
    if report.weights:
        yield (
            "Facts in the weights",
            [line for said in report.weights for line in _wrap(said, width, "  • ", "    ")],
        )
    if report.thoughts:
        yield (
            "What I thought about",
            [line for thought in report.thoughts for line in _wrap(thought, width, "  • ", "    ")],
        )
    if report.exam:
        body = [line for reason in report.reasons for line in _wrap(reason, width, "  • ", "    ")]
        yield "The exam", [*body, "", *_strips(report.exam)]
    if report.changes:
        body = []
        for change in report.changes:
            body += _wrap(change.question, width, "  ")
            body += _answer(change.before_by, change.before, width) + _answer(change.after_by, change.after, width)
        yield "Before and after, with nothing in the prompt", body
    if report.history:
        yield "Old lessons, asked again each night", list(_old(report, width))
    if report.undo:
        yield "Undo", [f"  {report.undo}   brings {report.champion_before} back"]
    yield "Next", [line for step in report.next for line in _wrap(step.replace("`", ""), width, "  • ", "    ")]


def _answer(by: str, words: str, width: int) -> list[str]:
    lines = [line for written in words.splitlines() for line in _wrap(written, width, " " * 13)]
    return [f"    {by:<8} {lines[0].strip()}", *lines[1:]] if lines else [f"    {by:<8} (nothing)"]


def _strips(rows: tuple[Row, ...]) -> Iterator[str]:
    named = ", ".join(f"{plot.SIGNS[role]} {name}" for role, name in plot.roles(rows))
    yield f"  {named}, — 95 % interval"
    shown = {row.task for row in rows if row.moved}
    still = dict.fromkeys(phrases.inside(row.label) for row in rows if row.task not in shown)
    task = ""
    for row in rows:
        if row.task not in shown:
            continue
        if row.task != task:
            task = row.task
            yield f"  {row.label} (n = {max(mark.n for mark in row.marks)})"
        for mark in row.marks:
            ask = ("with memory" if row.told else "without memory") if mark is row.marks[0] else ""
            low, high = plot.figure(mark.low, row), plot.figure(mark.high, row)
            strip = plot.strip(mark, row, BAR)
            yield f"    {ask:<15}{strip} {plot.figure(mark.value, row):>6}  {low} to {high}"
    if still:
        yield from _wrap(f"Nothing moved in: {', '.join(still)}", 80, "  ", "  ")


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    yield "| task | asked | version | value | 95 % interval | n |"
    yield "|---|---|---|---:|---:|---:|"
    for row in rows:
        for mark in row.marks:
            told = "with memory" if row.told else "without memory"
            value, low, high = (plot.figure(number, row) for number in (mark.value, mark.low, mark.high))
            yield f"| {row.label} | {told} | {mark.arm.partition('+')[0]} | {value} | {low} to {high} | {mark.n} |"


def _old(report: Report, width: int) -> Iterator[str]:
    yield (
        "  "
        + " " * (width - 2 - 7 * len(report.nights))
        + "".join(f"{date.split()[0] + ' ' + date.split()[1][:3]:>7}" for date in report.nights)
    )
    for row in report.history:
        room = width - 4 - 7 * len(row.after)
        yield f"  {textwrap.shorten(row.lesson, room, placeholder=' …'):<{room + 2}}" + "".join(
            f"{share(value):>7}" for value in row.after
        )


def share(value: float | None) -> str:
    """A share as a percentage; a dash where it was not measured."""
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


def _about(conversation: str, date: str, home: str, evidence: str) -> str:
    where = "in the weights" if home == "weights" else "in memory"
    said = f"conversation {conversation[:12]}" if conversation else "typed by you"
    return " · ".join(piece for piece in (said, date, where, evidence) if piece)


def _footer(report: Report) -> str:
    minutes, seconds = divmod(round(report.seconds), 60)
    took = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{report.run} · {took} · champion {report.champion_before} → {report.champion_after}"


def _wrap(words: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    following = first if rest is None else rest
    return textwrap.wrap(words, width, initial_indent=first, subsequent_indent=following) or [first.rstrip()]


def _paint(words: str, code: str) -> str:
    return f"\x1b[{code}m{words}\x1b[0m"


def _plain(words: str, code: str) -> str:
    return words
