"""bot/limits.py and bot/channels/flood.py: floods are held back, and nobody's address is held."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from clock import Clock
from fake_engine import FakeEngine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.conversation import Conversations
from bot.limits import (
    ENDINGS,
    EVERYBODY,
    KEY_LASTS_S,
    MESSAGES,
    MOST_COUNTED,
    STARTS,
    TALK,
    TIDY_EVERY_S,
    Limit,
    Limits,
)
from bot.settings import Settings
from bot.wording import Wording

SHELTER = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
START = "/api/v1/conversations"
SAY = "/api/v1/messages"
KEEP = "/api/v1/conversations/keep"
OF_A_PAGE = ("/", "/page.css", "/widget.js", "/api/v1/strings")
FEW = Limit(burst=3, per_s=0.5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock)


@pytest.fixture
def client(conversations: Conversations, wording: Wording, limits: Limits) -> FlaskClient:
    app: APIFlask = create_app(Settings(), conversations, wording, limits=limits)
    client: FlaskClient = app.test_client()
    return client


def start(client: FlaskClient, address: str = SHELTER) -> int:
    return client.post(START, json={}, environ_base={"REMOTE_ADDR": address}).status_code


def begin(client: FlaskClient, address: str = SHELTER) -> str:
    """Start a conversation.

    Returns:
        The header that opens it.
    """
    answer = client.post(START, json={}, environ_base={"REMOTE_ADDR": address})
    return f"Bearer {answer.get_json()['token']}"


def say(client: FlaskClient, opens: str, address: str = SHELTER, **headers: str) -> int:
    return client.post(
        SAY,
        json={"text": "hello"},
        headers={"Authorization": opens, **headers},
        environ_base={"REMOTE_ADDR": address},
    ).status_code


def until_refused(act: Callable[[], int], most: int) -> int:
    """How many pass."""
    for done in range(most):
        if act() == 429:
            return done
    raise AssertionError(f"{most} passed")


def test_a_bucket_empties_and_fills_again(limits: Limits, clock: Clock) -> None:
    assert [limits.wait(FEW, "a") for _ in range(3)] == [0, 0, 0]
    assert limits.wait(FEW, "a") == pytest.approx(2.0)
    assert limits.wait(FEW, "b") == 0
    clock.now += 2
    assert limits.wait(FEW, "a") == 0
    assert limits.wait(FEW, "a") > 0


def test_no_address_is_held_and_the_key_changes_every_hour(limits: Limits, clock: Clock) -> None:
    limits.wait(FEW, SHELTER)
    before = set(limits._buckets)
    assert repr(limits._key) not in repr(limits) and SHELTER not in repr(limits._buckets)
    clock.now += KEY_LASTS_S
    limits.wait(FEW, SHELTER)

    assert len(limits) == 1
    assert not before & set(limits._buckets)


def test_what_says_nothing_is_dropped_and_the_rest_is_not(limits: Limits, clock: Clock) -> None:
    slow = Limit(burst=3, per_s=1 / TIDY_EVERY_S)
    limits.wait(slow, "once")
    for _ in range(3):
        limits.wait(slow, "often")
    clock.now += TIDY_EVERY_S
    limits.tidy()

    assert [*limits._buckets] == [(slow, limits._hash("often"))]
    assert limits.wait(slow, "often") == 0, "one was filled in since"
    assert limits.wait(slow, "often") > 0


def test_nothing_is_left_when_anything_is_asked_later(
    client: FlaskClient, limits: Limits, clock: Clock
) -> None:
    """A health check does: whoever was counted is not held until somebody else is."""
    until_refused(lambda: start(client), 200)
    clock.now += max(each.burst / each.per_s for each in (STARTS, EVERYBODY)) + 1
    client.get("/health/live")

    assert len(limits) == 0


def test_memory_is_bounded(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.MOST_COUNTED", 10)
    for number in range(50):
        limits.wait(FEW, str(number))

    assert MOST_COUNTED > 10
    assert len(limits) == 10


def test_who_fills_the_table_stops_nobody(
    client: FlaskClient, limits: Limits, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made-up tokens from many addresses: whoever is new passes, but all starts together."""
    monkeypatch.setattr("bot.limits.MOST_COUNTED", 100)
    for number in range(200):
        say(client, f"Bearer made-up-{number}", f"203.0.{number}.1")
    opens = begin(client, ELSEWHERE)

    assert [start(client, ELSEWHERE) for _ in range(150)] == [201] * 150
    assert [say(client, opens, ELSEWHERE) for _ in range(50)] == [200] * 50
    for _ in range(int(EVERYBODY.burst)):
        last = start(client, ELSEWHERE)
    assert last == 429
    clock.now += TIDY_EVERY_S
    assert until_refused(lambda: start(client), 200) == STARTS.burst, "counted again"


def test_a_shelter_behind_one_address_is_not_held_back(client: FlaskClient) -> None:
    """Fifty people open the page within seconds, each says something, keeps it and deletes it."""
    opened = []
    for _ in range(50):
        for path in OF_A_PAGE:
            with client.get(path, environ_base={"REMOTE_ADDR": SHELTER}) as page:
                assert page.status_code == 200
        opened.append(begin(client))
    for opens in opened * 5:
        assert say(client, opens) == 200
    for opens in opened:
        for method, path in (("POST", KEEP), ("DELETE", START)):
            answer = client.open(
                path,
                method=method,
                headers={"Authorization": opens},
                environ_base={"REMOTE_ADDR": SHELTER},
            )
            assert answer.status_code in (200, 204)


