"""Replies as Telegram shows them. Knows no chat and no network.

A turn becomes as few messages as it can: replies are joined until one has buttons, except
that urgent ones stand first and alone, and a call card is a message of its own, to be saved
or passed on. The first line of every message says nothing (lock screens show it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.channels.telegram.chats import Question
from bot.replies import Choice, Link, Reply
from bot.wording import Wording

MAX_UNITS: Final = 4096
"""Telegram's limit for a message, in UTF-16 units."""
NEUTRAL: Final = "utter_telegram_first_line"
NEUTRAL_URGENT: Final = "utter_telegram_first_line_urgent"

PICK, DONE, USED, AGAIN = "pick:", "done", "used", "again"
"""What buttons send back (Telegram takes 64 bytes, choices are longer)."""

_TICK: Final = "✓ "
_CALL: Final = "📞 "
_ANSWER: Final = "/answer"
"""Choices that are ticked where several may be chosen; others, such as 'skip', are pressed."""
_SIDE_BY_SIDE_CHARS: Final = 16
"""Up to this long, two buttons stand in a row."""
_MANY: Final = 12
"""From here on buttons are a list to look something up in, and stand in pairs if they can."""
_UK: Final = "+44"
_SENTENCE = re.compile(r"(?<=[.!?؟。！？])\s+")
_BUTTON_LINK = re.compile(r"https?://[^\s]+\.[^\s]+")


@dataclass(frozen=True)
class Outgoing:
    """One message: text with its neutral first line, and the question that its buttons ask."""

    text: str
    first_line: str
    question: Question | None = None
    is_urgent: bool = False

    @property
    def entities(self) -> list[MessageEntity]:
        """The first line in italics, to be passed over."""
        return [MessageEntity(MessageEntity.ITALIC, 0, units(self.first_line))]


def units(text: str) -> int:
    """Length as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def render(replies: Iterable[Reply], wording: Wording, language: str) -> list[Outgoing]:
    """The messages of one turn, urgent ones first."""
    ordered = sorted(
        (in_telegram_s_words(reply, wording, language) for reply in replies),
        key=lambda reply: reply.tone != "urgent",
    )
    return [
        message for group in _joined(ordered) for message in _messages(group, wording, language)
    ]


def in_telegram_s_words(reply: Reply, wording: Wording, language: str) -> Reply:
    """The text that stands in place of this one here: a chat app has no browser history.

    `utter_telegram_x` replaces `utter_x`; buttons and links stay.
    """
    own = f"utter_telegram_{reply.response.removeprefix('utter_')}"
    if own not in wording.responses or own == reply.response:
        return reply
    return replace(reply, text=wording.text(language, own))


def keyboard(question: Question, wording: Wording, language: str) -> InlineKeyboardMarkup | None:
    """The buttons of an open question."""
    buttons = [
        InlineKeyboardButton(
            (_TICK if number in question.ticked else "") + choice.label,
            callback_data=f"{PICK}{number}",
        )
        for number, choice in enumerate(question.choices)
    ]
    rows = list(_rows(buttons))
    if question.multiple:
        done = wording.text(language, "utter_telegram_done")
        rows.append([InlineKeyboardButton(done, callback_data=DONE)])
    rows += _link_rows(question)
    return InlineKeyboardMarkup(rows) if rows else None


def used_keyboard(question: Question, chosen: Iterable[int]) -> InlineKeyboardMarkup | None:
    """What was chosen, and nothing left to press but links."""
    rows = [
        [InlineKeyboardButton(_TICK + question.choices[number].label, callback_data=USED)]
        for number in sorted(chosen)
    ] + _link_rows(question)
    return InlineKeyboardMarkup(rows) if rows else None


def again_keyboard(wording: Wording, language: str) -> InlineKeyboardMarkup:
    """One button that starts anew, whatever is held or not."""
    label = wording.text(language, "utter_telegram_again")
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=AGAIN)]])


def can_tick(choice: Choice) -> bool:
    """Whether a choice is ticked, not pressed, where several may be chosen."""
    return choice.id.startswith(_ANSWER)


def _body(reply: Reply) -> str:
    return "\n".join(part for part in (reply.progress, reply.text.strip()) if part)


def _joined(replies: list[Reply]) -> Iterator[list[Reply]]:
    group: list[Reply] = []
    for reply in replies:
        is_apart = bool(group) and (group[-1].tone != reply.tone or reply.card)
        if is_apart:
            yield group
            group = []
        group.append(reply)
        if reply.choices or reply.card:
            yield group
            group = []
    if group:
        yield group


def _messages(group: list[Reply], wording: Wording, language: str) -> Iterator[Outgoing]:
    is_urgent = group[0].tone == "urgent"
    neutral = wording.text(language, NEUTRAL_URGENT if is_urgent else NEUTRAL)
    links = list(dict.fromkeys(link for reply in group for link in reply.links))
    lines = [_link_line(link, wording, language) for link in links if not _is_button(link)]
    body = "\n\n".join(_body(reply) for reply in group)
    if lines:
        body += "\n\n" + "\n".join(lines)
    last = group[-1]
    question = Question(
        last.choices,
        tuple(link for link in links if _is_button(link)),
        last.multiple and any(can_tick(choice) for choice in last.choices),
        {number for number, choice in enumerate(last.choices) if choice.ticked},
    )
    room = MAX_UNITS - units(neutral) - 2
    parts = split(body, room)
    for number, part in enumerate(parts):
        asks = number == len(parts) - 1 and (question.choices or question.links)
        yield Outgoing(f"{neutral}\n\n{part}", neutral, question if asks else None, is_urgent)


def split(text: str, room: int) -> list[str]:
    """Parts that fit, cut between paragraphs, lines, sentences, words or, at worst, anywhere."""
    if units(text) <= room:
        return [text]
    for pieces, glue in (
        (text.split("\n\n"), "\n\n"),
        (text.split("\n"), "\n"),
        (_SENTENCE.split(text), " "),
        (text.split(" "), " "),
    ):
        if len(pieces) > 1:
            return _packed(pieces, glue, room)
    cut = room // 2  # a character takes two units at most
    return [text[:cut], *split(text[cut:], room)]


def _packed(pieces: list[str], glue: str, room: int) -> list[str]:
    parts: list[str] = []
    for piece in pieces:
        if parts and units(parts[-1]) + units(glue) + units(piece) <= room:
            parts[-1] += glue + piece
        else:
            parts += split(piece, room)
    return [part for part in parts if part.strip()]


def _link_line(link: Link, wording: Wording, language: str) -> str:
    """A link as words; phones make a call of the international form, Telegram of no other."""
    if link.kind != "call":
        return link.label if link.kind == "text" else f"{link.label}\n{link.href}"
    number = link.href.removeprefix("tel:")
    if number.startswith("0"):
        number = _UK + number[1:]
    return f"{link.label}\n{_CALL}{wording.isolate(language, number)}"


def _is_button(link: Link) -> bool:
    return link.kind == "web" and bool(_BUTTON_LINK.fullmatch(link.href))


def _link_rows(question: Question) -> list[list[InlineKeyboardButton]]:
    return [[InlineKeyboardButton(link.label, url=link.href)] for link in question.links]


def _rows(buttons: list[InlineKeyboardButton]) -> Iterator[list[InlineKeyboardButton]]:
    if len(buttons) < _MANY:
        yield from ([button] for button in buttons)
        return
    for is_short, run in groupby(buttons, lambda b: len(b.text) <= _SIDE_BY_SIDE_CHARS):
        width = 2 if is_short else 1
        row = list(run)
        for start in range(0, len(row), width):
            yield row[start : start + width]
