"""The widget's words in one language, from web_widget/strings.json and the catalogues."""

from __future__ import annotations

import functools
import json
from typing import Final

from bot.i18n import Catalogues
from bot.settings import PROJECT

STRINGS: Final = PROJECT / "web_widget" / "strings.json"
PAGE, AID = "page_", "aid_"
"""What the keys of our pages, and of what only a worker is shown, begin with."""


@functools.lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    strings: dict[str, str] = json.loads(STRINGS.read_text(encoding="utf-8"))
    return strings


def load_widget_strings(
    catalogues: Catalogues, language: str, *, without: tuple[str, ...] = ()
) -> dict[str, str]:
    """Key -> text; English where a translation is missing.

    Args:
        without: beginnings of keys that are left out.
    """
    return {
        key: catalogues.text(language, f"widget.{key}", english)
        for key, english in _english().items()
        if not key.startswith(without)
    }
