"""Whole conversations find the rules that Rasa's own search finds (bot/engine/quick_turns.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from talk import Talk

TURNS = (
    '/answer{"safe_to_talk":"yes"}',
    "my boss took my passport",
    "/ask_why",
    "/skip_question",
    "he is outside with a knife",
    "/continue_chat",
    "I want to die",
    "/continue_chat",
    '/answer{"feels_safe":"no"}',
    "what is the weather",
    '/change_language{"language":"es"}',
    "/ask_numbers",
    "/stop_chat",
    "hello again",
    "/delete_chat",
)


@pytest.mark.parametrize("route", ["self", "other", "worker", None])
def test_the_same_rules_apply(
    talk: Callable[..., Talk], monkeypatch: pytest.MonkeyPatch, route: str | None
) -> None:
    quick = RulePolicy._get_possible_keys
    own = quick.__wrapped__
    sizes = []

    def both(policy: Any, lookup: dict[str, str], states: list[Any]) -> set[str]:
        found: set[str] = quick(policy, lookup, states)
        assert found == own(policy, lookup, states)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(RulePolicy, "_get_possible_keys", both)
    chat = talk(route=route)
    for said in TURNS:
        chat.choose(said) if said.startswith("/") else chat.say(said)

    assert len(sizes) > 2 * len(TURNS) and max(sizes) > 0
