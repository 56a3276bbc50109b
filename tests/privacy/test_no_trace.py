"""Promise 7: nothing of a conversation is left, in the real server and inside the process.

Every text, header, query and token of a whole conversation in three languages holds a word
that occurs nowhere else; then everything that the server wrote or showed is searched for it.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from clock import Clock
from traced_server import ARABIC, TracedServer

from bot.conversation import Conversations
from bot.engine import embedded
from bot.engine.base import KEEP_S, Typed
from bot.engine.embedded import EmbeddedEngine
from bot.engine.shelf import MemoryShelf
from bot.engine.tracker_store import ForgetfulTrackerStore
from bot.errors import EngineUnavailableError
from bot.privacy import configure_logging
from bot.settings import load_settings
from bot.wording import load_wording

LOCAL = re.compile(r"'(127\.0\.0\.1|localhost|::1)'|^'/|^b'/")


def test_the_conversation_took_place(server: TracedServer) -> None:
    """Else nothing below says anything."""
    statuses = {answer.place: answer.status for answer in server.answers}
    urgent = [
        answer.place
        for answer in server.answers
        if b'"tone":"urgent"' in answer.body.replace(b" ", b"")
    ]

    assert statuses["text 0 en"] == statuses["text 0 es"] == statuses["text 0 ar"] == 200
    bodies = {answer.place: answer.body.decode() for answer in server.answers}
    danger = ("text 2 en", "text 1 es", "text 1 ar")
    assert {place: bodies[place] for place in danger if place not in urgent} == {}
    assert statuses["bad token"] == statuses["no token"] == 401
    assert statuses["100 kB"] in (400, 413)
    assert statuses["unknown field"] == statuses["not JSON"] == statuses["bad route"] == 400
    assert statuses["missing page"] == 404
    assert statuses["delete"] == (500 if server.is_failing else 204)
    assert statuses["GET /"] == statuses["GET /worker"] == (500 if server.is_failing else 200)
    assert statuses["late"] == statuses["early"] == (500 if server.is_failing else 404)
    assert server.proc["cmdline"]
    assert server.proc["fd"] or not server.is_watched


def test_output_holds_no_word(server: TracedServer) -> None:
    output = server.output_file.read_bytes()

    assert server.canaries.found_in(output) == []
    assert b"127.0.0.1:" in output, "the output was not captured"
    if server.is_failing:
        assert b"raised ValueError" in output, "no action failed"
        assert b"ValueError (message withheld)" in output, "no request failed"
        assert b"bot.app: pages.index failed with ValueError" in output, "no page failed"
        assert re.search(rb" waymark: app:\d+ \(message withheld\)\n", output), "Flask was silent"
        assert re.search(rb" waitress: channel:\d+ \(message withheld\)\n", output)


def test_no_file_holds_a_word(server: TracedServer) -> None:
    assert server.leaks_in_files() == {}


def test_no_file_comes_into_being(server: TracedServer) -> None:
    assert server.new_files() == []


def test_process_shows_no_word(server: TracedServer) -> None:
    """What `ps` and `lsof` would show: arguments, environment, open and mapped files."""
    assert {name: server.canaries.found_in(content) for name, content in server.proc.items()} == {
        name: [] for name in server.proc
    }


def test_no_answer_repeats_a_word(server: TracedServer) -> None:
    """Errors and health above all; a token stands in the one answer that gives it."""
    repeated = {
        answer.place: found
        for answer in server.answers
        if (found := server.canaries.found_in(answer.whole))
    }
    starts = {f"start {language}": [f"token of {language}"] for language in ("en", "es", "ar")}

    assert repeated == starts


def test_no_cookie_is_set(server: TracedServer) -> None:
    names = {name.lower() for answer in server.answers for name, _ in answer.headers}

    assert "content-type" in names
    assert not names & {
        "set-cookie",
        "set-cookie2",
        "etag-person",
        "report-to",
        "nel",
        "server-timing",
    }


def test_token_is_in_no_address(server: TracedServer) -> None:
    """Neither in one that the server gives out nor in what it describes of itself."""
    addresses = [
        value
        for answer in server.answers
        for name, value in answer.headers
        if name.lower() in ("location", "content-location", "link", "refresh")
    ]
    described = next(json.loads(a.body) for a in server.answers if a.place == "described")
    parameters = [
        parameter["name"]
        for path in described["paths"].values()
        for call in path.values()
        if isinstance(call, dict)
        for parameter in call.get("parameters", ())
    ]

    assert [address for address in addresses for token in server.tokens if token in address] == []
    assert [name for name in parameters if "token" in name.lower()] == []
    assert len(set(server.tokens)) == 3 and all(len(token) >= 43 for token in server.tokens)


def test_no_core_is_dumped(server: TracedServer) -> None:
    limits = server.proc["limits"].decode()

    assert re.search(r"^Max core file size +0 +0 ", limits, re.M), limits


def test_conversation_opens_no_file_and_no_connection(failing_server: TracedServer) -> None:
    notes = failing_server.notes()
    always = [note["what"] for note in notes if note["event"].startswith("socket.")]

    assert notes[failing_server.notes_before :] == []
    assert [what for what in always if not LOCAL.search(what)] == []


# --- Inside the process -------------------------------------------------------------------


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The store's clock."""
    return Clock()


