"""bot/engine/whole_turns.py: what is kept has been seen, and what failed is not kept."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from bot.engine.whole_turns import TakenAlreadyError, WholeTurn
from bot.errors import EngineUnavailableError


@pytest.fixture
def answer() -> Future[list[dict[str, Any]]]:
    return Future()


@pytest.fixture
def turn(answer: Future[list[dict[str, Any]]]) -> WholeTurn:
    """One in which something was said."""
    turn = WholeTurn("1", answer)
    turn.said.append({"text": "Hello."})
    return turn


def test_a_turn_that_is_kept_can_not_be_given_up(turn: WholeTurn, answer: Future[Any]) -> None:
    turn.settle()
    turn.settle()

    assert answer.cancel() is False


def test_a_turn_that_was_given_up_is_not_kept(turn: WholeTurn, answer: Future[Any]) -> None:
    answer.cancel()

    with pytest.raises(EngineUnavailableError, match="nobody waits"):
        turn.settle()


def test_a_turn_in_which_something_failed_is_not_kept(turn: WholeTurn) -> None:
    turn.failed.append("action_summary")

    with pytest.raises(EngineUnavailableError, match="action_summary"):
        turn.settle()


def test_a_turn_in_which_nothing_was_said_is_not_kept(turn: WholeTurn) -> None:
    turn.said.clear()

    with pytest.raises(EngineUnavailableError):
        turn.settle()


def test_the_same_key_again_is_a_message_that_was_taken(turn: WholeTurn) -> None:
    turn.begin("2")
    with pytest.raises(TakenAlreadyError):
        turn.begin("1")


def test_messages_without_a_key_are_all_taken(answer: Future[list[dict[str, Any]]]) -> None:
    WholeTurn("", answer).begin("")
