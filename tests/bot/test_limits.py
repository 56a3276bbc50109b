"""bot/limits.py and bot/channels/flood.py: floods are held back, and nobody's address is held."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from clock import Clock
from flask.testing import FlaskClient

from bot.app import create_app
from bot.conversation import Conversations
from bot.limits import EVERYBODY, KEY_LASTS_S, MESSAGES, MOST_COUNTED, STARTS, TALK, Limit, Limits
from bot.settings import Settings
from bot.wording import Wording

SHELTER = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
START = "/api/v1/conversations"
SAY = "/api/v1/messages"
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


def test_memory_is_bounded(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.MOST_COUNTED", 10)
    for number in range(50):
        limits.wait(FEW, str(number))

    assert MOST_COUNTED > 10
    assert len(limits) == 11  # and one for all the rest together


def test_a_shelter_behind_one_address_is_not_held_back(client: FlaskClient) -> None:
    """Fifty people begin within a minute, and each says something."""
    tokens = []
    for _ in range(50):
        response = client.post(START, json={}, environ_base={"REMOTE_ADDR": SHELTER})
        tokens.append(response.get_json()["token"])
    for token in tokens * 5:
        answer = client.post(
            SAY,
            json={"text": "hello"},
            headers={"Authorization": f"Bearer {token}"},
            environ_base={"REMOTE_ADDR": SHELTER},
        )
        assert answer.status_code == 200


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
    token = client.post(START, json={}).get_json()["token"]
    for number in range(int(EVERYBODY.burst) + 10):
        last = start(client, f"203.{number % 200}.{number // 200}.1")
    running = client.post(SAY, json={"text": "hello"}, headers={"Authorization": f"Bearer {token}"})

    assert last == 429
    assert running.status_code == 200


def test_one_conversation_can_not_flood_the_engine(client: FlaskClient) -> None:
    token = client.post(START, json={}).get_json()["token"]

    def say() -> int:
        return client.post(
            SAY,
            json={"text": "hello"},
            headers={"Authorization": f"Bearer {token}"},
            environ_base={"REMOTE_ADDR": SHELTER},
        ).status_code

    assert until_refused(say, 100) == TALK.burst


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
    def say() -> int:
        return client.post(
            SAY, json={"text": "x"}, environ_base={"REMOTE_ADDR": SHELTER}
        ).status_code

    assert until_refused(say, 500) == MESSAGES.burst


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
