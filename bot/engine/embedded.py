"""Rasa's Agent inside this process: the one module that owns it and its event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.choices import REPEAT, START
from bot.engine import loading  # first of all that imports Rasa: it sets Rasa up
from bot.engine.base import Chosen, Standing, Typed
from bot.engine.in_process_actions import failures
from bot.engine.memory_locks import MemoryLocks
from bot.engine.messages import CollectingChannel, user_message
from bot.engine.redis_locks import RedisLocks
from bot.engine.shelf import Connection, RedisShelf
from bot.engine.tracker_store import SAID, ForgetfulTrackerStore
from bot.engine.whole_turns import TakenAlreadyError, WholeTurn, under_way
from bot.errors import EngineUnavailableError

if TYPE_CHECKING:
    from rasa.core.lock_store import LockStore

logger = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 30
DANGER: Final = "he is outside with a knife"
"""Must be heard as danger by every model."""
ERASE_S: Final = 2.0
LOOK_S: Final = 1.0
"""Who asks for the engine's health waits no longer than this for each of its parts."""


class EmbeddedEngine:
    """Loads a model and runs turns on an event loop of its own thread.

    Raises:
        EngineUnavailableError: the model is missing, broken or incomplete. Rasa itself would
            go on without it.
    """

    def __init__(
        self,
        model: Path,
        *,
        tracker_store: Callable[[], ForgetfulTrackerStore] = ForgetfulTrackerStore,
        redis_url: str = "",
    ) -> None:
        """Load the model.

        Args:
            tracker_store: for tests: makes the store.
            redis_url: where conversations are held so that any process can go on with them;
                without it they are held in this one.
        """
        locks: LockStore = MemoryLocks()
        self._store = tracker_store()
        if redis_url:
            connection = Connection(redis_url)
            connection.introduce()
            self._store = ForgetfulTrackerStore(shelf=RedisShelf(connection))
            locks = RedisLocks(connection)
        self._agent, self._ear = loading.load(model, self._store, locks)
        self._has_failed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()
        try:
            self._prove()
        except Exception:
            self.close()
            raise

    def handle(
        self, conversation: str, message: Typed | Chosen, key: str = ""
    ) -> Future[list[dict[str, Any]]]:
        """Run one turn on the engine's loop."""
        answer: Future[list[dict[str, Any]]] = Future()
        turn = asyncio.run_coroutine_threadsafe(
            self._turn(conversation, message, key, answer), self._loop
        )
        answer.add_done_callback(lambda done: turn.cancel() if done.cancelled() else None)
        return answer

    def parse(self, text: str) -> dict[str, Any]:
        """What the pipeline hears in a text; nothing is kept."""
        return self._parse(text).result()

    def _parse(self, text: str) -> Future[dict[str, Any]]:
        return asyncio.run_coroutine_threadsafe(self._agent.parse_message(text), self._loop)

    def language_of(self, conversation: str) -> str | None:
        """The language slot, or 'en' while it is unset."""
        state = self._store.peek(conversation)
        return None if state is None else state["slots"].get("language") or "en"

    def standing(self, conversation: str) -> Standing | None:
        """Labels, place and what was said last, from the slots."""
        state = self._store.peek(conversation)
        if state is None:
            return None
        slots = state["slots"]
        labels, said = (tuple(slots.get(name) or ()) for name in ("labels", SAID))
        return Standing(labels, slots.get("place"), said)

    def exists(self, conversation: str) -> bool:
        """Whether the tracker store holds it."""
        return self._store.peek(conversation) is not None

    def keep(self, conversation: str) -> None:
        """Count its time from now."""
        self._store.keep(conversation)

    def erase(self, conversation: str) -> None:
        """Forget it now, and again after any turn of it that is under way."""
        self._store.erase(conversation)

        async def erase() -> None:
            async with self._agent.lock_store.lock(conversation):
                self._store.erase(conversation)

        with suppress(TimeoutError):  # it goes on, and is over as soon as the turn is
            asyncio.run_coroutine_threadsafe(erase(), self._loop).result(ERASE_S)

    def trouble(self) -> str:
        """Asks loop, ear and shelf, and tries a turn if the last one failed."""
        if not self._thread.is_alive() or not self._agent.is_ready() or not self._is_turning():
            return "the engine does not answer"
        if self._ear.is_stuck():
            return "the model takes too long over what is typed; buttons work"
        if self._ear.has_failed() and not self._can_hear():
            return "the model can't read what is typed; buttons work"
        if not self._store.shelf.is_ready():
            return "Redis does not answer"
        if self._has_failed and not self._can_answer():
            return "turns fail; the log says with what"
        return ""

    def close(self) -> None:
        """Let running turns end, then stop the loop."""

        async def drain() -> None:
            current = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not current]
            self._sweeper.cancel()
            await asyncio.wait(
                [task for task in others if task is not self._sweeper], timeout=5
            ) if len(others) > 1 else None

        if self._thread.is_alive():
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(drain(), self._loop).result(timeout=6)
            self._ear.close()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._sweeper = self._loop.create_task(self._sweep())
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            self._store.sweep()
            gc.collect()  # else what holds itself in a circle lies here for hours (0.1 ms)

    async def _turn(
        self,
        conversation: str,
        message: Typed | Chosen,
        key: str,
        answer: Future[list[dict[str, Any]]],
    ) -> None:
        begins = isinstance(message, Chosen) and message.intent == START
        turn = WholeTurn(key, answer, begins=begins)
        now = under_way.set(turn)
        failures.set(turn.failed)
        channel = CollectingChannel(turn.said)
        try:
            try:
                await self._agent.handle_message(user_message(conversation, message, channel, key))
            except TakenAlreadyError:
                turn.key = ""
                again = user_message(conversation, Chosen(REPEAT), channel, "")
                await self._agent.handle_message(again)
            turn.settle()
        except Exception as error:
            cause = type(error.__cause__ or error).__name__  # Rasa's graph wraps what was raised
            logger.error("A turn failed with %s; failed actions: %s", cause, turn.failed)
            self._has_failed = True
            with suppress(InvalidStateError):  # nobody waits for it any more
                answer.set_exception(EngineUnavailableError("a turn failed"))
        else:
            self._has_failed = False
            answer.set_result(turn.said)
        finally:
            under_way.reset(now)  # the task holds what is set; the answer's errors hold words

    def _is_turning(self) -> bool:
        """Whether the loop comes round."""
        came_round = threading.Event()
        self._loop.call_soon_threadsafe(came_round.set)
        return came_round.wait(LOOK_S)

    def _can_hear(self) -> bool:
        look = self._parse(DANGER)
        try:
            look.result(LOOK_S)
        except Exception:
            look.cancel()
            return False
        return True

    def _can_answer(self) -> bool:
        """A conversation's first turn, of one that nobody has."""
        name = secrets.token_hex(16)
        look = self.handle(name, Chosen(START))
        try:
            look.result(LOOK_S)
            self._store.erase(name)
        except Exception:
            look.cancel()
            return False
        return True

    def _prove(self) -> None:
        """One silent parse: a model that loads but can't hear must stop the start."""
        try:
            heard = self.parse(DANGER)
        except Exception as error:
            raise EngineUnavailableError(
                loading.advice(f"it can't read a message ({error})")
            ) from error
        if "immediate_danger" not in (heard.get("heard") or {}).get("flags", ()):
            raise EngineUnavailableError(loading.advice("it does not hear danger"))
