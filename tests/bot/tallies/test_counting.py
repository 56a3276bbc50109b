"""bot/tallies/counting.py: what is counted, when, and what is never."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clock import Clock
from fake_engine import FakeEngine, rasa_message
from redis_server import RedisServer

from bot.conversation import Conversations
from bot.engine.base import KEEP_S, Chosen, Standing, Typed
from bot.engine.shelf import Connection
from bot.errors import EngineError, EngineUnavailableError, TalliesError
from bot.nlu.labels import FLAGS, LABELS, SIGNS, TYPES
from bot.settings import Settings
from bot.tallies.books import MemoryBook, RedisBook
from bot.tallies.counting import (
    ASKS_IF_RIGHT,
    ELSEWHERE,
    NOTICE,
    SHOWS_HELP,
    TOLD_AFTER,
    TOLD_BEFORE,
    WORKER_IS_THROUGH,
    Tallies,
    open_tallies,
)
from bot.wording import Wording

LONDON = ZoneInfo("Europe/London")
CANARY = "zzzcanary"
YES = "/keep_summary"
SAY_BACK = "utter_say_back_self"


class Today:
    """The time in London, moved by tests."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self.now = datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def told(wording: Wording) -> Wording:
    """Words with those that tell people."""
    return replace(wording, responses={**wording.responses, NOTICE: [{"text": "I count."}]})


@pytest.fixture
def today() -> Today:
    return Today("2026-11-12T10:00")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> MemoryBook:
    return MemoryBook("2026-10-30", clock)


@pytest.fixture
def tallies(engine: FakeEngine, book: MemoryBook, today: Today, tmp_path: Path) -> Tallies:
    return Tallies(engine, book, tmp_path, frozenset(["hackney", "barnet"]), today)


@pytest.fixture
def counting(engine: FakeEngine, told: Wording, tallies: Tallies) -> Conversations:
    return Conversations(engine, told, tallies=tallies, turn_timeout_s=5)


def numbers(book: MemoryBook, month: str = "2026-11") -> dict[str, int]:
    return {cell: number for cell, number in book.month(month).cells.items() if number}


def answers(engine: FakeEngine, *responses: str, ended: bool = False) -> None:
    """What the engine says to whatever comes next."""
    engine.answer = lambda conversation, message: [
        rasa_message("...", response=name, ended=ended) for name in responses
    ]


def stands(engine: FakeEngine, *labels: str, place: str | None = "hackney") -> None:
    """What is held of every conversation that is open; the last turn asked if it is right."""
    for conversation in engine.languages:
        engine.standings[conversation] = Standing(labels, place, (SAY_BACK,))


def confirmed(
    conversations: Conversations, engine: FakeEngine, *labels: str, place: str | None = "hackney"
) -> str:
    """A conversation whose summary was said to be right."""
    token, _ = conversations.start()
    stands(engine, *labels, place=place)
    answers(engine, "utter_before_you_call", SHOWS_HELP, "utter_help_menu")
    conversations.choose(token, [YES])
    answers(engine, "utter_help_menu")
    return token