def test_one_address_does_not_stop_new_conversations_for_everybody(client: FlaskClient) -> None:
    for _ in range(3 * int(EVERYBODY.burst)):
        last = start(client)

    assert last == 429
    assert start(client, ELSEWHERE) == 201


def test_one_conversation_does_not_stop_others_behind_its_address(client: FlaskClient) -> None:
    noisy, other = begin(client), begin(client)
    for _ in range(500):
        last = say(client, noisy)

    assert last == 429
    assert say(client, other) == 200


def test_a_flood_of_starts_is_refused_with_the_numbers(client: FlaskClient) -> None:
    passed = until_refused(lambda: start(client), 200)
    response = client.post(START, json={"language": "es"}, environ_base={"REMOTE_ADDR": SHELTER})
    body = response.get_json()

    assert passed == STARTS.burst
    assert response.status_code == 429
    assert body["error"]["code"] == "busy" and body["language"] == "es"
    assert {link["href"] for link in body["error"]["links"]} >= {"tel:999", "tel:08000121700"}
    assert int(response.headers["Retry-After"]) >= 1
    assert start(client, ELSEWHERE) == 201  # others go on


def test_a_flood_sheds_new_conversations_never_running_ones(client: FlaskClient) -> None:
    """Also where one comes from the address of the flood."""
    elsewhere, here = begin(client, ELSEWHERE), begin(client)
    until_refused(lambda: start(client), 200)
    for number in range(int(EVERYBODY.burst) + 10):
        last = start(client, f"203.{number % 200}.{number // 200}.1")

    assert last == 429
    assert [say(client, elsewhere, ELSEWHERE), say(client, here)] == [200, 200]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (SHELTER, {}),
        ("127.0.0.1", {"X-Forwarded-For": ELSEWHERE}),  # a proxy of which nobody was told
        ("somewhere", {"X-Forwarded-For": "_hidden"}),
    ],
)
def test_one_conversation_can_not_flood_the_engine(
    client: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    """However its token is written."""
    _, _, token = begin(client).partition(" ")
    written = itertools.cycle([f"Bearer {token}", f"bearer {token}", f"BEARER   {token} "])

    passed = until_refused(lambda: say(client, next(written), address, **headers), 100)

    assert passed == TALK.burst


@pytest.mark.parametrize(
    ("method", "path", "limit"), [("DELETE", START, ENDINGS), ("POST", KEEP, MESSAGES)]
)
def test_deletes_and_holding_on_have_a_limit_and_a_refusal_has_the_numbers(
    client: FlaskClient, method: str, path: str, limit: Limit
) -> None:
    def act() -> TestResponse:
        return client.open(
            path,
            method=method,
            headers={"Authorization": "Bearer made-up", "Accept-Language": "es"},
            environ_base={"REMOTE_ADDR": SHELTER},
        )

    assert until_refused(lambda: act().status_code, 1000) == limit.burst
    refused = act()
    error = refused.get_json()["error"]
    assert error["code"] == "busy" and error["message"]
    assert {link["href"] for link in error["links"]} >= {"tel:999", "tel:08000121700"}
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_flood_of_messages_keeps_nobody_from_deleting(
    client: FlaskClient, engine: FakeEngine
) -> None:
    opens = begin(client)
    until_refused(lambda: say(client, ""), 500)
    answer = client.delete(
        START, headers={"Authorization": opens}, environ_base={"REMOTE_ADDR": SHELTER}
    )

    assert answer.status_code == 204
    assert len(engine.erased) == 1


@pytest.mark.parametrize(
    ("proxies", "told", "counted"),
    [
        (0, SHELTER, ELSEWHERE),
        (1, SHELTER, SHELTER),
        (1, f"192.0.2.1, {SHELTER}", SHELTER),
        (2, f"{SHELTER}, 192.0.2.1", SHELTER),
        (2, SHELTER, SHELTER),
        (1, f"{SHELTER}:4711", SHELTER),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", ELSEWHERE),
        (1, '"unbalanced', ""),
    ],
)
def test_the_outermost_trusted_proxy_says_who_asks(
    conversations: Conversations,
    wording: Wording,
    limits: Limits,
    proxies: int,
    told: str,
    counted: str,
) -> None:
    app = create_app(Settings(proxies=proxies), conversations, wording, limits=limits)
    app.test_client().post(
        START,
        json={},
        headers={"X-Forwarded-For": told},
        environ_base={"REMOTE_ADDR": ELSEWHERE},
    )
    before = len(limits)
    start(app.test_client(), counted or ELSEWHERE)

    assert len(limits) == before + (0 if counted else 1)


def test_messages_of_one_address_have_a_limit(client: FlaskClient) -> None:
    assert until_refused(lambda: say(client, ""), 500) == MESSAGES.burst


def test_this_machine_is_not_counted(client: FlaskClient) -> None:
    """A proxy of which nobody was told: behind it stands everybody."""
    assert all(start(client, "127.0.0.1") == 201 for _ in range(int(STARTS.burst) + 20))


def test_an_ipv6_network_counts_as_one(client: FlaskClient) -> None:
    addresses = iter(f"2001:db8:1:1::{number:x}" for number in range(1, 500))

    assert until_refused(lambda: start(client, next(addresses)), 200) == STARTS.burst


def test_reading_is_never_refused(client: FlaskClient) -> None:
    until_refused(lambda: start(client), 200)
    for path in ("/", "/numbers", "/api/v1/numbers", "/health/live", "/widget.js"):
        with client.get(path, environ_base={"REMOTE_ADDR": SHELTER}) as answer:
            assert answer.status_code == 200
