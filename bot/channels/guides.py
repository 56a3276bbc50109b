"""What the worker's guide and the pages to learn from hold: the chat's own words, to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.i18n import SOURCE_LANGUAGE
from bot.replies import Link
from bot.what_now import OTHER, VALUES, Case, next_steps
from bot.wording import ASK_SEVEN, SEVEN, Wording

LEARN: Final = "utter_learn"
CONSENT: Final = "consent"
_SKIP: Final = "/skip_question"


@dataclass(frozen=True)
class Asked:
    """One question: in the person's language and in English, by lines, and how to ask it."""

    theirs: tuple[str, ...]
    english: tuple[str, ...]
    choices: tuple[str, ...]
    how: str
    listen: str


@dataclass(frozen=True)
class Guide:
    """The worker's guide.

    person, person_dir: code and direction of the person's language.
    role, roles: whom the worker works for, and all that can be chosen: value to label.
    """

    person: str
    person_dir: str
    role: str
    roles: dict[str, str]
    before: tuple[str, ...]
    asked: tuple[Asked, ...]
    signs: tuple[str, ...]
    needs: tuple[str, ...]
    child: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    always: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One thing to learn. `id`: of its place on the page."""

    id: str
    heading: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]


def worker_guide(words: Wording, language: str, person: str, role: str) -> Guide:
    """The guide in the worker's language, its questions in the person's and in English.

    Args:
        role: whom the worker works for (bot/what_now.py); unknown ones may do the least.
    """
    role = role if role in VALUES["role"] else OTHER
    child, yes, no, think = (
        _steps(role, **known)
        for known in ({"age": "child"}, {}, {"consent": "no"}, {"consent": "unsure"})
    )
    always = [step for step in yes if step in child]
    no = list(dict.fromkeys([*no, *think]))

    def lines(*names: str) -> tuple[str, ...]:
        return tuple(line for name in names for line in words.text(language, name).split("\n"))

    def labels(name: str) -> tuple[str, ...]:
        return tuple(_answers(words, language, name))

    return Guide(
        person=person,
        person_dir=words.catalogues.languages[person].dir,
        before=lines(
            *("utter_start_worker", "utter_ask_worker_form_worker_ready"),
            "utter_ask_worker_form_interpreter",
        ),
        asked=tuple(_asked(words, language, person, slot) for slot in (*SEVEN, CONSENT)),
        signs=labels("utter_ask_worker_form_observed"),
        needs=labels("utter_ask_worker_form_needs_now"),
        role=role,
        roles=_roles(words, language),
        child=lines(*(step for step in child if step not in always)),
        yes=lines(*(step for step in yes if step not in always)),
        no=lines(*(step for step in no if step not in always)),
        always=lines("utter_law_adult_at_risk", *always, "utter_worker_care"),
    )


def learn_parts(words: Wording, language: str) -> list[Part]:
    """One part a button of the menu that leads to something to read."""
    menu = zip(
        words.reply(SOURCE_LANGUAGE, LEARN).choices,
        words.reply(language, LEARN).choices,
        strict=True,
    )
    parts = []
    for english, own in menu:
        name = f"utter_{english.id.removeprefix('/')}"
        if name in words.responses:
            reply = words.reply(language, name)
            parts.append(Part(name, own.label, tuple(reply.text.split("\n")), reply.links))
    return parts


def _asked(words: Wording, language: str, person: str, slot: str) -> Asked:
    name = "utter_ask_person_consent" if slot == CONSENT else ASK_SEVEN + slot
    return Asked(
        theirs=tuple(words.text(person, name).split("\n")),
        english=()
        if person == SOURCE_LANGUAGE
        else tuple(words.text(SOURCE_LANGUAGE, name).split("\n")),
        choices=tuple(_answers(words, person, name)),
        how=words.text(language, f"utter_how_{slot}"),
        listen=words.text(language, f"utter_listen_{slot}"),
    )


def _roles(words: Wording, language: str) -> dict[str, str]:
    choices = words.reply(language, "utter_ask_worker_form_worker_role").choices
    return {
        role: choice.label
        for role in VALUES["role"]
        for choice in choices
        if f'"{role}"' in choice.id
    }


def _answers(words: Wording, language: str, name: str) -> Iterable[str]:
    return (each.label for each in words.reply(language, name).choices if each.id != _SKIP)


def _steps(role: str, **known: str) -> list[str]:
    """What is said to this worker of such a person, danger and needs apart."""
    case = {"danger": "no", "needs": "no", "care": "no", "age": "adult", "consent": "yes"}
    return next_steps(Case(**{**case, **known, "role": role}))
