"""Whatever is sent to the API: an answer in its one shape, never a 5xx, never a stack trace.

schemathesis makes requests from our own OpenAPI document, right ones and wrong ones. Half of what
is sent opens a conversation, so that it meets more than a closed door.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from fake_engine import FakeEngine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bot.app import create_app
from bot.conversation import Conversations
from bot.engine.base import Typed
from bot.limits import Limits
from bot.settings import Settings
from bot.wording import load_wording


class NoLimits(Limits):
    """Floods have tests of their own."""

    def wait(self, *_: Any) -> float:
        return 0.0


@pytest.fixture(autouse=True)
def _a_hang_is_found() -> Iterator[None]:
    """No single request has a deadline: a machine may be slow."""

    def fail(*_: object) -> None:
        pytest.fail("a request never ends")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(HANGS_AFTER_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(scope="module")
def app(engine: FakeEngine) -> APIFlask:
    conversations = Conversations(engine, load_wording())
    return create_app(Settings(), conversations, load_wording(), limits=NoLimits())


HANGS_AFTER_S = 600
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


def tried(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=QUIET, derandomize=True
    )


def opening(client: FlaskClient) -> dict[str, str]:
    """The header that opens a new conversation."""
    token = client.post("/api/v1/conversations", json={}).get_json()["token"]
    return {"Authorization": f"Bearer {token}"}


OPERATIONS = (
    *("POST /api/v1/conversations", "DELETE /api/v1/conversations"),
    *("POST /api/v1/conversations/keep", "POST /api/v1/messages"),
    *("GET /api/v1/numbers", "GET /api/v1/strings", "GET /health/live", "GET /health/ready"),
)


@pytest.fixture(scope="module")
def operations(app: APIFlask) -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    return {each.ok().label: each.ok() for each in schema.get_all_operations()}


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert set(operations) == set(OPERATIONS)


TAKES_NOTHING = (
    "GET /health/live",
    "GET /health/ready",
    "GET /api/v1/numbers",
    "GET /api/v1/strings",
)
"""Nothing that they are sent can be wrong: what they don't know is passed over."""
TRIED = [
    *((operation, GenerationMode.POSITIVE) for operation in OPERATIONS),
    *((each, GenerationMode.NEGATIVE) for each in OPERATIONS if each not in TAKES_NOTHING),
]


def send_all(client: FlaskClient, operation: Any, mode: GenerationMode) -> set[int]:
    """Make many requests.

    Returns:
        The status of those that were answered as they should.
    """
    statuses = set()

    @given(case=operation.as_strategy(generation_mode=mode), is_open=st.booleans())
    @tried(40)
    def send(case: Any, is_open: bool) -> None:
        headers = opening(client) if is_open else None
        statuses.add(case.call_and_validate(checks=CHECKS, headers=headers).status_code)

    send()
    return statuses


@pytest.mark.parametrize(("operation", "mode"), TRIED)
def test_requests_by_the_book_and_against_it(
    client: FlaskClient, operations: dict[str, Any], operation: str, mode: GenerationMode
) -> None:
    statuses = send_all(client, operations[operation], mode)

    assert mode is GenerationMode.NEGATIVE or statuses & {200, 201, 204}, "nothing went through"


@pytest.fixture(scope="module")
def client(app: APIFlask) -> FlaskClient:
    client: FlaskClient = app.test_client()
    return client


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PATHS = st.sampled_from(
    ["conversations", "conversations/keep", "messages", "numbers", "strings", "nothing"]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
SAYING = st.tuples(
    st.just("POST"), st.just("messages"), st.fixed_dictionaries({"text": st.text() | JSON})
)
ASKED = SAYING | st.tuples(METHODS, PATHS, JSON)
"""How, what, and with which body; half of them are messages."""
HEADER = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60)


def test_any_body_any_header_any_language(client: FlaskClient, engine: FakeEngine) -> None:
    @given(asked=ASKED, language=st.text(), token=st.none() | HEADER, accept=HEADER)
    @tried(300)
    def send(asked: tuple[str, str, Any], language: str, token: str | None, accept: str) -> None:
        method, path, body = asked
        opens = opening(client) if token is None else {"Authorization": f"Bearer {token}"}
        response = client.open(
            f"/api/v1/{path}",
            method=method,
            json=body,
            query_string={"language": language, "borough": language, "for": language},
            headers={**opens, "Accept-Language": accept},
        )

        assert response.status_code < 500
        assert "Traceback" not in response.text

    before = len(engine.turns)
    send()

    assert any(isinstance(said, Typed) for _, said in engine.turns[before:]), "no turn was run"


MARKUP = st.builds(
    "{}{}<script>{}".format,
    st.sampled_from(["", '"', "'", "-->", "</title>"]),
    st.text(),
    st.text(),
)


@given(page=st.sampled_from(["", "worker", "learn", "numbers", "embed"]), value=st.text() | MARKUP)
@tried(200)
def test_any_address_of_a_page(client: FlaskClient, page: str, value: str) -> None:
    names = ("language", "person", "role", "borough", "route", "accent")
    response = client.get(f"/{page}", query_string=dict.fromkeys(names, value))

    assert response.status_code == 200
    assert "<script>" not in response.text


def test_the_fuzzing_meets_a_mistake(
    client: FlaskClient, operations: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake that only an open conversation reaches is found: the tests above can fail."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.conversation.clean", broken)
    with pytest.raises(FailureGroup, match="Server error"):
        send_all(client, operations["POST /api/v1/messages"], GenerationMode.POSITIVE)
