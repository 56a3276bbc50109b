"""Messages of the catalogues, as the tests read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel.messages.catalog import Message

from bot import extraction
from bot.i18n import LOCALES
from bot.settings import PROJECT

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


def entries(catalogue: Iterable[Message]) -> list[Entry]:
    """Every message but the header."""
    return [
        Entry(message.context or "", message.id, message.string or "", message.fuzzy)
        for message in catalogue
        if message.id
    ]


def english_entries() -> list[Entry]:
    """The English sources themselves, also where `make strings` was forgotten."""
    result = []
    for extract, source in (
        (extraction.domain, "domain.yml"),
        (extraction.services, "data/services/national.yml"),
        (extraction.widget, "web_widget/strings.json"),
    ):
        with (PROJECT / source).open("rb") as stream:
            for _, _, (context, english), _ in extract(stream, (), (), {}):
                result.append(Entry(context, english, english, is_fuzzy=False))
    return result
