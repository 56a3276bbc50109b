"""What is held of a chat, under which name, and for how long."""

from __future__ import annotations

import pytest
from clock import Clock

from bot.channels.telegram.chats import (
    CONVERSATION_LASTS_S,
    DELETABLE_S,
    KEY_LASTS_S,
    MAX_MESSAGES,
    Chats,
    Question,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(clock: Clock) -> Chats:
    return Chats(clock)


def names(chats: Chats) -> list[str]:
    return [name for held in chats._held.values() for name in held]


def test_a_chat_is_found_again(chats: Chats) -> None:
    chats.of(5).token = "t"

    assert chats.of(5).token == "t"
    assert chats.of(6).token is None


def test_no_name_holds_the_id(chats: Chats) -> None:
    chats.of(123456789)

    assert "123456789" not in str(chats._held)
    assert len(names(chats)[0]) == 32


def test_two_processes_name_a_chat_differently() -> None:
    one, other = Chats(), Chats()
    one.of(5)
    other.of(5)

    assert names(one) != names(other)


def test_the_key_changes_daily_and_a_talk_goes_on(chats: Chats, clock: Clock) -> None:
    chats.of(5).token = "t"
    before = names(chats)
    clock.now += KEY_LASTS_S - 60
    chats.of(5)
    assert names(chats) == before
    clock.now += 120

    assert chats.of(5).token == "t"
    assert names(chats) != before


def test_an_old_key_goes_with_what_was_made_with_it(chats: Chats, clock: Clock) -> None:
    chats.of(5)
    clock.now += KEY_LASTS_S
    chats.of(6)
    assert len(chats._held) == 2
    chats.sweep()

    assert len(chats._held) == 1
    assert len(chats) == 1


def test_the_conversation_goes_after_half_an_hour(chats: Chats, clock: Clock) -> None:
    chat = chats.of(5)
    chat.token, chat.language = "t", "es"
    chat.questions[1] = Question(())
    chats.note(chat, 1)
    clock.now += CONVERSATION_LASTS_S - 1
    assert chats.sweep() == []
    clock.now += 2

    assert chats.sweep() == ["t"]
    assert (chat.token, chat.language, chat.questions) == (None, None, {})
    assert chats.deletable(chats.of(5)) == [1]


def test_every_message_starts_the_half_hour_anew(chats: Chats, clock: Clock) -> None:
    chats.of(5).token = "t"
    clock.now += CONVERSATION_LASTS_S - 1
    chats.of(5)
    clock.now += CONVERSATION_LASTS_S - 1

    assert chats.sweep() == []


def test_messages_are_known_as_long_as_telegram_deletes_them(chats: Chats, clock: Clock) -> None:
    chat = chats.of(5)
    chats.note(chat, 1)
    clock.now += DELETABLE_S - 10
    chat = chats.of(5)
    chats.note(chat, 2)
    assert chats.deletable(chat) == [1, 2]
    clock.now += 20
    assert chats.deletable(chat) == [2]
    clock.now += DELETABLE_S
    chats.sweep()

    assert len(chats) == 0
    assert DELETABLE_S < 48 * 3600


def test_nothing_is_left_when_a_chat_is_forgotten(chats: Chats) -> None:
    chats.note(chats.of(5), 1)
    chats.forget(5)
    chats.forget(6)

    assert len(chats) == 0


def test_a_flood_of_messages_is_bounded(chats: Chats) -> None:
    chat = chats.of(5)
    for number in range(MAX_MESSAGES + 5):
        chats.note(chat, number)

    assert chats.deletable(chat)[0] == 5
