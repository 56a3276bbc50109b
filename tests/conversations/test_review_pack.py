"""bot/catalogues/review_pack.py: a reader gets every message, on a page that loads nothing."""

from __future__ import annotations

import html
import re

import pytest

from bot.catalogues.checks import entries
from bot.catalogues.files import read_catalogue
from bot.catalogues.review import ReviewError
from bot.catalogues.review_pack import make_pack
from bot.conversation import Conversations
from bot.i18n import LOCALES
from bot.wording import load_wording

_PLACEHOLDER = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", ["es", "ar", "th", "ti"])
def test_every_message_is_in_the_pack(conversations: Conversations, language: str) -> None:
    page = make_pack(language, conversations, load_wording())

    text = html.unescape(page)
    file = LOCALES / language / "LC_MESSAGES" / "waymark.po"
    missing = [
        entry.context
        for entry in entries(read_catalogue(file, language))
        if any(part.strip() and part not in text for part in _PLACEHOLDER.split(entry.text))
    ]
    assert missing == []
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "utter_problem" not in page.split("Everything else")[0]


def test_an_unknown_language_is_refused(conversations: Conversations) -> None:
    with pytest.raises(ReviewError, match="There is no catalogue"):
        make_pack("xx", conversations, load_wording())
