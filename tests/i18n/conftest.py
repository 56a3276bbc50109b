"""What the tests of words share: the template, the catalogues, and the real words together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.i18n import LOCALES
from bot.wording import Wording, load_wording

FILES = {file.parent.parent.name: file for file in LOCALES.glob("*/LC_MESSAGES/waymark.po")}
LANGUAGES = sorted(FILES)


@dataclass(frozen=True)
class Entry:
    """One message of a catalogue. `key`: context and English."""

    context: str
    english: str
    text: str
    is_fuzzy: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.english


def entries(catalogue: Iterable) -> list[Entry]:
    """Every message but the header."""
    return [
        Entry(message.context or "", message.id, message.string or "", message.fuzzy)
        for message in catalogue
        if message.id
    ]


@pytest.fixture(scope="session")
def template() -> list[Entry]:
    """The English sources."""
    with (LOCALES / "waymark.pot").open("rb") as stream:
        return entries(read_po(stream, abort_invalid=True))


@pytest.fixture(scope="session")
def catalogues() -> dict[str, list[Entry]]:
    """Every language's messages, fuzzy ones included."""
    result = {}
    for code, file in FILES.items():
        with file.open("rb") as stream:
            catalogue: Catalog = read_po(stream, locale=code, abort_invalid=True)
        result[code] = entries(catalogue)
    return result


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The real responses, catalogues and directory."""
    return load_wording()


@pytest.fixture(scope="session")
def buttons(wording: Wording) -> set[tuple[str, str]]:
    """Keys of the messages that stand on buttons."""
    return {
        (name, button["title"])
        for name, variations in wording.responses.items()
        for variation in variations
        for button in variation.get("buttons") or ()
    } | {
        (name, variation["text"])
        for name in (
            "utter_change_yes",
            "utter_keep_button",
            "utter_no_place",
            "utter_card_place_none",
        )
        for variation in wording.responses[name]
    }
