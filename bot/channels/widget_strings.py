"""The widget's words in one language, from web_widget/strings.json and the catalogues."""

from __future__ import annotations

import functools
import json
from typing import Final

from bot.i18n import Catalogues
from bot.settings import PROJECT

STRINGS: Final = PROJECT / "web_widget" / "strings.json"


@functools.lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    strings: dict[str, str] = json.loads(STRINGS.read_text(encoding="utf-8"))
    return strings


def load_widget_strings(catalogues: Catalogues, language: str) -> dict[str, str]:
    """Key -> text; English where a translation is missing."""
    return {
        key: catalogues.text(language, f"widget.{key}", english)
        for key, english in _english().items()
    }
