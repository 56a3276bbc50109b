"""Errors that a person or an operator may see.

WaymarkError
  + SettingsError            wrong configuration (operator)
  + EngineError
    x EngineUnavailableError the model is missing or broken, or a turn failed
  + InputError               what a command was given can't be read (operator)
  + TelegramError            the bot can't be started (operator)
  + TalliesError             tallies can't be kept or read (operator)
  + ConversationError        has a code and a response for the person
    x ConversationExpiredError
    x BadRequestError
    x TooManyError
"""

from __future__ import annotations

import errno
from typing import Final

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


def no_room(error: BaseException | None) -> str:
    """What the system says of a disk that is full or can't be written; '' if that is not it."""
    while error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return str(error.strerror)
        error = error.__cause__ or error.__context__
    return ""


class WaymarkError(Exception):
    """The root."""


class SettingsError(WaymarkError):
    """A setting is wrong; names it, never prints its value."""


class EngineError(WaymarkError):
    """Something is wrong with the engine."""


class EngineUnavailableError(EngineError):
    """There is no usable model, or a turn could not be finished."""


class InputError(WaymarkError):
    """What a command was given can't be read; never quotes it."""


class TelegramError(WaymarkError):
    """The bot can't be started; never quotes the token."""


class TalliesError(WaymarkError):
    """Tallies can't be kept, or a month of them can't be read."""


class ConversationError(WaymarkError):
    """A message that can't be answered by the engine.

    `code` goes to the client; `response` is the response of domain.yml that is shown.
    """

    code = "problem"
    response = "utter_problem"


class ConversationExpiredError(ConversationError):
    """The token is unknown, deleted or older than 30 minutes."""

    code = "conversation_expired"
    response = "utter_expired"


class BadRequestError(ConversationError):
    """The message is empty, malformed or not a known choice."""

    code = "bad_request"
    response = "utter_bad_request"


class TooManyError(ConversationError):
    """More requests than anybody would make; `wait_s` is when the next may come."""

    code = "busy"

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many requests")
        self.wait_s = wait_s
