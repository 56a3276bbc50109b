"""Calls that are made again, and calls that are given up."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram import sending
from bot.channels.telegram.sending import LONGEST_WAIT_S, TRIES, attempt, persist, seconds


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(sending.asyncio, "sleep", sleep)
    return waited


def failing(*errors: Exception) -> Callable[[], object]:
    left = list(errors)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    call.left = left  # type: ignore[attr-defined]
    return call


@pytest.mark.parametrize("error", [NetworkError("x"), TimedOut()])
def test_a_failure_on_the_way_is_tried_again(waits: list[float], error: Exception) -> None:
    assert asyncio.run(persist(failing(error, error))) == "done"
    assert waits == [0.3, 0.6]


def test_a_wait_that_is_asked_for_is_kept(waits: list[float]) -> None:
    assert asyncio.run(persist(failing(RetryAfter(7)))) == "done"
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("error", "kind"),
    [(BadRequest("x"), BadRequest), (Forbidden("x"), Forbidden), (RetryAfter(LONGEST_WAIT_S + 1), RetryAfter)],
)  # fmt: skip
def test_what_can_t_succeed_is_not_tried_again(
    waits: list[float], error: Exception, kind: type[TelegramError]
) -> None:
    with pytest.raises(kind):
        asyncio.run(persist(failing(error)))
    assert waits == []


def test_it_is_given_up_in_the_end(waits: list[float]) -> None:
    with pytest.raises(NetworkError):
        asyncio.run(persist(failing(*[NetworkError("x")] * TRIES)))
    assert sum(waits) < 10


def test_an_attempt_says_whether_it_succeeded() -> None:
    assert asyncio.run(attempt(failing()))
    assert not asyncio.run(attempt(failing(BadRequest("x"))))


def test_both_forms_of_a_wait_are_read() -> None:
    assert seconds(3) == seconds(datetime.timedelta(seconds=3)) == 3.0
