"""Everything that is said in one language as one printable page, for the person who reads it.

First whole conversations, as dialogue with English beside it: locales/review_paths.yml, walked on
the real engine. Then every message that no conversation showed, with its note to translators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.catalogues.checks import Entry, entries
from bot.catalogues.files import read_catalogue
from bot.catalogues.review import ReviewError, State, state_of
from bot.conversation import Conversations
from bot.errors import BadRequestError
from bot.i18n import DOMAIN, LOCALES, SOURCE_LANGUAGE
from bot.replies import Turn
from bot.wording import Wording

PATHS: Final = LOCALES / "review_paths.yml"
ONLY_IN_DRAFTS: Final = "utter_draft_language"
TEMPLATE: Final = "review_pack.html"

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Line:
    """What is said at one moment, in the language that is read and in English."""

    speaker: str
    """'person' or 'waymark'."""
    name: str
    """The response's name in domain.yml, by which a reader can speak of it; may be empty."""
    text: str
    english: str
    buttons: tuple[tuple[str, str], ...] = ()
    """Labels in the language and in English."""


@dataclass(frozen=True)
class Dialogue:
    """One conversation."""

    title: str
    lines: tuple[Line, ...]


def make_pack(language: str, conversations: Conversations, wording: Wording) -> str:
    """The page.

    Raises:
        ReviewError: there is no such catalogue, or a step of the paths is not offered any more.
    """
    state = state_of(language)
    dialogues = [
        Dialogue(path["title"], tuple(_lines(path, language, conversations)))
        for path in yaml.safe_load(PATHS.read_text(encoding="utf-8"))
    ]
    shown = "\n".join(
        part
        for dialogue in dialogues
        for line in dialogue.lines
        for part in (line.text, *(label for label, _ in line.buttons))
    )
    rest = [entry for entry in _entries(language) if not _as_pattern(entry).search(shown)]
    return _render(state, wording, dialogues, rest)


def _lines(path: dict[str, Any], language: str, conversations: Conversations) -> Iterator[Line]:
    """Walk a path in both languages at once."""
    token, turn = conversations.start(language=language, route=path.get("route"))
    english_token, english = conversations.start(language=SOURCE_LANGUAGE, route=path.get("route"))
    yield from _said(path["title"], turn, english)
    for step in path["steps"]:
        chosen = step if isinstance(step, list) else [step]
        yield Line("person", "", _labels(turn, chosen), _labels(english, chosen))
        try:
            turn = conversations.choose(token, chosen)
            english = conversations.choose(english_token, chosen)
        except BadRequestError as error:
            raise ReviewError(f"{PATHS.name}: '{step}' is not a choice.") from error
        yield from _said(f"{path['title']}: {step}", turn, english)
    for each in (token, english_token):
        conversations.erase(each)


def _said(where: str, turn: Turn, english: Turn) -> Iterator[Line]:
    own = [reply for reply in turn.replies if reply.response != ONLY_IN_DRAFTS]
    if len(own) != len(english.replies):
        raise ReviewError(f"{PATHS.name}: '{where}' goes two ways in two languages.")
    for mine, other in zip(own, english.replies, strict=True):
        labels = {choice.id: choice.label for choice in other.choices}
        labels |= {link.href: link.label for link in other.links}
        buttons = [(choice.label, labels.get(choice.id, "")) for choice in mine.choices]
        buttons += [(link.label, labels.get(link.href, "")) for link in mine.links]
        yield Line("waymark", mine.response, mine.text, other.text, tuple(buttons))


def _labels(turn: Turn, chosen: list[str]) -> str:
    """What stands on the buttons; a command that has no button here is named."""
    labels = {choice.id: choice.label for reply in turn.replies for choice in reply.choices}
    return " + ".join(labels.get(each, each) for each in chosen)


def _as_pattern(entry: Entry) -> re.Pattern[str]:
    """Finds a message also where its placeholders are filled."""
    parts = _PLACEHOLDER.split(entry.text)
    return re.compile(".{1,200}?".join(re.escape(part) for part in parts), re.DOTALL)


def _entries(language: str) -> list[Entry]:
    file = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return entries(read_catalogue(file, language))


def _render(state: State, wording: Wording, dialogues: list[Dialogue], rest: list[Entry]) -> str:
    language = wording.catalogues.languages[state.code]
    pot = read_catalogue(LOCALES / f"{DOMAIN}.pot")
    notes = {
        (message.context or "", message.id): " ".join(message.auto_comments) for message in pot
    }
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        language=language,
        lang=language.code.replace("_", "-"),
        state=state,
        dialogues=dialogues,
        rest=[(entry, notes.get(entry.key, "")) for entry in rest],
    )
