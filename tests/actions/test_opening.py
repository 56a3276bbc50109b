"""actions/opening.py and actions/language.py: the start, the doors, and which language."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.events import FollowupAction, SlotSet

from actions.flow import LISTEN
from actions.language import ActionChangeLanguage, ActionNoteLanguage
from actions.opening import (
    ActionHearSituation,
    ActionOpenDoors,
    ActionStartChat,
    ActionStartOther,
    ActionStartSelf,
    ActionStartWorker,
)
from bot.i18n import load_catalogues

SENTENCE = "trabajo todos los días"


# --- start -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "hints",
    [(), (("language", "xx"), ("place", "atlantis"), ("route", "admin"))],
    ids=["none", "unknown"],
)
def test_without_known_hints_the_doors_open_in_english(ran: Any, hints: Any) -> None:
    events, messages = ran(ActionStartChat(), "start_chat", entities=hints)

    assert [(m["response"], m["language"]) for m in messages] == [("utter_welcome", "en")]
    assert events == [FollowupAction("action_open_doors")]


def test_known_hints_are_taken(ran: Any) -> None:
    hints = (("language", "es"), ("place", "camden"), ("route", "other"))

    events, messages = ran(ActionStartChat(), "start_chat", entities=hints)

    assert {m["language"] for m in messages} == {"es"}
    assert events == [
        SlotSet("language", "es"),
        SlotSet("language_was_chosen", True),
        SlotSet("place", "camden"),
        FollowupAction("action_start_other"),
    ]


@pytest.mark.parametrize("code", [code for code in load_catalogues().languages if code != "en"])
def test_a_draft_says_so(said: Any, code: str) -> None:
    is_draft = load_catalogues().languages[code].is_draft

    responses = said(ActionStartChat(), "start_chat", entities=(("language", code),))

    assert ("utter_draft_language" in responses) is is_draft


@pytest.mark.parametrize(
    ("intent", "hub", "response"),
    [
        ("start_chat", None, "utter_doors"),
        ("greet", None, "utter_doors"),
        ("greet", "action_learn", "utter_doors_again"),
        ("open_doors", None, "utter_doors_again"),
    ],
)
def test_the_doors(ran: Any, intent: str, hub: str | None, response: str) -> None:
    events, messages = ran(ActionOpenDoors(), intent, hub=hub)

    assert [m["response"] for m in messages] == [response]
    assert events == [SlotSet("hub", "action_open_doors"), LISTEN]


@pytest.mark.parametrize(
    ("action", "route"),
    [(ActionStartSelf(), "self"), (ActionStartOther(), "other"), (ActionStartWorker(), "worker")],
)
def test_each_door_says_what_comes_once(ran: Any, said: Any, action: Any, route: str) -> None:
    events, messages = ran(action)

    assert [m["response"] for m in messages] == [f"utter_start_{route}"]
    assert events == [
        SlotSet("waiting", None),
        SlotSet("route", route),
        SlotSet("requested_slot", None),
        SlotSet("hub", None),
        FollowupAction(f"{route}_form"),
    ]
    assert said(action, route=route) == []


# --- something told outside the questions -----------------------------------------------------
@pytest.mark.parametrize(
    ("who", "slots", "following"),
    [
        ("self", {}, [FollowupAction("action_start_self")]),
        ("none", {}, [FollowupAction("action_start_self")]),
        ("other", {}, [SlotSet("noticed", ["debt"]), FollowupAction("action_start_other")]),
        ("self", {"route": "worker"}, [FollowupAction("action_start_worker")]),
        ("self", {"route": "self", "hub": "action_show_menu"}, [FollowupAction("action_say_back")]),
    ],
    ids=["self", "nobody", "other", "worker", "after the questions"],
)
def test_what_is_told_opens_the_door_that_fits(
    ran: Any, who: str, slots: dict[str, Any], following: list[Any]
) -> None:
    events, messages = ran(
        ActionHearSituation(), "tell_situation", text="words", who=who, signs=("debt",), **slots
    )

    assert [m["response"] for m in messages] == ["utter_ack_hard"]
    assert events == [SlotSet("acks", 1), *following]


@pytest.mark.parametrize("why", ["danger", "stop"])
def test_what_is_told_while_it_waits_is_said_back_and_opens_no_door(ran: Any, why: str) -> None:
    events, messages = ran(
        ActionHearSituation(), "tell_situation", text="w", signs=("debt",), waiting=why
    )

    assert [m["response"] for m in messages] == ["utter_heard"]
    assert events == [SlotSet("acks", 1), FollowupAction("action_wait")]


# --- language ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": "hello there my friend", "language": "en"},
        {"text": "hola amigo", "language": "es"},
        {"text": SENTENCE, "language": "xx"},
        {"intent": "change_language", "text": SENTENCE, "language": "es"},
    ],
    ids=["a choice", "the same", "too short", "unknown", "asked for another"],
)
def test_the_language_stays(ran: Any, message: dict[str, Any]) -> None:
    assert ran(ActionNoteLanguage(), **message) == ([], [])


def test_a_language_that_is_not_sure_changes_nothing(tracker: Any, ran: Any) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    unsure = tracker(text=SENTENCE, language="es")
    unsure.latest_message["language"]["confidence"] = 0.89

    assert ActionNoteLanguage().run(CollectingDispatcher(), unsure, {}) == []


def test_a_typed_sentence_changes_the_language_when_none_was_chosen(ran: Any) -> None:
    assert ran(ActionNoteLanguage(), text=SENTENCE, language="es") == (
        [SlotSet("language", "es")],
        [],
    )


def test_a_chosen_language_is_kept_until_the_other_is_typed_again(ran: Any) -> None:
    chosen = {"text": SENTENCE, "language": "es", "language_was_chosen": True}

    events, messages = ran(ActionNoteLanguage(), **chosen)

    assert events == [SlotSet("languages_offered", ["es"])]
    assert messages[0]["theirs"] == {"say": "utter_shall_we", "in": "es"}
    assert ran(ActionNoteLanguage(), languages_offered=["es"], **chosen) == (
        [SlotSet("language", "es")],
        [],
    )


def test_an_offer_is_not_taken_for_an_answer_where_a_form_begins_in_mid_turn(ran: Any) -> None:
    offered = {"event": "slot", "name": "languages_offered", "value": ["es"]}
    again = {"text": SENTENCE, "language": "es", "languages_offered": ["es"]}

    assert ran(ActionNoteLanguage(), events=(offered,), language_was_chosen=True, **again) == (
        [],
        [],
    )


def test_a_language_that_is_not_here_is_told_once(tracker: Any) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    typed = tracker(text="szef zabrał mój paszport wczoraj", language="es")
    typed.latest_message["language"]["is_elsewhere"] = True
    dispatcher = CollectingDispatcher()
    events = ActionNoteLanguage().run(dispatcher, typed, {})

    assert [m["response"] for m in dispatcher.messages] == ["utter_language_not_here"]
    assert events == [SlotSet("told_not_here", True)]

    typed.slots["told_not_here"] = True
    again = CollectingDispatcher()
    ActionNoteLanguage().run(again, typed, {})

    assert again.messages == []


def test_a_language_in_latin_letters_is_offered(tracker: Any) -> None:
    """Whoever types 'ana khayfa' may not read Arabic letters."""
    from rasa_sdk.executor import CollectingDispatcher

    typed = tracker(text="ana khayfa mish 3arfa", language="ar")
    typed.latest_message["language"]["is_romanised"] = True
    dispatcher = CollectingDispatcher()

    events = ActionNoteLanguage().run(dispatcher, typed, {})

    assert events == [SlotSet("languages_offered", ["ar"])]
    assert dispatcher.messages[0]["theirs"] == {"say": "utter_shall_we", "in": "ar"}


def test_a_language_that_is_not_here_may_be_named(said: Any) -> None:
    assert said(ActionChangeLanguage(), "change_language", text="in Dutch please") == [
        "utter_language_not_here"
    ]


def test_danger_is_answered_in_the_language_of_the_words(ran: Any) -> None:
    events, _ = ran(
        ActionNoteLanguage(),
        text="tiene cuchillo",
        language="es",
        signs=("immediate_danger",),
        language_was_chosen=True,
    )

    assert events == [SlotSet("language", "es")]


def test_a_named_language_is_changed_at_once(ran: Any) -> None:
    events, messages = ran(ActionChangeLanguage(), "change_language", text="in Spanish please")

    assert messages[0] == {**messages[0], "response": "utter_language_changed", "language": "es"}
    assert events == [
        SlotSet("language", "es"),
        SlotSet("language_was_chosen", True),
        FollowupAction("action_open_doors"),
    ]


@pytest.mark.parametrize("text", ["another language", "Klingon"])
def test_else_all_languages_are_shown(ran: Any, text: str) -> None:
    events, messages = ran(ActionChangeLanguage(), "change_language", text=text)

    assert messages[0]["response"] == "utter_choose_language"
    assert len(messages[0]["choices"]) == len(load_catalogues().languages)
    assert events == [LISTEN]


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_unlisted_language_is_answered_through_the_operator_s_machine(
    tracker: Any, language: str
) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    typed = tracker(text="mein chef hat meinen pass", language=language, translations=["de", "uk"])
    typed.latest_message["language"] |= {"is_elsewhere": True, "elsewhere": "de", "code": None}
    dispatcher = CollectingDispatcher()

    events = ActionNoteLanguage().run(dispatcher, typed, {})

    assert events == [SlotSet("language", "en"), SlotSet("translated_into", "de")]
    assert dispatcher.messages == []


def test_a_language_that_the_machine_lacks_is_said_not_to_be_here(tracker: Any) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    typed = tracker(text="il mio capo ha il passaporto", language="en", translations=["de"])
    typed.latest_message["language"] |= {"is_elsewhere": True, "elsewhere": "it", "code": None}
    dispatcher = CollectingDispatcher()

    ActionNoteLanguage().run(dispatcher, typed, {})

    assert [m["response"] for m in dispatcher.messages] == ["utter_language_not_here"]


def test_a_named_language_without_a_catalogue_is_put_into_it(ran: Any) -> None:
    events, messages = ran(
        ActionChangeLanguage(), "change_language", text="Deutsch bitte", translations=["de"]
    )

    assert SlotSet("translated_into", "de") in events
    assert messages == []


def test_choosing_a_language_of_ours_ends_the_translation(ran: Any) -> None:
    events, _ = ran(
        ActionChangeLanguage(),
        "change_language",
        entities=(("language", "es"),),
        translated_into="de",
    )

    assert SlotSet("translated_into", None) in events
    assert SlotSet("language", "es") in events


def test_the_channel_s_hint_starts_in_a_translated_language(ran: Any) -> None:
    events, messages = ran(
        ActionStartChat(),
        "start_chat",
        entities=(
            *(("translation", "de"), ("translation", "uk")),
            ("translated_into", "de"),
        ),
    )

    assert SlotSet("translations", ["de", "uk"]) in events
    assert SlotSet("translated_into", "de") in events
    assert messages[0]["response"] == "utter_welcome"


def test_danger_in_an_unlisted_language_switches_to_none_of_ours(tracker: Any) -> None:
    """The nearest of ours would be read by nobody."""
    from rasa_sdk.executor import CollectingDispatcher

    typed = tracker(
        text="kapida bicakla bekliyor yardim edin",
        signs=("immediate_danger",),
        language="sq",
        told_not_here=True,
    )
    typed.latest_message["language"] |= {"is_elsewhere": True, "elsewhere": "tr"}
    dispatcher = CollectingDispatcher()

    assert ActionNoteLanguage().run(dispatcher, typed, {}) == []


@pytest.mark.parametrize(("route", "changes"), [("worker", False), ("self", True), (None, True)])
def test_the_person_beside_a_worker_does_not_change_the_worker_s_language(
    ran: Any, route: str | None, changes: bool
) -> None:
    """In danger either: the worker reads the answer. On any other way it follows the words."""
    events, messages = ran(
        ActionNoteLanguage(),
        text=SENTENCE,
        language="es",
        signs=("immediate_danger",),
        person_language="es",
        route=route,
    )

    assert messages == []
    assert (SlotSet("language", "es") in events) == changes
