"""Machine translation of a text, parts of which may not change: placeholders, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Translate = Callable[[str], str]

PLACEHOLDER: Final = r"\{[^{}]*\}"
NUMBER: Final = r"\d(?:[\d .:]*\d)?"

_MARK: Final = re.compile(r"⟦\s*(\d+)\s*⟧")
_LOOSE: Final = re.compile(r"[{}⟦⟧]")
_PUNCTUATION: Final = " .,:;-–()•·"


def kept_pattern(*parts: str) -> re.Pattern[str]:
    """What must not change, the longest first where several begin alike.

    Args:
        parts: regular expressions.
    """
    return re.compile("|".join(parts))


def translate_line(
    english: str,
    translate: Translate,
    kept: re.Pattern[str],
    restore: Callable[[str], str] = str,
) -> str | None:
    """One line, translated; None when the machine lost a part that must be kept.

    Args:
        restore: how a kept part is written in the translation.
    """
    parts: list[str] = []

    def mark(found: re.Match[str]) -> str:
        parts.append(found[0])
        return f"⟦{len(parts) - 1}⟧"

    marked = kept.sub(mark, english)
    if not _MARK.sub("", marked).strip(_PUNCTUATION):
        return english  # nothing to translate
    words = translate(marked)
    back = [int(number) for number in _MARK.findall(words)]  # in digits of any script
    if sorted(back) != list(range(len(parts))) or _LOOSE.search(_MARK.sub("", words)):
        return None
    return _MARK.sub(lambda found: restore(parts[int(found[1])]), words)
