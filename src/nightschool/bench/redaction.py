"""How much of the labelled secrets is masked, and how much else is."""

from __future__ import annotations

import time
from pathlib import Path

from nightschool.bench import labelled
from nightschool.records import Json
from nightschool.redact import is_clean, redact


def measure(path: Path) -> Json:
    """Compare masked stretches with labelled spans, by overlap."""
    items = labelled.read(path, needs=("id", "text", "spans"))
    spans = found = hit = covered = right = doubted = 0
    missed: list[Json] = []
    wrong: list[Json] = []
    started = time.process_time()
    for item in items:
        result = redact(item["text"])
        doubted += not is_clean(result.text)
        gold = [(int(start), int(end), str(kind)) for start, end, kind in item["spans"]]
        spans += len(gold)
        found += len(result.found)
        for start, end, kind in gold:
            touching = [each for each in result.found if each.start < end and start < each.end]
            hit += bool(touching)
            covered += all(any(each.start <= i < each.end for each in touching) for i in range(start, end))
            if not touching:
                missed.append({"id": item["id"], "type": kind, "start": start, "end": end})
        for each in result.found:
            if any(each.start < end and start < each.end for start, end, _ in gold):
                right += 1
            else:
                wrong.append({"id": item["id"], "type": each.kind, "start": each.start, "end": each.end})
    characters = sum(len(item["text"]) for item in items)
    return {
        "items": len(items),
        "spans": spans,
        "recall": _share(hit, spans),
        "precision": _share(right, found),
        "covered": _share(covered, spans),
        "missed": missed,
        "wrong": wrong,
        "doubted_after_masking": doubted,
        "ms_per_kb": round((time.process_time() - started) * 1e6 / max(1, characters), 2),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
