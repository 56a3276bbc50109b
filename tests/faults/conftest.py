"""The real engine with the trained model, whose encoder can be made to fail."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from clock import Clock
from flask.testing import FlaskClient

from bot import conversation
from bot.app import create_app
from bot.conversation import Conversations
from bot.engine.embedded import EmbeddedEngine
from bot.engine.shelf import MemoryShelf
from bot.engine.tracker_store import ForgetfulTrackerStore
from bot.nlu import encoder as bot_encoder
from bot.settings import Settings, load_settings
from bot.wording import Wording, load_wording

NUMBERS = {"tel:999", "tel:08000121700"}
PATIENCE_S = 60
"""How long these servers let a client wait that shows the numbers meanwhile. It is eight seconds
elsewhere; here no answer may fail to come because the machine is busy."""
PATIENT = {"Prefer": f"wait={PATIENCE_S}"}
LIMIT_S = 30.0


def until(is_so: Callable[[], object], within_s: float = LIMIT_S) -> None:
    """Wait for something that is going to be so."""
    end = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.02)


class Talk:
    """A conversation over the API, as a client has it."""

    def __init__(self, client: FlaskClient, language: str, **headers: str) -> None:
        self.client = client
        body = {"language": language, "route": "self"}
        started = client.post("/api/v1/conversations", json=body).get_json()
        self.headers = {
            "Authorization": f"Bearer {started['token']}",
            "Accept-Language": language,
            **PATIENT,
            **headers,
        }

    def impatient(self) -> Talk:
        """From now on as a client that shows nothing while it waits."""
        del self.headers["Prefer"]
        return self

    def post(self, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """One message; `status` is what came."""
        response = self.client.post(
            "/api/v1/messages", json=body, headers={**self.headers, **headers}
        )
        self.status = response.status_code
        answer: dict[str, Any] = response.get_json()
        return answer

    def say(self, text: str, **headers: str) -> dict[str, Any]:
        return self.post({"text": text}, **headers)

    def choose(self, choice: str, **headers: str) -> dict[str, Any]:
        return self.post({"choice": choice}, **headers)

    def at_the_first_question(self) -> Talk:
        assert progress(self.choose('/answer{"safe_to_talk":"yes"}'))
        return self

    def question(self) -> str:
        """Where it stands; asks for it once more."""
        return progress(self.choose("/repeat_message"))


def progress(answer: dict[str, Any]) -> str:
    """'Question 2 of 7' of an answer, in its language."""
    return str(answer["replies"][-1].get("progress", ""))


def hrefs(answer: dict[str, Any]) -> set[str]:
    """What can be touched to call, in an answer or an error."""
    links = answer["error"]["links"] if "error" in answer else answer["replies"][0]["links"]
    return {link["href"] for link in links}


class Encoder:
    """The real one, until a test makes it fail.

    Attributes:
        is_asked: set as soon as it has something to read.
        was_let_go: whether anything that was held back has gone on since. Until then whatever
            else is answered did not wait for it.
        texts: everything that it was asked to read.
    """

    def __init__(self) -> None:
        self.encode = bot_encoder.encode
        self.go_on = threading.Event()
        self.go_on.set()
        self.is_asked = threading.Event()
        self.was_let_go = False
        self.texts: list[str] = []
        self.seconds_a_text = 0.0
        self.error: Exception | None = None

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        self.is_asked.set()
        is_told = self.go_on.wait(2 * PATIENCE_S)
        self.was_let_go = True
        assert is_told, "it was held for too long"
        time.sleep(self.seconds_a_text * len(texts))
        if self.error:
            raise self.error
        return self.encode(texts)

    def hold(self) -> None:
        """Let nothing through until `go_on` is set."""
        self.is_asked.clear()
        self.go_on.clear()
        self.was_let_go = False


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoder]:
    encoder = Encoder()
    monkeypatch.setattr(bot_encoder, "encode", encoder)
    yield encoder
    encoder.go_on.set()


@pytest.fixture(scope="session")
def wording() -> Wording:
    return load_wording()


@pytest.fixture(scope="session")
def clock() -> Clock:
    """By which conversations expire."""
    return Clock()


@pytest.fixture(scope="session")
def engine(clock: Clock) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(
        load_settings(os.environ).model,
        tracker_store=lambda: ForgetfulTrackerStore(shelf=MemoryShelf(clock)),
    )
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """For clients that ask for it."""
    monkeypatch.setattr(conversation, "LONGEST_S", float(PATIENCE_S))


@pytest.fixture
def client(engine: EmbeddedEngine, wording: Wording) -> FlaskClient:
    """With the times that a server has, but for that of patient clients."""
    return create_app(Settings(), Conversations(engine, wording), wording).test_client()


@pytest.fixture
def talk(client: FlaskClient) -> Callable[..., Talk]:
    """Start a conversation."""

    def start(language: str = "en", **headers: str) -> Talk:
        return Talk(client, language, **headers)

    return start
