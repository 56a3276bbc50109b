"""A message that is sent again because no answer came: answered as before, and taken once."""

from __future__ import annotations

import pytest

from bot.conversation import Conversations
from bot.replies import Turn

LANGUAGES = ("en", "es", "ar")


def shown(turn: Turn) -> list[tuple[str, tuple[str, ...]]]:
    return [(reply.text, tuple(each.id for each in reply.choices)) for reply in turn.replies]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_sent_again_moves_on_by_one_question(
    conversations: Conversations, language: str
) -> None:
    token, _ = conversations.start(language=language, route="self")
    conversations.choose(token, ['/answer{"safe_to_talk":"yes"}'], "1")
    once = conversations.choose(token, ['/answer{"feels_safe":"no"}'], "2")
    again = conversations.choose(token, ['/answer{"feels_safe":"no"}'], "2")

    assert shown(again)[-1] == shown(once)[-1]
    assert once.replies[-1].progress == again.replies[-1].progress != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_sent_again_is_answered_as_danger_again(
    conversations: Conversations, language: str
) -> None:
    said = {
        "en": "he is outside with a knife",
        "es": "está afuera con un cuchillo",
        "ar": "هو بالخارج ومعه سكين",
    }
    token, _ = conversations.start(language=language)
    turns = [conversations.say(token, said[language], "1") for _ in range(2)]

    for turn in turns:
        assert "tel:999" in [link.href for reply in turn.replies for link in reply.links]


def test_the_seven_questions_say_how_far_they_are(conversations: Conversations) -> None:
    token, turn = conversations.start(route="self")
    turn = conversations.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    progress = []
    while turn.replies[-1].progress and len(progress) < 9:
        progress.append(turn.replies[-1].progress)
        turn = conversations.choose(token, ["/skip_question"])

    assert progress == [f"Question {number} of 7" for number in range(1, 8)]


@pytest.mark.parametrize("language", ["es", "vi"])
def test_beside_a_worker_too(conversations: Conversations, language: str) -> None:
    token, _ = conversations.start(language="en", route="worker")
    conversations.choose(token, ['/answer{"worker_ready":"yes"}'])
    conversations.choose(token, ["/skip_question"])
    turn = conversations.choose(token, [f'/answer{{"person_language":"{language}"}}'])

    assert turn.replies[-1].progress == "Question 1 of 7"
