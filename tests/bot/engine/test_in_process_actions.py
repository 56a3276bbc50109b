"""bot/engine/in_process_actions.py: a failing action is noted, raised and not quoted."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import yaml

from bot.engine.in_process_actions import InProcessActions, failures
from bot.settings import PROJECT


@pytest.fixture(scope="module")
def endpoint() -> InProcessActions:
    return InProcessActions()


def call(action: str) -> dict[str, Any]:
    tracker = {
        "sender_id": "one",
        "slots": {},
        "latest_message": {"text": "zzz-secret", "intent": {}},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "tracker": tracker, "domain": {}, "sender_id": "one"}


async def run(endpoint: InProcessActions, action: str, noted: list[str]) -> dict[str, Any]:
    failures.set(noted)
    return await endpoint.request(json=call(action))


@pytest.fixture
def failing(endpoint: InProcessActions, monkeypatch: pytest.MonkeyPatch) -> str:
    def fail(*_: Any) -> list[Any]:
        raise ValueError("choked on zzz-secret")

    monkeypatch.setitem(endpoint._executor.actions, "action_fails", fail)
    return "action_fails"


def test_a_failing_action_is_raised_and_noted(endpoint: InProcessActions, failing: str) -> None:
    noted: list[str] = []

    with pytest.raises(RuntimeError, match=f"action {failing} failed") as raised:
        asyncio.run(run(endpoint, failing, noted))

    assert raised.value.__suppress_context__  # what it choked on goes no further

    assert noted == [failing]


def test_the_message_of_a_failure_is_not_logged(
    endpoint: InProcessActions, failing: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "bot"), pytest.raises(RuntimeError):
        asyncio.run(run(endpoint, failing, []))

    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert [record.getMessage() for record in ours] == ["Action action_fails raised ValueError"]
    assert all(record.exc_info is None for record in ours)


def test_an_unknown_action_is_raised_and_noted(endpoint: InProcessActions) -> None:
    noted: list[str] = []

    with pytest.raises(RuntimeError, match="action_nowhere"):
        asyncio.run(run(endpoint, "action_nowhere", noted))

    assert noted == ["action_nowhere"]


def test_an_action_runs(endpoint: InProcessActions) -> None:
    noted: list[str] = []

    result = asyncio.run(run(endpoint, "action_pause", noted))

    assert [each["response"] for each in result["responses"]] == ["utter_paused"]
    assert noted == []


def test_every_action_of_the_domain_exists(endpoint: InProcessActions) -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))

    assert set(domain["actions"]) - endpoint.names - set(domain["responses"]) == set()
