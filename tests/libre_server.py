"""A LibreTranslate on 127.0.0.1 that translates by marking each word, and remembers what it read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from bot.translation import Translator, open_translator


def marked(text: str, target: str) -> str:
    """A stand-in for words of another language; marks in brackets stay."""
    return " ".join(word if "⟦" in word else f"{word}~{target}" for word in text.split(" "))


def wait_for(translator: Translator) -> None:
    """Its languages are asked for in the background."""
    until = time.monotonic() + 5
    while not translator.languages() and time.monotonic() < until:
        time.sleep(0.01)


class Libre:
    """The server. `read`: everything that reached it; `delay_s`, `status` and `translate` change
    how it answers."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.delay_s = 0.0
        self.status = 200
        self.translate: Callable[[str, str], str] = marked
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer([{"code": code} for code in ("en", "de", "he", "uk")])

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                given = parse_qs(body)
                outer.read.append(given["q"][0])
                time.sleep(outer.delay_s)
                self._answer({"translatedText": outer.translate(given["q"][0], given["target"][0])})

            def _answer(self, content: object) -> None:
                outer.read.append(f"{self.path} {self.headers}")
                body = json.dumps(content).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def translator(self, names: Iterable[str]) -> Translator:
        """One that asks this server, and knows its languages."""
        made = open_translator(self.url, "", names)
        wait_for(made)
        return made

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
