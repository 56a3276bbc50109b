"""Each update once, each chat in order, side by side otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram import intake as module
from bot.channels.telegram.intake import Intake
from bot.limits import Limits


def update(number: int, chat_id: int = 1) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat}}


async def run(
    intake: Intake, handle: Callable[[Update], Awaitable[None]], *raws: dict[str, Any]
) -> None:
    """Take updates and process them as the application does."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    intake.attach(None, queue)  # type: ignore[arg-type]
    futures = [intake.take(raw) for raw in raws]
    tasks = []
    while not queue.empty():
        each = queue.get_nowait()
        tasks.append(asyncio.create_task(intake.process_update(each, handle(each))))
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*futures)


def test_one_chat_in_order_and_others_beside_it() -> None:
    order: list[str] = []

    async def handle(each: Update) -> None:
        chat = each.effective_chat.id  # type: ignore[union-attr]
        order.append(f"begin {chat}.{each.update_id}")
        await asyncio.sleep(0.02 if each.update_id == 1 else 0)
        order.append(f"end {chat}.{each.update_id}")

    intake = Intake(Limits())
    asyncio.run(run(intake, handle, update(1), update(2), update(3, 2)))
    first_chat = [step for step in order if " 1." in step]

    assert first_chat == ["begin 1.1", "end 1.1", "begin 1.2", "end 1.2"]
    assert order.index("end 2.3") < order.index("end 1.1")
    assert intake._chats == {}, "an id is kept"


def test_a_duplicate_shares_the_turn() -> None:
    handled: list[int] = []

    async def handle(each: Update) -> None:
        handled.append(each.update_id)

    async def twice() -> None:
        intake = Intake(Limits())
        await run(intake, handle, update(1), update(1))
        await run(intake, handle, update(1))

    asyncio.run(twice())
    assert handled == [1]


def test_a_failing_turn_ends_and_the_next_one_runs() -> None:
    handled: list[int] = []

    async def handle(each: Update) -> None:
        handled.append(each.update_id)
        if each.update_id == 1:
            raise ValueError

    intake = Intake(Limits())
    asyncio.run(run(intake, handle, update(1), update(2)))

    assert handled == [1, 2]
    assert intake.pending == []


@pytest.mark.parametrize("raw", [None, [], {}, {"update_id": "1"}, 7])
def test_what_has_no_number_is_refused(raw: Any) -> None:
    async def take() -> None:
        Intake(Limits()).take(raw)

    with pytest.raises(ValueError, match="not an update"):
        asyncio.run(take())


def test_numbers_that_are_done_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)

    async def handle(_: Update) -> None: ...

    async def many() -> Intake:
        intake = Intake(Limits())
        await run(intake, handle, *(update(n) for n in range(10)))
        return intake

    intake = asyncio.run(many())

    assert len(intake._done_set) == 3
    assert intake.is_done(9) and not intake.is_done(1)
