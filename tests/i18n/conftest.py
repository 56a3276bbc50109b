"""What the tests of words share: the template, the catalogues, and the real words together."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from catalogue_entries import FILES, Entry, english_entries, entries

from bot.i18n import LOCALES
from bot.wording import Wording, load_wording


@pytest.fixture(scope="session")
def template() -> list[Entry]:
    """The template of all catalogues."""
    with (LOCALES / "waymark.pot").open("rb") as stream:
        return entries(read_po(stream, abort_invalid=True))


@pytest.fixture(scope="session")
def english() -> list[Entry]:
    """The English sources."""
    return english_entries()


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
            "utter_ask_again_button",
            "utter_about_self_button",
            "utter_about_other_button",
            "utter_no_place",
            "utter_card_place_none",
        )
        for variation in wording.responses[name]
    }
