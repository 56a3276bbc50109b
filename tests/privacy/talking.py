"""What is said to a traced server: everything, in words that occur nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from routes import METHODS, routes
from traced_server import TracedServer

MOST = 3_000
"""More messages than are ever needed until one is refused (bot/limits.py)."""


def talk_through(server: TracedServer, look_at_redis: Callable[[], None] | None = None) -> None:
    """A whole conversation in three languages, and what goes wrong on the way.

    Args:
        look_at_redis: called while each conversation is held.
    """
    new, new_arabic = server.canaries.new, server.canaries.new_arabic
    said = {
        "en": [
            "my boss {} took my passport and does not pay me",
            "I think {} lives at 4 Nowhere Road, my name is {}",
            "he is going to kill me, his name is {}",
            "I want to die {}",
            "why do you ask {}?",
            "why do you ask?",
        ],
        "es": [
            "mi jefe {} tiene mi pasaporte y no me paga",
            "me va a matar, se llama {}",
            "¿por qué me lo preguntas {}?",
        ],
        "ar": [
            "صاحب العمل أخذ جواز سفري ولا يدفع لي. اسمه {}",
            "هو بره ومعاه سكين اسمه {}",
            "لماذا تسأل {}",
        ],
    }
    for language, texts in said.items():
        start = server.send(
            f"start {language}", "POST", "/api/v1/conversations", {"language": language}
        )
        token = start["token"]
        server.tokens.append(token)
        server.canaries.words[f"token of {language}"] = token

        def message(place: str, body: Any, token: str = token, **more: Any) -> Any:
            return server.send(place, "POST", "/api/v1/messages", body, token=token, **more)

        message("choice", {"choice": "/start_self"})
        message("choice", {"choice": '/answer{"safe_to_talk":"yes"}'})
        for number, text in enumerate(texts):
            place = f"text {number} {language}"
            word = new_arabic(place) if language == "ar" else new(place)
            message(place, {"text": text.replace("{}", word)})
        message("a question asked back", {"choice": "/ask_why"})
        name = new(f"unknown choice {language}")
        for choice in (name, f"/{name}", f'/answer{{"{name}":"yes"}}', f'/answer{{"feels_safe":"{name}"}}',
                       f'/remove_label{{"label":"{name}"}}', f'/choose_place{{"place":"{name}"}}',
                       f'/change_language{{"language":"{name}"}}', f"/answer{{{name}"):  # fmt: skip
            message("unknown choice", {"choice": choice})
        message("several choices", {"choices": [f'/answer{{"noticed":"{new("several")}"}}']})
        message("100 kB", {"text": new("100 kB") + " x" * 50_000})
        message("9,000 characters", {"text": (new("9,000 characters") + " ") * 500})
        message("lone surrogate", b'{"text": "\\ud800 ' + new("lone surrogate").encode() + b'"}')
        message("not JSON", b'{"text": "' + new("not JSON").encode())
        message("not UTF-8", b'{"text": "\xff\xfe' + new("not UTF-8").encode() + b'"}')
        message("unknown field", {"text": "hello", new("unknown field"): new("unknown value")})
        message("wrong type", {"text": {new("wrong type"): 1}})
        message("form", b"text=" + new("form").encode(), headers={"Content-Type": "text/plain"})
        message("query", {"text": "hello"}, headers=None)
        place = f"{new('query name')}={new('query value')}"
        server.send("query", "POST", f"/api/v1/messages?{place}", {"text": "hello"}, token=token)
        server.send(
            "bad token", "POST", "/api/v1/messages", {"text": new("text")}, token=new("bad token")
        )
        server.send("no token", "POST", "/api/v1/messages", {"text": new("unheard")})
        server.send("bad hints", "POST", "/api/v1/conversations",
                    {"language": new("language"), "borough": new("borough")})  # fmt: skip
        server.send("bad route", "POST", "/api/v1/conversations", {"route": new("route")})
        server.send("page", "GET", f"/?language={new('page language')}")
        server.send("missing page", "GET", f"/{new('path')}?{new('path query')}")
        server.send("forged line", "GET", f"/%0d%0aWaymark:%20{new('line')}%1b[2J")
        server.send("missing call", "GET", f"/api/v1/{new('api path')}")
        server.send(
            "wrong method", "PUT", f"/api/v1/messages?{new('put query')}", {"text": new("put")}
        )
        server.send("described", "GET", "/api/v1/openapi.json")
        server.send_raw(
            "no HTTP", f"{new('no HTTP')} / HTTP/9.9\r\n{new('no header')}\r\n\r\n".encode()
        )
        server.send_raw(
            "long header",
            f"GET / HTTP/1.1\r\nX: {new('long header')}{'x' * 40_000}\r\n\r\n".encode(),
        )
        server.look_at_process()
        if look_at_redis:
            look_at_redis()
        server.send("delete", "DELETE", "/api/v1/conversations", token=token)
    server.look_at_process()


def walk_through(server: TracedServer) -> None:
    """Every route by every method, with words in the query and in the body."""
    new = server.canaries.new
    for path in routes():
        for method in METHODS:
            place = f"{method} {path}"
            address = f"{path}?{new(f'{place}: query name')}={new(f'{place}: query value')}"
            body = {"text": new(f"{place}: body")} if method in ("POST", "PUT", "PATCH") else None
            server.send(place, method, address, body)
    for where in ("late", "early"):
        server.send(where, "GET", f"/{where}/{new(f'{where}: path')}")
    server.send(
        "proxy header that can't be read",
        "GET",
        "/numbers",
        headers={"X-Forwarded-For": f'"{new("proxy header")}'},
    )


def talk_of_somebody_else(server: TracedServer) -> None:
    """Some turns without a word to look for."""
    token = server.send("start of another", "POST", "/api/v1/conversations", {})["token"]
    for choice in ("/start_self", '/answer{"safe_to_talk":"yes"}', "/ask_numbers"):
        server.send("choice", "POST", "/api/v1/messages", {"choice": choice}, token=token)
    for text in ("they do not pay me", "I sleep in the kitchen", "what can I do?") * 3:
        server.send("another's text", "POST", "/api/v1/messages", {"text": text}, token=token)
    server.send("delete of another", "DELETE", "/api/v1/conversations", token=token)


def flood(server: TracedServer) -> None:
    """More messages than a person types, until they are refused."""
    token = server.send("start of a flood", "POST", "/api/v1/conversations", {})["token"]
    for _ in range(MOST):
        server.send("flood", "POST", "/api/v1/messages", {"choice": "/ask_numbers"}, token=token)
        if server.answers[-1].status == 429:
            break
    else:
        raise AssertionError("nothing was refused")
    server.send("delete of a flood", "DELETE", "/api/v1/conversations", token=token)
