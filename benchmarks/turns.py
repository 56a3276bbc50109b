"""Waymark alone: server time of a button turn and a typed turn, against the encoder itself.

    uv run python -m benchmarks.turns

In one process, without a network: the time from a request's entry into the web application
until its answer leaves it. Takes well under a minute.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from tqdm import tqdm

from benchmarks.messages import BUTTONS, TYPED
from benchmarks.timing import Times, as_dict, machine, summarise

_PAUSE_S = 0.05
"""Between kinds of work, so that one's idle threads don't slow the next."""


class Stopwatch:
    """WSGI middleware that keeps the time of the last request."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self.seconds = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return self._app(environ, start_response)
        finally:
            self.seconds = time.perf_counter() - began


class _Refusal(logging.Handler):
    """Stops the measurement when the engine gives up: the apology that follows is quick."""

    def emit(self, record: logging.LogRecord) -> None:
        raise SystemExit(f"Nothing was measured: {record.getMessage()}")


def measure(rounds: int) -> dict[str, Times]:
    """Times of `rounds` times all messages, after one round of warming up.

    Returns:
        button, typed: server time of a turn.
        encoder: the encoder on what it reads in a typed turn (the message and its sentences).
        encoder_message: the encoder on the message alone.
    """
    from bot.app import create_app
    from bot.conversation import Conversations
    from bot.engine.embedded import EmbeddedEngine
    from bot.nlu import encoder
    from bot.settings import Settings
    from bot.text import clean, sentences
    from bot.wording import load_wording

    logging.getLogger("bot").addHandler(_Refusal(logging.ERROR))
    settings = Settings()
    wording = load_wording()
    engine = EmbeddedEngine(settings.model)
    try:
        app = create_app(settings, Conversations(engine, wording), wording)
        watch = Stopwatch(app.wsgi_app)
        app.wsgi_app = watch
        client = app.test_client()

        def talk(kind: str, messages: Iterable[str]) -> list[float]:
            token = client.post("/api/v1/conversations", json={}).get_json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
            times = []
            for message in messages:
                answer = client.post("/api/v1/messages", json={kind: message}, headers=headers)
                if answer.status_code != 200:
                    raise SystemExit(f"A turn failed with {answer.status_code}.")
                times.append(watch.seconds)
            return times

        def encode(texts: list[str]) -> float:
            began = time.perf_counter()
            encoder.encode(texts)
            return time.perf_counter() - began

        spoken = [clean(message) for conversation in TYPED for message in conversation]
        taken: dict[str, list[float]] = {
            "button": [],
            "typed": [],
            "encoder": [],
            "encoder_message": [],
        }
        for number in tqdm(range(rounds + 1), desc="Waymark alone", unit="round", leave=False):
            times = {"button": talk("choice", BUTTONS)}
            time.sleep(_PAUSE_S)
            times["typed"] = [each for conversation in TYPED for each in talk("text", conversation)]
            time.sleep(_PAUSE_S)
            times["encoder"] = [encode([text, *sentences(text)]) for text in spoken]
            times["encoder_message"] = [encode([text]) for text in spoken]
            time.sleep(_PAUSE_S)
            if number:  # the first round warms up
                for kind, each in times.items():
                    taken[kind] += each
    finally:
        engine.close()
    return {kind: summarise(times) for kind, times in taken.items()}


def main() -> None:
    """Print a table, or JSON."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--rounds", type=int, default=10, help="times that all is said (default 10)"
    )
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    where = machine()
    taken = measure(max(1, given.rounds))
    if given.json:
        json.dump({"machine": where, **{k: as_dict(v) for k, v in taken.items()}}, sys.stdout)
        return
    print(
        f"{where['date']}, {where['processor']}, {where['cores']} cores, "
        f"load {where['load_before']}"
    )
    names = {
        "button": "button turn, server time",
        "typed": "typed turn, server time",
        "encoder": "encoder, the message and its sentences",
        "encoder_message": "encoder, the message alone",
    }
    for kind, times in taken.items():
        print(f"{names[kind]:40} median {times.median_ms:6.1f} ms   p99 {times.p99_ms:6.1f} ms")
    more = taken["typed"].median_ms - taken["encoder"].median_ms
    print(f"A typed turn takes {more:.1f} ms more than the encoder itself.")


if __name__ == "__main__":
    main()
