"""bot/channels/api.py: every route's status and shape, and one error shape everywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from fake_engine import FakeEngine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.conversation import Conversations
from bot.errors import EngineUnavailableError
from bot.wording import Wording

Begin = Callable[..., dict[str, str]]
START, MESSAGES = "/api/v1/conversations", "/api/v1/messages"
NUMBERS = {"tel:999", "tel:08000121700"}
UNKNOWN = {"Authorization": "Bearer zzz-unknown"}


def assert_error(
    response: TestResponse, status: int, code: str, language: str = "en", direction: str = "ltr"
) -> None:
    """The one error shape, with the numbers, in this language."""
    assert response.status_code == status
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert set(body) == {"error", "language", "dir"}
    assert set(body["error"]) == {"code", "message", "links"}
    assert (body["error"]["code"], body["language"], body["dir"]) == (code, language, direction)
    assert {link["href"] for link in body["error"]["links"]} >= NUMBERS
    assert all(set(link) == {"label", "href", "kind"} for link in body["error"]["links"])
    assert "999" in body["error"]["message"]


# --- refused before the engine ----------------------------------------------------------------
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_an_unknown_route(client: FlaskClient, language: str, direction: str) -> None:
    response = client.get(f"/api/v1/nothing?language={language}")

    assert_error(response, 404, "not_found", language, direction)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", START),
        ("PUT", START),
        ("GET", MESSAGES),
        ("DELETE", MESSAGES),
        ("POST", "/api/v1/numbers"),
    ],
)
def test_a_method_that_is_not_allowed(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)

    assert_error(response, 405, "method_not_allowed")
    assert "OPTIONS" in response.headers["Allow"]
    assert method not in response.headers["Allow"].split(", ")


@pytest.mark.parametrize("path", [START, MESSAGES])
def test_a_body_of_a_megabyte(client: FlaskClient, path: str) -> None:
    response = client.post(
        path, data=b'{"text":"' + b"x" * 1_000_000 + b'"}', content_type="application/json"
    )

    assert_error(response, 413, "too_large")


BAD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "broken JSON": b'{"text": ',
    "a list": b"[]",
    "null": b"null",
    "a number": b"5",
    "a word": b'"text"',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "an empty object": b"{}",
    "a number as text": b'{"text": 5}',
    "a list as text": b'{"text": ["a"]}',
    "null as text": b'{"text": null}',
    "an object as choice": b'{"choice": {}}',
    "no choices": b'{"choices": []}',
    "choices that are no list": b'{"choices": "/open_doors"}',
    "too many choices": b'{"choices": [' + b",".join([b'"/open_doors"'] * 21) + b"]}",
    "text and choice": b'{"text": "a", "choice": "/open_doors"}',
    "choice and choices": b'{"choice": "/open_doors", "choices": ["/open_doors"]}',
    "an extra field": b'{"text": "a", "name": "zzz"}',
    "a text of 10,001 characters": b'{"text": "' + b"x" * 10_001 + b'"}',
    "a choice of 201 characters": b'{"choice": "/' + b"x" * 200 + b'"}',
    "a deep nest": b'{"text": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_message(client: FlaskClient, begin: Begin, body: bytes) -> None:
    response = client.post(MESSAGES, data=body, headers=begin(), content_type="application/json")

    assert_error(response, 400, "bad_request")


def test_a_message_that_is_not_json(client: FlaskClient, begin: Begin) -> None:
    response = client.post(MESSAGES, data={"text": "hello"}, headers=begin())

    assert_error(response, 400, "bad_request")


def test_an_error_quotes_nothing_of_the_request(client: FlaskClient, begin: Begin) -> None:
    response = client.post(
        f"{MESSAGES}?zzz=1", json={"text": ["zzz-secret"], "zzz": 1}, headers=begin()
    )

    assert "zzz" not in response.text


@pytest.mark.parametrize("text", ["", "  ", "\u0000", "/"])
def test_a_text_without_content(client: FlaskClient, begin: Begin, text: str) -> None:
    assert_error(client.post(MESSAGES, json={"text": text}, headers=begin()), 400, "bad_request")


@pytest.mark.parametrize("choice", ["", "x", "/become_admin", '/answer{"admin":"1"}'])
def test_an_unknown_choice(client: FlaskClient, begin: Begin, choice: str) -> None:
    response = client.post(MESSAGES, json={"choice": choice}, headers=begin())

    assert_error(response, 400, "bad_request")


@pytest.mark.parametrize(
    "hints",
    [
        {"language": 5},
        {"language": "x" * 36},
        {"route": "admin"},
        {"route": None},
        {"borough": ["camden"]},
        {"borough": "x" * 41},
        {"name": "zzz"},
    ],
    ids=str,
)
def test_bad_hints(client: FlaskClient, hints: dict[str, Any]) -> None:
    assert_error(client.post(START, json=hints), 400, "bad_request")


def test_hints_that_are_not_json(client: FlaskClient) -> None:
    """They would be passed over, and the person met in the wrong language."""
    response = client.post(START, data='{"language": "es"}', content_type="text/plain")

    assert_error(response, 400, "bad_request")


def test_bad_hints_are_answered_in_their_language(client: FlaskClient) -> None:
    hints = {"language": "es", "route": "admin"}

    response = client.post(START, json=hints, headers={"Accept-Language": "ar"})

    assert_error(response, 400, "bad_request", "es")


HEADERS_THAT_OPEN_NOTHING: dict[str, dict[str, str]] = {
    "no token": {},
    "an empty token": {"Authorization": "Bearer "},
    "an unknown token": UNKNOWN,
    "another scheme": {"Authorization": "Basic eDp5"},
    "no scheme": {"Authorization": "zzz-unknown"},
    "garbage": {"Authorization": "Bearer \u00ff\u00fe\u00e9"},
    "a huge token": {"Authorization": "Bearer " + "x" * 10_000},
}


@pytest.mark.parametrize(
    "headers", HEADERS_THAT_OPEN_NOTHING.values(), ids=HEADERS_THAT_OPEN_NOTHING
)
@pytest.mark.parametrize("body", [{"text": "hello"}, {"choice": "/open_doors"}], ids=str)
def test_a_token_that_opens_nothing(
    client: FlaskClient, headers: dict[str, str], body: dict[str, str]
) -> None:
    response = client.post(MESSAGES, json=body, headers=headers)

    assert_error(response, 401, "conversation_expired")


def test_a_token_in_the_address_opens_nothing(client: FlaskClient, begin: Begin) -> None:
    token = begin()["Authorization"].split()[1]

    response = client.post(f"{MESSAGES}?token={token}", json={"text": "hello"})

    assert_error(response, 401, "conversation_expired")


def test_erasing_needs_a_token(client: FlaskClient) -> None:
    assert_error(client.delete(START), 401, "conversation_expired")


# --- the language of an error -------------------------------------------------------------------
def test_an_error_speaks_the_browser_s_language(client: FlaskClient) -> None:
    headers = {**UNKNOWN, "Accept-Language": "xx, ar-EG;q=0.9, en;q=0.1"}

    response = client.post(MESSAGES, json={"text": "hello"}, headers=headers)

    assert_error(response, 401, "conversation_expired", "ar", "rtl")


def test_the_language_asked_for_goes_before_the_browser_s(client: FlaskClient) -> None:
    headers = {**UNKNOWN, "Accept-Language": "ar"}

    response = client.post(f"{MESSAGES}?language=es-419", json={"text": "a"}, headers=headers)

    assert_error(response, 401, "conversation_expired", "es")


def test_a_refused_choice_speaks_the_conversation_s_language(
    client: FlaskClient, begin: Begin
) -> None:
    response = client.post(MESSAGES, json={"choice": "/x"}, headers=begin(language="ar"))

    assert_error(response, 400, "bad_request", "ar", "rtl")


@pytest.mark.parametrize(
    "body",
    [{"text": "x" * 10_001}, {"text": "a", "choice": "/open_doors"}, {}],
    ids=["long", "both", "none"],
)
def test_a_malformed_message_speaks_the_conversation_s_language(
    client: FlaskClient, begin: Begin, body: dict[str, str]
) -> None:
    """A person who pastes a long text must be answered in the language of the chat."""
    response = client.post(MESSAGES, json=body, headers=begin(language="ar"))

    assert_error(response, 400, "bad_request", "ar", "rtl")


@pytest.mark.parametrize("value", ["xx", "", "*", "..", "%00", "%F0%28"])
def test_an_unknown_language_is_english(client: FlaskClient, value: str) -> None:
    response = client.get(f"/api/v1/numbers?language={value}")

    assert (response.status_code, response.get_json()["language"]) == (200, "en")


# --- the engine fails ---------------------------------------------------------------------------
def fail(*_: object) -> list[dict[str, Any]]:
    raise EngineUnavailableError("choked on zzz-secret")


def test_a_failing_engine_is_an_answer_with_numbers(
    client: FlaskClient, begin: Begin, engine: FakeEngine
) -> None:
    headers = begin(language="ar")
    engine.answer = fail

    response = client.post(MESSAGES, json={"text": "hello"}, headers=headers)

    body = response.get_json()
    assert (response.status_code, body["language"], body["dir"]) == (200, "ar", "rtl")
    assert {link["href"] for link in body["replies"][0]["links"]} >= NUMBERS


def test_a_start_without_an_engine_is_an_answer_with_numbers(
    client: FlaskClient, engine: FakeEngine
) -> None:
    engine.answer = fail

    response = client.post(START, json={"language": "es"})

    body = response.get_json()
    assert (response.status_code, body["language"]) == (201, "es")
    assert {link["href"] for link in body["replies"][0]["links"]} >= NUMBERS


def test_an_unforeseen_error_has_the_one_shape_and_no_words_in_the_log(
    client: FlaskClient, begin: Begin, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> list[dict[str, Any]]:
        raise RuntimeError("choked on zzz-secret")

    headers = begin(language="es")
    engine.answer = break_down
    with caplog.at_level(logging.DEBUG):
        response = client.post(MESSAGES, json={"text": "zzz-secret"}, headers=headers)

    assert_error(response, 500, "problem", "es")
    assert [r.getMessage() for r in caplog.records if "zzz" in r.getMessage()] == []


@pytest.mark.parametrize("path", ["/api/v1/numbers?language=es", "/api/v1/strings?language=es"])
def test_numbers_and_strings_need_no_engine(
    client: FlaskClient, engine: FakeEngine, path: str
) -> None:
    engine.answer, engine.trouble_is = fail, "the engine does not answer"

    response = client.get(path)

    assert response.status_code == 200
    assert {link["href"] for link in response.get_json()["numbers"]} >= NUMBERS
    assert engine.turns == []


# --- what works -----------------------------------------------------------------------------------
def test_start(client: FlaskClient) -> None:
    response = client.post(START, json={"language": "es", "route": "other", "borough": "camden"})

    body = response.get_json()
    assert response.status_code == 201
    assert set(body) == {"token", "language", "dir", "replies", "ended"}
    assert (body["language"], body["dir"], body["ended"]) == ("es", "ltr", False)
    assert body["replies"] == [
        {
            "text": "Hello.",
            "tone": "normal",
            "choices": [{"id": "/open_doors", "label": "Back"}],
            "links": [],
        }
    ]


def test_start_without_a_body(client: FlaskClient) -> None:
    assert client.post(START).status_code == 201


def test_an_unknown_borough_is_dropped(client: FlaskClient) -> None:
    assert client.post(START, json={"borough": "atlantis"}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"text": "hello"},
        {"text": "x" * 10_000},
        {"choice": "/open_doors"},
        {"choices": ['/answer{"noticed":"debt"}', '/answer{"noticed":"threats"}']},
    ],
    ids=["text", "long text", "choice", "choices"],
)
def test_a_message(client: FlaskClient, begin: Begin, body: dict[str, Any]) -> None:
    response = client.post(MESSAGES, json=body, headers=begin())

    assert response.status_code == 200
    assert set(response.get_json()) == {"language", "dir", "replies", "ended"}


def test_the_scheme_may_be_in_lower_case(client: FlaskClient, begin: Begin) -> None:
    token = begin()["Authorization"].split()[1]

    response = client.post(
        MESSAGES, json={"text": "hello"}, headers={"Authorization": f"bearer {token}"}
    )

    assert response.status_code == 200


def test_erase(client: FlaskClient, begin: Begin) -> None:
    headers = begin()

    response = client.delete(START, headers=headers)

    assert (response.status_code, response.data) == (204, b"")
    assert_error(
        client.post(MESSAGES, json={"text": "hello"}, headers=headers), 401, "conversation_expired"
    )


@pytest.mark.parametrize(
    ("query", "asked"),
    [("", "erase"), ("?closed=0", "erase"), ("?closed=1", "close"), ("?other=1", "erase")],
)
def test_whoever_closed_the_page_did_not_ask_to_delete(
    client: FlaskClient, begin: Begin, monkeypatch: pytest.MonkeyPatch, query: str, asked: str
) -> None:
    """Both forget the conversation; only what was counted differs (bot/tallies/counting.py)."""
    calls: list[str] = []
    for name in ("erase", "close"):
        usual = getattr(Conversations, name)
        monkeypatch.setattr(
            Conversations, name, lambda *given, n=name, f=usual: (calls.append(n), f(*given))
        )
    headers = begin()
    response = client.delete(START + query, headers=headers)

    assert (response.status_code, response.data, calls) == (204, b"", [asked])
    assert_error(
        client.post(MESSAGES, json={"text": "hello"}, headers=headers), 401, "conversation_expired"
    )


def test_a_conversation_is_held_for_longer(
    client: FlaskClient, engine: FakeEngine, begin: Begin
) -> None:
    response = client.post(f"{START}/keep", headers=begin())

    assert (response.status_code, response.get_json()) == (200, {"minutes": 30})
    assert len(engine.kept) == 1


def test_what_is_over_is_not_held(client: FlaskClient) -> None:
    assert_error(client.post(f"{START}/keep", headers=UNKNOWN), 401, "conversation_expired")


def test_erasing_an_unknown_conversation_is_no_error(client: FlaskClient) -> None:
    assert client.delete(START, headers=UNKNOWN).status_code == 204


def test_a_deleted_chat_says_so_and_is_gone(client: FlaskClient, begin: Begin) -> None:
    headers = begin()

    response = client.post(MESSAGES, json={"choice": "/delete_chat"}, headers=headers)

    assert response.get_json()["ended"] is True
    assert_error(
        client.post(MESSAGES, json={"text": "hello"}, headers=headers), 401, "conversation_expired"
    )


def test_numbers(client: FlaskClient) -> None:
    body = client.get("/api/v1/numbers?language=ar").get_json()

    assert set(body) == {"language", "dir", "numbers"}
    assert (body["language"], body["dir"]) == ("ar", "rtl")
    assert [link["href"] for link in body["numbers"]][:2] == ["tel:999", "tel:08000121700"]


def test_only_a_worker_gets_the_words_of_the_aid(client: FlaskClient) -> None:
    plain, worker = (
        client.get(f"/api/v1/strings?language=es{more}").get_json()["strings"]
        for more in ("", "&for=worker")
    )

    assert not [key for key in plain if key.startswith(("aid_", "page_"))]
    assert {key for key in worker if key.startswith("aid_")}
    assert set(plain) < set(worker)


@pytest.mark.parametrize("more", ["&for=x", "&borough=atlantis", "&borough=%F0%9F%92%A5&x=1"])
def test_what_strings_does_not_know_is_passed_over(client: FlaskClient, more: str) -> None:
    plain = client.get("/api/v1/strings?language=es").get_json()

    assert client.get(f"/api/v1/strings?language=es{more}").get_json() == plain


def test_a_borough_s_languages_come_first(client: FlaskClient, wording: Wording) -> None:
    place = next(each for each in wording.directory.places.values() if each.languages)
    body = client.get(f"/api/v1/strings?language=en&borough={place.id}").get_json()
    codes = [each["code"] for each in body["languages"]]

    assert codes[: len(place.languages)] == list(place.languages)
    assert sorted(codes) == sorted(wording.catalogues.languages)


def test_strings(client: FlaskClient) -> None:
    body = client.get("/api/v1/strings?language=es").get_json()

    assert set(body) == {"language", "dir", "numbers", "strings", "languages"}
    assert {"code": "ar", "name": "العربية", "dir": "rtl"} in body["languages"]
    assert all(isinstance(text, str) for text in body["strings"].values())


# --- the document ---------------------------------------------------------------------------------
def test_the_openapi_document_names_every_route(client: FlaskClient, web: Any) -> None:
    document = client.get("/api/v1/openapi.json").get_json()

    routes = {
        (rule.rule, method.lower())
        for rule in web.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api/v1/", "/health/")) and not rule.rule.endswith("openapi.json")
    }
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described == routes


def test_the_openapi_document_has_no_page_of_a_stranger(web: Any) -> None:
    """Interactive documentation would load scripts from elsewhere."""
    rules = {rule.rule for rule in web.url_map.iter_rules()}

    assert rules & {"/docs", "/redoc"} == set()


def test_the_openapi_document_protects_what_needs_a_token(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]

    protected = {
        (path, method)
        for path, item in paths.items()
        for method, operation in item.items()
        if operation.get("security")
    }
    assert protected == {(MESSAGES, "post"), (START, "delete"), (f"{START}/keep", "post")}


SEEN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "start": ("POST", START, {"json": {}}),
    "bad start": ("POST", START, {"json": {"route": 5}}),
    "long start": ("POST", START, {"json": {"route": "x" * 70_000}}),
    "no token": ("POST", MESSAGES, {"json": {"text": "a"}}),
    "bad message": ("POST", MESSAGES, {"json": {}}),
    "erase without token": ("DELETE", START, {}),
    "numbers": ("GET", "/api/v1/numbers", {}),
    "strings": ("GET", "/api/v1/strings", {}),
    "live": ("GET", "/health/live", {}),
    "ready": ("GET", "/health/ready", {}),
    "not ready": ("GET", "/health/ready", {}),
}


@pytest.mark.parametrize(("method", "path", "options"), SEEN.values(), ids=SEEN)
def test_the_openapi_document_describes_what_is_answered(
    client: FlaskClient,
    engine: FakeEngine,
    request: pytest.FixtureRequest,
    method: str,
    path: str,
    options: dict[str, Any],
) -> None:
    """Every status is named, and its schema has the fields that the answer has."""
    document = client.get("/api/v1/openapi.json").get_json()
    engine.trouble_is = "the engine does not answer" if "not ready" in request.node.name else ""

    response = client.open(path, method=method, **options)

    described = document["paths"][path][method.lower()]["responses"][str(response.status_code)]
    [name] = described["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1:]
    schema = document["components"]["schemas"][name]
    answered = set(response.get_json())
    assert set(schema["required"]) <= answered <= set(schema["properties"])


def test_the_openapi_document_names_no_other_shape_of_errors(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()

    assert {"HTTPError", "ValidationError"} & set(document["components"]["schemas"]) == set()
    assert "servers" not in document
    message = document["components"]["schemas"]["MessageIn"]
    assert (message["minProperties"], message["maxProperties"]) == (1, 1)
    assert document["paths"][MESSAGES]["post"]["requestBody"]["required"] is True
