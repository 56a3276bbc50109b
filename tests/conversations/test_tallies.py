"""Tallies with the real model and actions: counted when 'is that right?' is answered with yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from talk import Talk

from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.tallies.books import MemoryBook
from bot.tallies.counting import ELSEWHERE, NOTICE, Tallies
from bot.wording import load_wording

CANARY = "zzzcanaryzzz"


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook("2026-11-01")


@pytest.fixture
def counting(engine: EmbeddedEngine, book: MemoryBook, tmp_path: Path) -> Conversations:
    wording = load_wording()
    told = replace(wording, responses={**wording.responses, NOTICE: [{"text": "I count."}]})
    tallies = Tallies(engine, book, tmp_path, frozenset(wording.directory.places))
    return Conversations(engine, told, turn_timeout_s=30, tallies=tallies)


Begin = Callable[..., Talk]


@pytest.fixture
def summary(counting: Conversations) -> Begin:
    """A talk that stands at 'is that right?'."""

    def begin(*texts: str, place: str | None = None) -> Talk:
        talk = Talk(counting, language="en", route="self", place=place)
        talk.choose('/answer{"safe_to_talk":"yes"}')
        for text in texts:
            talk.say(text)
        for _ in range(20):
            if talk.says("utter_say_back_self"):
                return talk
            talk.choose("/skip_question")
        raise AssertionError(f"the summary never came{talk.story()}")

    return begin


def numbers(book: MemoryBook) -> dict[str, int]:
    """All that is counted, whatever the month."""
    return {
        cell: number
        for month in book._months.values()
        for cell, number in month.cells.items()
        if number
    }


def names(talk: Talk) -> list[str]:
    return [reply.response for reply in talk.replies]


@pytest.mark.parametrize("yes", ["/keep_summary", "yes", "yes that is right"])
def test_yes_counts_what_was_said_back_and_the_place_comes_later(
    summary: Begin, book: MemoryBook, yes: str
) -> None:
    talk = summary(f"he keeps my passport, my name is {CANARY}")
    assert names(talk)[-2:] == [NOTICE, "utter_say_back_self"]
    assert numbers(book) == {}
    talk.choose(yes) if yes.startswith("/") else talk.say(yes)
    assert numbers(book) == {f"{ELSEWHERE} documents_held": 1}
    talk.choose("/ask_local_services")
    talk.say("E8")
    talk.say("thank you")

    assert numbers(book) == {"hackney documents_held": 1}
    assert CANARY not in str(book._months) + str(book._receipts._held)
    talk.delete()
    assert numbers(book) == {}


def test_what_is_taken_out_is_not_counted(summary: Begin, book: MemoryBook) -> None:
    talk = summary("he keeps my passport and I owe him money for the trip", place="barnet")
    talk.choose("/correct_understanding")
    wrong = '/remove_label{"label":"debt"}'
    assert wrong in {choice.id for choice in talk.choices}
    talk.choose(wrong)
    assert NOTICE not in names(talk)
    talk.choose("/keep_summary")

    assert numbers(book)["barnet documents_held"] == 1
    assert "barnet debt" not in numbers(book)


@pytest.mark.parametrize(
    "instead",
    ["/ask_help", "/show_help", "/open_doors", "I need a lawyer", "is this anonymous?", "no"],
)
def test_whoever_passes_over_the_question_is_not_counted(
    summary: Begin, book: MemoryBook, instead: str
) -> None:
    talk = summary("he keeps my passport")
    talk.choose(instead) if instead.startswith("/") else talk.say(instead)

    assert numbers(book) == {}


def test_deleting_in_the_chat_takes_it_back(summary: Begin, book: MemoryBook) -> None:
    talk = summary("he keeps my passport")
    talk.choose("/keep_summary")
    assert numbers(book)
    talk.choose("/delete_chat")

    assert talk.turn.ended
    assert numbers(book) == {}


def test_somebody_else_s_signs_count_as_signs(counting: Conversations, book: MemoryBook) -> None:
    talk = Talk(counting, language="en", route="other", place="barnet")
    talk.choose('/answer{"noticed":"controller"}', '/answer{"noticed":"unpaid"}')
    talk.choose('/answer{"danger_now":"no"}')
    talk.choose('/answer{"child_involved":"yes"}')
    assert talk.says("utter_say_back_other"), talk.story()
    talk.choose("/keep_summary")

    assert numbers(book) == {"barnet controller": 1, "barnet unpaid": 1}


def test_a_worker_s_signs_count_when_all_is_asked(
    counting: Conversations, book: MemoryBook
) -> None:
    talk = Talk(counting, language="en", route="worker", place="barnet")
    told = []
    for _ in range(40):
        told += [name for name in names(talk) if name == NOTICE]
        if "utter_law_intro" in names(talk):
            break
        assert numbers(book) == {}
        choices = {choice.id for choice in talk.choices}
        wanted = '/answer{"observed":"rehearsed_story"}'
        talk.choose(wanted if wanted in choices else _first_answer(talk))

    assert numbers(book).get("barnet rehearsed_story") == 1, talk.story()
    assert len(told) == 1


def _first_answer(talk: Talk) -> str:
    answers = [choice.id for choice in talk.choices if choice.id.startswith("/answer")]
    return answers[0] if answers else "/skip_question"


def test_whoever_asks_is_told(counting: Conversations) -> None:
    talk = Talk(counting, language="en")
    talk.say("is this anonymous?")

    found = names(talk)
    assert found[found.index("utter_ask_is_anonymous") + 1] == NOTICE


def test_a_language_gets_the_words_too(counting: Conversations) -> None:
    talk = Talk(counting, language="vi")
    talk.say("có ẩn danh không")

    assert NOTICE in names(talk) and talk.turn.language == "vi"
