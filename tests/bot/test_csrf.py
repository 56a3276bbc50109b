"""What another site makes a browser send changes nothing: no cookie opens a conversation."""

from __future__ import annotations

import pytest
from fake_engine import FakeEngine
from flask.testing import FlaskClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.settings import Settings
from bot.wording import Wording

ELSEWHERE = "https://elsewhere.example"
START = "/api/v1/conversations"
CHANGING = {
    ("POST", START),
    ("DELETE", START),
    ("POST", "/api/v1/conversations/keep"),
    ("POST", "/api/v1/messages"),
}
FORMS = {
    "application/x-www-form-urlencoded": b"choice=/delete_chat&language=es",
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="choice"'
    b"\r\n\r\n/delete_chat\r\n--x--\r\n",
    "text/plain": b'{"choice": "/delete_chat"}',
}
"""The only kinds of body that a site may send to another without asking it."""


@pytest.fixture
def client(conversations: Conversations, wording: Wording) -> FlaskClient:
    listed = Settings(allowed_origins=frozenset({"https://listed.example"}))
    client: FlaskClient = create_app(listed, conversations, wording).test_client()
    return client


def test_every_route_that_changes_something_is_tried(client: FlaskClient) -> None:
    changing = {
        (method, rule.rule)
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }

    assert changing == CHANGING


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize(("method", "path"), sorted(CHANGING))
def test_a_form_of_another_site_changes_nothing(
    client: FlaskClient, engine: FakeEngine, method: str, path: str, kind: str
) -> None:
    token = client.post(START, json={}).get_json()["token"]
    client.set_cookie("token", token)
    client.set_cookie("Authorization", f"Bearer {token}")
    turns = list(engine.turns)

    answer = client.open(
        path,
        method=method,
        data=FORMS[kind],
        content_type=kind,
        headers={"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"},
    )
    asked = client.options(
        path, headers={"Origin": ELSEWHERE, "Access-Control-Request-Method": method}
    )

    assert answer.status_code in (400, 401)
    assert engine.turns == turns
    assert engine.erased == engine.kept == []
    for each in (answer, asked):
        names = {name.lower() for name, _ in each.headers}
        assert "set-cookie" not in names
        assert {name for name in names if name.startswith("access-control-")} == set()
