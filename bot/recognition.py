"""What is heard in a text, in the fixed shape of DESIGN section 6."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import InputError
from bot.text import clean

Hear = Callable[[str], dict[str, Any]]


def read_messages(lines: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Id and text of each JSON line.

    Raises:
        InputError: a line is not one.
    """
    number = 0
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 - the error names it
            if line.strip():
                message = json.loads(line)
                if not isinstance(message, dict):
                    raise ValueError("no object")
                yield message.get("id"), str(message.get("text") or "")
    except ValueError:
        form = '{"id": 1, "text": "..."}'
        raise InputError(f"Line {number} or the next does not look like {form}.") from None


@contextmanager
def open_recogniser(model: Path) -> Iterator[Hear]:
    """Load the model and give a function from text to {"lang", "intent", "who", "flags",
    "signs", "types", "chance"}; lists are sorted, chance is 0..1. Empty text gives empty lists.

    Raises:
        EngineUnavailableError: there is no usable model.
    """
    from bot.engine.embedded import EmbeddedEngine

    engine = EmbeddedEngine(model)
    try:

        def hear(text: str) -> dict[str, Any]:
            cleaned = clean(text)
            if not cleaned:
                return {"lang": None, "intent": None, "who": "none", "chance": 0.0} | _nothing()
            parsed = engine.parse(cleaned)
            heard = parsed["heard"]
            return {
                "lang": parsed["language"]["code"],
                "intent": parsed["intent"]["name"],
                "who": heard["who"],
                "chance": heard["chance"],
                **{kind: heard[kind] for kind in ("flags", "signs", "types")},
            }

        yield hear
    finally:
        engine.close()


def _nothing() -> dict[str, list[str]]:
    return {"flags": [], "signs": [], "types": []}
