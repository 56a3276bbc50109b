"""bot/nlg.py: words are looked up; a mistake is noted and raised."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.engine.in_process_actions import failures
from bot.nlg import CatalogueNlg
from bot.wording import Wording, WordingError


class Tracker:
    def __init__(self, language: str | None, person: str | None = None) -> None:
        self.slots = {"language": language, "person_language": person}

    def get_slot(self, name: str) -> str | None:
        return self.slots.get(name)


def generate(
    name: str, spoken: str | None = "en", person: str | None = None, /, **values: Any
) -> dict[str, Any]:
    nlg = CatalogueNlg(EndpointConfig(), Domain.empty())
    tracker = Tracker(spoken, person)
    return asyncio.run(nlg.generate(name, tracker, "waymark", **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("utter_nowhere", {}),
        ("utter_card", {}),
        ("utter_card", {"lines": [{"say": "utter_nowhere"}]}),
    ],
)
def test_a_mistake_is_noted_and_raised(name: str, values: dict[str, Any]) -> None:
    noted: list[str] = []

    async def run() -> None:
        failures.set(noted)
        nlg = CatalogueNlg(EndpointConfig(), Domain.empty())
        await nlg.generate(name, Tracker("en"), "waymark", **values)  # type: ignore[arg-type]

    with pytest.raises(WordingError):
        asyncio.run(run())
    assert noted == [name]


@pytest.mark.parametrize("language", [None, "xx"])
def test_an_unknown_language_is_english(language: str | None) -> None:
    assert generate("utter_greet", language)["custom"]["language"] == "en"


def test_a_given_language_goes_before_the_slot(wording: Wording) -> None:
    message = generate("utter_greet", "en", language="ar")

    assert message["text"] == wording.text("ar", "utter_greet")
    assert message["custom"]["language"] == "ar"


def test_a_list_becomes_lines(wording: Wording) -> None:
    items = [{"say": "utter_label_debt"}, {"say": "utter_label_debt", "in": "es"}]

    lines = generate("utter_say_back_self", items=items)["text"].split("\n")

    assert lines[1:3] == [
        f"• {wording.text('en', 'utter_label_debt')}",
        f"• {wording.text('es', 'utter_label_debt')}",
    ]


def test_buttons_of_another_response_come_first() -> None:
    given = {"payload": "/mine", "label": {"say": "utter_no_place"}}

    buttons = generate("utter_greet", buttons_of="utter_self_harm_next", choices=[given])["buttons"]

    assert [b["payload"] for b in buttons] == [
        "/continue_chat",
        "/ask_numbers",
        "/delete_chat",
        "/mine",
    ]


def test_buttons_stand_in_both_languages_for_two_people_at_one_screen(wording: Wording) -> None:
    question = "utter_ask_self_form_feels_safe"
    own, theirs = (wording.reply(language, question).choices for language in ("en", "ar"))

    buttons = generate("utter_greet", buttons_of=question, beside="ar")["buttons"]

    assert [b["title"] for b in buttons] == [
        f"{a.label} · {b.label}" for a, b in zip(own, theirs, strict=True)
    ]
    assert [b["payload"] for b in buttons] == [choice.id for choice in own]


def test_a_service_is_shown_whole(wording: Wording) -> None:
    message = generate("utter_service", service="acas")

    assert message["text"] == wording.service_reply("en", "acas").text
    assert message["custom"]["links"] != []


@pytest.mark.parametrize(("name", "ended"), [("utter_deleted", True), ("utter_end", False)])
def test_only_deleting_ends(name: str, ended: bool) -> None:
    assert generate(name)["custom"]["ended"] is ended


# --- What stands beside a worker's question ----------------------------------------------------
NEEDS = "utter_ask_worker_form_needs_now"


def sides(message: dict[str, Any]) -> list[str]:
    return [side["language"] for side in message["custom"].get("sides", ())]


@pytest.mark.parametrize(
    ("name", "spoken", "person", "expected"),
    [
        (NEEDS, "en", "vi", ["vi"]),  # for the person to check
        (NEEDS, "es", "vi", ["vi", "en"]),  # and English for whoever takes the referral
        (NEEDS, "en", None, []),
        (NEEDS, "es", None, ["en"]),
        ("utter_law_child", "es", "vi", ["en"]),  # not for the person to check
        ("utter_law_child", "en", "vi", []),
        ("utter_greet", "es", "vi", []),
    ],
)
def test_what_goes_into_the_notes_comes_in_english_and_in_the_person_s_language(
    name: str, spoken: str, person: str | None, expected: list[str]
) -> None:
    assert sides(generate(name, spoken, person)) == expected


def test_what_the_person_is_shown_is_named_and_whole(wording: Wording) -> None:
    question = "utter_ask_self_form_is_paid"
    custom = generate(
        "utter_ask_worker_question_english",
        "en",
        "ar",
        english={"say": question, "in": "en"},
        how="x",
        listen="y",
        buttons_of=question,
        beside="ar",
        record="is_paid",
    )["custom"]
    theirs, english = custom["sides"]

    assert (custom["record"], custom["to_show"]) == ("is_paid", "ar")
    assert (theirs["dir"], theirs["text"]) == ("rtl", wording.text("ar", question))
    assert [each["id"] for each in theirs["choices"]] == [each["id"] for each in english["choices"]]
    assert [each["label"] for each in theirs["choices"]] == [
        each.label for each in wording.reply("ar", question).choices
    ]


def test_choices_made_by_an_action_stand_beside_in_both_languages(wording: Wording) -> None:
    made = [{"payload": "/x", "label": {"say": "utter_label_debt"}}]
    message = generate("utter_ask_worker_understood", "en", "ar", choices=made, ticked=["/x"])
    (theirs,) = message["custom"]["sides"]

    assert theirs["choices"] == [{"id": "/x", "label": wording.text("ar", "utter_label_debt")}]
    assert message["custom"]["ticked"] == ["/x"]
