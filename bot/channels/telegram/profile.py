"""What Telegram should show around the chat: name, descriptions and commands, per language.

All of it may be seen on a locked phone or over a shoulder; the words stand in domain.yml and
the catalogues, never here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from bot.channels.telegram.commands import COMMANDS
from bot.wording import Wording

DEFAULT: Final = ""
"""The language code of what people see for whose language nothing was set: English."""
MAX_CHARS: Final = {"name": 64, "short_description": 120, "description": 512}
COMMAND_CHARS: Final = range(3, 257)
"""Telegram's limits, in characters (core.telegram.org/bots/api, setMyName and following)."""


@dataclass(frozen=True)
class Profile:
    """What is shown in one language. `commands`: a line '/name – what it does' each."""

    commands: tuple[tuple[str, str], ...] = ()
    short_description: str = ""
    description: str = ""
    name: str = ""

    def text(self, part: str) -> str:
        """One part as text, to compare and to show."""
        value = getattr(self, part)
        if isinstance(value, str):
            return value
        return "\n".join(f"/{command} – {does}" for command, does in value)


PARTS: Final = tuple(field.name for field in fields(Profile))
"""In the order in which they are set: Telegram lets a name change only a few times a day."""


def wanted_profiles(wording: Wording) -> tuple[dict[str, Profile], list[str]]:
    """What the catalogues say.

    Returns:
        Telegram's language codes with their profiles, the default first; and the languages
        that Telegram can't take, because they have no two-letter code (ISO 639-1) or share
        it with another catalogue.
    """
    profiles = {DEFAULT: profile(wording, "en")}
    left_out = []
    for language in wording.catalogues.languages:
        code = telegram_code(language)
        if len(code) != 2 or code in profiles:
            left_out.append(language)
        else:
            profiles[code] = profile(wording, language)
    return profiles, left_out


def telegram_code(language: str) -> str:
    """A catalogue's code as Telegram writes it ('zh_Hans' is 'zh')."""
    return language.split("_")[0].lower()


def profile(wording: Wording, language: str) -> Profile:
    """What one catalogue says."""
    return Profile(
        commands=tuple(
            (name, wording.text(language, f"utter_telegram_command_{name}")) for name in COMMANDS
        ),
        short_description=wording.text(language, "utter_telegram_short_description"),
        description=wording.text(language, "utter_telegram_description"),
        name=wording.text(language, "utter_telegram_name"),
    )
