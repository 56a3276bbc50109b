"""A small Bot API over HTTP that knows profile calls only: what is set can be read back.

As Telegram does, it shows the default where a language has no name or description of its own,
and no commands where a language has none.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456:canary-token-AAHdqTcvCH1vGWJ"
USERNAME = "WaymarkTestBot"
_TEXTS = {
    "MyName": "name",
    "MyDescription": "description",
    "MyShortDescription": "short_description",
}


class FakeBotApi:
    """Attributes: `shown`, what was set, by call and language; `calls`, in order; `refusals`,
    answers to give instead, by method, each once.
    """

    def __init__(self) -> None:
        self.url = ""
        self.shown: dict[tuple[str, str], Any] = {}
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.refusals: dict[str, list[dict[str, Any]]] = {}

    def sets(self) -> list[tuple[str, str]]:
        """Method and language of every call that changed something."""
        return [
            (name, data.get("language_code", ""))
            for name, data in self.calls
            if name.startswith("set")
        ]

    def refuse(self, method: str, code: int, description: str, **parameters: Any) -> None:
        """Answer the next call of a method with an error."""
        answer = {"ok": False, "error_code": code, "description": description}
        if parameters:
            answer["parameters"] = parameters
        self.refusals.setdefault(method, []).append(answer)

    async def answer(self, request: web.Request) -> web.Response:
        """One call."""
        method, data = request.match_info["method"], dict(await request.post())
        self.calls.append((method, data))  # type: ignore[arg-type]
        if request.match_info["token"] != TOKEN:
            return _json({"ok": False, "error_code": 401, "description": "Unauthorized"})
        if waiting := self.refusals.get(method):
            return _json(waiting.pop(0))
        return _json({"ok": True, "result": self._result(method, data)})

    def _result(self, method: str, data: dict[str, Any]) -> Any:
        language = data.get("language_code", "")
        kind = method[3:]
        if method == "getMe":
            return {"id": 123456, "is_bot": True, "first_name": "Waymark", "username": USERNAME}
        if method == "getMyCommands":
            return self.shown.get((kind, language), [])
        if method == "setMyCommands":
            self.shown[kind, language] = json.loads(data["commands"])
            return True
        field = _TEXTS[kind]
        if method.startswith("set"):
            self.shown[kind, language] = data.get(field, "")
            return True
        default = self.shown.get((kind, ""), "")
        return {field: self.shown.get((kind, language)) or default}


def _json(answer: dict[str, Any]) -> web.Response:
    return web.json_response(answer, status=answer.get("error_code", 200))


@contextmanager
def serving() -> Iterator[FakeBotApi]:
    """The fake on a free port of this machine."""
    fake, loop, ready, stop = FakeBotApi(), asyncio.new_event_loop(), threading.Event(), None

    async def run() -> None:
        nonlocal stop
        stop = asyncio.Event()
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", fake.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert ready.wait(5)
    try:
        yield fake
    finally:
        loop.call_soon_threadsafe(stop.set)  # type: ignore[attr-defined]
        thread.join()
        loop.close()
