"""Promises 7 and 8: nothing of a chat on Telegram is left, nor who it was with, nor the token.

As tests/privacy does for the web: every field that Telegram sends holds a word that occurs
nowhere else; then everything that the server wrote or showed is searched for it.
"""

from __future__ import annotations

import contextlib
import gc
import re
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_api import BotApi, Person, buttons, failure, until
from fake_engine import FakeEngine, rasa_message
from redis_server import RedisServer

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.webhook import HEADER

sys.path.insert(0, str(Path(__file__).parent.parent / "privacy"))

from traced_server import TracedServer

PATH = "/telegram/updates"
LOCAL = re.compile(r"'(127\.0\.0\.1|localhost|::1)'|^'/|^b'/|^b?'127")


class Stranger(Person):
    """Somebody whose every field is a canary."""

    def __init__(self, api: BotApi, server: TracedServer, place: str) -> None:
        number = secrets.randbelow(4 * 10**15) + 10**15
        server.canaries.words[f"id of {place}"] = str(number)
        new = server.canaries.new
        super().__init__(
            api,
            number,
            "en",
            first_name=new(f"first name of {place}"),
            last_name=new(f"last name of {place}"),
            username=new(f"username of {place}"),
        )


def talk_through(api: BotApi, server: TracedServer) -> None:
    """A whole conversation, and what goes wrong on the way."""
    new = server.canaries.new
    person = Stranger(api, server, "a person")
    person.say(f"/start {new('link')}")
    doors = person.newest()
    person.press(buttons(doors)[0]["text"], doors)
    person.answers()
    for number, text in enumerate(
        [
            "my boss {} took my passport and does not pay me",
            "he is outside with a knife, he is going to kill me, his name is {}",
            "why do you ask {}?",
            "why do you ask?",
        ]
    ):
        person.say(text.replace("{}", new(f"text {number}")))
        person.answers()
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": new("forwarded from")}
    person.say(f"look {new('forwarded')}", forward_origin=origin)
    person.answers()
    api.push({"edited_message": person.message(f"changed {new('edited')}", edit_date=1)})
    person.answers()
    contact = {"phone_number": f"+{new('phone')}", "first_name": new("contact")}
    person.say(None, contact=contact)
    person.answers()
    picture = {"file_id": new("file"), "file_unique_id": new("file id"), "width": 1, "height": 1}
    person.say(None, photo=[picture], caption=new("caption"))
    person.answers()
    document = {"file_id": new("doc"), "file_unique_id": "d", "file_name": new("file name")}
    person.say(None, document=document)
    person.answers()
    place = {
        "location": {"latitude": 1.0, "longitude": 1.0},
        "title": new("venue"),
        "address": new("address"),
    }
    person.say(None, venue=place)
    person.answers()
    api.push(person.press_update(doors, new("button data")))
    # What can't be read, what is unknown, and what comes from a group.
    api.push({"message": {"message_id": new("malformed"), "text": new("malformed text")}})
    api.push({"callback_query": {"id": new("malformed query")}})
    api.push({"new_kind": {"text": new("new kind")}})
    group = {"id": -100, "type": "group", "title": new("group title")}
    person.say(new("group text"), chat=group)
    until(lambda: api.called("leaveChat") and not api.updates)
    # Refusals whose words repeat what was sent.
    loud = f"Bad Request: {new('description')}"
    api.fail(
        "sendMessage", failure(500, loud), failure(429, loud, retry_after=1), failure(403, loud)
    )
    person.say(f"hello {new('refused')}")
    until(lambda: len(api.called("sendMessage")) and not api._failures["sendMessage"])
    api.fail("sendMessage", (502, f"<p>{new('html')}".encode()))
    api.fail("getUpdates", failure(500, new("getUpdates")), failure(409, new("conflict")))
    api.fail("answerCallbackQuery", failure(400, new("answerCallbackQuery")))
    api.fail("deleteMessages", failure(400, new("deleteMessages")))
    person.say("/numbers")
    person.answers(1, timeout_s=30)
    server.look_at_process()
    person.say("/delete")
    person.answers(1, timeout_s=30)
    server.look_at_process()


AS_SERVED = pytest.param((None, False, False), id="as it is served")
WATCHED = pytest.param(("DEBUG", True, False), id="at DEBUG, with failing actions")
DELIVERED = pytest.param((None, False, True), id="by webhook")
DELIVERED_WATCHED = pytest.param(("DEBUG", True, True), id="by webhook, at DEBUG")
ALL = [AS_SERVED, WATCHED, DELIVERED, DELIVERED_WATCHED]


@contextlib.contextmanager
def delivering(api: BotApi, server: TracedServer, headers: dict[str, str]) -> Iterator[None]:
    """Telegram's part of a webhook, with what a proxy may add to a delivery."""
    is_over = threading.Event()

    def deliver() -> None:
        while not is_over.is_set():
            for number, update in enumerate(list(api.updates)):
                server.send(f"delivery {number}", "POST", PATH, update, headers=headers)
                with api._lock:
                    api.updates.remove(update)
            time.sleep(0.01)

    delivery = threading.Thread(target=deliver)
    delivery.start()
    try:
        yield
    finally:
        is_over.set()
        delivery.join()


