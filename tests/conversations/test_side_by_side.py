"""Several conversations at once, double touches, old buttons, and what deleting leaves."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from talk import BranchingStore, Talk

from bot.conversation import Conversations
from bot.errors import BadRequestError, ConversationExpiredError


def test_two_conversations_do_not_mix(talk: Callable[..., Talk]) -> None:
    english, spanish = talk("en", "self"), talk("es", "other")
    english.choose('/answer{"safe_to_talk":"yes"}')
    spanish.choose('/answer{"noticed":"debt"}')
    english.say("my boss keeps my passport")
    spanish.choose('/answer{"danger_now":"no"}')
    spanish.choose('/answer{"child_involved":"no"}')
    assert spanish.says("utter_say_back_other"), spanish.story()
    assert spanish.asked.count("•") == 1, spanish.story()
    assert (english.turn.language, spanish.turn.language) == ("en", "es")


def test_many_conversations_at_the_same_time(talk: Callable[..., Talk]) -> None:
    def run(number: int) -> str:
        told = talk(("en", "es", "ar")[number % 3], "self")
        told.walk(['/answer{"safe_to_talk":"yes"}', '/answer{"feels_safe":"yes"}'])
        told.walk(["/skip_question"] * 2)
        told.choose('/answer{"is_paid":"no"}' if number % 2 else '/answer{"is_paid":"yes"}')
        told.walk(["/skip_question"] * 3)
        assert told.says("utter_say_back_self") == bool(number % 2), told.story()
        assert told.fault() is None or number % 2, told.story()
        return told.turn.language

    with ThreadPoolExecutor(8) as pool:
        languages = list(pool.map(run, range(12)))
    assert languages == ["en", "es", "ar"] * 4


def test_a_choice_sent_twice_is_harmless(talk: Callable[..., Talk]) -> None:
    told = talk("en", "self")
    told.choose('/answer{"safe_to_talk":"yes"}')
    told.choose('/answer{"safe_to_talk":"yes"}')
    assert told.says("utter_ask_self_form_feels_safe"), told.story()
    told.choose('/answer{"feels_safe":"no"}')
    told.choose('/answer{"feels_safe":"no"}')
    assert told.says("utter_ask_self_form_made_to_do"), told.story()
    assert told.fault() is None, told.story()


def test_a_choice_sent_twice_at_the_same_moment(
    conversations: Conversations, talk: Callable[..., Talk]
) -> None:
    told = talk("en", "self")
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(conversations.choose, told.token, ['/answer{"safe_to_talk":"yes"}'])
            for _ in range(2)
        ]
        asked = {each.result().replies[-1].text for each in both}
    assert len(asked) == 1


@pytest.mark.parametrize(
    "old",
    [
        '/answer{"is_paid":"no"}',
        '/answer{"noticed":"debt"}',
        '/answer{"card_place":"southwark"}',
        '/remove_label{"label":"debt"}',
        '/choose_place{"place":"southwark"}',
        "/keep_summary",
        "/correct_understanding",
        "/continue_chat",
        "/skip_question",
        '/answer{"safe_to_talk":"yes"}',
    ],
)
@pytest.mark.parametrize("where", ["the doors", "a question", "the help menu", "stopped"])
def test_an_old_button_pressed_late_is_answered_kindly(
    talk: Callable[..., Talk], where: str, old: str
) -> None:
    paths = {
        "the doors": [],
        "a question": ["/start_self", '/answer{"safe_to_talk":"yes"}'],
        "the help menu": ["/show_help"],
        "stopped": ["/start_self", "/stop_chat"],
    }
    told = talk("en").walk(paths[where])
    told.choose(old)
    assert told.fault() is None, f"{told.fault()}{told.story()}"
    assert told.replies[-1].choices, f"nothing to go on with{told.story()}"


def test_an_answer_changed_by_an_old_button_takes_the_sign_back(talk: Callable[..., Talk]) -> None:
    told = talk("en", "self")
    told.walk(['/answer{"safe_to_talk":"yes"}', *["/skip_question"] * 3])
    told.choose('/answer{"is_paid":"no"}')
    told.choose('/answer{"is_paid":"yes"}')
    told.walk(["/skip_question"] * 3)
    assert told.says("utter_nothing_heard"), told.story()


def test_nothing_is_held_after_delete(
    talk: Callable[..., Talk], store: BranchingStore, conversations: Conversations
) -> None:
    told = talk("en", "self")
    held = store.last
    told.choose("/delete_chat")
    assert told.turn.ended
    assert store.peek(held) is None
    with pytest.raises(ConversationExpiredError):
        told.say("hello")


def test_nothing_typed_is_held(talk: Callable[..., Talk], store: BranchingStore) -> None:
    told = talk("en", "self", "hackney")
    told.choose('/answer{"safe_to_talk":"yes"}')
    told.say("my wicked uncle Zebedee keeps my passport in Peckham SE15")
    told.choose("/ask_local_services")
    told.say("SE15")
    held = str(store.peek(store.last)).lower()
    assert not any(word in held for word in ("zebedee", "uncle", "wicked", "se15")), held


@pytest.mark.parametrize(
    "payload", ["/no_such_intent", "answer", '/answer{"nothing":"x"}', "/answer{broken", ""]
)
def test_what_is_no_choice_is_refused(talk: Callable[..., Talk], payload: str) -> None:
    told = talk("en")
    with pytest.raises(BadRequestError):
        told.choose("/" if not payload else payload if payload.startswith("/") else f"/{payload}!")


def test_a_start_with_route_place_and_language(talk: Callable[..., Talk]) -> None:
    told = talk("es", "other", "southwark")
    assert told.says("utter_welcome"), told.story()
    assert told.says("utter_ask_other_form_noticed"), told.story()
    told.choose("/ask_local_services")
    assert any("Southwark" in reply.text for reply in told.replies), told.story()


def test_unknown_hints_are_dropped(talk: Callable[..., Talk]) -> None:
    told = talk("xx", "nobody", "atlantis")
    assert told.turn.language == "en"
    assert told.says("utter_doors"), told.story()
