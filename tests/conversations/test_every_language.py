"""Each language, from the first question to the helpline, and danger typed on the way."""

from __future__ import annotations

import pytest
import yaml
from foreign_words import english_in
from talk import Talk

from bot.catalogues.review_pack import PATHS
from bot.conversation import Conversations
from bot.i18n import load_catalogues
from bot.replies import Turn
from bot.settings import PROJECT
from bot.wording import load_wording

LANGUAGES = sorted(load_catalogues().languages)
ANSWERS = (
    *('/answer{"safe_to_talk":"yes"}', '/answer{"feels_safe":"no"}'),
    *('/answer{"made_to_do":"yes"}', '/answer{"hours":"over_12"}'),
    *('/answer{"is_paid":"no"}', '/answer{"bank_access":"no"}'),
    *('/answer{"someone_to_call":"nobody"}', '/answer{"situation":"told"}', "/show_help"),
)
KNIFE = yaml.safe_load((PROJECT / "tests" / "danger.yml").read_text(encoding="utf-8"))


def links_of(turn: Turn) -> list[str]:
    """Addresses of an answer, in order."""
    return [link.href for reply in turn.replies for link in reply.links]


def number_of(service: str) -> str:
    """The link that calls a service."""
    return load_wording().links("en", service)[0].href


def is_said_in(language: str, turn: Turn) -> bool:
    """Whether no reply is the English one, where the language has words of its own."""
    english = {
        variation["text"] for each in load_wording().responses.values() for variation in each
    }
    return language == "en" or not any(reply.text in english for reply in turn.replies)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_lead_to_the_helpline(conversations: Conversations, language: str) -> None:
    token, turn = conversations.start(language=language, route="self")
    seen = links_of(turn)

    for answer in ANSWERS:
        turn = conversations.choose(token, [answer])
        seen += links_of(turn)
        assert turn.language == language
        assert is_said_in(language, turn)

    assert number_of("modern-slavery-helpline") in seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_typed_at_a_question_is_answered_first(
    conversations: Conversations, language: str
) -> None:
    """Whatever language was on the screen."""
    for shown in {language, "en"}:
        token, _ = conversations.start(language=shown, route="self")
        conversations.choose(token, [ANSWERS[0]])

        turn = conversations.say(token, KNIFE[language])

        assert turn.language == language
        assert turn.replies[0].tone == "urgent"
        assert links_of(turn)[0] == number_of("emergency-999")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_conversation_says_a_word_of_another_language(
    conversations: Conversations, language: str
) -> None:
    for path in yaml.safe_load(PATHS.read_text(encoding="utf-8")):
        talk = Talk(conversations, language=language, route=path.get("route"))
        for step in [[], *path["steps"]]:
            chosen = [step] if isinstance(step, str) else step
            turn = talk.choose(*chosen) if chosen else talk.turn
            said = "\n".join(
                text
                for reply in turn.replies
                for text in (reply.text, *(choice.label for choice in reply.choices))
            )
            assert turn.language == language
            for_worker = path.get("route") == "worker"
            assert english_in(said, language, for_worker=for_worker) == [], talk.story()
        talk.delete()


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_changing_the_language_at_any_point_keeps_what_was_told(
    conversations: Conversations, language: str
) -> None:
    """At each question in turn: the summary is what it would have been without the change."""
    answers = ANSWERS[:-1]
    straight = Talk(conversations, language=language, route="self").walk(answers)
    for point in range(len(answers)):
        talk = Talk(conversations, language="en", route="self").walk(answers[:point])
        asked_for = [choice.id for choice in talk.choices]
        turn = talk.choose(f'/change_language{{"language":"{language}"}}')
        assert turn.language == language
        assert [choice.id for choice in talk.choices] == asked_for, talk.story()
        talk.walk(answers[point:])

        assert talk.asked == straight.asked, talk.story()
        talk.delete()


def test_english_would_be_found() -> None:
    assert english_in("Hola. Do you feel safe? No sé.", "es") == ["Do you feel safe?"]
    assert english_in("Do you feel safe?", "en") == []
