"""Promise 7: what every answer tells browsers and caches, from the real server, by every method.

The three runs asked every route that the application has, and made every error.
"""

from __future__ import annotations

import pytest
from conftest import HOST
from routes import METHODS, routes
from traced_server import Answer, TracedServer

ASSETS = ("/aid.js", "/builder.js", "/widget.js", "/page.css")
"""What may be kept by a browser: files that are the same for everybody."""


def path(answer: Answer) -> str:
    """Without the query."""
    return answer.path.partition("?")[0]


def policy(answer: Answer) -> dict[str, list[str]]:
    """The one Content-Security-Policy of an answer, by directive."""
    (value,) = answer.every("Content-Security-Policy")
    return {words[0]: words[1:] for words in (each.split() for each in value.split(";"))}


def without(server: TracedServer, name: str, *values: str) -> list[str]:
    """Places whose answer has not this header, once, with one of these values."""
    return [
        f"{answer.place}: {answer.every(name)}"
        for answer in server.answers
        if answer.every(name) not in [[value] for value in values]
    ]


def test_every_route_was_asked_by_every_method_and_every_error_was_made(
    server: TracedServer,
) -> None:
    asked = {(answer.method, path(answer)) for answer in server.answers}
    statuses = {answer.status for answer in server.answers}
    special = {500} if server.is_failing else {429, 503} if server.settings else set()

    assert {(method, route) for route in routes() for method in METHODS} <= asked
    assert len(routes()) > 20
    assert {200, 201, 400, 401, 404, 405, 413, 431} | special <= statuses


def test_nothing_inline_and_nothing_from_elsewhere(server: TracedServer) -> None:
    for answer in server.answers:
        directives = policy(answer)
        ancestors = directives.pop("frame-ancestors")
        sources = {source for values in directives.values() for source in values}
        assert directives["default-src"] == ["'none'"], answer.place
        assert directives["script-src"] == directives["style-src"] == ["'self'"], answer.place
        assert directives["base-uri"] == directives["form-action"] == ["'none'"], answer.place
        assert sources <= {"'none'", "'self'", "data:"}, answer.place
        assert not {"*", "data:", "https:"} & set(ancestors), answer.place


def test_only_sites_of_the_operator_s_list_may_show_the_frame(server: TracedServer) -> None:
    listed = ["'self'", HOST] if server.settings else ["'self'"]
    frames = [a for a in server.answers if path(a) == "/embed" and a.status != 405]
    others = [a for a in server.answers if a not in frames]

    assert len(frames) >= 3
    assert {a.place: policy(a)["frame-ancestors"] for a in frames} == {
        a.place: listed for a in frames
    }
    assert [a.place for a in others if policy(a)["frame-ancestors"] != ["'none'"]] == []
    assert [a.place for a in others if a.every("X-Frame-Options") != ["DENY"]] == []


def test_nothing_but_assets_may_be_stored(server: TracedServer) -> None:
    stored = {path(a) for a in server.answers if a.every("Cache-Control") != ["no-store"]}

    assert stored <= {*ASSETS, *(f"{asset}.map" for asset in ASSETS)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ],
)
def test_a_header_is_on_every_answer(server: TracedServer, name: str, value: str) -> None:
    assert without(server, name, value) == []


def test_the_server_does_not_say_what_it_is(server: TracedServer) -> None:
    names = {name.lower() for answer in server.answers for name, _ in answer.headers}

    assert not names & {"server", "x-powered-by", "via"}


def test_every_error_shows_the_numbers(server: TracedServer) -> None:
    """Also what the web server itself refuses, and what fails outside of every handler."""
    errors = [a for a in server.answers if a.status >= 400 and a.method != "HEAD"]
    lost = [a for a in errors if b"tel:999" not in a.body or b"tel:08000121700" not in a.body]

    assert [a.place for a in lost] == []
