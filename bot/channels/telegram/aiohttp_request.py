"""Calls to the Bot API over aiohttp, which Rasa brings along.

python-telegram-bot's own HTTPXRequest takes 1.4 ms of processor time for a call, aiohttp 0.3
(benchmarks/telegram.py), and a turn makes three or four.
"""

from __future__ import annotations

import urllib.parse
import urllib.request
from typing import Any, Final, NamedTuple

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData


class Timeouts(NamedTuple):
    """How long to wait, in seconds, unless a call says otherwise."""

    connect: float = 5.0
    read: float = 15.0
    pool: float = 30.0
    """For a free connection."""


USUAL: Final = Timeouts()


class AiohttpRequest(BaseRequest):
    """What python-telegram-bot sends through, in place of its HTTPXRequest.

    Errors name what happened and never quote an address: the token stands in it.
    """

    def __init__(self, api_url: str, connections: int, timeouts: Timeouts = USUAL) -> None:
        self._api_url: Final = api_url
        self._connections: Final = connections
        self._timeouts: Final = timeouts
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds; long polling adds its own to it."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open connections as they are needed; a second time changes nothing."""
        if self._session is None:
            # Certificates as python-telegram-bot's own: those that certifi brings, unless the
            # machine names others.
            connector = aiohttp.TCPConnector(
                limit=self._connections, ssl=httpx.create_ssl_context()
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=_proxy(self._api_url),
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of one call.

        Raises:
            TimedOut: no connection, or no answer, in time.
            NetworkError: the connection failed, or is not open.
        """
        if self._session is None:
            raise NetworkError("not open")
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_either(pool_timeout, self._timeouts.pool),
            sock_connect=_either(connect_timeout, self._timeouts.connect),
            sock_read=_either(read_timeout, self._timeouts.read),
        )
        # Nothing that Waymark sends is a file.
        data = request_data.json_parameters if request_data else None
        try:
            async with self._session.request(method, url, data=data, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None


def _proxy(url: str) -> str | None:
    """The environment's proxy, read once: with `trust_env` aiohttp reads it for every call."""
    parts = urllib.parse.urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _either(given: Any, usual: float) -> float | None:
    return usual if given is BaseRequest.DEFAULT_NONE else given
