"""Choices: the payloads behind buttons, read back strictly.

A choice's id is Rasa's own payload, `/intent{"entity":"value"}`. Only what the assistant
itself offers is taken: intents and values of domain.yml's buttons, and the places,
languages and labels from which actions make buttons.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from bot.engine.base import Chosen
from bot.errors import BadRequestError
from bot.nlu.labels import LABELS, OBSERVED
from bot.spoken import load_spoken
from bot.wording import Wording

NO_PLACE: Final = "none"
NONE_RIGHT: Final = "none"
"""Of what was understood."""
ALL_PLACES: Final = "all"
"""Chosen to see the whole list."""
LAST_ANSWER: Final = "last_answer"
"""What may be taken out beside labels: the last answer, which is then asked for again."""
REPEAT: Final = "repeat_message"
"""Says the last turn again."""

COMMANDS: Final = frozenset(
    {
        *("ask_help", "talk_to_person", "report_self_harm", "report_child"),
        *("pause_chat", "stop_chat", REPEAT, "simplify_message", "ask_why"),
        *("restart_chat", "show_help"),
    }
)
"""Intents without a button in domain.yml that a channel may offer as a command."""

START: Final = "start_chat"
"""The one intent that only a channel gives."""

_CHOICE = re.compile(r"/(?P<intent>[a-z_]{1,40})(?P<entities>\{.{1,200}\})?")


class Choices:
    """All choices that the assistant can offer."""

    def __init__(self, wording: Wording) -> None:
        offered = [
            _parse(button["payload"])
            for variations in wording.responses.values()
            for variation in variations
            for button in variation.get("buttons") or ()
        ]
        places = (*wording.directory.places, NO_PLACE)
        languages = tuple(wording.catalogues.languages)
        for intent, entity, values in (
            ("choose_place", "place", (*places, ALL_PLACES)),
            ("answer", "card_place", places),
            ("answer", "card_interpreter", tuple(load_spoken())),
            ("change_language", "language", languages),
            ("answer", "person_language", languages),
            ("answer", "understood", (*LABELS, OBSERVED, NONE_RIGHT)),
            ("remove_label", "label", (*LABELS, OBSERVED, LAST_ANSWER)),
        ):
            offered += [Chosen(intent, ((entity, value),)) for value in values]
        self._plain = COMMANDS | {choice.intent for choice in offered if not choice.entities}
        self._pairs = {(choice.intent, *pair) for choice in offered for pair in choice.entities}

    def read(self, ids: Iterable[str]) -> Chosen:
        """One choice, or several of one reply merged into one.

        Raises:
            BadRequestError: not a choice that the assistant offers, or choices that do not
                belong together.
        """
        read = [_parse(each) for each in ids]
        if not read or not all(self._is_offered(choice) for choice in read):
            raise BadRequestError("not a choice")
        if len({(choice.intent, *(name for name, _ in choice.entities)) for choice in read}) != 1:
            raise BadRequestError("choices of different kinds")
        merged = dict.fromkeys(pair for choice in read for pair in choice.entities)
        return Chosen(read[0].intent, tuple(merged))

    def _is_offered(self, choice: Chosen) -> bool:
        if not choice.entities:
            return choice.intent in self._plain
        return all((choice.intent, *pair) in self._pairs for pair in choice.entities)


def _parse(payload: str) -> Chosen:
    match = _CHOICE.fullmatch(payload)
    if match is None:
        raise BadRequestError("not a choice")
    try:
        entities = json.loads(match["entities"] or "{}")
    except (ValueError, RecursionError) as error:
        raise BadRequestError("not a choice") from error
    return Chosen(match["intent"], tuple((str(k), str(v)) for k, v in entities.items()))
