"""bot/app.py: headers, health and error pages."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from fake_engine import FakeEngine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.channels.telegram.webhook import webhook
from bot.conversation import Conversations
from bot.settings import Settings
from bot.wording import Wording

ORIGIN = "https://listed.example"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PATHS = (
    *("/", "/?language=ar", "/worker", "/learn", "/numbers", "/page.css", "/nothing"),
    *("/embed", "/embed?language=ar", "/embed/builder", "/embed/nothing"),
    *("/widget.js", "/widget.js.map", "/aid.js", "/aid.js.map"),
    *("/builder.js", "/builder.js.map"),
    *("/health/live", "/health/ready"),
    *(
        "/api/v1/conversations",
        "/api/v1/conversations/keep",
        "/api/v1/messages",
        "/api/v1/numbers",
        "/api/v1/strings",
    ),
    *("/api/v1/openapi.json", "/api/v1/nothing", "/telegram/updates"),
)
ASSETS = (
    *("/widget.js", "/widget.js.map", "/aid.js", "/aid.js.map"),
    *("/builder.js", "/builder.js.map", "/page.css"),
)
FRAMED = ("/embed", "/embed?language=ar")
"""What other sites may show in a frame."""


class Nobody:
    """Takes no update of Telegram's."""

    def take(self, raw: dict[str, Any]) -> None:
        """Refuse it."""


@pytest.fixture
def web(conversations: Conversations, wording: Wording) -> APIFlask:
    settings = Settings(
        allowed_origins=frozenset({ORIGIN}),
        telegram_webhook_url="https://waymark.example/telegram/updates",
        telegram_webhook_secret="x" * 16,
    )
    return create_app(settings, conversations, wording, webhook(settings, Nobody()))


@pytest.fixture
def client(web: APIFlask) -> FlaskClient:
    return web.test_client()


def everywhere(client: FlaskClient, **headers: str) -> list[tuple[str, str, TestResponse]]:
    return [
        (method, path, client.open(path, method=method, headers=headers, buffered=True))
        for path in PATHS
        for method in METHODS
    ]


def policy(response: TestResponse) -> dict[str, list[str]]:
    directives = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for words in (each.split() for each in directives)}


def test_every_route_is_looked_at(web: APIFlask) -> None:
    known = {rule.rule for rule in web.url_map.iter_rules() if not rule.arguments}

    assert known <= set(PATHS)
    assert len([rule for rule in web.url_map.iter_rules() if rule.arguments]) == 1  # the scripts


# --- headers -------------------------------------------------------------------------------------
def test_no_cookie_is_ever_set(client: FlaskClient) -> None:
    assert [(m, p) for m, p, r in everywhere(client) if "Set-Cookie" in r.headers] == []


def test_the_policy_allows_nothing_inline_or_from_elsewhere(client: FlaskClient) -> None:
    for method, path, response in everywhere(client):
        directives = policy(response)
        sources = {
            source
            for name, values in directives.items()
            if name != "frame-ancestors"
            for source in values
        }
        assert directives["default-src"] == ["'none'"], (method, path)
        assert sources <= {"'none'", "'self'", "data:"}, (method, path)
        assert directives["script-src"] == ["'self'"], (method, path)
        assert directives["style-src"] == ["'self'"], (method, path)
        is_builder = path == "/embed/builder" and response.status_code != 405
        frames = "'self'" if is_builder else "'none'"
        assert directives["frame-src"] == [frames], (method, path)


def test_only_listed_sites_may_show_the_chat_in_a_frame_and_nothing_else(
    client: FlaskClient,
) -> None:
    for method, path, response in everywhere(client):
        is_framed = path in FRAMED and response.status_code != 405
        allowed = ["'self'", ORIGIN] if is_framed else ["'none'"]
        assert policy(response)["frame-ancestors"] == allowed, (method, path)
        deny = [] if is_framed else ["DENY"]
        assert response.headers.get_all("X-Frame-Options") == deny, (method, path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ],
)
def test_a_header_is_on_every_route_and_method(client: FlaskClient, name: str, value: str) -> None:
    assert [(m, p) for m, p, r in everywhere(client) if r.headers.get_all(name) != [value]] == []


def test_nothing_but_assets_may_be_stored(client: FlaskClient) -> None:
    stored = {p for _, p, r in everywhere(client) if r.headers.get("Cache-Control") != "no-store"}

    assert stored <= set(ASSETS)


def test_the_server_does_not_say_what_it_is(client: FlaskClient) -> None:
    assert "X-Powered-By" not in client.get("/").headers


# --- other sites ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "origin",
    [
        "https://other.example",
        "http://listed.example",
        "https://listed.example:444",
        "https://listed.example.evil.example",
        "https://evil-listed.example",
        "https://LISTED.example/",
        "null",
        "*",
        "",
    ],
)
def test_an_origin_that_is_not_listed_gets_nothing(client: FlaskClient, origin: str) -> None:
    names = {n for _, _, r in everywhere(client, Origin=origin) for n, _ in r.headers}

    assert {name for name in names if name.startswith("Access-Control")} == set()


def test_a_listed_origin_is_named_everywhere(client: FlaskClient) -> None:
    allowed = {
        r.headers.get("Access-Control-Allow-Origin") for *_, r in everywhere(client, Origin=ORIGIN)
    }

    assert allowed == {ORIGIN}


def test_credentials_are_never_allowed(client: FlaskClient) -> None:
    names = {n for *_, r in everywhere(client, Origin=ORIGIN) for n, _ in r.headers}

    assert "Access-Control-Allow-Credentials" not in names


def test_a_preflight_of_a_listed_origin_allows_the_token(client: FlaskClient) -> None:
    response = client.options(
        "/api/v1/messages",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )

    assert response.status_code == 200
    assert (
        response.headers["Access-Control-Allow-Headers"]
        == "Authorization, Content-Type, Idempotency-Key, Prefer"
    )
    assert "DELETE" in response.headers["Access-Control-Allow-Methods"]


def test_caches_keep_origins_apart(client: FlaskClient) -> None:
    assert [p for _, p, r in everywhere(client) if "Origin" not in r.headers.get("Vary", "")] == []


def test_any_site_may_load_the_widget(client: FlaskClient) -> None:
    response = client.get("/widget.js", buffered=True)

    assert response.status_code == 200
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


# --- health --------------------------------------------------------------------------------------
def test_ready_is_503_and_says_what_is_wrong(client: FlaskClient, engine: FakeEngine) -> None:
    engine.trouble_is = "Redis does not answer"

    response = client.get("/health/ready")

    assert (response.status_code, response.get_json()) == (
        503,
        {"status": "Redis does not answer"},
    )


def test_live_does_not_hang_on_the_engine(client: FlaskClient, engine: FakeEngine) -> None:
    engine.trouble_is = "Redis does not answer"

    response = client.get("/health/live")

    assert (response.status_code, response.get_json()) == (200, {"status": "alive"})


def test_ready(client: FlaskClient) -> None:
    response = client.get("/health/ready")

    assert (response.status_code, response.get_json()) == (200, {"status": "ready"})


# --- error pages ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_a_lost_page_shows_the_numbers(client: FlaskClient, language: str, direction: str) -> None:
    response = client.get(f"/nothing?language={language}")

    assert response.status_code == 404
    assert f'lang="{language}" dir="{direction}"' in response.text
    assert 'href="tel:999"' in response.text
    assert 'href="tel:08000121700"' in response.text


def test_a_lost_page_quotes_nothing(client: FlaskClient) -> None:
    assert "zzz" not in client.get("/zzz?zzz=<zzz>").text
