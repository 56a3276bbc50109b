"""A turn on Telegram beside the same turn on the web: server time, in one run.

    uv run python -m benchmarks.telegram

Both enter the web application of one process (Telegram as a webhook delivery) and take turns,
conversation by conversation, with a short pause after each, as people leave. On Telegram the
time runs until every message was sent and the delivery answered; the Bot API is a small server
of its own process on 127.0.0.1 that answers at once, whose time is counted, too. Processor time
runs to the end of the pause: in it Telegram's buttons are tidied, which no answer waits for.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import multiprocessing
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qs

from tqdm import tqdm

from benchmarks.messages import TYPED
from benchmarks.timing import Times, as_dict, machine, summarise
from benchmarks.turns import Stopwatch, _Refusal

TARGET_MS = 5.0
PRESSES = 8
PAUSE_S = 0.05
_SECRET = "benchmark-secret-0123456789"
_PATH = "/telegram/updates"
_TOKEN = "123456:benchmark-benchmark-benchmark"


def _bot_api(ready: Connection) -> None:
    """Answer every call at once; GET gives the last message with buttons."""
    numbers = itertools.count(1)
    last: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            method = self.path.rpartition("/")[2]
            result: Any = True
            if method == "getMe":
                result = {"id": 1, "is_bot": True, "first_name": "W", "username": "w_bot"}
            elif method in ("sendMessage", "editMessageReplyMarkup"):
                given = {name: values[0] for name, values in parse_qs(body).items()}
                result = {
                    "message_id": next(numbers),
                    "date": int(time.time()),
                    "chat": {"id": int(given["chat_id"]), "type": "private"},
                    "text": "x",
                }
                if method == "sendMessage" and "reply_markup" in given:
                    last["message"] = {**result, "reply_markup": json.loads(given["reply_markup"])}
            self._give({"ok": True, "result": result})

        def do_GET(self) -> None:
            self._give(last["message"])

        def _give(self, shape: object) -> None:
            content = json.dumps(shape).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
            self.wfile.write(head.encode() + content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_address[1])
    server.serve_forever()


class Clocks(Stopwatch):
    """Keeps the processor time of the process, too: a busy machine does not stretch it."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self._began = time.process_time()
        return super().__call__(environ, start_response)

    def after_pause(self) -> tuple[float, float]:
        """Seconds of the last turn, and of the processor for all that it set off."""
        time.sleep(PAUSE_S)
        return self.seconds, time.process_time() - self._began


def measure(rounds: int) -> dict[str, Times]:
    """Times of web and Telegram turns, typed and pressed, after one round of warming up."""
    near, far = multiprocessing.Pipe()
    bot_api = multiprocessing.get_context("spawn").Process(
        target=_bot_api, args=(far,), daemon=True
    )
    bot_api.start()
    try:
        return _measure(rounds, f"http://127.0.0.1:{near.recv()}")
    finally:
        bot_api.terminate()


