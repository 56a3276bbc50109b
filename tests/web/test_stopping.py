"""The server is stopped while people talk: every turn under way is answered."""

from __future__ import annotations

import json
import signal
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Server

TALKS = 8
PASSPORT = "My boss keeps my passport and I sleep at work"


@pytest.fixture
def own_server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


def post(url: str, body: dict[str, str], token: str = "") -> dict[str, object]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        shape: dict[str, object] = json.load(answer)
        return shape


def test_turns_under_way_are_answered_when_it_is_stopped(own_server: Server) -> None:
    api = f"{own_server.url}/api/v1"
    tokens = [str(post(f"{api}/conversations", {})["token"]) for _ in range(TALKS)]
    with ThreadPoolExecutor(TALKS) as pool:
        under_way = [
            pool.submit(post, f"{api}/messages", {"text": PASSPORT}, token) for token in tokens
        ]
        time.sleep(0.1)
        own_server.process.send_signal(signal.SIGTERM)
        answers = [each.result() for each in under_way]

    assert all(answer["replies"] for answer in answers)
    assert own_server.process.wait(timeout=15) == 0
