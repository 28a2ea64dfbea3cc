"""Several answers to one request: asked for at once, so that they share a batch, and told apart by their number.

Each has dice of its own; with a seed the same request gets the same answers again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from nightschool.models.generation import Usage
from nightschool.serve.ask import Ask, BadRequest, Done, Event

MOST = 16
"""Half of what one step answers (`models.batcher.MOST_ROWS`): the others are not to wait for one request."""

Answer = Callable[[Ask], AsyncGenerator[Event, None]]


def answered(answer: Answer, ask: Ask) -> AsyncGenerator[Event, None]:
    """Return the events of every choice that was asked for; BadRequest where there are too many."""
    if ask.choices > MOST:
        raise BadRequest(f"n must be at most {MOST}, and {ask.choices} choices were asked for", "n")
    return _together(answer, ask) if ask.choices > 1 else answer(ask)


async def _together(answer: Answer, ask: Ask) -> AsyncGenerator[Event, None]:
    queue = asyncio.Queue[tuple[int, Event | Exception]]()
    following = [asyncio.create_task(_follow(answer(_one(ask, index)), index, queue)) for index in range(ask.choices)]
    ends: dict[int, Done] = {}
    try:
        while len(ends) < ask.choices:
            index, event = await queue.get()
            if isinstance(event, Exception):
                raise event
            if isinstance(event, Done):
                ends[index] = event
            else:
                yield replace(event, choice=index)
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
    yield _joined([ends[index] for index in range(ask.choices)])


async def _follow(
    events: AsyncGenerator[Event, None], index: int, queue: asyncio.Queue[tuple[int, Event | Exception]]
) -> None:
    try:
        async with aclosing(events):
            async for event in events:
                queue.put_nowait((index, event))
    except Exception as error:
        queue.put_nowait((index, error))


def _one(ask: Ask, index: int) -> Ask:
    seed = ask.sampling.seed
    sampling = ask.sampling if seed is None else replace(ask.sampling, seed=seed + index)
    return replace(ask, choices=1, sampling=sampling)


def _joined(ends: list[Done]) -> Done:
    """Return one end for all; the prompt counts once, as it is read once."""
    first, used = ends[0], [end.finished.usage for end in ends]
    usage = Usage(
        prompt=used[0].prompt,
        completion=sum(each.completion for each in used),
        cached=min(each.cached for each in used),
        reasoning=sum(each.reasoning for each in used),
    )
    return replace(
        first,
        finished=replace(first.finished, usage=usage),
        others=tuple(end.finished for end in ends[1:]),
        seconds=max(end.seconds for end in ends),
        first_seconds=min(end.first_seconds for end in ends),
    )