@pytest.fixture(scope="module")
def store(clock: Clock) -> ForgetfulTrackerStore:
    """Where the engine keeps conversations."""
    return ForgetfulTrackerStore(shelf=MemoryShelf(clock))


@pytest.fixture(scope="module")
def engine(store: ForgetfulTrackerStore) -> Iterator[EmbeddedEngine]:
    """The real engine, sweeping often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "SWEEP_EVERY_S", 0.05)
        engine = EmbeddedEngine(load_settings(os.environ).model, tracker_store=lambda: store)
        yield engine
        engine.close()


@pytest.fixture
def conversations(engine: EmbeddedEngine, store: ForgetfulTrackerStore) -> Conversations:
    """As a channel sees them; none is open."""
    for name in store.shelf.names():
        store.erase(name)
    return Conversations(engine, load_wording(), turn_timeout_s=60)


def words_for(language: str) -> tuple[str, str]:
    """A word that occurs nowhere else, and a message with it."""
    if language == "ar":
        word = "".join(secrets.choice(ARABIC) for _ in range(12))
        return word, f"هو بره ومعاه سكين اسمه {word}"
    word = f"cnry{secrets.token_hex(6)}"
    return word, {
        "en": f"he is going to kill me, his name is {word}",
        "es": f"me va a matar, se llama {word}",
    }[language]


def locks(engine: EmbeddedEngine) -> list[str]:
    """Conversations that a lock is held for."""
    return list(engine._agent.lock_store.held)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would log at DEBUG."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging("DEBUG")
    written = io.StringIO()
    root.handlers[0].setStream(written)
    yield written
    root.handlers = handlers
    root.setLevel(level)


def wait_until_empty(store: ForgetfulTrackerStore) -> None:
    """Until the sweeper came by."""
    until = time.monotonic() + 30
    while store.shelf._held and time.monotonic() < until:
        time.sleep(0.02)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_store_holds_labels_and_no_text_after_a_turn(
    conversations: Conversations, store: ForgetfulTrackerStore, language: str
) -> None:
    word, message = words_for(language)
    token, _ = conversations.start(language=language, route="self")
    conversations.choose(token, ['/answer{"safe_to_talk":"yes"}'])
    conversations.say(token, message)
    [(conversation, (_, kept))] = store.shelf._held.items()
    values = json.loads(kept)["slots"].values()

    assert "immediate_danger" in kept
    assert word not in json.dumps(json.loads(kept), ensure_ascii=False)
    assert [value for value in values if isinstance(value, str) and " " in value] == []
    assert token not in conversation + kept


def _strings_with(word: str) -> list[str]:
    gc.collect()
    found = []
    for thing in gc.get_objects():
        for inside in gc.get_referents(thing):
            if type(inside) is str and word in inside and inside is not word:
                found.append(f"{type(thing).__name__}: {inside[:60]}")
    return found


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_no_object_holds_the_text_after_a_turn(conversations: Conversations, language: str) -> None:
    """Caches, locks, futures and logs of any library included."""

    def turn() -> tuple[str, str]:
        word, message = words_for(language)
        token, _ = conversations.start(language=language, route="self")
        conversations.choose(token, ['/answer{"safe_to_talk":"yes"}'])
        conversations.say(token, message)
        return word, token

    word, token = turn()
    conversations.choose(token, ["/ask_numbers"])  # what the loop held for the turn is let go

    assert _strings_with(word) == []


def test_a_failed_turn_leaves_no_text(
    conversations: Conversations,
    store: ForgetfulTrackerStore,
    engine: EmbeddedEngine,
    monkeypatch: pytest.MonkeyPatch,
    log: io.StringIO,
) -> None:
    word, message = words_for("en")
    ran = []

    def fail(_dispatcher: Any, tracker: Any, _domain: Any) -> None:
        ran.append(True)
        raise ValueError(tracker.latest_message["text"])

    actions = engine._agent.action_endpoint._executor.actions
    monkeypatch.setitem(actions, "action_answer_danger", fail)
    token, _ = conversations.start(language="en")
    turn = conversations.say(token, message)
    shown = log.getvalue()

    assert ran, "the action did not run"
    assert turn.replies[0].links, "no numbers"
    assert "ValueError" in shown
    assert word not in shown
    assert word not in str(store.shelf._held)


def test_a_log_that_cannot_be_written_shows_no_text(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk or a closed terminal: logging then prints what was being handled."""
    word, message = words_for("en")
    log.close()
    try:
        raise ValueError(message)
    except ValueError:
        logging.getLogger("bot").error("An action failed", exc_info=True)

    assert word not in "".join(capsys.readouterr())


