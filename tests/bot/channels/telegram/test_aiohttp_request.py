"""Calls to the Bot API over aiohttp: what fails is named, and never with the token."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram.aiohttp_request import AiohttpRequest, Timeouts

TOKEN = "123456:canary-token"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def ask(serve: Serve | None, timeouts: Timeouts | None = None) -> tuple[int, bytes]:
    """One call to a server of ours; without one, to a port where nobody listens."""

    async def run() -> tuple[int, bytes]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = await asyncio.start_server(serve, "127.0.0.1", port) if serve else None
        base = f"http://127.0.0.1:{port}"
        request = AiohttpRequest(base, 2, timeouts or Timeouts())
        try:
            await request.initialize()
            await request.initialize()  # as after a first contact that failed
            return await request.do_request(f"{base}/bot{TOKEN}/getMe", "POST")
        finally:
            await request.shutdown()
            if server:
                server.close()
                await asyncio.sleep(0.05)  # in which its connections end

    return asyncio.run(run())


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1 << 16)
    writer.close()


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1 << 16)
    writer.write(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}")
    await writer.drain()
    writer.close()


def test_a_refusal_is_given_whole_for_the_library_to_read() -> None:
    assert ask(refuse) == (429, b"{}")


def test_silence_is_a_timeout() -> None:
    with pytest.raises(TimedOut):
        ask(say_nothing, Timeouts(read=0.2))


@pytest.mark.parametrize("serve", [hang_up, None], ids=["hung up", "nobody there"])
def test_a_failure_is_named_without_the_address(serve: Serve | None) -> None:
    with pytest.raises(NetworkError) as failure:
        ask(serve)

    assert type(failure.value) is NetworkError
    assert "canary" not in repr(failure.value)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_what_is_not_open_says_so() -> None:
    request = AiohttpRequest("http://127.0.0.1:9", 1)

    with pytest.raises(NetworkError):
        asyncio.run(request.do_request("http://127.0.0.1:9/", "POST"))


def test_the_environments_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def proxied(url: str) -> bytes:
        seen = asyncio.get_running_loop().create_future()

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.set_result(await reader.readline())
            writer.close()

        server = await asyncio.start_server(proxy, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        request = AiohttpRequest(url, 1)
        await request.initialize()
        with pytest.raises(NetworkError):
            await request.do_request(f"{url}/getMe", "POST")
        await request.shutdown()
        server.close()
        return await seen

    asked = asyncio.run(proxied("http://api.example"))
    assert asked.startswith(b"POST http://api.example/getMe")
