"""What the tests of words share: the template, the catalogues, and the real words together."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from catalogue_entries import FILES, english_entries

from bot.catalogues.checks import Entry, entries
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
