"""How many conversations at once are held with a side: Waymark's API, or Rasa's REST channel."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Sequence
from typing import Protocol

import aiohttp


class Client(Protocol):
    """How to talk to a side."""

    async def begin(self, session: aiohttp.ClientSession) -> str:
        """Open a conversation; returns its key."""

    async def turn(
        self, session: aiohttp.ClientSession, key: str, said: str, *, is_typed: bool
    ) -> bool:
        """Say one thing; returns whether it was answered."""

    async def end(self, session: aiohttp.ClientSession, key: str) -> None:
        """Leave a conversation."""


class WaymarkClient:
    """Talks to one process or, by turns, to several that share their conversations."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = itertools.cycle(urls)

    async def begin(self, session: aiohttp.ClientSession) -> str:
        """A conversation's token; who is told that there are too many at once waits."""
        body = {"language": "en", "route": "self"}
        while True:
            address = f"{next(self._urls)}/api/v1/conversations"
            async with session.post(address, json=body) as answer:
                if answer.status == 201:
                    return str((await answer.json())["token"])
                await asyncio.sleep(float(answer.headers.get("Retry-After") or 1))

    async def turn(
        self, session: aiohttp.ClientSession, key: str, said: str, *, is_typed: bool
    ) -> bool:
        """As the widget sends it."""
        async with session.post(
            f"{next(self._urls)}/api/v1/messages",
            json={"text" if is_typed else "choice": said},
            headers={"Authorization": f"Bearer {key}", "Prefer": "wait=8"},
        ) as answer:
            return answer.status == 200 and bool(await answer.read())

    async def end(self, session: aiohttp.ClientSession, key: str) -> None:
        """Erase it."""
        async with session.delete(
            f"{next(self._urls)}/api/v1/conversations", headers={"Authorization": f"Bearer {key}"}
        ):
            pass


class StockClient:
    """Talks to Rasa's REST channel."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/rest/webhook"

    async def begin(self, session: aiohttp.ClientSession) -> str:
        """A sender id."""
        key = secrets.token_hex(16)
        await self.turn(session, key, "/start_chat", is_typed=False)
        return key

    async def turn(
        self, session: aiohttp.ClientSession, key: str, said: str, *, is_typed: bool
    ) -> bool:
        """Rasa knows a button by its slash."""
        async with session.post(self._url, json={"sender": key, "message": said}) as answer:
            return answer.status == 200 and bool(await answer.json())

    async def end(self, session: aiohttp.ClientSession, key: str) -> None:
        """It keeps what was said."""
