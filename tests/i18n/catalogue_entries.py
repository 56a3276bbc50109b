"""Messages of the catalogues, as the tests read them."""

from __future__ import annotations

from bot.catalogues import extraction
from bot.catalogues.checks import Entry
from bot.i18n import LOCALES
from bot.settings import PROJECT

FILES = {file.parent.parent.name: file for file in LOCALES.glob("*/LC_MESSAGES/waymark.po")}
LANGUAGES = sorted(FILES)
SERVICES = sorted((PROJECT / "data/services/national").glob("*.yml"))


def english_entries() -> list[Entry]:
    """The English sources themselves, also where `make strings` was forgotten."""
    result = []
    for extract, source in (
        (extraction.domain, "domain.yml"),
        *((extraction.services, file) for file in SERVICES),
        (extraction.widget, "web_widget/strings.json"),
    ):
        with (PROJECT / source).open("rb") as stream:
            for _, _, (context, english), _ in extract(stream, (), (), {}):
                result.append(Entry(context, english, english, is_fuzzy=False))
    return result
