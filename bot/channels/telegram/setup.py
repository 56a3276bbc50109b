"""Bring what Telegram shows around the chat in line with the catalogues.

Reads first, and sets only what differs: names and descriptions may be changed only rarely.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot
from telegram.error import RetryAfter

from bot.channels.telegram.bot_api import BotApiError, in_words, pause
from bot.channels.telegram.profile import DEFAULT, PARTS, Profile, wanted_profiles
from bot.wording import Wording

PATIENCE_S: Final = 30
"""A shorter pause that Telegram asks for is waited out; it asks for hours when a name has
been changed too often."""

_UNSEEN = re.compile(r"[\u200e\u200f\u2066-\u2069]")
"""Direction marks: Telegram may drop them, and a text that differs in nothing else is the same."""


@dataclass(frozen=True)
class Change:
    """One thing that Telegram shows otherwise than the catalogue says."""

    language: str
    part: str
    before: str
    after: str


async def read_profiles(bot: Bot, languages: Iterable[str]) -> dict[str, Profile]:
    """What Telegram shows now."""
    profiles = {}
    for language in languages:
        commands, name, description, short = await asyncio.gather(
            bot.get_my_commands(language_code=language),
            bot.get_my_name(language_code=language),
            bot.get_my_description(language_code=language),
            bot.get_my_short_description(language_code=language),
        )
        profiles[language] = Profile(
            commands=tuple((each.command, each.description) for each in commands),
            short_description=short.short_description,
            description=description.description,
            name=name.name,
        )
    return profiles


def compare(current: dict[str, Profile], wanted: dict[str, Profile]) -> list[Change]:
    """What has to change, part by part, so that what Telegram limits most comes last.

    Where nothing was set for a language Telegram shows the default, so a language that wants
    the default's words needs nothing of its own.
    """
    changes = []
    for part in PARTS:
        default = current[DEFAULT].text(part), wanted[DEFAULT].text(part)
        for language, profile in wanted.items():
            before, after = current[language].text(part), profile.text(part)
            follows = language != DEFAULT and after == default[1] and before in ("", default[0])
            if not follows and _seen(before) != _seen(after):
                changes.append(Change(language, part, before, after))
    return changes


def _seen(text: str) -> str:
    return _UNSEEN.sub("", text).strip()


def as_diff(changes: list[Change]) -> str:
    """The changes, for a person to read before saying yes."""
    blocks = []
    for change in changes:
        lines = [f"{change.part.replace('_', ' ')} ({change.language or 'default'})"]
        lines += [f"  - {line}" for line in change.before.splitlines()]
        lines += [f"  + {line}" for line in change.after.splitlines()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


async def apply(
    bot: Bot,
    wanted: dict[str, Profile],
    changes: list[Change],
    say: Callable[[str], None],
) -> None:
    """Set what differs, and say each thing that was set.

    Raises:
        BotApiError: Telegram wants a long pause; what was set until then stays.
    """
    for number, change in enumerate(changes):
        try:
            await _patiently(bot, change, wanted[change.language])
        except RetryAfter as error:
            raise BotApiError(
                f"Telegram does not let the {change.part.replace('_', ' ')} change again so soon."
                f" {len(changes) - number} of {len(changes)} changes are left; what was set stays."
                f" Run this again in {in_words(pause(error))}."
            ) from None
        say(f"Set: {change.part.replace('_', ' ')} ({change.language or 'default'})")


async def _patiently(bot: Bot, change: Change, profile: Profile) -> None:
    """Set one thing, waiting out short pauses."""
    for _ in range(3):
        try:
            return await _set(bot, change, profile)
        except RetryAfter as error:
            if pause(error).total_seconds() > PATIENCE_S:
                raise
            await asyncio.sleep(pause(error).total_seconds())
    return await _set(bot, change, profile)


async def _set(bot: Bot, change: Change, profile: Profile) -> None:
    code: dict[str, Any] = {"language_code": change.language}
    if change.part == "commands":
        await bot.set_my_commands(profile.commands, **code)
    elif change.part == "name":
        await bot.set_my_name(profile.name, **code)
    elif change.part == "description":
        await bot.set_my_description(profile.description, **code)
    else:
        await bot.set_my_short_description(profile.short_description, **code)


async def set_up(
    bot: Bot, wording: Wording, *, say: Callable[[str], None], agrees: Callable[[], bool]
) -> bool:
    """Show what differs, ask, set it, and look again.

    Args:
        bot: an open connection.
        wording: the catalogues.
        say: takes each line for the operator.
        agrees: asks the operator; nothing is set before it says yes.

    Returns:
        Whether Telegram now shows what the catalogues say.

    Raises:
        BotApiError: Telegram wants a long pause.
    """
    wanted, left_out = wanted_profiles(wording)
    if left_out:
        say(
            f"Telegram has no code of its own for {', '.join(left_out)}:"
            " people who use it see the default."
        )
    changes = compare(await read_profiles(bot, wanted), wanted)
    if not changes:
        say(f"@{bot.username} already says what the catalogues say. Nothing to change.")
        return True
    say(f"@{bot.username} will change (- now, + then):\n\n{as_diff(changes)}\n")
    if not agrees():
        say("Nothing was changed.")
        return False
    await apply(bot, wanted, changes, say)
    left = compare(await read_profiles(bot, wanted), wanted)
    say(
        f"Telegram still shows something else, run this again:\n\n{as_diff(left)}"
        if left
        else f"Done: {len(changes)} changed. People may see it only after some minutes."
    )
    return not left