def test_nothing_is_left_after_30_minutes(
    conversations: Conversations, store: ForgetfulTrackerStore, engine: EmbeddedEngine, clock: Clock
) -> None:
    """Nobody has to come back for that: the engine sweeps by itself."""
    token, _ = conversations.start(language="en", route="self")
    conversations.say(token, words_for("en")[1])
    clock.now += KEEP_S - 1
    time.sleep(0.3)
    assert conversations.language_of(token) == "en"
    assert len(store.shelf._held) == 1

    clock.now += 2
    wait_until_empty(store)

    assert store.shelf._held == {}
    assert locks(engine) == []
    assert conversations.language_of(token) is None
    assert KEEP_S == 30 * 60


def test_every_message_starts_the_30_minutes_anew(
    conversations: Conversations, store: ForgetfulTrackerStore, clock: Clock
) -> None:
    token, _ = conversations.start(language="en", route="self")
    clock.now += KEEP_S - 1
    conversations.choose(token, ["/ask_numbers"])
    clock.now += KEEP_S - 1

    assert conversations.language_of(token) == "en"


@pytest.mark.parametrize("how", ["call", "choice", "words"])
def test_nothing_is_left_after_delete(
    conversations: Conversations, store: ForgetfulTrackerStore, engine: EmbeddedEngine, how: str
) -> None:
    token, _ = conversations.start(language="en", route="self")
    conversations.say(token, words_for("en")[1])
    assert store.shelf._held
    if how == "call":
        conversations.erase(token)
    elif how == "choice":
        assert conversations.choose(token, ["/delete_chat"]).ended
    else:
        assert conversations.say(token, "delete").ended

    assert store.shelf._held == {}
    assert locks(engine) == []


def test_delete_during_a_turn_wins(
    conversations: Conversations, store: ForgetfulTrackerStore, engine: EmbeddedEngine
) -> None:
    """A message still under way must not bring the conversation back."""
    token, _ = conversations.start(language="en", route="self")
    conversation = conversations._conversation(token)
    under_way = engine.handle(conversation, Typed(words_for("en")[1]))
    conversations.erase(token)
    with suppress(EngineUnavailableError):  # where deleting came first
        under_way.result(30)

    assert store.shelf._held == {}


def test_two_tokens_share_nothing(
    conversations: Conversations, store: ForgetfulTrackerStore
) -> None:
    first, _ = conversations.start(language="en", route="self")
    second, _ = conversations.start(language="en", route="self")
    conversations.say(first, words_for("en")[1])
    kept = store.shelf._held[conversations._conversation(second)][1]

    assert "immediate_danger" not in kept
