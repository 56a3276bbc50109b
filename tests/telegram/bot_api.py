"""A small Bot API server for tests: documented shapes, failures on demand, everything recorded.

Methods that the emulator (telegram-test-api) has are passed on to it when `upstream` is
given; what it lacks or shapes unlike Telegram (getMe without is_bot, dates in milliseconds,
null where True belongs, updates forgotten when fetched) is made good here.
"""

from __future__ import annotations

import asyncio
import copy
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "123456:canary-free_token-for_tests-0123456789"
UPSTREAM_METHODS = frozenset(
    ["sendMessage", "editMessageReplyMarkup", "answerCallbackQuery", "deleteMessage"]
)
MAX_UPDATES = 100


@dataclass
class Call:
    """One call that the bot made."""

    method: str
    parameters: dict[str, Any]
    at: float = field(default_factory=time.monotonic)


def failure(status: int, description: str = "refused", **parameters: int) -> tuple[int, dict]:
    """An error in the documented shape."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return status, body


class BotApi:
    """Runs in a thread of its own."""

    def __init__(self, token: str = TOKEN, upstream: str | None = None) -> None:
        self.token = token
        self.upstream = upstream
        self.calls: list[Call] = []
        self.messages: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.history: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.deleted: dict[int, list[int]] = defaultdict(list)
        self.updates: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.delay_s = 0.0
        self.ignores_offset = False
        self.before: Callable[[str, dict], None] = lambda method, parameters: None
        self._failures: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self._numbers = {"update": 1000, "message": 10}
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._news: asyncio.Event | None = None
        self.url = ""

    # --- For tests ------------------------------------------------------------------------

    def start(self) -> BotApi:
        ready = threading.Event()

        async def run() -> None:
            self._news = asyncio.Event()
            app = web.Application(client_max_size=2**24)
            app.router.add_route("*", "/bot{token}/{method}", self._handle)
            self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", 0)
            await site.start()
            port = self._runner.addresses[0][1]
            self.url = f"http://127.0.0.1:{port}"
            self._client = aiohttp.ClientSession() if self.upstream else None
            ready.set()

        def main() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(run())
            self._loop.run_forever()

        self._thread = threading.Thread(target=main, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def stop(self) -> None:
        async def end() -> None:
            if self._client:
                await self._client.close()
            await self._runner.cleanup()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def fail(self, method: str, *answers: tuple[int, Any]) -> None:
        """The next calls of a method fail so, one after the other."""
        self._failures[method] += answers

    def push(self, update: dict[str, Any]) -> int:
        """An update as it comes, with a number unless it has one."""
        with self._lock:
            self._numbers["update"] += 1
            update = {"update_id": self._numbers["update"], **update}
            self.updates.append(update)
        self._loop.call_soon_threadsafe(self._news.set)
        return update["update_id"]

    def next_message(self) -> int:
        with self._lock:
            self._numbers["message"] += 1
            return self._numbers["message"]

    def called(self, method: str) -> list[dict[str, Any]]:
        """Parameters of every call of a method."""
        return [call.parameters for call in self.calls if call.method == method]

    def sent(self, chat_id: int) -> list[dict[str, Any]]:
        """The bot's messages in a chat, as they stand now."""
        return [copy.deepcopy(self.messages[chat_id][n]) for n in sorted(self.messages[chat_id])]

    # --- The Bot API ----------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        parameters = await self._parameters(request)
        self.calls.append(Call(method, parameters))
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if request.match_info["token"] != self.token:
            return self._answer(*failure(401, "Unauthorized"))
        if self._failures[method]:
            status, body = self._failures[method].pop(0)
            if isinstance(body, bytes):
                return web.Response(status=status, body=body)
            return self._answer(status, body)
        self.before(method, parameters)
        handler = getattr(self, f"_{method}", None)
        if handler is None:
            return self._answer(*failure(404, "Not Found: method not found"))
        result = handler(parameters)
        if asyncio.iscoroutine(result):
            result = await result
        if isinstance(result, tuple):
            return self._answer(*result)
        return self._answer(200, {"ok": True, "result": result})

    @staticmethod
    def _answer(status: int, body: Any) -> web.Response:
        return web.json_response(body, status=status)

    @staticmethod
    async def _parameters(request: web.Request) -> dict[str, Any]:
        raw = dict(await request.post()) if request.can_read_body else dict(request.query)
        read = {}
        for name, value in raw.items():
            try:
                read[name] = json.loads(value) if name not in ("text",) else value
            except ValueError:
                read[name] = value
        return read

    async def _pass_on(self, method: str, parameters: dict[str, Any]) -> Any:
        async with self._client.post(
            f"{self.upstream}/bot{self.token}/{method}", json=parameters
        ) as answer:
            body = await answer.json()
            assert body["ok"], body
            return body["result"]

    def _getMe(self, _: dict) -> dict:
        return {
            "id": 123456,
            "is_bot": True,
            "first_name": "Waymark",
            "username": "waymark_test_bot",
        }

    async def _getUpdates(self, parameters: dict) -> list[dict]:
        offset, until = (
            parameters.get("offset"),
            time.monotonic() + int(parameters.get("timeout", 0)),
        )
        if offset is not None and not self.ignores_offset:
            with self._lock:
                self.updates = [u for u in self.updates if u.get("update_id", 0) >= offset]
        while True:
            self._news.clear()
            await self._fetch_upstream()
            if self.updates or time.monotonic() >= until:
                return self.updates[: int(parameters.get("limit", MAX_UPDATES))]
            wait = 0.02 if self.upstream else until - time.monotonic()
            try:
                await asyncio.wait_for(self._news.wait(), wait)
            except TimeoutError:
                continue

    async def _fetch_upstream(self) -> None:
        if self.upstream:
            for update in await self._pass_on("getUpdates", {}):
                message = update.get("message") or {}
                if message.get("date"):
                    message["date"] = int(time.time())
                update.get("callback_query", {}).setdefault("chat_instance", "1")
                self.updates.append(update)

    async def _sendMessage(self, parameters: dict) -> dict | tuple:
        chat_id = int(parameters["chat_id"])
        text = parameters["text"]
        if not text.strip():
            return failure(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return failure(400, "Bad Request: message is too long")
        markup = parameters.get("reply_markup")
        for button in [b for row in (markup or {}).get("inline_keyboard", ()) for b in row]:
            assert button["text"].strip()
            assert ("url" in button) != ("callback_data" in button)
            if "callback_data" in button and len(button["callback_data"].encode()) > 64:
                return failure(400, "Bad Request: BUTTON_DATA_INVALID")
        if self.upstream:
            number = (await self._pass_on("sendMessage", parameters))["message_id"]
        else:
            number = self.next_message()
        message = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private" if chat_id > 0 else "group"},
            "text": text,
            **({"reply_markup": markup} if markup else {}),
        }
        self.messages[chat_id][number] = message
        self.history[chat_id].append(copy.deepcopy(message))
        return message

    async def _editMessageReplyMarkup(self, parameters: dict) -> dict | tuple:
        chat_id, number = int(parameters["chat_id"]), int(parameters["message_id"])
        message = self.messages[chat_id].get(number)
        if message is None:
            return failure(400, "Bad Request: message to edit not found")
        markup = parameters.get("reply_markup")
        if message.get("reply_markup") == markup:
            return failure(400, "Bad Request: message is not modified")
        if self.upstream:
            await self._pass_on("editMessageReplyMarkup", parameters)
        message.pop("reply_markup", None)
        if markup:
            message["reply_markup"] = markup
        return message

    async def _answerCallbackQuery(self, parameters: dict) -> bool:
        if self.upstream:
            await self._pass_on("answerCallbackQuery", parameters)
        return True

    async def _deleteMessages(self, parameters: dict) -> bool | tuple:
        chat_id, numbers = int(parameters["chat_id"]), parameters["message_ids"]
        if not 1 <= len(numbers) <= 100:
            return failure(400, "Bad Request: wrong number of messages")
        for number in numbers:
            self.deleted[chat_id].append(number)
            self.messages[chat_id].pop(number, None)
            if self.upstream:
                async with self._client.post(
                    f"{self.upstream}/bot{self.token}/deleteMessage",
                    json={"chat_id": chat_id, "message_id": number},
                ):
                    pass  # one that is not found is skipped
        return True

    def _sendChatAction(self, _: dict) -> bool:
        return True

    def _leaveChat(self, _: dict) -> bool:
        return True

    def _setWebhook(self, parameters: dict) -> bool:
        self.webhook = parameters
        return True

    def _deleteWebhook(self, _: dict) -> bool:
        self.webhook = None
        return True

    def _setMyCommands(self, _: dict) -> bool:
        return True


