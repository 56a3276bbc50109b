"""actions/worker.py: the worker route and what the law asks of whom."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.worker import (
    ActionAskPersonLanguage,
    ActionAskWorkerConsent,
    ActionAskWorkerFeelsSafe,
    ActionAskWorkerUnderstood,
    ActionFinishWorkerForm,
)
from bot.what_now import Case, next_steps


def test_not_ready_stops_before_any_question(ran: Any) -> None:
    events, messages = ran(ActionFinishWorkerForm(), worker_ready="no", route="worker")

    assert [m["response"] for m in messages] == ["utter_worker_not_ready"]
    assert events == [SlotSet("worker_ready", None), SlotSet("hub", "action_start_worker"), LISTEN]


def test_danger_comes_before_the_law(said: Any) -> None:
    responses = said(
        ActionFinishWorkerForm(), route="worker", needs_now=["danger"], person_age="adult"
    )

    assert responses[:2] == ["utter_law_danger", "utter_law_intro"]


def test_danger_that_was_told_earlier_comes_first_too(said: Any) -> None:
    """It may have been said ten questions ago."""
    assert (
        said(ActionFinishWorkerForm(), route="worker", labels=["immediate_danger"])[0]
        == "utter_law_danger"
    )


def test_the_order_of_the_end(ran: Any) -> None:
    events, messages = ran(
        ActionFinishWorkerForm(),
        route="worker",
        person_age="adult",
        consent="yes",
        labels=["unpaid"],
    )

    assert list(dict.fromkeys(m["response"] for m in messages)) == [
        "utter_law_intro",
        *next_steps(Case("no", "no", "adult", "unsure", "yes", "other")),
        "utter_before_you_call_worker",
        "utter_help_intro",
        "utter_service",
        "utter_worker_care",
    ]
    assert events == [SlotSet("calling_explained", True), FollowupAction("action_show_menu")]


@pytest.mark.parametrize("ticked", [None, ["none"], ["skipped"], ["told"]], ids=str)
def test_these_people_can_help_is_followed_by_somebody(said: Any, ticked: list[str] | None) -> None:
    assert "utter_service" in said(ActionFinishWorkerForm(), route="worker", needs_now=ticked)


def test_a_question_in_the_person_s_language_with_english_beside_it(ran: Any) -> None:
    _, (message,) = ran(ActionAskWorkerFeelsSafe(), person_language="ar", route="worker")

    question = "utter_ask_self_form_feels_safe"
    assert message["response"] == "utter_ask_worker_question"
    assert message["theirs"] == {"say": question, "in": "ar"}
    assert message["english"] == {"say": question, "in": "en"}
    assert message["how"] == {"say": "utter_how_feels_safe"}
    assert message["listen"] == {"say": "utter_listen_feels_safe"}
    assert message["record"] == "feels_safe"
    assert message["buttons_of"] == question
    assert message["beside"] == "ar"


@pytest.mark.parametrize("language", [None, "en", "told", "skipped", "xx"])
def test_without_a_known_language_the_question_stands_once(said: Any, language: str | None) -> None:
    assert said(ActionAskWorkerFeelsSafe(), person_language=language) == [
        "utter_ask_worker_question_english"
    ]


def test_the_languages_in_their_own_names(ran: Any) -> None:
    _, (message,) = ran(ActionAskPersonLanguage())

    assert {"payload": '/answer{"person_language":"ar"}', "label": "العربية"} in message["choices"]


def test_consent_is_explained_in_the_person_s_language(ran: Any) -> None:
    _, (message,) = ran(ActionAskWorkerConsent(), person_language="vi", route="worker")

    assert message["theirs"] == {"say": "utter_ask_person_consent", "in": "vi"}
    assert message["buttons_of"] == "utter_ask_person_consent"
    assert message["beside"] == "vi"


def test_what_was_heard_stands_ticked(ran: Any) -> None:
    _, (message,) = ran(
        ActionAskWorkerUnderstood(), route="worker", labels=["unpaid", "under_18", "debt"]
    )
    payloads = [each["payload"] for each in message["choices"]]

    assert message["ticked"] == ['/answer{"understood":"debt"}', '/answer{"understood":"unpaid"}']
    assert payloads == [*message["ticked"], '/answer{"understood":"none"}', "/skip_question"]
