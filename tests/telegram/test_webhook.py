"""Deliveries: only with the secret, answered when the turn is over, none lost at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from bot_api import BotApi, Person, failure, until
from conftest import Start
from fake_engine import FakeEngine, rasa_message
from flask.testing import FlaskClient

from bot.app import create_app
from bot.channels.telegram.bot import _log_late_refusal
from bot.channels.telegram.webhook import HEADER, webhook
from bot.conversation import Conversations
from bot.engine.base import Typed
from bot.errors import TelegramError
from bot.settings import Settings
from bot.wording import Wording

SECRET = "a-secret_for-tests_0123456789"
HOOK = {
    "telegram_webhook_url": "https://waymark.example/telegram/updates",
    "telegram_webhook_secret": SECRET,
}
PATH = "/telegram/updates"


@pytest.fixture
def bot(start_bot: Start) -> Any:
    return start_bot(**HOOK)


@pytest.fixture
def client(bot: Any, engine: FakeEngine, wording: Wording) -> FlaskClient:
    settings = Settings(**HOOK)
    app = create_app(settings, Conversations(engine, wording), wording, webhook(settings, bot))
    return app.test_client()


Deliver = Callable[..., int]


@pytest.fixture
def deliver(client: FlaskClient) -> Deliver:
    def post(update: Any, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {HEADER: secret}
        return client.post(PATH, json=update, headers=headers).status_code

    return post


def typed(engine: FakeEngine) -> list[str]:
    return [message.text for _, message in engine.turns if isinstance(message, Typed)]


def test_telegram_is_told_where_and_with_which_secret(api: BotApi, bot: Any) -> None:
    assert api.webhook["url"] == HOOK["telegram_webhook_url"]
    assert api.webhook["secret_token"] == SECRET
    assert api.called("getUpdates") == []


def test_the_answer_comes_when_the_turn_is_over(
    api: BotApi, deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    assert deliver({"update_id": 1, "message": person.message("hello")}) == 200
    assert typed(engine) == ["hello"]
    assert api.sent(person.id)


REFUSAL = failure(400, "Bad Request: bad webhook: a_secret_word")


def test_a_refused_address_stops_the_start_and_is_named(
    api: BotApi, start_bot: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    api.fail("setWebhook", REFUSAL)
    with pytest.raises(TelegramError, match="TELEGRAM_WEBHOOK_URL") as error:
        start_bot(**HOOK)

    assert "a_secret_word" not in str(error.value) + "".join(capfd.readouterr())


def test_an_address_that_is_refused_later_is_named_in_the_log(
    api: BotApi, start_bot: Start, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("getMe", failure(502, "Bad Gateway"))
    api.fail("setWebhook", REFUSAL)
    start_bot(**HOOK)
    until(lambda: "TELEGRAM_WEBHOOK_URL" in caplog.text)

    assert "a_secret_word" not in caplog.text
    assert len(api.called("setWebhook")) == 1


def test_whatever_else_keeps_it_from_starting_is_logged_by_its_kind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    opening: Future[None] = Future()
    opening.set_exception(ValueError("a_secret_word"))
    _log_late_refusal(opening)

    assert "ValueError" in caplog.text
    assert "a_secret_word" not in caplog.text


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é"])
def test_without_the_secret_nothing_is_heard(
    deliver: Deliver, engine: FakeEngine, person: Person, secret: str | None
) -> None:
    assert deliver({"update_id": 1, "message": person.message("hello")}, secret) == 403
    assert engine.turns == []


def test_a_get_is_refused(client: FlaskClient) -> None:
    assert client.get(PATH, headers={HEADER: SECRET}).status_code == 405


def test_a_second_delivery_is_not_answered_again(
    api: BotApi, deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    update = {"update_id": 5, "message": person.message("hello")}
    assert [deliver(update), deliver(update)] == [200, 200]

    assert typed(engine) == ["hello"]


def test_deliveries_out_of_order_are_all_answered(
    deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    for number in (7, 9, 8):
        assert deliver({"update_id": number, "message": person.message(f"n{number}")}) == 200

    assert typed(engine) == ["n7", "n9", "n8"]


def test_a_delivery_repeated_during_its_turn_waits_for_it(
    deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    def slow(_: str, __: object) -> list:
        time.sleep(0.4)
        return [rasa_message("x")]

    engine.answer = slow
    update = {"update_id": 5, "message": person.message("hello")}
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(deliver(update))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200, 200]
    assert typed(engine) == ["hello"]


def test_a_chat_of_which_much_waits_holds_no_delivery(
    deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    """Telegram makes eight deliveries at once, and nobody else's while all are held."""
    is_over = threading.Event()

    def slow(_: str, __: object) -> list:
        is_over.wait(120)
        return [rasa_message("x")]

    engine.answer = slow
    statuses: list[int] = []
    updates = [{"update_id": n, "message": person.message(f"n{n}")} for n in range(8)]
    threads = [
        threading.Thread(target=lambda each=each: statuses.append(deliver(each)))
        for each in updates
    ]
    for thread in threads:
        thread.start()
    try:
        until(lambda: statuses == [200] * 8, 40)
        assert len(typed(engine)) <= 1
    finally:
        is_over.set()
    until(lambda: len(typed(engine)) == 8)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"{}", b'{"update_id": "x"}', b"\xff", b'{"update_id": 1, "message": 7}',
     b'{"update_id": 2, "new_kind": {}}'],
)  # fmt: skip
def test_what_is_not_an_update_is_not_delivered_for_ever(
    client: FlaskClient, engine: FakeEngine, body: bytes
) -> None:
    answer = client.post(PATH, data=body, headers={HEADER: SECRET})

    assert answer.status_code == 200
    assert engine.turns == []


def test_a_large_update_is_taken(deliver: Deliver, engine: FakeEngine, person: Person) -> None:
    quoted = person.message("x" * 90_000)
    message = person.message("hello", reply_to_message=quoted)

    assert deliver({"update_id": 3, "message": message}) == 200
    assert typed(engine) == ["hello"]


def test_at_the_end_turns_are_finished_and_new_ones_are_left_to_telegram(
    api: BotApi, bot: Any, deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    def slow(_: str, __: object) -> list:
        time.sleep(0.5)
        return [rasa_message("x")]

    engine.answer = slow
    statuses: list[int] = []
    first = threading.Thread(
        target=lambda: statuses.append(
            deliver({"update_id": 1, "message": person.message("hello")})
        )
    )
    first.start()
    until(lambda: engine.turns)
    bot.drain()
    first.join()

    assert statuses == [200]
    assert api.sent(person.id)
    assert deliver({"update_id": 2, "message": person.message("later")}) == 503


def test_a_failure_of_telegram_s_delivers_once(
    api: BotApi, deliver: Deliver, engine: FakeEngine, person: Person
) -> None:
    api.fail("sendMessage", failure(500, "Internal Server Error"))

    assert deliver({"update_id": 1, "message": person.message("hello")}) == 200
    assert typed(engine) == ["hello"]
    assert len(api.sent(person.id)) == 1
