"""What words answer at each question of the forms, by tables: kinds of short words, intents, signs.

What is in none of a question's tables is no answer to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from actions.ages import UNSURE, age_value, child_value
from actions.heard import GOOD, SKIPPED, Heard, labels_that_answer
from actions.hours import hours_value
from bot.answers import counts_only_hours
from bot.directory import load_directory
from bot.language import language_named_elsewhere, named_language
from bot.nlu.labels import LABELS
from bot.text import count_words

TOLD: Final = "told"
ELSEWHERE: Final = "elsewhere"
"""The person reads a language that is not here: the questions are shown in English only."""

Values = dict[str, str]


def _hours(message: Heard) -> str | None:
    if "under_18" in message.labels and not counts_only_hours(message.text, message.languages):
        return None  # 'she is 14 and works all night'
    return hours_value(message.text, message.languages)


def _language(message: Heard) -> str | None:
    return named_language(message.text) or (
        ELSEWHERE if language_named_elsewhere(message.text) else None
    )


def _place(message: Heard) -> str | None:
    found = load_directory().candidates(message.text)
    return found[0] if len(found) == 1 and found[0] in load_directory().places else None


def _age(message: Heard) -> str | None:
    return age_value(message.text, message.languages)


def _child(message: Heard) -> str | None:
    return child_value(message.text, message.languages)


@dataclass(frozen=True)
class Reading:
    """How words answer one question.

    kinds: kind of answer (bot/answers.py) -> value.
    intents: intent of the message -> value.
    labels: sign that was heard -> value, beside those of actions/heard.py.
    text: reads a value out of the words themselves; tried first.
    signs_first: whether a sign outweighs 'sometimes' and the like.
    is_open: whether any words of one's own are an answer.
    """

    kinds: Values = field(default_factory=dict)
    intents: Values = field(default_factory=dict)
    labels: Values = field(default_factory=dict)
    text: Callable[[Heard], str | None] | None = None
    signs_first: bool = False
    is_open: bool = False


def _kinds(*, yes: str = "", no: str = "", unsure: str = "", **others: str) -> Values:
    """`always` goes with yes, `never` and `hardly` with no, `partly` with unsure, unless given."""
    table = {
        **{"yes": yes, "always": yes, "no": no, "never": no, "hardly": no},
        **{"unsure": unsure, "partly": unsure},
        **others,
    }
    return {kind: value for kind, value in table.items() if value}


ANSWERS: Final[dict[str, Reading]] = {
    "safe_to_talk": Reading(
        _kinds(yes="yes", good="yes", safe="yes", alone="yes", no="no", unsure="no")
    ),
    "feels_safe": Reading(
        _kinds(
            **{"yes": "yes", "good": "yes", "safe": "yes", "no": "no"},
            **{"unsure": UNSURE, "partly": "sometimes"},
        ),
        signs_first=True,
    ),
    "made_to_do": Reading(
        _kinds(
            **{"yes": "yes", "no": "no", "nobody": "no", "good": "no"},
            **{"unsure": UNSURE, "hardly": UNSURE, "partly": "yes"},
        ),
        signs_first=True,
    ),
    "hours": Reading({"unsure": UNSURE, "always": "always"}, text=_hours),
    "is_paid": Reading(
        _kinds(
            **{"yes": "yes", "good": "yes", "no": "no", "nobody": "no"},
            **{"unsure": UNSURE, "hardly": "some", "partly": "some"},
        )
    ),
    "bank_access": Reading(
        _kinds(yes="yes", good="yes", no="no", unsure=UNSURE, hardly=UNSURE),
    ),
    "someone_to_call": Reading(
        {"yes": "someone", "no": "nobody", "nobody": "nobody", "unsure": UNSURE},
        {"inform_contact": "someone", "say_cannot_call": "not_allowed"},
    ),
    "situation": Reading({"no": SKIPPED}, labels=dict.fromkeys(LABELS, TOLD), is_open=True),
    "noticed": Reading({"no": SKIPPED, "unsure": SKIPPED}, is_open=True),
    "danger_now": Reading(
        _kinds(yes="yes", no="no", nobody="no", good="no", safe="no", unsure=UNSURE),
    ),
    "child_involved": Reading(
        _kinds(yes="yes", no="no", nobody="no", unsure=UNSURE, hardly=UNSURE), text=_child
    ),
    "worker_ready": Reading(
        _kinds(yes="yes", good="yes", safe="yes", alone="yes", no="no", unsure="no")
    ),
    "interpreter": Reading({"no": "not_needed"}),
    "person_language": Reading(text=_language),
    "understood": Reading(_kinds(yes="all", good="all", no="none", unsure=SKIPPED)),
    "observed": Reading({"no": "none", "nobody": "none", "unsure": SKIPPED}),
    "needs_now": Reading(
        {"no": "none", "nobody": "none"},
        {"need_money": "money", "need_housing": "housing", "need_health": "health"},
        {"poor_conditions": "money", "immediate_danger": "danger"},
    ),
    "person_age": Reading(_kinds(yes="adult", no="child", unsure=UNSURE), text=_age),
    "care_needs": Reading(_kinds(yes="yes", no="no", unsure=UNSURE, hardly=UNSURE)),
    "worker_role": Reading({"unsure": SKIPPED}),
    "consent": Reading(_kinds(yes="yes", no="no", unsure=UNSURE, hardly="no")),
    "card_interpreter": Reading(_kinds(yes="yes", no="no")),
    "card_topics": Reading(
        {"no": SKIPPED},
        {"need_housing": "housing", "need_health": "health", "ask_how_to_leave": "leave"},
        {
            **{"unpaid": "pay", "documents_held": "papers", "cannot_leave": "leave"},
            **{"violence": "fear", "threats": "fear", "controller": "fear"},
            **{"excessive_hours": "work", "forced_labour": "work", "under_18": "child"},
        },
    ),
    "card_place": Reading({"no": SKIPPED, "unsure": SKIPPED}, text=_place),
}
"""Question -> how words answer it."""

YES_KINDS: Final = frozenset({"yes", "always", "safe", GOOD})
CHAT: Final = "chat_"
FALLBACK: Final = "nlu_fallback"
ANSWERING: Final = frozenset(
    {
        *("affirm", "deny", "say_unsure", "tell_all_well", "answer", "tell_situation"),
        *("report_child", "inform_hours", "inform_contact", "inform_place", FALLBACK),
    }
)
"""Intents that may be answers; every other one is a request in between."""

STOPPING: Final = frozenset(
    {
        *("report_danger", "report_self_harm", "stop_chat", "delete_chat", "pause_chat"),
        *("say_not_alone", "say_unsafe", "say_goodbye"),
    }
)
"""Intents that no question may take for its answer (promises 2 and 3)."""

NOT_OPENLY_TOLD: Final = frozenset(
    {
        *("chat_films", "chat_sport", "chat_jokes", "chat_weather", "chat_food"),
        *("chat_religion", "chat_romance", "ask_other_topic"),
    }
)
"""Everyday talk that answers no open question either."""

OPEN_ANSWER_WORDS: Final = 3
"""Fewer words that are not understood are no answer to an open question."""


def interpret(slot: str, message: Heard) -> str | None:
    """The value of a typed answer, or None when it answers another question or none."""
    reading, kind = ANSWERS[slot], message.kind
    if reading.text and (value := reading.text(message)):
        return value
    if kind in YES_KINDS and message.labels:
        kind = "partly"  # 'yes, he keeps half of it'
    by_kind = reading.kinds.get(kind or "")
    if by_kind and kind in ("partly", "hardly") and not reading.signs_first:
        return by_kind
    signs = {**labels_that_answer(slot), **reading.labels}
    by_sign = next((signs[label] for label in signs if label in message.labels), None)
    value = by_sign or by_kind or reading.intents.get(message.intent)
    return value or (TOLD if reading.is_open and _is_told_openly(message) else None)


def _is_told_openly(message: Heard) -> bool:
    if message.intent in NOT_OPENLY_TOLD:
        return False
    is_talk = message.intent in ANSWERING or message.intent.startswith(CHAT)
    return is_talk and count_words(message.text) >= OPEN_ANSWER_WORDS


def _must_stop(message: Heard) -> bool:
    is_command = message.is_safe_phrase and message.intent in STOPPING
    return is_command or message.intent in ("report_danger", "report_self_harm")


def is_request(message: Heard, slot: str) -> bool:
    """Whether the message asks for something instead of answering the open question."""
    reading = ANSWERS[slot]
    if reading.kinds.get(message.said or "") and not _must_stop(message):
        return False  # 'only a bit', which sounds like a pause
    if message.intent in STOPPING:
        return True  # before anything else: also where a number could be an answer
    if message.intent in ANSWERING:
        return False
    answers = (
        (reading.text and reading.text(message))
        or reading.intents.get(message.intent)
        or reading.kinds.get(message.kind or "")
    )
    return not answers and not (reading.is_open and _is_told_openly(message))
