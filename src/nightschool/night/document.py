"""The report as one JSON document: what `sleep --json` and `report --json` print."""

from __future__ import annotations

from nightschool.night.report import Report
from nightschool.records import Json, to_json


def document(report: Report) -> Json:
    """Set the report as JSON: the decision and its figures first, then everything the page shows."""
    exam: dict[str, dict[str, Json]] = {}
    for row in report.exam:
        for mark in row.marks:
            figures = {"value": mark.value, "n": mark.n, "interval": [mark.low, mark.high]}
            exam.setdefault(row.task, {})[mark.arm] = figures
    return {
        "run": report.run,
        "state": report.state,
        "headline": report.headline,
        "decision": report.decision or None,
        "reasons": list(report.reasons),
        "error": report.error or None,
        "counts": report.counts,
        "exam": exam,
        "champion_before": report.champion_before,
        "champion_after": report.champion_after,
        "challenger": report.challenger or None,
        "seconds": report.seconds,
        "stages": [{"name": name, "seconds": seconds} for name, seconds in report.stages],
        "started": report.started,
        "title": report.title,
        "lead": report.lead,
        "learnt": to_json(report.learnt),
        "learnt_more": report.learnt_more,
        "left_out": to_json(report.left_out),
        "problems": list(report.problems),
        "judges": list(report.judges),
        "known": list(report.known),
        "weights": list(report.weights),
        "thoughts": list(report.thoughts),
        "comparisons": to_json(report.comparisons),
        "skipped": to_json(report.skipped),
        "changes": to_json(report.changes),
        "old_lessons": [
            {"lesson": row.lesson, "after": dict(zip(report.nights, row.after, strict=True))} for row in report.history
        ],
        "undo": report.undo or None,
        "next": list(report.next),
    }
