"""The web application on a fake engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.settings import Settings
from bot.wording import Wording

ORIGIN = "https://listed.example"


@pytest.fixture
def web(conversations: Conversations, wording: Wording) -> APIFlask:
    """The application; one site may embed it."""
    return create_app(Settings(allowed_origins=frozenset({ORIGIN})), conversations, wording)


@pytest.fixture
def client(web: APIFlask) -> FlaskClient:
    return web.test_client()


@pytest.fixture
def begin(client: FlaskClient) -> Callable[..., dict[str, str]]:
    """Start a conversation; gives the headers that open it."""

    def start(**hints: str) -> dict[str, str]:
        token = client.post("/api/v1/conversations", json=hints).get_json()["token"]
        return {"Authorization": f"Bearer {token}"}

    return start
