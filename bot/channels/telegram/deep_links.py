"""The parameter of a link such as https://t.me/<bot>?start=l-vi_r-self_b-southwark.

Parts are joined by '_', each a letter, '-' and a value: language, route, borough. Any part
may be left out. A poster may outlive what it names: what is not understood is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_CHARS: Final = 64
"""Telegram's limit; allowed are A-Z, a-z, 0-9, '_' and '-'."""

_PART = re.compile(r"(?P<letter>[lrb])-(?P<value>[A-Za-z0-9-]+)")


@dataclass(frozen=True)
class DeepLink:
    """Where a conversation opens. Values are hints: nothing here knows if they exist."""

    language: str | None = None
    route: str | None = None
    place: str | None = None


def parse(parameter: str) -> DeepLink:
    """Read a parameter; of a part that is given twice the first counts."""
    found: dict[str, str] = {}
    if len(parameter) <= MAX_CHARS:
        for part in parameter.split("_"):
            if match := _PART.fullmatch(part):
                found.setdefault(match["letter"], match["value"])
    language = found.get("l")
    return DeepLink(
        language.replace("-", "_") if language else None, found.get("r"), found.get("b")
    )


def compose(link: DeepLink) -> str:
    """Write a parameter that `parse` reads back.

    Raises:
        ValueError: a value has characters that Telegram does not allow, or all is too long.
    """
    values = {
        "l": link.language.replace("_", "-") if link.language else None,
        "r": link.route,
        "b": link.place,
    }
    parts = [f"{letter}-{value}" for letter, value in values.items() if value]
    parameter = "_".join(parts)
    if len(parameter) > MAX_CHARS or not all(_PART.fullmatch(part) for part in parts):
        raise ValueError("not a deep link that Telegram takes")
    return parameter
