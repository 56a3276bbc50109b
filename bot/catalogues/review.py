"""Whether people have read a catalogue: its state, taking back what a reader sends, and what
changed since.

The state stands in the header of waymark.po. What was read is kept beside it, whole, as
waymark.reviewed.po, so that later changes can be told apart word by word.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.pofile import PoFileError

from bot.catalogues.checks import Entry, entries, faults
from bot.catalogues.files import as_po, header, read_catalogue
from bot.errors import WaymarkError
from bot.i18n import DOMAIN, DRAFTED, LOCALES, READ_STATES, REVIEW_HEADER, SOURCE_LANGUAGE

STATES: Final = (DRAFTED, *READ_STATES)
READ_HEADER: Final = "X-Waymark-Read"
"""Date of the review and, in a few words, what kind of reader: '2026-12-01, a midwife'. No name."""
MAX_READER_CHARS: Final = 80

_STATE: Final = re.compile(rf'^"{REVIEW_HEADER}: ([a-z-]+)\\n"$', re.MULTILINE)
_READ: Final = re.compile(rf'^"{READ_HEADER}: (.*)\\n"\n', re.MULTILINE)
_UNSAFE: Final = re.compile(r'["\\\n\r]')


class ReviewError(WaymarkError):
    """There is no such catalogue, or what was sent can't be taken."""


class FaultyCatalogueError(ReviewError):
    """What was sent breaks rules that every catalogue keeps; `faults` says which, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} messages can't be taken as they are.")
        self.faults = faults


@dataclass(frozen=True)
class State:
    """How far a catalogue has come."""

    code: str
    state: str
    read: str
    """Date and kind of reader; empty while nobody has read it."""
    messages: int
    said: int
    """Messages that are not empty."""
    changed: int
    """Messages that differ from what was read."""


@dataclass(frozen=True)
class Change:
    """A message that is not as it was. `before` is empty where there was none."""

    context: str
    english: str
    before: str
    now: str


def codes(folder: Path = LOCALES) -> list[str]:
    """Languages that have a catalogue, English aside."""
    return sorted(file.parent.parent.name for file in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def state_of(language: str, folder: Path = LOCALES) -> State:
    """How far a catalogue has come.

    Raises:
        ReviewError: there is none for this language.
    """
    file = _file(language, folder)
    top = header(file)
    found = entries(read_catalogue(file, language))
    named, read = _STATE.search(top), _READ.search(top)
    return State(
        code=language,
        state=named[1] if named else DRAFTED,
        read=read[1] if read else "",
        messages=len(found),
        said=sum(bool(entry.text.strip()) for entry in found),
        changed=len(changes_since_review(language, folder)),
    )


def changes_since_review(language: str, folder: Path = LOCALES) -> list[Change]:
    """Messages whose English or translation is not what was read; none while nobody has read.

    Raises:
        ReviewError: there is no catalogue for this language.
    """
    file = _file(language, folder)
    kept = _reviewed(file)
    if not kept.exists():
        return []
    return _differences(_read(kept, language), _read(file, language))


def take(
    language: str,
    sent: Path,
    *,
    state: str,
    reader: str,
    date: datetime.date,
    folder: Path = LOCALES,
) -> list[Change]:
    """Put a reader's catalogue in place of ours, if every message of it keeps the rules.

    Args:
        state: one of READ_STATES.
        reader: what kind of reader, never a name.

    Returns:
        What the reader changed.

    Raises:
        ReviewError: nothing was changed; says what is wrong.
    """
    file = _file(language, folder)
    reader = _UNSAFE.sub(" ", reader).strip()[:MAX_READER_CHARS]
    if state not in READ_STATES:
        raise ReviewError(f"A review makes a catalogue one of: {', '.join(READ_STATES)}.")
    if not reader:
        raise ReviewError("Say what kind of reader it was, such as 'a native speaker, a teacher'.")
    before = _read(file, language)
    template = entries(read_catalogue(folder / f"{DOMAIN}.pot"))
    wrong = faults(language, _read(sent, language), [entry.key for entry in template])
    if wrong:
        raise FaultyCatalogueError(wrong)
    catalogue = read_catalogue(file, language)
    texts = {entry.key: entry.text for entry in _read(sent, language)}
    for message in catalogue:
        if message.id:
            message.string = texts[(message.context or "", str(message.id))]
            message.flags.discard("fuzzy")
    top = _READ.sub("", header(file))
    read = f'"{READ_HEADER}: {date.isoformat()}, {reader}\\n"'
    text = _STATE.sub(lambda _: f'"{REVIEW_HEADER}: {state}\\n"\n{read}', top) + as_po(
        catalogue, omit_header=True
    )
    file.write_text(text, encoding="utf-8")
    _reviewed(file).write_text(text, encoding="utf-8")
    return _differences(before, _read(file, language))


def _file(language: str, folder: Path) -> Path:
    known = codes(folder)
    if language not in known:
        source = " English is the source." if language == SOURCE_LANGUAGE else ""
        raise ReviewError(
            f"There is no catalogue for '{language}'. There is: {', '.join(known)}.{source}"
        )
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _reviewed(file: Path) -> Path:
    return file.with_name(f"{DOMAIN}.reviewed.po")


def _read(file: Path, language: str) -> list[Entry]:
    try:
        return entries(read_catalogue(file, language))
    except (OSError, ValueError, PoFileError) as error:
        raise ReviewError(f"{file.name} can't be read: {error}") from error


def _differences(before: list[Entry], now: list[Entry]) -> list[Change]:
    texts = {entry.key: entry.text for entry in before}
    return [
        Change(entry.context, entry.english, texts.get(entry.key, ""), entry.text)
        for entry in now
        if texts.get(entry.key) != entry.text
    ]
