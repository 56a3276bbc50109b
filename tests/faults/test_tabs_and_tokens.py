"""Two tabs, double submits, old tokens, and a wall clock that jumps."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from clock import Clock
from conftest import NUMBERS, Talk, hrefs, progress

import bot
from bot.app import create_app
from bot.channels.telegram.chats import Chats
from bot.conversation import Conversations
from bot.engine.base import KEEP_S
from bot.engine.ear import Ear
from bot.engine.embedded import EmbeddedEngine
from bot.engine.shelf import Connection, MemoryShelf
from bot.limits import Limits
from bot.settings import PROJECT, Settings
from bot.wording import Wording

YEAR_S = 365 * 24 * 3600


def together(*calls: Callable[[], dict]) -> list[dict]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


# --- two tabs and double submits ------------------------------------------------------------------
def test_two_tabs_on_one_conversation_move_on_together(talk: Callable[..., Talk]) -> None:
    told = talk().at_the_first_question()
    answers = together(*[lambda: told.choose('/answer{"feels_safe":"no"}')] * 2)

    assert {progress(answer)[:10] for answer in answers} == {"Question 2"}


def test_what_two_tabs_say_at_once_is_all_answered(talk: Callable[..., Talk]) -> None:
    told = talk().at_the_first_question()
    answers = together(
        lambda: told.say("my boss keeps my passport"),
        lambda: told.say("he is outside with a knife"),
        lambda: told.choose("/ask_numbers"),
    )

    said, danger, asked = answers
    assert not hrefs(said) >= NUMBERS, "an apology"
    assert danger["replies"][0]["tone"] == "urgent"
    assert hrefs(asked) & NUMBERS and asked["replies"][0]["tone"] != "urgent"


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"choice": '/answer{"feels_safe":"no"}'}, {}), ({"text": "no"}, {"Idempotency-Key": "1"})],
    ids=["a button", "words, with a key"],
)
def test_a_double_submit_is_one_answer(
    talk: Callable[..., Talk], body: dict[str, str], headers: dict[str, str]
) -> None:
    told = talk().at_the_first_question()
    answers = together(*[lambda: told.post(body, **headers)] * 3)

    assert {progress(answer)[:10] for answer in answers} == {"Question 2"}


# --- old tokens ---------------------------------------------------------------------------------
def assert_over(told: Talk, language: str) -> None:
    for body in ({"text": "hello"}, {"choice": "/skip_question"}):
        answer = told.post(body)
        assert (told.status, answer["error"]["code"]) == (401, "conversation_expired")
        assert answer["language"] == language
        assert hrefs(answer) >= NUMBERS


@pytest.mark.parametrize("language", ["en", "vi", "ar"])
def test_the_token_of_a_deleted_conversation_opens_nothing(
    talk: Callable[..., Talk], language: str
) -> None:
    told = talk(language).at_the_first_question()
    told.client.delete("/api/v1/conversations", headers=told.headers)

    assert_over(told, language)
    again = talk(language)
    assert_over(told, language)  # nor does it once another has begun
    assert again.question() == ""


def test_the_token_of_an_expired_conversation_opens_nothing(
    talk: Callable[..., Talk], clock: Clock
) -> None:
    told = talk("ar").at_the_first_question()
    clock.now += KEEP_S + 1

    assert_over(told, "ar")


def test_a_token_of_a_process_that_is_gone_opens_nothing(
    talk: Callable[..., Talk], engine: EmbeddedEngine, wording: Wording
) -> None:
    """As after a restart without Redis: its key was never written down. Here even what it held
    is still there.
    """
    told = talk("vi").at_the_first_question()
    told.client = create_app(Settings(), Conversations(engine, wording), wording).test_client()

    assert_over(told, "vi")


# --- the wall clock -----------------------------------------------------------------------------
@pytest.fixture(params=[YEAR_S, -YEAR_S], ids=["forward", "back"])
def jump(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """Sets the machine's clock."""
    now = time.time

    def jump() -> None:
        monkeypatch.setattr(time, "time", lambda: now() + request.param)

    return jump  # type: ignore[return-value]


def test_a_clock_that_jumps_ends_no_conversation_and_loses_no_answer(
    talk: Callable[..., Talk], jump: Callable[[], None]
) -> None:
    told = talk().at_the_first_question()
    jump()
    answer = told.choose('/answer{"feels_safe":"no"}')
    assert progress(answer).startswith("Question 2")


def test_a_clock_that_jumps_in_a_turn_leaves_nobody_waiting(
    talk: Callable[..., Talk], jump: Callable[[], None], engine: EmbeddedEngine
) -> None:
    told = talk().at_the_first_question()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(told.say, "my boss keeps my passport") for _ in range(4)]
        jump()
        answers = [each.result() for each in waiting]

    assert all(not hrefs(answer) >= NUMBERS for answer in answers)


def test_a_clock_that_jumps_prolongs_nothing(
    talk: Callable[..., Talk], jump: Callable[[], None], clock: Clock
) -> None:
    told = talk()
    jump()
    clock.now += KEEP_S + 1

    assert_over(told, "en")


def clocks() -> dict[str, object]:
    """By what everything in bot/ counts that takes a clock, when it is given none."""
    found: dict[str, object] = {}
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        for name, made in vars(importlib.import_module(module.name)).items():
            if getattr(made, "__module__", "") == module.name and inspect.isclass(made):
                made = made.__init__
            if inspect.isfunction(made) and made.__module__ == module.name:
                clock = inspect.signature(made).parameters.get("clock")
                if clock and clock.default is not inspect.Parameter.empty:
                    found[f"{module.name}.{name}"] = clock.default
    return found


def test_a_clock_that_jumps_changes_no_limit_and_no_chat() -> None:
    """A clock that is a default is taken when its module is read: no test can set it later."""
    counting = clocks()

    assert {made.__name__ for made in (MemoryShelf, Connection, Ear, Limits, Chats)} <= {
        name.rpartition(".")[2] for name in counting
    }
    assert {name: by for name, by in counting.items() if by is not time.monotonic} == {}


def test_nothing_of_ours_reads_the_wall_clock_to_count_by() -> None:
    sources = [*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]
    read = re.compile(r"\btime\.time(_ns)?\b|^from time import", re.MULTILINE)

    assert len(sources) > 50
    assert [file.name for file in sources if read.search(file.read_text("utf-8"))] == []
