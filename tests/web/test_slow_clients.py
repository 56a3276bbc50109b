"""Clients that send a byte and then wait hold up nobody else."""

from __future__ import annotations

import contextlib
import json
import socket
import urllib.request

from conftest import Server

from bot.serve import CONNECTIONS

MANY = CONNECTIONS - 40
"""Nine times what waitress would hold open by itself; the rest is for those who are not slow."""
CLOSED_WITHIN_S = 600
"""A minute is promised, and it is looked for every half minute; here only that it comes."""
BEGUN = (
    b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 4000\r\n\r\n{"text": "'
)


def test_many_slow_clients_hold_up_nobody(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for begun in (BEGUN, BEGUN[:20]) * (MANY // 2):
            slow = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            stack.enter_context(slow).sendall(begun)
        request = urllib.request.Request(
            f"{server.url}/api/v1/conversations", b"{}", {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            began = json.load(answer)

    assert began["replies"][0]["links"]


def test_a_client_that_says_no_more_is_hung_up_on(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=CLOSED_WITHIN_S) as slow:
        slow.sendall(BEGUN)

        assert slow.recv(1) == b""
