"""What is heard in a text, in the fixed shape of DESIGN section 6."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.text import clean

Hear = Callable[[str], dict[str, Any]]


@contextmanager
def open_recogniser(model: Path) -> Iterator[Hear]:
    """Load the model and give a function from text to {"lang", "intent", "who", "flags",
    "signs", "types"}; lists are sorted. Empty text gives empty lists.

    Raises:
        EngineUnavailableError: there is no usable model.
    """
    from bot.engine.embedded import EmbeddedEngine

    engine = EmbeddedEngine(model)
    try:

        def hear(text: str) -> dict[str, Any]:
            cleaned = clean(text)
            if not cleaned:
                return {"lang": None, "intent": None, "who": "none"} | _nothing()
            parsed = engine.parse(cleaned)
            heard = parsed["heard"]
            return {
                "lang": parsed["language"]["code"],
                "intent": parsed["intent"]["name"],
                "who": heard["who"],
                **{kind: heard[kind] for kind in ("flags", "signs", "types")},
            }

        yield hear
    finally:
        engine.close()


def _nothing() -> dict[str, list[str]]:
    return {"flags": [], "signs": [], "types": []}
