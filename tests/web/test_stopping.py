"""The server is stopped while people talk: whoever has asked is answered."""

from __future__ import annotations

import json
import signal
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import Server, until
from connections import read_to_the_end

TALKS = 40
PASSPORT = "My boss keeps my passport and I sleep at work"
NUMBERS = {"tel:999", "tel:08000121700"}


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """As long as this file is there, nothing that is typed is read."""
    return tmp_path / "held"


@pytest.fixture
def own_server(held: Path) -> Iterator[Server]:
    server = Server(str(Path(__file__).with_name("held_server.py")), str(held))
    server.start()
    yield server
    held.unlink(missing_ok=True)
    server.stop()


def post(url: str, body: dict[str, str], token: str = "") -> dict[str, Any]:
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
        "Prefer": "wait=8",
    }
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        shape: dict[str, Any] = json.load(answer)
        return shape


def test_turns_under_way_are_answered_when_it_is_stopped(own_server: Server, held: Path) -> None:
    """Those too that wait for their turn to be read."""
    api = f"{own_server.url}/api/v1"
    tokens = [str(post(f"{api}/conversations", {})["token"]) for _ in range(TALKS)]
    held.touch()
    with ThreadPoolExecutor(TALKS) as pool:
        under_way = [
            pool.submit(post, f"{api}/messages", {"text": PASSPORT}, token) for token in tokens
        ]
        until(lambda: in_hand(own_server) + sum(map(Future.done, under_way)) >= TALKS)
        own_server.process.send_signal(signal.SIGTERM)
        held.unlink()
        answers = [each.result() for each in under_way]

    assert all(answer["replies"] for answer in answers)
    assert any(not hrefs(answer) >= NUMBERS for answer in answers), "apologies only"
    assert own_server.process.wait(timeout=60) == 0


def in_hand(server: Server) -> int:
    """Requests that it has read and not answered."""
    return read_to_the_end(server.port)


def hrefs(answer: dict[str, Any]) -> set[str]:
    return {link["href"] for link in answer["replies"][0]["links"]}
