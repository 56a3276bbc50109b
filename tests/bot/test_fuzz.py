"""Whatever is sent to the API: an answer in its one shape, never a 5xx, never a stack trace.

schemathesis makes requests from our own OpenAPI document, right ones and wrong ones.
"""

from __future__ import annotations

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
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bot.app import create_app
from bot.conversation import Conversations
from bot.limits import Limits
from bot.settings import Settings
from bot.wording import Wording, load_wording


class NoLimits(Limits):
    """Floods have tests of their own."""

    def wait(self, *_: Any) -> float:
        return 0.0


@pytest.fixture(scope="module")
def app() -> APIFlask:
    conversations = Conversations(FakeEngine(), load_wording())
    return create_app(Settings(), conversations, load_wording(), limits=NoLimits())


CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


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


@pytest.mark.parametrize(("operation", "mode"), TRIED)
def test_requests_by_the_book_and_against_it(
    operations: dict[str, Any], operation: str, mode: GenerationMode
) -> None:
    @given(case=operations[operation].as_strategy(generation_mode=mode))
    @settings(max_examples=40, deadline=3000, suppress_health_check=QUIET, derandomize=True)
    def send(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    send()


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
HEADER = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60)


@given(path=PATHS, method=METHODS, body=JSON, language=st.text(), token=HEADER, accept=HEADER)
@settings(max_examples=300, deadline=3000, suppress_health_check=QUIET, derandomize=True)
def test_any_body_any_header_any_language(
    client: FlaskClient, path: str, method: str, body: Any, language: str, token: str, accept: str
) -> None:
    response = client.open(
        f"/api/v1/{path}",
        method=method,
        json=body,
        query_string={"language": language, "borough": language, "for": language},
        headers={"Authorization": f"Bearer {token}", "Accept-Language": accept},
    )

    assert response.status_code < 500
    assert "Traceback" not in response.text


@given(page=st.sampled_from(["", "worker", "learn", "numbers", "embed"]), value=st.text())
@settings(max_examples=200, deadline=3000, suppress_health_check=QUIET, derandomize=True)
def test_any_address_of_a_page(client: FlaskClient, page: str, value: str) -> None:
    names = ("language", "person", "role", "borough", "route", "accent")
    response = client.get(f"/{page}", query_string=dict.fromkeys(names, value))

    assert response.status_code == 200
    assert "<script>" not in response.text


def test_the_fuzzing_meets_a_mistake(wording: Wording) -> None:
    """A route that fails is found: the tests above can fail."""
    app = create_app(Settings(), Conversations(FakeEngine(), wording), wording)

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError

    assert app.test_client().get("/broken").status_code == 500
