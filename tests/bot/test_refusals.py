"""bot/refusals.py: what the web server itself refuses has the one error shape too."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from waitress import create_server

from bot.app import create_app
from bot.conversation import Conversations
from bot.refusals import answer_refusals
from bot.settings import Settings
from bot.wording import Wording

ORIGIN = "https://listed.example"
POST = "POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nAccept-Language: ar\r\n"
BIG = "x" * 5000


@pytest.fixture
def port(conversations: Conversations, wording: Wording) -> Iterator[int]:
    """The application behind waitress with low limits."""
    app = create_app(Settings(allowed_origins=frozenset({ORIGIN})), conversations, wording)
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        host="127.0.0.1",
        port=0,
        max_request_body_size=1000,
        max_request_header_size=2000,
    )
    answer_refusals(sockets)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)
    thread.join(2)


def answer(port: int, request: str) -> tuple[str, str]:
    """Send raw bytes; give head and body of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request.encode())
        received = b""
        while more := connection.recv(65536):
            received += more
    head, _, body = received.decode().partition("\r\n\r\n")
    return head, body


@pytest.mark.parametrize(
    "body",
    [
        f"Content-Length: {len(BIG)}\r\n\r\n{BIG}",
        f"Transfer-Encoding: chunked\r\n\r\n{len(BIG):x}\r\n{BIG}\r\n0\r\n\r\n",
    ],
    ids=["whole", "in chunks"],
)
def test_a_body_that_is_too_big(port: int, body: str) -> None:
    head, text = answer(port, f"{POST}Origin: {ORIGIN}\r\n{body}")
    error = json.loads(text)

    assert head.startswith("HTTP/1.1 413 ")
    assert f"Access-Control-Allow-Origin: {ORIGIN}" in head
    assert (error["error"]["code"], error["language"], error["dir"]) == ("too_large", "ar", "rtl")
    assert [link["href"] for link in error["error"]["links"]] == ["tel:999", "tel:08000121700"]
    assert "xxx" not in text


@pytest.mark.parametrize(
    ("request_", "status"),
    [(f"GET / HTTP/1.1\r\nCookie: {BIG}\r\n\r\n", "431"), ("\x00nonsense\r\n\r\n", "400")],
    ids=["long headers", "no HTTP"],
)
def test_what_a_browser_may_show_is_a_page(port: int, request_: str, status: str) -> None:
    head, text = answer(port, request_)

    assert f" {status} " in head.splitlines()[0]
    assert "Content-Security-Policy:" in head
    assert 'href="tel:999"' in text and 'href="tel:08000121700"' in text
    assert "xxx" not in text and "nonsense" not in text
