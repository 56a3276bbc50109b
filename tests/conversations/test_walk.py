"""Every choice of every reply leads to an answer, and to services meant for that person."""

from __future__ import annotations

import functools
import secrets
from collections import deque

import pytest
from talk import BranchingStore, names_of

from bot.conversation import Conversations
from bot.replies import Turn
from bot.wording import load_wording

DEPTH = 6
AT_MOST = 700
"""Choices taken in one walk; the states are told apart by what is shown."""

TO_LEARN = {"/learn_cuckooing"}
"""Reading for anybody: it names whom a neighbour can tell, too."""

SHORTCUTS = {
    "the start": (None, []),
    "help for me": ("self", []),
    "help for me, the summary": (
        "self",
        [
            *('/answer{"safe_to_talk":"yes"}', '/answer{"feels_safe":"no"}'),
            *('/answer{"made_to_do":"yes"}', '/answer{"hours":"over_12"}'),
            *('/answer{"is_paid":"no"}', '/answer{"bank_access":"no"}'),
            *('/answer{"someone_to_call":"nobody"}', '/answer{"situation":"told"}'),
        ],
    ),
    "somebody else": ("other", []),
    "a worker": ("worker", []),
    "a worker, the end": ("worker", ['/answer{"worker_ready":"yes"}', *["/skip_question"] * 10]),
}


@functools.cache
def _owners() -> dict[str, list[frozenset[str]]]:
    """Link -> the audiences of the services that it belongs to."""
    wording = load_wording()
    found: dict[str, list[frozenset[str]]] = {}
    for service in wording.directory.services.values():
        for link in wording.links("en", service.id):
            found.setdefault(link.href, []).append(service.audience)
    return found


def shown(turn: Turn) -> tuple[object, ...]:
    """What tells one state from another: the last text and all choices."""
    asked = turn.replies[-1].text
    return asked, frozenset(c.id for reply in turn.replies for c in reply.choices)


def fault_of(turn: Turn, audience: str) -> str | None:
    """What is wrong with an answer."""
    directory = load_wording().directory
    if not turn.replies or any(not reply.text.strip() for reply in turn.replies):
        return "an empty answer"
    for reply in turn.replies:
        if "utter_problem" in names_of(reply.text, turn.language):
            return "something went wrong"
        if "{" in reply.text:
            return f"a placeholder was left: {reply.text}"
        if audience == "self":
            for service in directory.services.values():
                if "self" in service.audience:
                    continue
                if reply.text == load_wording().service_reply(turn.language, service.id).text:
                    return f"{service.id} is not for the person"
            for link in reply.links:
                owners = _owners().get(link.href, [])
                if owners and not any("self" in audience for audience in owners):
                    return f"{link.label} is not for the person"
    return None


@pytest.mark.parametrize("language", ["en", "es", "ar", "ti"])
@pytest.mark.parametrize("start", SHORTCUTS)
def test_every_choice_is_answered(
    conversations: Conversations, store: BranchingStore, start: str, language: str
) -> None:
    route, payloads = SHORTCUTS[start]
    token, turn = conversations.start(language=language, route=route)
    for payload in payloads:
        turn = conversations.choose(token, [payload])
    home = store.last
    waiting = deque([(home, turn, route or "self", ())])
    seen = {shown(turn)}
    taken = 0
    while waiting and taken < AT_MOST:
        here, turn, audience, path = waiting.popleft()
        for choice in [c for reply in turn.replies for c in reply.choices]:
            if taken >= AT_MOST:
                break
            if choice.id.startswith("/change_language{"):
                continue  # languages have tests of their own
            taken += 1
            branch, _ = conversations.start(language=language)
            store.branch(here, store.last)
            there = store.last
            answer = conversations.choose(branch, [choice.id])
            steps = (*path, choice.id)
            now = {"/start_self": "self", "/start_other": "other", "/start_worker": "worker"}.get(
                choice.id, audience
            )
            fault = fault_of(answer, "other" if choice.id in TO_LEARN else now)
            assert fault is None, f"{fault} after {' '.join(steps)}"
            assert answer.language == language, f"{answer.language} after {' '.join(steps)}"
            key = shown(answer)
            if key not in seen and len(steps) < DEPTH and not answer.ended:
                seen.add(key)
                waiting.append((there, answer, now, steps))
            else:
                conversations.erase(branch)
    assert taken > 20


def test_unknown_tokens_are_no_conversation(conversations: Conversations) -> None:
    from bot.errors import ConversationExpiredError

    with pytest.raises(ConversationExpiredError):
        conversations.say(secrets.token_urlsafe(32), "hello")
