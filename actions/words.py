"""Names of responses as the NLG takes them (bot/nlg.py)."""

from __future__ import annotations

from typing import Any


def say(response: str, said_in: str | None = None, /, **values: Any) -> dict[str, Any]:
    """A response's text as a value, in the person's language or in another one."""
    said: dict[str, Any] = {"say": response, **values}
    return {**said, "in": said_in} if said_in else said


def label_items(labels: list[str]) -> list[dict[str, Any]]:
    """Labels in plain words."""
    return [say(f"utter_label_{label}") for label in labels]


def choice(payload: str, label: Any) -> dict[str, Any]:
    """A button made by an action; `label` as `say` gives it, or a proper noun."""
    return {"payload": payload, "label": label}
