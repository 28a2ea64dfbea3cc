"""What the server does for everybody again and again, beside answering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nightschool.errors import UserError
from nightschool.serve.people import Person
from nightschool.serve.serving import Serving


async def once(serving: Serving, what: str, do: Callable[[Person], object]) -> None:
    """Do it for each person in a thread; what goes wrong is logged, and costs neither the others nor the next round."""
    try:
        everyone = serving.people.everyone()
    except Exception as error:
        serving.log.warning("%s of nobody: %s", what, _why(error))
        return
    for person in everyone:
        try:
            await asyncio.to_thread(do, person)
        except Exception as error:
            serving.log.warning("%s of %s: %s", what, person.name, _why(error))


def _why(error: Exception) -> str:
    """A sentence of ours as it is; of others the kind alone, since what they say may quote the person."""
    return error.message if isinstance(error, UserError) else type(error).__name__