def test_a_confirmed_summary_is_counted_once(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    token = confirmed(counting, engine, "debt", "unpaid")
    for _ in range(3):
        answers(engine, SHOWS_HELP)
        counting.choose(token, [YES])
        counting.say(token, "thank you")
        counting.keep(token)

    assert numbers(book) == {"hackney debt": 1, "hackney unpaid": 1}


def test_a_typed_yes_counts_too(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    token, _ = counting.start()
    stands(engine, "debt")
    answers(engine, SHOWS_HELP)
    counting.say(token, "yes")

    assert numbers(book) == {"hackney debt": 1}


def test_what_nobody_said_is_right_is_not_counted(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    token, _ = counting.start()
    stands(engine, "debt")
    answers(engine, "utter_ask_self_form_hours")
    counting.say(token, "he keeps my passport")
    answers(engine, SHOWS_HELP, SAY_BACK)  # help for a need, and the question again
    counting.say(token, "I need a lawyer")
    answers(engine, SHOWS_HELP)
    counting.choose(token, ["/show_help"])  # passed over the question
    for conversation in engine.standings:
        engine.standings[conversation] = Standing(("debt",), "hackney", ("utter_help_menu",))
    counting.choose(token, [YES])  # nothing was asked

    assert numbers(book) == {}


def test_what_is_corrected_afterwards_moves_and_what_comes_new_waits_for_a_yes(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    token = confirmed(counting, engine, "debt", "unpaid", place=None)
    assert numbers(book) == {f"{ELSEWHERE} debt": 1, f"{ELSEWHERE} unpaid": 1}

    stands(engine, "debt", "unpaid", "threats", place="barnet")
    counting.say(token, "barnet")
    assert numbers(book) == {"barnet debt": 1, "barnet unpaid": 1}
    stands(engine, "unpaid", "threats", place="barnet")
    counting.say(token, "there is no debt")
    assert numbers(book) == {"barnet unpaid": 1}
    answers(engine, SHOWS_HELP)
    counting.choose(token, [YES])
    assert numbers(book) == {"barnet unpaid": 1, "barnet threats": 1}
    stands(engine, place=None)
    counting.choose(token, ["/restart_chat"])
    assert numbers(book) == {}


@pytest.mark.parametrize("place", ["", "none", CANARY, "hackney debt", "hackney\n"])
def test_a_place_that_is_no_borough_is_elsewhere(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, place: str
) -> None:
    confirmed(counting, engine, "debt", place=place)

    assert numbers(book) == {f"{ELSEWHERE} debt": 1}


def test_signs_are_counted_and_no_flag_no_kind_and_no_other_word(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    confirmed(counting, engine, *LABELS, "rehearsed_story", CANARY)

    counted = {cell.partition(" ")[2] for cell in numbers(book)}
    assert counted == {*SIGNS, "rehearsed_story"}
    assert counted.isdisjoint({*FLAGS, *TYPES, CANARY})


def test_a_worker_is_counted_after_the_last_question(
    counting: Conversations, engine: FakeEngine, book: MemoryBook
) -> None:
    token, _ = counting.start(route="worker")
    stands(engine, "debt")
    answers(engine, "utter_ask_worker_form_worker_role")
    counting.choose(token, ['/answer{"consent":"yes"}'])
    assert numbers(book) == {}
    answers(engine, "utter_law_intro", SHOWS_HELP, "utter_worker_summary")
    counting.choose(token, ['/answer{"worker_role":"charity"}'])

    assert numbers(book) == {"hackney debt": 1}


def by_button(conversations: Conversations, engine: FakeEngine, token: str) -> None:
    answers(engine, "utter_deleted", ended=True)
    conversations.choose(token, ["/delete_chat"])


def by_word(conversations: Conversations, engine: FakeEngine, token: str) -> None:
    answers(engine, "utter_deleted", ended=True)
    conversations.say(token, "delete")


def by_channel(conversations: Conversations, engine: FakeEngine, token: str) -> None:
    conversations.erase(token)
    conversations.erase(token)


Deletes = Callable[[Conversations, FakeEngine, str], None]


@pytest.mark.parametrize("deletes", [by_button, by_word, by_channel])
def test_a_deleted_chat_is_not_counted(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, deletes: Deletes
) -> None:
    kept = confirmed(counting, engine, "debt")
    token = confirmed(counting, engine, "debt", "threats")
    deletes(counting, engine, token)

    assert numbers(book) == {"hackney debt": 1}
    assert counting.language_of(kept)


def test_a_chat_that_is_deleted_while_it_is_counted_is_not_counted(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = counting.start()
    stands(engine, "debt")
    answers(engine, SHOWS_HELP)
    put = book.put

    def put_while_another_deletes(conversation: str, receipt: Any) -> None:
        monkeypatch.setattr(book, "put", put)
        counting.erase(token)
        put(conversation, receipt)

    monkeypatch.setattr(book, "put", put_while_another_deletes)
    counting.choose(token, [YES])

    assert numbers(book) == {}


def test_a_chat_that_is_closed_or_runs_out_stays_counted_and_is_not_known_any_more(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, clock: Clock
) -> None:
    closed = confirmed(counting, engine, "debt")
    counting.close(closed)
    confirmed(counting, engine, "debt")
    clock.now += KEEP_S + 1
    counting.erase(closed)
    engine.languages.clear()
    confirmed(counting, engine, "unpaid")

    assert numbers(book) == {"hackney debt": 2, "hackney unpaid": 1}
    assert len(book._receipts.names()) == 1


def test_nothing_is_counted_when_off(
    engine: FakeEngine, wording: Wording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def refuse(conversation: str) -> None:
        raise AssertionError("somebody looked at what is held")

    monkeypatch.setattr(engine, "standing", refuse)
    assert open_tallies(Settings(), engine, wording) is None
    conversations = Conversations(engine, wording)
    token, _ = conversations.start()
    answers(engine, SAY_BACK)
    conversations.say(token, "he keeps my pay")
    answers(engine, SHOWS_HELP, *TOLD_AFTER)
    turn = conversations.choose(token, [YES])
    conversations.keep(token)
    conversations.close(token)

    assert [reply.response for reply in turn.replies] == [SHOWS_HELP, *TOLD_AFTER]
    assert list(tmp_path.iterdir()) == []


def test_a_month_is_written_when_it_is_over_and_never_again(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, today: Today, tmp_path: Path
) -> None:
    for _ in range(12):
        confirmed(counting, engine, "debt", "unpaid")
    for _ in range(9):
        confirmed(counting, engine, "threats", place="barnet")
    today.set("2026-12-01T00:59")
    counting.start()
    assert list(tmp_path.iterdir()) == []
    today.set("2026-12-01T01:00")
    counting.start()

    expected = (
        "month,borough,sign,at_least,counted_from\n"
        "2026-11,hackney,debt,10,2026-11-01\n"
        "2026-11,hackney,unpaid,10,2026-11-01\n"
    )
    assert (tmp_path / "2026-11.csv").read_text() == expected
    assert numbers(book) == {}
    for _ in range(30):
        confirmed(counting, engine, "debt")
    assert (tmp_path / "2026-11.csv").read_text() == expected
    today.set("2027-01-01T01:00")
    counting.start()
    assert "2026-12,hackney,debt,30,2026-12-01" in (tmp_path / "2026-12.csv").read_text()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_talk_over_midnight_belongs_to_the_month_of_its_last_message(
    counting: Conversations, engine: FakeEngine, book: MemoryBook, today: Today
) -> None:
    today.set("2026-11-30T23:50")
    token = confirmed(counting, engine, "debt")
    today.set("2026-12-01T00:10")
    counting.keep(token)

    assert numbers(book, "2026-11") == {}
    assert numbers(book, "2026-12") == {"hackney debt": 1}


def test_a_month_in_which_counting_began_late_says_so(
    engine: FakeEngine, told: Wording, book: MemoryBook, tmp_path: Path
) -> None:
    today = Today("2026-10-31T12:00")
    tallies = Tallies(engine, book, tmp_path, frozenset(["hackney"]), today)
    counting = Conversations(engine, told, tallies=tallies)
    for _ in range(10):
        confirmed(counting, engine, "debt")
    today.set("2026-11-02T12:00")
    counting.start()

    assert "2026-10,hackney,debt,10,2026-10-30\n" in (tmp_path / "2026-10.csv").read_text()


def test_the_file_holds_nothing_but_months_boroughs_signs_and_numbers(
    counting: Conversations, engine: FakeEngine, today: Today, tmp_path: Path
) -> None:
    tokens = [confirmed(counting, engine, *LABELS, CANARY) for _ in range(15)]
    answers(engine, "utter_help_menu")
    for token in tokens:
        counting.say(token, f"my name is {CANARY}")
    today.set("2026-12-03T08:00")
    counting.start(language="vi")
    [file] = tmp_path.iterdir()
    head, *lines = file.read_text().splitlines()

    assert file.name == "2026-11.csv"
    assert head == "month,borough,sign,at_least,counted_from"
    assert len(lines) == len(SIGNS)
    for line in lines:
        month, borough, sign, number, since = line.split(",")
        assert (month, borough, number, since) == ("2026-11", "hackney", "15", "2026-11-01")
        assert sign in SIGNS
    everything = file.read_text()
    ids = {conversation for conversation, _ in engine.turns}
    assert not [secret for secret in (CANARY, *tokens, *ids) if secret in everything]


def test_a_folder_that_is_full_fails_nobody_and_is_tried_again(
    counting: Conversations,
    engine: FakeEngine,
    today: Today,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(10):
        confirmed(counting, engine, "debt")

    def full(file: Path, text: str) -> None:
        raise OSError(f"no space for {CANARY}")

    with monkeypatch.context() as patched:
        patched.setattr("bot.tallies.counting.write_once", full)
        today.set("2026-12-01T02:00")
        assert counting.start()[1].replies
    assert "OSError" in caplog.text and CANARY not in caplog.text
    today.set("2026-12-01T02:09")
    counting.start()
    assert list(tmp_path.iterdir()) == []
    today.set("2026-12-01T02:10")
    counting.start()
    assert "hackney,debt,10" in (tmp_path / "2026-11.csv").read_text()


def test_a_redis_that_is_gone_fails_no_answer_and_no_delete_is_claimed(
    engine: FakeEngine, told: Wording, redis_server: RedisServer, today: Today, tmp_path: Path
) -> None:
    book = RedisBook(Connection(redis_server.url), lambda: "2026-11-01")
    tallies = Tallies(engine, book, tmp_path, frozenset(["hackney"]), today)
    counting = Conversations(engine, told, tallies=tallies)
    token = confirmed(counting, engine, "debt")
    redis_server.stop()

    assert counting.say(token, "thank you").replies[0].response == "utter_help_menu"
    counting.keep(token)
    with pytest.raises(EngineError):
        counting.erase(token)


def test_two_processes_over_one_redis_add_up_and_write_one_file(
    told: Wording, redis_server: RedisServer, today: Today, tmp_path: Path
) -> None:
    folder = tmp_path / "tallies"
    folder.mkdir()
    engines = [FakeEngine(), FakeEngine()]
    processes = [
        Conversations(
            engine,
            told,
            tallies=Tallies(
                engine,
                RedisBook(Connection(redis_server.url), lambda: "2026-11-01"),
                folder,
                frozenset(["hackney"]),
                today,
            ),
        )
        for engine in engines
    ]
    for conversations, engine in zip(processes, engines, strict=True):
        for _ in range(6):
            confirmed(conversations, engine, "debt")
    erased = confirmed(processes[0], engines[0], "debt")
    processes[0].erase(erased)
    today.set("2026-12-01T01:00")
    for conversations in processes:
        conversations.start()

    [file] = folder.iterdir()
    assert "2026-11,hackney,debt,10,2026-11-01" in file.read_text()
    assert not Connection(redis_server.url).client.keys("waymark:tally:*")


# --- people are told -------------------------------------------------------------------------
@pytest.mark.parametrize("response", sorted(TOLD_AFTER))
def test_whoever_asks_if_it_is_anonymous_is_told(
    counting: Conversations, engine: FakeEngine, response: str
) -> None:
    token, _ = counting.start()
    answers(engine, response, "utter_doors")
    turn = counting.say(token, "is this anonymous?")

    assert [reply.response for reply in turn.replies] == [response, NOTICE, "utter_doors"]


@pytest.mark.parametrize("response", sorted(TOLD_BEFORE))
def test_people_are_told_before_they_say_what_is_right(
    counting: Conversations, engine: FakeEngine, response: str
) -> None:
    token, _ = counting.start()
    answers(engine, "utter_thanks", response)
    turn = counting.say(token, "that is all")

    assert [reply.response for reply in turn.replies] == ["utter_thanks", NOTICE, response]


def test_the_question_that_is_asked_again_is_not_preceded_again(
    counting: Conversations, engine: FakeEngine
) -> None:
    token, _ = counting.start()
    stands(engine, "debt")
    answers(engine, "utter_removed", SAY_BACK)
    turn = counting.choose(token, ['/remove_label{"label":"unpaid"}'])

    assert [reply.response for reply in turn.replies] == ["utter_removed", SAY_BACK]


@pytest.mark.parametrize(
    "response", sorted({*TOLD_AFTER, *TOLD_BEFORE, *ASKS_IF_RIGHT, SHOWS_HELP, WORKER_IS_THROUGH})
)
def test_every_response_that_is_listened_for_exists(wording: Wording, response: str) -> None:
    assert response in wording.responses


def test_without_the_words_that_tell_people_it_does_not_start(
    engine: FakeEngine, told: Wording, tmp_path: Path
) -> None:
    settings = Settings(tallies=tmp_path)
    untold = replace(
        told, responses={name: each for name, each in told.responses.items() if name != NOTICE}
    )

    with pytest.raises(TalliesError, match=NOTICE):
        open_tallies(settings, engine, untold)
    assert open_tallies(settings, engine, told)


def test_without_a_folder_it_does_not_start(
    engine: FakeEngine, told: Wording, tmp_path: Path
) -> None:
    with pytest.raises(TalliesError, match="WAYMARK_TALLIES"):
        open_tallies(Settings(tallies=tmp_path / "missing"), engine, told)


def test_an_engine_that_fails_is_not_asked_for_help(
    tallies: Tallies, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(conversation: str) -> Standing:
        raise EngineUnavailableError(CANARY)

    monkeypatch.setattr(engine, "standing", fail)

    assert tallies.was_asked("a") is False
    tallies.note("a", Chosen("keep_summary"), [SHOWS_HELP], was_asked=True)
    tallies.note("a", Typed("yes"), [SHOWS_HELP], was_asked=True)
