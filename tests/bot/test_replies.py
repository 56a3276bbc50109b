"""bot/replies.py: the HTTP shape of a turn."""

from __future__ import annotations

import json

from bot.replies import Choice, Link, Reply, Turn


def test_a_plain_reply_has_no_extras() -> None:
    assert Reply("Hello.").as_dict() == {
        "text": "Hello.",
        "tone": "normal",
        "choices": [],
        "links": [],
    }


def test_a_full_reply_shows_everything() -> None:
    reply = Reply(
        "Which?",
        "urgent",
        (Choice("/a", "A"),),
        (Link("Call", "tel:999", "call"),),
        multiple=True,
        printable=True,
    )

    assert reply.as_dict() == {
        "text": "Which?",
        "tone": "urgent",
        "choices": [{"id": "/a", "label": "A"}],
        "links": [{"label": "Call", "href": "tel:999", "kind": "call"}],
        "multiple": True,
        "printable": True,
    }


def test_a_turn_is_json() -> None:
    turn = Turn("ar", "rtl", (Reply("مرحبا"),), ended=True)

    assert json.loads(json.dumps(turn.as_dict())) == {
        "language": "ar",
        "dir": "rtl",
        "replies": [{"text": "مرحبا", "tone": "normal", "choices": [], "links": []}],
        "ended": True,
    }