def _measure(rounds: int, api_url: str) -> dict[str, Times]:
    from bot.app import create_app
    from bot.channels.telegram.bot import TelegramChannel
    from bot.channels.telegram.webhook import HEADER, webhook
    from bot.conversation import Conversations
    from bot.engine.embedded import EmbeddedEngine
    from bot.settings import Settings
    from bot.wording import load_wording

    logging.getLogger("bot").addHandler(_Refusal(logging.ERROR))
    settings = Settings(
        telegram_token=_TOKEN,
        telegram_api_url=api_url,
        telegram_webhook_url=f"https://waymark.example{_PATH}",
        telegram_webhook_secret=_SECRET,
    )
    wording = load_wording()
    engine = EmbeddedEngine(settings.model)
    conversations = Conversations(engine, wording)
    telegram = TelegramChannel(settings, conversations, wording, messages_a_second=100_000)
    try:
        telegram.start()
        app = create_app(settings, conversations, wording, webhook(settings, telegram))
        watch = Clocks(app.wsgi_app)
        app.wsgi_app = watch
        client = app.test_client()
        updates, chats = itertools.count(1), itertools.count(1000)

        def deliver(kind: str, content: dict[str, Any]) -> tuple[float, float]:
            update = {"update_id": next(updates), kind: content}
            answer = client.post(_PATH, json=update, headers={HEADER: _SECRET})
            if answer.status_code != 200:
                raise SystemExit(f"A delivery failed with {answer.status_code}.")
            return watch.after_pause()

        def on_telegram(messages: list[str] | None) -> Iterator[tuple[float, float]]:
            chat_id = next(chats)
            chat = {"id": chat_id, "type": "private"}
            user = {"id": chat_id, "is_bot": False, "first_name": "X", "language_code": "en"}

            def say(text: str) -> tuple[float, float]:
                number = 10**6 + next(updates)
                message = {"message_id": number, "date": 1, "chat": chat, "from": user}
                return deliver("message", {**message, "text": text})

            say("/start")
            if messages is not None:
                yield from map(say, messages)
                return
            for number in range(PRESSES):
                with urllib.request.urlopen(api_url) as answer:
                    asked = json.load(answer)
                query = {"id": str(number), "from": user, "chat_instance": "1", "message": asked}
                yield deliver("callback_query", {**query, "data": "pick:0"})

        def on_the_web(messages: list[str] | None) -> Iterator[tuple[float, float]]:
            start = client.post("/api/v1/conversations", json={"language": "en"}).get_json()
            headers = {"Authorization": f"Bearer {start['token']}"}

            def send(kind: str, value: str) -> Any:
                answer = client.post("/api/v1/messages", json={kind: value}, headers=headers)
                if answer.status_code != 200:
                    raise SystemExit(f"A turn failed with {answer.status_code}.")
                return answer.get_json()

            for message in messages or ():
                send("text", message)
                yield watch.after_pause()
            for _ in range(PRESSES if messages is None else 0):
                choices = [c for reply in start["replies"] for c in reply["choices"]]
                start = send("choice", choices[0]["id"])
                yield watch.after_pause()

        taken: dict[str, list[float]] = {}
        for number in tqdm(range(rounds + 1), desc="Telegram", unit="round", leave=False):
            for messages in [None, *TYPED]:
                kind = "pressed" if messages is None else "typed"
                for channel, talk in (("web", on_the_web), ("telegram", on_telegram)):
                    times = list(talk(messages and list(messages)))
                    if number:  # the first round warms up
                        for clock, each in zip(("", " (processor)"), zip(*times)):
                            taken.setdefault(f"{channel}, {kind}{clock}", []).extend(each)
    finally:
        telegram.stop()
        engine.close()
    return {kind: summarise(times) for kind, times in taken.items()}


def main() -> None:
    """Print a table, or JSON."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=10, help="times that all is said")
    options.add_argument("--json", action="store_true", help="print JSON")
    given = options.parse_args()
    before = machine()
    times = measure(given.rounds)
    more = {
        kind: round(times[f"telegram, {kind}"].median_ms - times[f"web, {kind}"].median_ms, 2)
        for kind in ("pressed", "typed", "pressed (processor)", "typed (processor)")
    }
    if given.json:
        shapes = {kind: as_dict(each) for kind, each in times.items()}
        print(json.dumps({"machine": before, "times": shapes, "more_ms": more}, indent=2))
        return
    for kind, each in times.items():
        print(
            f"{kind:30} median {each.median_ms:7.2f} ms   p99 {each.p99_ms:7.2f} ms   n {each.count}"
        )
    for kind, ms in more.items():
        ratio = times[f"telegram, {kind}"].median_ms / times[f"web, {kind}"].median_ms
        print(f"{kind}: {ms:+.2f} ms on Telegram, {ratio:.2f} times (aim: at most {TARGET_MS} ms)")
    print(f"load before: {before['load_before']}", file=sys.stderr)


if __name__ == "__main__":
    main()