class Person:
    """Somebody in a private chat with the bot."""

    def __init__(self, api: BotApi, chat_id: int, language: str = "en", **names: str) -> None:
        self.api, self.id, self.language = api, chat_id, language
        self.names = {"first_name": "Somebody", **names}
        self._seen = 0
        self._presses = 0

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "language_code": self.language, **self.names}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", **self.names}

    def message(self, text: str | None, **more: Any) -> dict[str, Any]:
        """A message of this person, as Telegram sends it."""
        entities = {}
        if text and text.startswith("/"):
            length = len(text.split()[0])
            entities = {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
        return {
            "message_id": self.api.next_message(),
            "date": int(time.time()),
            "chat": self.chat,
            "from": self.user,
            **({"text": text} if text is not None else {}),
            **entities,
            **more,
        }

    def say(self, text: str | None = None, **more: Any) -> int:
        return self.api.push({"message": self.message(text, **more)})

    def press_update(self, message: dict[str, Any], data: str) -> dict[str, Any]:
        self._presses += 1
        return {
            "callback_query": {
                "id": f"{self.id}{self._presses}",
                "from": self.user,
                "chat_instance": "1",
                "data": data,
                "message": {**message, "from": {"id": 1, "is_bot": True, "first_name": "Waymark"}},
            }
        }

    def press(self, label: str, message: dict[str, Any] | None = None) -> int:
        """Press a button of the newest message that has it."""
        for each in [message] if message else reversed(self.api.sent(self.id)):
            for button in buttons(each):
                if button["text"] == label and "callback_data" in button:
                    return self.api.push(self.press_update(each, button["callback_data"]))
        raise AssertionError(
            f"no button {label!r} in {[labels(m) for m in self.api.sent(self.id)]}"
        )

    def answers(self, count: int = 1, timeout_s: float = 60) -> list[dict[str, Any]]:
        """The next messages of the bot, at least so many, when its turns are over."""
        end = time.monotonic() + timeout_s
        while True:
            new = self.api.history[self.id][self._seen :]
            if len(new) >= count and not self._is_waiting():
                new = self.api.history[self.id][self._seen :]
                self._seen += len(new)
                stored = self.api.messages[self.id]
                return [copy.deepcopy(stored.get(m["message_id"], m)) for m in new]
            assert time.monotonic() < end, f"{len(new)} of {count} answers"
            time.sleep(0.01)

    def _is_waiting(self) -> bool:
        """Whether a turn of this person is not over, as far as Telegram was told."""
        if self.api.ignores_offset:
            return False
        for update in list(self.api.updates):
            query = update.get("callback_query") or {}
            message = update.get("message") or update.get("edited_message") or query.get("message")
            if isinstance(message, dict) and (message.get("chat") or {}).get("id") == self.id:
                return True
        return False

    def newest(self) -> dict[str, Any]:
        return self.answers()[-1]


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message, in their order."""
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for b in row]


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on the buttons."""
    return [button["text"] for button in buttons(message)]


def until(condition: Callable[[], Any], timeout_s: float = 60) -> Any:
    """Wait for something to be true; returns it."""
    end = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return value
