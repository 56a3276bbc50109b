"""Draft the missing strings of a catalogue with a machine, for a person to read.

Only Waymark's own public words are sent, never anybody's messages. A draft goes into a file of
its own, every string marked fuzzy: nobody is shown it until a person has taken the mark away and
renamed the file. Placeholders and numbers never go through the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog

from bot.catalogues.files import as_po, header, read_catalogue
from bot.errors import WaymarkError
from bot.i18n import DOMAIN, DRAFTED, LOCALES, REVIEW_HEADER, SOURCE_LANGUAGE
from bot.protected import NUMBER, PLACEHOLDER, Translate, kept_pattern, translate_line

ENGINES: Final = ("google", "libre")
CODES: Final = {
    "google": {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW"},
    "libre": {"zh_Hans": "zh", "zh_Hant": "zt"},
}
"""Languages that an engine calls otherwise than gettext does."""

_KEPT: Final = kept_pattern(PLACEHOLDER, NUMBER)


class DraftError(WaymarkError):
    """The language is unknown, or the engine refused or can't be reached."""


@dataclass(frozen=True)
class Draft:
    """What was drafted: the file, and counts of strings."""

    file: Path
    drafted: int
    refused: int
    """Strings in which the machine lost a placeholder or a number; they are left empty."""
    left: int
    """Strings that are still to be drafted."""


def engine(name: str, language: str, url: str = "", key: str = "") -> Translate:
    """One of deep-translator's engines, from English.

    Args:
        url: of a LibreTranslate server; for 'libre' only.
        key: of that server, if it asks for one.

    Raises:
        DraftError: the engine does not know the language.
    """
    import deep_translator
    from deep_translator.exceptions import BaseError

    target = CODES[name].get(language, language)
    try:
        if name == "google":
            made = deep_translator.GoogleTranslator(SOURCE_LANGUAGE, target)
        else:
            made = deep_translator.LibreTranslator(
                SOURCE_LANGUAGE, target, api_key=key or "none", custom_url=f"{url.rstrip('/')}/"
            )
    except BaseError as error:
        raise DraftError(f"{name} does not translate into '{language}'.") from error

    def translate(text: str) -> str:
        try:
            return str(made.translate(text) or "")
        except Exception as error:  # the library passes on whatever its own libraries raise
            raise DraftError(f"{name} failed: {type(error).__name__}.") from error

    return translate


def draft(
    language: str, translate: Translate, *, folder: Path = LOCALES, most: int | None = None
) -> Iterator[Draft]:
    """Draft what a catalogue lacks; the file is written after every string, so none is lost.

    Args:
        language: a gettext code, such as 'fr' or 'zh_Hans'.
        most: how many strings at the most.

    Yields:
        The state after each string; once at the least.

    Raises:
        DraftError: see `engine`; also for a language that Babel does not know.
    """
    file, catalogue, top = _open(language, folder)
    empty = [message for message in catalogue if message.id and not message.string]
    chosen = empty[: len(empty) if most is None else most]
    drafted = refused = 0
    for message in chosen:
        words = _translated(str(message.id), translate)
        if words:
            message.string = words
            message.flags.add("fuzzy")
            drafted += 1
        else:
            refused += 1
        file.write_text(top + as_po(catalogue, omit_header=True), encoding="utf-8")
        yield Draft(file, drafted, refused, len(empty) - drafted)
    if not chosen:
        yield Draft(file, 0, 0, len(empty))


def _open(language: str, folder: Path) -> tuple[Path, Catalog, str]:
    """The draft's file, what it or the catalogue holds with every message of the sources, and
    the header.
    """
    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError) as error:
        raise DraftError(f"'{language}' is no language code, such as 'fr' or 'zh_Hans'.") from error
    if language == SOURCE_LANGUAGE:
        raise DraftError("English is the source.")
    home = folder / language / "LC_MESSAGES"
    home.mkdir(parents=True, exist_ok=True)
    file = home / f"{DOMAIN}.draft.po"
    known = next((each for each in (file, home / f"{DOMAIN}.po") if each.exists()), None)
    catalogue = read_catalogue(known, language) if known else Catalog(locale=language)
    catalogue.update(read_catalogue(folder / f"{DOMAIN}.pot"), no_fuzzy_matching=True)
    return file, catalogue, header(known) if known else _new_header(language)


def _new_header(language: str) -> str:
    plural = Catalog(locale=language).plural_forms
    lines = (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural}",
        f"{REVIEW_HEADER}: {DRAFTED}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def _translated(english: str, translate: Translate) -> str:
    """The text line by line; empty when a placeholder or a number did not come back."""
    lines = [
        translate_line(line, translate, _KEPT) if line.strip() else line
        for line in english.split("\n")
    ]
    return "" if None in lines else "\n".join(line or "" for line in lines)
