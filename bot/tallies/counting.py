"""Anonymous tallies for partners: in how many conversations a sign stood, by borough and month.

Off unless the operator names a folder. A conversation is counted once for each sign, when the
person has heard what was understood and has said that it is right; what they correct or delete
later is taken back. Nothing ties two numbers to one conversation: no id, no words, no language,
no age, no kind of exploitation, no day.

Running numbers are in memory or in Redis, on no disk. A month is written once, when it is over and
nobody can take anything back any more: numbers under ten are left out, others are rounded down,
and there are no totals, from which what is left out could be worked out. DECISIONS.md 92.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot.engine.base import Chosen, Engine, Typed
from bot.engine.shelf import Connection
from bot.errors import EngineError, TalliesError
from bot.nlu.labels import OBSERVED, SIGNS
from bot.open_hours import london_now
from bot.settings import Settings
from bot.tallies.books import Book, MemoryBook, Receipt, RedisBook
from bot.tallies.months import check_folder, months_over, name_of, next_end, table, write_once
from bot.wording import Wording

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER: Final = datetime.timedelta(minutes=10)
"""When a month could not be written."""

COUNTED: Final = frozenset([*SIGNS, OBSERVED])
"""No flags, no kinds of exploitation."""
ELSEWHERE: Final = "elsewhere_or_not_said"

NOTICE: Final = "utter_tallies"
"""The response that tells people. Without it in domain.yml tallies can't be switched on."""
TOLD_AFTER: Final = frozenset(["utter_ask_is_anonymous"])
TOLD_BEFORE: Final = frozenset(
    ["utter_say_back_self", "utter_say_back_other", "utter_ask_worker_form_observed"]
)
"""Before what is about to be counted is asked about."""
ASKS_IF_RIGHT: Final = frozenset(
    ["utter_say_back_self", "utter_say_back_other", "utter_what_is_wrong"]
)
"""'Is that right?', and the list of what may be wrong, which ends with 'all else is right'."""
SHOWS_HELP: Final = "utter_help_intro"
"""What follows 'yes, that is right'."""
SAYS_YES: Final = frozenset(["keep_summary", "affirm"])
WORKER_IS_THROUGH: Final = "utter_law_intro"
"""What a worker sees after the last question; an earlier one let them take out what is wrong."""


class Tallies:
    """Counts the conversations of one engine."""

    def __init__(
        self,
        engine: Engine,
        book: Book,
        folder: Path,
        places: frozenset[str],
        now: Callable[[], datetime.datetime] = london_now,
    ) -> None:
        """Count nothing yet.

        Args:
            folder: where finished months are written.
            places: boroughs that have numbers of their own.
            now: the time in London.
        """
        self._engine = engine
        self._book = book
        self._folder = folder
        self._places = places
        self._now = now
        self._looks_at = now()

    def was_asked(self, conversation: str) -> bool:
        """Whether the last turn asked if what was understood is right."""
        try:
            standing = self._engine.standing(conversation)
        except EngineError:
            return False
        return standing is not None and not ASKS_IF_RIGHT.isdisjoint(standing.said)

    def note(
        self,
        conversation: str,
        message: Typed | Chosen | None = None,
        responses: Sequence[str] = (),
        *,
        was_asked: bool = False,
    ) -> None:
        """A turn was answered, or the conversation is held longer; never fails or stops anybody.

        Args:
            responses: names of what was said.
            was_asked: as it stood before this turn.
        """
        try:
            is_right = _is_confirmed(message, responses, was_asked=was_asked)
            self._count(conversation, is_right=is_right)
        except EngineError as error:
            logger.error("Tallies: a turn was not counted: %s", type(error).__name__)
        self.publish()

    def take_back(self, conversation: str) -> None:
        """The person deleted it: it was never counted.

        Raises:
            EngineUnavailableError: Redis is gone; so nobody is told that all is deleted.
        """
        if self._book.receipt(conversation):
            self._book.put(conversation, None)

    def close(self, conversation: str) -> None:
        """It is over: what was counted stays, and nobody knows any more for whom.

        Raises:
            EngineUnavailableError: Redis is gone.
        """
        self._book.close(conversation)

    def publish(self) -> None:
        """Write the months that are over, once each; never fails. Asks nobody before one is."""
        now = self._now()
        if now < self._looks_at:
            return
        try:
            for month in months_over(now):
                counted = self._book.month(month)
                if counted.since:
                    write_once(self._folder / f"{month}.csv", table(month, counted))
                    self._book.drop(month)
        except (EngineError, OSError) as error:
            logger.error("Tallies: a month could not be written: %s", type(error).__name__)
            self._looks_at = now + TRY_AGAIN_AFTER
        else:
            self._looks_at = next_end(now)

    def _count(self, conversation: str, *, is_right: bool) -> None:
        before = self._book.receipt(conversation)
        if before is None and not is_right:
            return
        standing = self._engine.standing(conversation)
        if standing is None:
            self.take_back(conversation)
            return
        signs = COUNTED.intersection(standing.labels)
        if before and not is_right:  # nobody said that what came since is right
            signs &= set(before.signs)
        place = standing.place if standing.place in self._places else None
        receipt = Receipt(name_of(self._now()), place or ELSEWHERE, tuple(sorted(signs)))
        self._book.put(conversation, receipt if signs else None)
        if self._engine.standing(conversation) is None:  # deleted in the meantime
            self.take_back(conversation)


def told_at(responses: Sequence[str], *, was_asked: bool) -> int | None:
    """Before which of the replies people are told of the tallies; None where they are not."""
    for number, response in enumerate(responses):
        if response in TOLD_AFTER:
            return number + 1
        if response in TOLD_BEFORE and not was_asked:
            return number
    return None


def open_tallies(settings: Settings, engine: Engine, wording: Wording) -> Tallies | None:
    """Tallies as the settings want them; None where they are off.

    Raises:
        TalliesError: they can't be kept, or people would not be told.
    """
    if settings.tallies is None:
        return None
    check_folder(settings.tallies)
    if NOTICE not in wording.responses:
        raise TalliesError(
            f"WAYMARK_TALLIES can't be set: domain.yml has no {NOTICE}, so people would not be told"
        )

    def today() -> str:
        return london_now().date().isoformat()

    book: Book = MemoryBook(today())
    if settings.redis_url:
        book = RedisBook(Connection(settings.redis_url), today)
    return Tallies(engine, book, settings.tallies, frozenset(wording.directory.places))


def _is_confirmed(
    message: Typed | Chosen | None, responses: Sequence[str], *, was_asked: bool
) -> bool:
    if WORKER_IS_THROUGH in responses:
        return True
    if isinstance(message, Chosen) and message.intent not in SAYS_YES:
        return False
    is_asked_again = not ASKS_IF_RIGHT.isdisjoint(responses)
    return was_asked and SHOWS_HELP in responses and not is_asked_again
