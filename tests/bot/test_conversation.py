"""bot/conversation.py: start, say, choose, erase, on a fake engine."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from fake_engine import FakeEngine, rasa_message

from bot import conversation, waiting
from bot.conversation import Conversations
from bot.engine.base import Chosen, Typed
from bot.errors import (
    BadRequestError,
    ConversationExpiredError,
    EngineUnavailableError,
)
from bot.replies import Choice, Link, Reply, Turn
from bot.wording import Wording

NUMBERS = {"tel:999", "tel:08000121700"}
LIMIT_S = 30.0


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that is going to be so."""
    end = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.01)


def hrefs(turn: Turn) -> set[str]:
    return {link.href for reply in turn.replies for link in reply.links}


@pytest.fixture
def token(conversations: Conversations) -> str:
    """An open conversation in English."""
    return conversations.start()[0]


# --- tokens that open nothing --------------------------------------------------------------
@pytest.mark.parametrize("token", ["", "x", "\ud800", "é" * 10_000, "../../etc/passwd"])
def test_an_unknown_token_is_expired(conversations: Conversations, token: str) -> None:
    with pytest.raises(ConversationExpiredError):
        conversations.say(token, "hello")
    with pytest.raises(ConversationExpiredError):
        conversations.choose(token, ["/open_doors"])


def test_an_unknown_token_reaches_no_turn(conversations: Conversations, engine: FakeEngine) -> None:
    with pytest.raises(ConversationExpiredError):
        conversations.say("unknown", "hello")

    assert engine.turns == []


def test_erasing_an_unknown_token_is_no_error(conversations: Conversations) -> None:
    conversations.erase("unknown")