@pytest.fixture(scope="module", params=ALL)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TracedServer]:
    """A server that has had its conversation on Telegram and was stopped."""
    level, is_watched, is_delivered = request.param
    server = TracedServer(
        tmp_path_factory.mktemp("trace"), level, is_watched, is_failing=is_watched
    )
    token = f"123456:{server.canaries.new('token')}_{secrets.token_hex(8)}"
    api = BotApi(token=token).start()
    redis = RedisServer(tmp_path_factory.mktemp("redis"), is_kept=True)
    redis.start()
    server.settings.update(
        TELEGRAM_BOT_TOKEN=token,
        TELEGRAM_API_URL=api.url,
        WAYMARK_REDIS_URL=redis.url,
        WAYMARK_SECRET="0123456789" * 4,
    )
    delivery: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
    if is_delivered:
        secret = server.canaries.new("webhook secret")
        server.settings.update(
            TELEGRAM_WEBHOOK_URL=f"https://waymark.example{PATH}", TELEGRAM_WEBHOOK_SECRET=secret
        )
        delivery = delivering(api, server, {HEADER: secret})
    server.start()
    try:
        until(lambda: api.webhook if is_delivered else api.called("getUpdates"))
        with delivery:
            talk_through(api, server)
        with redis.client() as client:
            client.save()
    finally:
        server.stop()
        api.stop()
        redis.stop()
    server.redis_folder = redis.folder
    server.answered = len(api.called("sendMessage"))
    server.way = "webhook" if is_delivered else "long polling"
    yield server


def test_the_conversation_took_place(server: TracedServer) -> None:
    """Else nothing below says anything."""
    assert server.answered > 12
    said = f"Telegram: the bot answers, by {server.way}."
    assert said.encode() in server.output_file.read_bytes()
    assert {answer.status for answer in server.answers} <= {200}


def test_output_holds_no_word_no_id_and_no_token(server: TracedServer) -> None:
    output = server.output_file.read_bytes()

    assert server.canaries.found_in(output) == []
    assert b"An update could not be read" in output, "the log was not captured"
    if server.is_watched:
        assert b"(message withheld)" in output, "nothing failed"


def test_no_file_holds_a_word(server: TracedServer) -> None:
    assert server.leaks_in_files() == {}


def test_no_file_comes_into_being(server: TracedServer) -> None:
    assert server.new_files() == []


def test_process_shows_nothing_but_the_token_in_its_environment(server: TracedServer) -> None:
    """And the webhook's secret, which the operator put there, too."""
    found = {name: server.canaries.found_in(content) for name, content in server.proc.items()}
    given = [place for place in ("token", "webhook secret") if place in server.canaries.words]

    assert found == {**{name: [] for name in server.proc}, "environ": given}


def test_redis_holds_no_word_no_name_and_no_id(server: TracedServer) -> None:
    """Every command since its start, although it should not write them, and what it held."""
    files = {file.name: file for file in server.redis_folder.rglob("*") if file.is_file()}

    assert b"waymark:kept:" in files["appendonly.aof.1.incr.aof"].read_bytes()
    assert "dump.rdb" in files
    assert {name: server.canaries.found_in(file.read_bytes()) for name, file in files.items()} == {
        name: [] for name in files
    }


def test_no_core_is_dumped(server: TracedServer) -> None:
    assert re.search(rb"^Max core file size +0 +0 ", server.proc["limits"], re.M)


@pytest.mark.parametrize("server", [WATCHED, DELIVERED_WATCHED], indirect=True, scope="module")
def test_it_connects_to_the_bot_api_only(server: TracedServer) -> None:
    notes = server.notes()
    connections = {n["what"] for n in notes if n["event"].startswith("socket.")}

    assert connections
    assert [what for what in connections if not LOCAL.search(what)] == []
    assert [n for n in notes[server.notes_before :] if n["event"] == "open"] == []


# --- Inside the process -------------------------------------------------------------------


def holders(thing: str | int) -> list[str]:
    """Objects that hold a word in a text, or a number."""
    gc.collect()
    found = []
    for each in gc.get_objects():
        if type(each).__name__ in ("frame", "cell"):
            continue
        for inside in gc.get_referents(each):
            if type(inside) is type(thing) and inside is not thing:
                is_it = thing in inside if isinstance(thing, str) else inside == thing
                if is_it:
                    found.append(f"{type(each).__name__}: {str(each)[:200]}")
    return found


def test_no_object_holds_the_words_the_name_or_the_id_after_a_turn(
    api: BotApi, bot: TelegramChannel, engine: FakeEngine
) -> None:
    """Chats are held under a hash; what the library keeps of an update is gone with the turn."""
    word, name = f"cnry{secrets.token_hex(6)}", f"cnry{secrets.token_hex(6)}"
    number = secrets.randbelow(4 * 10**15) + 10**15
    engine.answer = lambda *_: [rasa_message("x", buttons=(("/open_doors", "Back"),))]

    def turn() -> None:
        person = Person(api, number, username=name)
        person.say(f"hello {word}")
        person.press("Back", person.newest())
        person.answers()

    turn()
    other = Person(api, 70002)  # what the loops held for the turn is let go
    other.say("hello")
    other.answers()
    until(lambda: not api.updates)

    def is_gone() -> bool:
        """Also from what the test itself notes, to which used buttons still come."""
        engine.turns.clear()
        for kept in (api.calls, api.updates, api.messages, api.history, api.deleted):
            kept.clear()
        return not holders(word) + holders(name) + holders(number)

    assert len(bot._chats) == 2, "the chat is held"
    until(is_gone)
