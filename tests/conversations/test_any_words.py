"""Any words at all, in any state: an answer, no apology, and nothing breaks (hypothesis)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import Conversations
from bot.errors import BadRequestError

STATES = {
    "the doors": (None, []),
    "a question": ("self", ['/answer{"safe_to_talk":"yes"}']),
    "hours": ("self", ['/answer{"safe_to_talk":"yes"}', *["/skip_question"] * 2]),
    "a worker": ("worker", ['/answer{"worker_ready":"yes"}', "/skip_question"]),
    "which part of London": (None, ["/ask_local_services"]),
}
WORDS = st.one_of(
    st.text(max_size=400),
    st.text(st.characters(categories=["L", "N", "P", "Z", "So"]), max_size=200),
    st.lists(
        st.sampled_from(
            [
                "he",
                "999",
                "passport",
                "#",
                "/",
                "\\n",
                "{",
                "}",
                "{x}",
                "%s",
                "<b>",
                "\u202e",
                "\u200f",
                "55",
                "help",
            ]
        )
    ).map(" ".join),
)


@pytest.mark.parametrize("state", STATES)
@given(words=WORDS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_words(conversations: Conversations, state: str, words: str) -> None:
    route, payloads = STATES[state]
    token, _ = conversations.start(language="en", route=route)
    for payload in payloads:
        conversations.choose(token, [payload])
    try:
        turn: Any = conversations.say(token, words)
    except BadRequestError:
        return  # nothing was left of it once it was cleaned
    finally:
        conversations.erase(token)

    assert turn.replies and all(reply.text.strip() for reply in turn.replies)
    # the engine has half a minute here: where it hangs, an apology comes
    assert not any(reply.response == "utter_problem" for reply in turn.replies)