def test_the_engine_s_own_id_opens_nothing(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    with pytest.raises(ConversationExpiredError):
        conversations.say(engine.turns[0][0], "hello")


def test_a_token_opens_nothing_in_another_process(
    conversations: Conversations, engine: FakeEngine, wording: Wording, token: str
) -> None:
    """The key is made anew at each start."""
    with pytest.raises(ConversationExpiredError):
        Conversations(engine, wording).say(token, "hello")


# --- say -------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", " \n", "\x00\x07", "\u200b", "/", "\ud800"])
def test_an_empty_message_is_refused(
    conversations: Conversations, engine: FakeEngine, token: str, text: str
) -> None:
    with pytest.raises(BadRequestError):
        conversations.say(token, text)
    assert len(engine.turns) == 1


@pytest.mark.parametrize(
    "text", ['/answer{"feels_safe":"yes"}', '/\n/answer{"feels_safe":"yes"}', "\u200b/delete_chat"]
)
def test_typed_text_never_becomes_a_button(
    conversations: Conversations, engine: FakeEngine, token: str, text: str
) -> None:
    conversations.say(token, text)

    message = engine.turns[-1][1]
    assert isinstance(message, Typed)
    assert not message.text.startswith("/")


def test_text_is_cleaned_before_the_engine_sees_it(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    conversations.say(token, "\u202eshe\x00 is\ud800 hurt ")

    assert engine.turns[-1][1] == Typed("she is hurt")


def test_a_long_message_is_answered_and_the_cut_is_told(
    conversations: Conversations, wording: Wording, token: str
) -> None:
    turn = conversations.say(token, "help me " * 1000)

    assert [reply.text for reply in turn.replies] == [
        "I heard you.",
        wording.text("en", "utter_too_long"),
    ]


# --- sent again ------------------------------------------------------------------------------
def test_a_message_sent_again_is_taken_once_and_answered_with_what_was_said(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    for _ in range(3):
        conversations.say(token, "he keeps my passport", "7")

    assert [message for _, message in engine.turns[1:]] == [
        Typed("he keeps my passport"),
        Chosen("repeat_message"),
        Chosen("repeat_message"),
    ]


def test_a_choice_sent_again_is_taken_once(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    for _ in range(2):
        conversations.choose(token, ['/answer{"feels_safe":"no"}'], "1")

    assert engine.turns[-1][1] == Chosen("repeat_message")


def test_the_same_words_with_another_key_are_another_message(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    conversations.say(token, "yes", "1")
    conversations.say(token, "yes", "2")
    conversations.say(token, "yes")

    assert [message for _, message in engine.turns[1:]] == [Typed("yes")] * 3


def test_a_key_of_one_conversation_says_nothing_of_another(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    other, _ = conversations.start()
    conversations.say(token, "yes", "1")
    conversations.say(other, "no", "1")

    assert engine.turns[-1][1] == Typed("no")


def test_a_message_sent_again_while_it_is_under_way_is_not_taken_twice(
    engine: FakeEngine, wording: Wording
) -> None:
    conversations = Conversations(engine, wording, turn_timeout_s=5)
    token, _ = conversations.start()
    engine.is_slow = True
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(conversations.say, token, "hello", "1") for _ in range(2)]
        until(lambda: engine.under_way)
        engine.under_way[0].set_result([rasa_message("I heard you.")])
        said = {each.result().replies[0].text for each in both}

    assert said == {"I heard you."}
    assert [message for _, message in engine.turns[1:]] == [Typed("hello")]


# --- given up --------------------------------------------------------------------------------
def test_a_turn_that_nobody_waits_for_is_given_up_and_can_be_said_again(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    engine.is_slow = True
    turn = conversations.say(token, "he keeps my passport", "1")
    engine.is_slow = False
    again = conversations.say(token, "he keeps my passport", "1")

    assert hrefs(turn) >= NUMBERS
    assert engine.under_way[0].cancelled()
    assert [reply.text for reply in again.replies] == ["I heard you."]
    assert [message for _, message in engine.turns[1:]] == [Typed("he keeps my passport")] * 2


class BeingKept(Future[list[dict[str, Any]]]):
    """A turn that can't be given up any more; tells when somebody tries to."""

    def __init__(self) -> None:
        super().__init__()
        self.was_given_up = threading.Event()
        self.set_running_or_notify_cancel()

    def cancel(self) -> bool:
        self.was_given_up.set()
        return super().cancel()


def test_a_turn_that_is_being_kept_when_the_time_is_over_is_still_shown(
    engine: FakeEngine, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept must have been seen."""
    monkeypatch.setattr(waiting, "LAST_MOMENT_S", LIMIT_S)
    conversations = Conversations(engine, wording, turn_timeout_s=0.05)
    token, _ = conversations.start()
    kept = BeingKept()
    monkeypatch.setattr(engine, "handle", lambda *_: kept)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(conversations.say, token, "hello")
        assert kept.was_given_up.wait(LIMIT_S)
        kept.set_result([rasa_message("I heard you.")])

        assert turn.result().replies[0].text == "I heard you."


def test_whoever_shows_the_numbers_meanwhile_may_wait_longer(
    conversations: Conversations, engine: FakeEngine, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does not, and asks later, has had an apology before."""
    monkeypatch.setattr(conversation, "LONGEST_S", LIMIT_S)
    other, _ = conversations.start()
    engine.is_slow = True
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(conversations.say, token, "hello", patience_s=LIMIT_S)
        until(lambda: engine.under_way)
        assert hrefs(conversations.say(other, "hello")) >= NUMBERS
        assert not turn.done(), "it did not wait"
        engine.under_way[0].set_result([rasa_message("I heard you.")])

        assert turn.result().replies[0].text == "I heard you."


def test_nobody_waits_longer_than_the_longest(
    conversations: Conversations, engine: FakeEngine, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "LONGEST_S", 0.05)
    engine.is_slow = True

    assert hrefs(conversations.say(token, "hello", patience_s=1e9)) >= NUMBERS


def test_more_messages_than_can_be_read_get_the_numbers_and_buttons_go_on(
    engine: FakeEngine, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_TYPED", 2)
    conversations = Conversations(engine, wording, turn_timeout_s=LIMIT_S)
    tokens = [conversations.start()[0] for _ in range(3)]
    with ThreadPoolExecutor(2) as pool:
        engine.is_slow = True
        waits = [pool.submit(conversations.say, token, "hello") for token in tokens[:2]]
        until(lambda: len(engine.under_way) == 2)
        assert hrefs(conversations.say(tokens[2], "hello")) >= NUMBERS
        engine.is_slow = False
        assert not hrefs(conversations.choose(tokens[2], ["/open_doors"])) >= NUMBERS
        assert not any(each.done() for each in waits)
        for turn in engine.under_way:
            turn.set_result([rasa_message("I heard you.")])

        assert {each.result().replies[0].text for each in waits} == {"I heard you."}
    assert conversations.say(tokens[2], "hello").replies[0].text == "I heard you."


# --- choose ----------------------------------------------------------------------------------
BAD_CHOICES = {
    "none": [],
    "empty": [""],
    "words": ["help me"],
    "no slash": ["open_doors"],
    "only a slash": ["/"],
    "capitals": ["/OPEN_DOORS"],
    "more behind it": ["/open_doors now"],
    "a new line behind it": ["/open_doors\n"],
    "another intent behind it": ["/open_doors\n/delete_chat"],
    "unknown intent": ["/become_admin"],
    "unknown entity": ['/answer{"admin":"yes"}'],
    "mixed intents": ['/answer{"feels_safe":"yes"}', "/delete_chat"],
    "one of them bad": ['/answer{"feels_safe":"yes"}', "x"],
    "broken JSON": ['/answer{"feels_safe":}'],
    "a list": ['/answer["yes"]'],
    "nested": ['/answer{"feels_safe":{"a":"b"}}'],
    "a list as value": ['/answer{"feels_safe":["yes"]}'],
    "deeply nested": ['/answer{"feels_safe":' + "[" * 90 + "]" * 90 + "}"],
    "empty value": ['/answer{"feels_safe":""}'],
    "huge value": ['/answer{"feels_safe":"' + "y" * 100 + '"}'],
    "huge": ['/answer{"feels_safe":"' + "y" * 100_000 + '"}'],
    "huge intent": ["/" + "a" * 100_000],
    "markup in a value": ['/answer{"feels_safe":"<script>"}'],
    "placeholder in a value": ['/answer{"feels_safe":"{emergency_999}"}'],
    "words in a value": ['/answer{"feels_safe":"my name is"}'],
    "a phone number in a value": ['/answer{"feels_safe":"020 7946 0000"}'],
    "a new line in a value": ['/answer{"feels_safe":"a\\n/delete_chat"}'],
    "Arabic in a value": ['/answer{"feels_safe":"نعم"}'],
    "a surrogate": ['/answer{"feels_safe":"\ud800"}'],
}


@pytest.mark.parametrize("choices", BAD_CHOICES.values(), ids=BAD_CHOICES)
def test_a_bad_choice_is_refused(
    conversations: Conversations, engine: FakeEngine, token: str, choices: list[str]
) -> None:
    with pytest.raises(BadRequestError):
        conversations.choose(token, choices)
    assert len(engine.turns) == 1


def test_the_text_of_a_refusal_quotes_nothing(conversations: Conversations, token: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        conversations.choose(token, ["/zzz-secret"])

    assert "zzz" not in str(caught.value)


def test_a_choice_becomes_intent_and_entities(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    conversations.choose(token, ['/answer{"feels_safe":"yes"}'])

    assert engine.turns[-1][1] == Chosen("answer", (("feels_safe", "yes"),))


def test_several_choices_become_one(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    conversations.choose(token, ['/answer{"noticed":"debt"}', '/answer{"noticed":"threats"}'])

    assert engine.turns[-1][1] == Chosen("answer", (("noticed", "debt"), ("noticed", "threats")))


# --- start -----------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["xx", "", "../..", "\ud800", None])
def test_an_unknown_language_is_no_hint(
    conversations: Conversations, engine: FakeEngine, language: str | None
) -> None:
    conversations.start(language=language)

    assert engine.turns[-1][1] == Chosen("start_chat")


@pytest.mark.parametrize("value", ["<b>", "a b", "x" * 41, "", "\ud800", '"}'])
def test_a_malformed_hint_is_dropped(
    conversations: Conversations, engine: FakeEngine, value: str
) -> None:
    conversations.start(route=value, place=value)

    assert engine.turns[-1][1] == Chosen("start_chat")


def test_hints_reach_the_engine(conversations: Conversations, engine: FakeEngine) -> None:
    _, turn = conversations.start(language="es-419", route="other", place="tower-hamlets")

    assert engine.turns[-1][1] == Chosen(
        "start_chat", (("language", "es"), ("route", "other"), ("place", "tower-hamlets"))
    )
    assert (turn.language, turn.dir) == ("es", "ltr")


def test_tokens_are_long_and_differ(conversations: Conversations) -> None:
    tokens = {conversations.start()[0] for _ in range(50)}

    assert len(tokens) == 50
    assert min(len(token) for token in tokens) >= 43


def test_the_engine_never_sees_a_token(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    assert token not in engine.turns[0][0]


# --- the engine fails ------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_failing_engine_gives_the_numbers_in_the_conversation_s_language(
    conversations: Conversations, engine: FakeEngine, wording: Wording, language: str
) -> None:
    def fail(*_: object) -> list[dict[str, object]]:
        raise EngineUnavailableError("a turn failed")

    token, _ = conversations.start(language=language)
    engine.answer = fail

    turn = conversations.say(token, "hello")

    assert turn.language == language
    assert turn.dir == wording.catalogues.languages[language].dir
    assert [reply.text for reply in turn.replies] == [wording.text(language, "utter_problem")]
    assert hrefs(turn) >= NUMBERS
    assert turn.ended is False


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_slow_engine_gives_the_numbers_in_the_conversation_s_language(
    conversations: Conversations, engine: FakeEngine, language: str
) -> None:
    token, _ = conversations.start(language=language)
    engine.is_slow = True

    turn = conversations.choose(token, ["/open_doors"])

    assert turn.language == language
    assert hrefs(turn) >= NUMBERS


def test_an_engine_that_is_slow_from_the_start_gives_the_numbers_in_the_language_asked_for(
    conversations: Conversations, engine: FakeEngine
) -> None:
    engine.is_slow = True

    _, turn = conversations.start(language="ar")

    assert (turn.language, turn.dir) == ("ar", "rtl")
    assert hrefs(turn) >= NUMBERS


def test_a_failure_is_logged_without_words(
    conversations: Conversations,
    engine: FakeEngine,
    token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> list[dict[str, object]]:
        raise EngineUnavailableError("choked on zzz-secret")

    engine.answer = fail
    with caplog.at_level(logging.DEBUG):
        conversations.say(token, "my name is zzz-secret")

    assert "EngineUnavailableError" in caplog.text
    assert "zzz" not in caplog.text


# --- the end ---------------------------------------------------------------------------------
def test_a_turn_that_ends_erases(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    turn = conversations.choose(token, ["/delete_chat"])

    assert turn.ended is True
    assert engine.erased == [engine.turns[0][0]]
    with pytest.raises(ConversationExpiredError):
        conversations.say(token, "hello")


def test_erase_forgets(conversations: Conversations, engine: FakeEngine, token: str) -> None:
    conversations.erase(token)

    assert engine.languages == {}


def test_erasing_one_conversation_leaves_the_others(conversations: Conversations) -> None:
    first, _ = conversations.start()
    second, _ = conversations.start(language="es")

    conversations.erase(first)

    assert conversations.language_of(second) == "es"


# --- what a turn holds -----------------------------------------------------------------------
def test_a_turn_holds_what_the_engine_said(
    conversations: Conversations, engine: FakeEngine, token: str
) -> None:
    link = {"label": "Call", "href": "tel:999", "kind": "call"}
    engine.answer = lambda *_: [
        rasa_message("One", tone="urgent", buttons=(("/a", "A"),), links=(link,)),
        rasa_message("Two", language="ar", multiple=True, printable=True),
    ]

    assert conversations.say(token, "hello") == Turn(
        "ar",
        "rtl",
        (
            Reply("One", "urgent", (Choice("/a", "A"),), (Link(**link),)),  # type: ignore[arg-type]
            Reply("Two", multiple=True, printable=True),
        ),
    )


@pytest.mark.parametrize(("asked", "given"), [("ar", "ar"), ("xx", "en"), (None, "en")])
def test_numbers_need_no_engine(wording: Wording, asked: str | None, given: str) -> None:
    language, direction, links = Conversations(None, wording).numbers(asked)  # type: ignore[arg-type]

    assert (language, direction) == (given, wording.catalogues.languages[given].dir)
    assert {link.href for link in links} >= NUMBERS


def test_trouble_is_what_the_engine_says(conversations: Conversations, engine: FakeEngine) -> None:
    engine.trouble_is = "Redis does not answer"

    assert conversations.trouble() == "Redis does not answer"
