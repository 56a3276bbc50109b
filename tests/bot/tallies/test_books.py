"""bot/tallies/books.py: in this process and in a real Redis alike."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from clock import Clock
from redis_server import RedisServer

from bot.engine.base import KEEP_S
from bot.engine.shelf import REST_S, Connection
from bot.errors import EngineUnavailableError
from bot.tallies.books import BEGAN, MONTH, RECEIPT, Book, MemoryBook, Receipt, RedisBook

TODAY = "2026-11-12"
DEBT = Receipt("2026-11", "hackney", ("debt",))
BOTH = Receipt("2026-11", "hackney", ("debt", "threats"))
NEXT = Receipt("2026-12", "barnet", ("debt",))


@pytest.fixture(params=["memory", "redis"])
def book(request: pytest.FixtureRequest) -> Book:
    if request.param == "memory":
        return MemoryBook(TODAY)
    server: RedisServer = request.getfixturevalue("redis_server")
    return RedisBook(Connection(server.url), lambda: TODAY)


def numbers(book: Book, month: str) -> dict[str, int]:
    return {cell: number for cell, number in book.month(month).cells.items() if number}


def test_a_conversation_is_counted_once_and_for_the_last_receipt(book: Book) -> None:
    book.put("a", DEBT)
    book.put("a", DEBT)
    book.put("b", DEBT)
    assert numbers(book, "2026-11") == {"hackney debt": 2}

    book.put("a", BOTH)
    assert numbers(book, "2026-11") == {"hackney debt": 2, "hackney threats": 1}
    book.put("a", NEXT)
    assert numbers(book, "2026-11") == {"hackney debt": 1}
    assert numbers(book, "2026-12") == {"barnet debt": 1}
    assert book.receipt("a") == NEXT


def test_what_is_taken_back_was_never_counted(book: Book) -> None:
    book.put("a", BOTH)
    book.put("a", None)
    book.put("a", None)

    assert numbers(book, "2026-11") == {}
    assert book.receipt("a") is None


def test_a_closed_conversation_stays_counted_and_nothing_leads_to_it(book: Book) -> None:
    book.put("a", BOTH)
    book.close("a")
    book.put("a", None)

    assert numbers(book, "2026-11") == {"hackney debt": 1, "hackney threats": 1}
    assert book.receipt("a") is None


def test_a_month_knows_since_when_it_was_counted_and_is_forgotten(book: Book) -> None:
    book.put("a", DEBT)
    book.put("b", NEXT)

    assert book.month("2026-11").since == TODAY
    assert book.month("2026-12").since == "2026-12-01"
    book.drop("2026-11")
    assert book.month("2026-11").since == ""
    assert numbers(book, "2026-12") == {"barnet debt": 1}


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_turns_at_the_same_time_do_not_count_twice(book: Book) -> None:
    def change(number: int) -> None:
        for turn in range(20):
            book.put("same", (DEBT, BOTH, NEXT, None)[(turn + number) % 4])
            book.put(f"own {number}", DEBT)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    book.put("same", None)

    assert numbers(book, "2026-11") == {"hackney debt": 6}
    assert numbers(book, "2026-12") == {}


def test_memory_forgets_for_whom_it_counted_with_the_conversation() -> None:
    clock = Clock()
    book = MemoryBook(TODAY, clock)
    book.put("a", DEBT)
    book.put("never looked at again", DEBT)
    clock.now += KEEP_S
    assert book.receipt("a") == DEBT
    clock.now += 0.01

    assert book.receipt("a") is None
    book.put("b", DEBT)
    assert list(book._receipts._held) == ["b"]
    assert numbers(book, "2026-11") == {"hackney debt": 3}


def test_redis_forgets_for_whom_it_counted_and_old_months_by_itself(
    redis_server: RedisServer,
) -> None:
    client = Connection(redis_server.url).client
    RedisBook(Connection(redis_server.url), lambda: TODAY).put("a", DEBT)

    assert 0 < client.ttl(f"{RECEIPT}a") <= KEEP_S
    assert 0 < client.ttl(f"{MONTH}2026-11") <= 62 * 24 * 3600
    assert client.get(BEGAN) == TODAY


def test_processes_add_up_and_a_new_one_goes_on_with_the_month(redis_server: RedisServer) -> None:
    def process(today: str) -> RedisBook:
        return RedisBook(Connection(redis_server.url), lambda: today)

    first, second = process("2026-11-03"), process("2026-11-20")
    first.put("a", DEBT)
    second.put("b", DEBT)
    second.put("a", BOTH)

    assert numbers(first, "2026-11") == {"hackney debt": 2, "hackney threats": 1}
    assert process("2026-11-29").month("2026-11").since == "2026-11-03"


def test_a_redis_that_lost_counts_says_since_when_it_counts_anew(redis_server: RedisServer) -> None:
    today = ["2026-10-30"]
    book = RedisBook(Connection(redis_server.url), lambda: today[0])
    book.put("a", DEBT)
    assert book.month("2026-11").since == "2026-11-01"
    redis_server.stop()
    redis_server.start()
    today[0] = "2026-11-15"
    wait_for(book)
    book.put("b", DEBT)

    assert book.month("2026-11").since == "2026-11-15"


def wait_for(book: RedisBook) -> None:
    """Until the connection no longer rests after a failure."""
    rested = threading.Event()
    for _ in range(50):
        try:
            book.receipt("a")
            return
        except EngineUnavailableError:
            rested.wait(REST_S / 10)
    raise AssertionError("Redis did not come back")


@pytest.mark.parametrize(
    "ask",
    [
        lambda book: book.receipt("a"),
        lambda book: book.put("a", DEBT),
        lambda book: book.put("a", None),
        lambda book: book.close("a"),
        lambda book: book.month("2026-11"),
        lambda book: book.drop("2026-11"),
    ],
    ids=["receipt", "put", "take back", "close", "month", "drop"],
)
def test_a_redis_that_is_gone_is_an_error_of_ours(
    redis_server: RedisServer, ask: Callable[[Book], object]
) -> None:
    book = RedisBook(Connection(redis_server.url), lambda: TODAY)
    redis_server.stop()

    with pytest.raises(EngineUnavailableError):
        ask(book)
