"""Languages and catalogues: gettext files in locales/, read once, English as the source.

A catalogue is read from its .po file at start (no compile step); fuzzy and empty entries
fall back to English. Adding a language means adding its folder, nothing else.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.errors import WaymarkError

LOCALES: Final = Path(__file__).parent.parent / "locales"
DOMAIN: Final = "waymark"
SOURCE_LANGUAGE: Final = "en"
REVIEW_HEADER: Final = "X-Waymark-Review"
"""DRAFTED or one of READ_STATES. Babel drops headers that
it does not know, so it is read from the file's text."""
DRAFTED: Final = "drafted-by-machine"
READ_STATES: Final = ("read-by-native-speaker", "checked-by-specialist")


SAME_LANGUAGE: Final = {"fil": "tl", "prs": "fa", "mo": "ro"}
"""Tags that browsers and apps send for a language that we name otherwise: Filipino, Dari,
Moldovan."""


class CatalogueError(WaymarkError, ValueError):
    """A catalogue is missing or can't be read."""


@dataclass(frozen=True)
class Language:
    """A language with a catalogue."""

    code: str
    name: str
    english_name: str
    dir: str
    is_draft: bool


@dataclass(frozen=True)
class Catalogues:
    """Every language's words."""

    languages: dict[str, Language]
    translations: dict[str, gettext.NullTranslations]

    def text(self, language: str, context: str, english: str) -> str:
        """The text in a language, or English where there is none."""
        if not english:
            return english
        return self.translations[self.known(language)].pgettext(context, english)

    def known(self, language: str | None) -> str:
        """This language's code if there is a catalogue for it, else English."""
        return self.negotiate([language] if language else []) or SOURCE_LANGUAGE

    def negotiate(self, wanted: Iterable[str]) -> str | None:
        """The first wanted language ('es-419', 'zh-Hans-CN') that there is a catalogue for."""
        for tag in wanted:
            parts = tag.replace("-", "_").split("_")
            parts[0] = SAME_LANGUAGE.get(parts[0].lower(), parts[0])
            for length in range(len(parts), 0, -1):
                prefix = "_".join(parts[:length]).lower()
                for code in self.languages:
                    if code.lower() == prefix or code.lower().split("_")[0] == prefix:
                        return code
        return None


@functools.lru_cache(maxsize=2)
def load_catalogues(folder: Path = LOCALES) -> Catalogues:
    """Read locales/<code>/LC_MESSAGES/waymark.po of every language that has a folder.

    Raises:
        CatalogueError: a file is missing or can't be read.
    """
    languages = {SOURCE_LANGUAGE: _language(SOURCE_LANGUAGE, is_draft=False)}
    translations: dict[str, gettext.NullTranslations] = {
        SOURCE_LANGUAGE: gettext.NullTranslations()
    }
    for code in sorted(each.name for each in folder.iterdir() if each.is_dir()):
        file = folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"
        try:
            _check_lines(file)
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale=code, abort_invalid=True)
            compiled = io.BytesIO()
            write_mo(compiled, catalogue, use_fuzzy=False)
            compiled.seek(0)
            translations[code] = gettext.GNUTranslations(compiled)
            languages[code] = _language(code, is_draft=not _was_read(file))
        except (OSError, ValueError, PoFileError, UnknownLocaleError) as error:
            raise CatalogueError(f"{file} can't be read: {error}") from error
    return Catalogues(languages, translations)


def _check_lines(file: Path) -> None:
    """Refuse a line that is cut off: Babel would read on and drop what follows."""
    text = file.read_text(encoding="utf-8")
    if not text.endswith("\n"):
        raise CatalogueError(f"{file} ends in the middle of a line: is it whole?")
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("msg", '"')) and not line.rstrip().endswith('"'):
            raise CatalogueError(f"{file} line {number} has no closing quotation mark")


def _was_read(file: Path) -> bool:
    """Whether a person has read the catalogue, as its header says."""
    text = file.read_text(encoding="utf-8")
    return any(f'"{REVIEW_HEADER}: {state}\\n"' in text for state in READ_STATES)


def _language(code: str, *, is_draft: bool) -> Language:
    locale = Locale.parse(code)
    if locale.territory and "_" not in code:  # Babel reads 'tl' as 'fil_PH'
        locale = Locale(locale.language)
    name = locale.get_display_name() or code
    return Language(
        code=code,
        name=name[:1].upper() + name[1:],
        english_name=locale.get_display_name("en") or code,
        dir=locale.text_direction,
        is_draft=is_draft,
    )
