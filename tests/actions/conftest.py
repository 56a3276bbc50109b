"""Trackers and dispatchers for actions: a small factory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

Ran = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def make_tracker(
    intent: str = "",
    *,
    text: str | None = None,
    signs: tuple[str, ...] = (),
    who: str = "none",
    answer: str | None = None,
    entities: tuple[tuple[str, str], ...] = (),
    language: str | None = None,
    form: str | None = None,
    confidence: float = 1.0,
    safe_phrase: bool = False,
    events: tuple[dict[str, Any], ...] = (),
    **slots: Any,
) -> Tracker:
    """A tracker after one message; typed when there is `text`, else a choice.

    `signs` are the labels heard in the message; every other keyword is a slot.
    """
    message: dict[str, Any] = {
        "text": text if text is not None else f"/{intent}",
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in entities],
    }
    if text is not None:
        message["heard"] = {"flags": [], "signs": list(signs), "types": [], "who": who}
        message["safe_phrase"] = safe_phrase
        message["answer_intent"] = {"name": answer or intent, "confidence": confidence}
    if language:
        message["language"] = {
            "code": language,
            "confidence": 0.99,
            "is_romanised": False,
            "is_elsewhere": False,
        }
    return Tracker(
        sender_id="one",
        slots=slots,
        latest_message=message,
        events=[{"event": "user"}, *events],
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name=None,
    )


def run(action: Action, tracker: Tracker) -> Ran:
    """Events, and messages as {"response", ...values}."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})  # type: ignore[arg-type]
    return list(events), dispatcher.messages  # type: ignore[arg-type]


@pytest.fixture
def tracker() -> Callable[..., Tracker]:
    return make_tracker


@pytest.fixture
def ran() -> Callable[..., Ran]:
    """Run an action on a tracker made of these arguments."""

    def call(action: Action, *args: Any, **kwargs: Any) -> Ran:
        return run(action, make_tracker(*args, **kwargs))

    return call


@pytest.fixture
def said(ran: Callable[..., Ran]) -> Callable[..., list[str]]:
    """Names of the responses only."""

    def call(action: Action, *args: Any, **kwargs: Any) -> list[str]:
        return [message["response"] for message in ran(action, *args, **kwargs)[1]]

    return call
