"""One server on 127.0.0.1: the same page with each widget, its file, and a service that answers.

`/page/<key>` takes `dir` (the direction of the page) and `csp` (send the strict policy).
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import threading
from collections.abc import Iterator
from typing import Any, Final

import socketio  # type: ignore[import-untyped]
from flask import Flask, Response, abort, jsonify, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.widget.packages import WIDGET, Packed
from benchmarks.widget.subjects import ANSWER, SUBJECTS, Subject
from bot.settings import PROJECT

STUB: Final = PROJECT / "tests" / "widget" / "stub_server.py"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
WELCOME: Final = "Hello. I am a computer program, not a person."
PAGE: Final = """<!doctype html>
<html lang="en" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page with a chat</title>
<meta name="description" content="A page with nothing on it but a few words and a chat.">
<link rel="icon" href="data:,">
{head}
</head>
<body>
<main><h1>A page with a chat</h1><p>A few words of the page itself.</p></main>
{body}
</body>
</html>
"""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve(files: dict[str, Packed]) -> Iterator[str]:
    """Serve until the block ends; gives the address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        "127.0.0.1", 0, _application(files), threaded=True, request_handler=_Handler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def page(subject: Subject, *, direction: str, is_strict: bool) -> str:
    """The page with one widget."""
    body = subject.in_body
    if subject.script:
        kind = ' type="module"' if subject.is_module else ""
        body += (
            f'<script{kind} src="/start/{subject.key}.js"></script>'
            if is_strict
            else f"<script{kind}>\n{subject.script}</script>"
        )
    return PAGE.format(direction=direction, head=subject.in_head, body=body)


def _application(files: dict[str, Packed]) -> Any:
    app = Flask(__name__)
    by_key = {subject.key: subject for subject in SUBJECTS}

    @app.get("/page/<key>")
    def show(key: str) -> Response:
        is_strict = "csp" in request.args
        direction = "rtl" if request.args.get("dir") == "rtl" else "ltr"
        text = page(by_key[key], direction=direction, is_strict=is_strict)
        response = Response(text, mimetype="text/html")
        if is_strict:
            response.headers["Content-Security-Policy"] = CSP
        return response

    @app.get("/start/<key>.js")
    def start(key: str) -> Response:
        return Response(by_key[key].script, mimetype="text/javascript")

    @app.get("/widget.js")
    @app.get("/files/<path:path>")
    def file(path: str = "") -> Response:
        return _packed(files[request.path]) if request.path in files else abort(404)

    @app.get("/widget.js.map")
    def source_map() -> Response:
        place = WIDGET.with_name("widget.js.map")
        return (
            Response(place.read_bytes(), mimetype="application/json")
            if place.exists()
            else abort(404)
        )

    _answer_deep_chat(app)
    _answer_typebot(app)
    with_waymark = DispatcherMiddleware(app.wsgi_app, {"/api": _under("/api", _waymark())})
    return socketio.WSGIApp(_rasa(), with_waymark)


def _packed(packed: Packed) -> Response:
    accepted = request.headers.get("Accept-Encoding", "")
    if "br" in accepted:
        response, coding = Response(packed.brotli, mimetype="text/javascript"), "br"
    elif "gzip" in accepted:
        response, coding = Response(packed.gzip, mimetype="text/javascript"), "gzip"
    else:
        return Response(packed.raw, mimetype="text/javascript")
    response.headers["Content-Encoding"] = coding
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _waymark() -> Flask:
    """The stand-in of the widget's own tests, so that no trained model is needed."""
    spec = importlib.util.spec_from_file_location("stub_server", STUB)
    if not spec or not spec.loader:
        raise ImportError(str(STUB))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stub: Flask = module.create_stub()
    return stub


def _under(prefix: str, app: Flask) -> Any:
    """Undo what the dispatcher takes off the path."""

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = ""
        environ["PATH_INFO"] = prefix + environ["PATH_INFO"]
        return app.wsgi_app(environ, start_response)

    return call


def _answer_deep_chat(app: Flask) -> None:
    @app.post("/deep-chat/answer")
    def answer() -> Response:
        return jsonify(text=ANSWER)


def _answer_typebot(app: Flask) -> None:
    def said(text: str) -> dict[str, Any]:
        rich = [{"type": "p", "children": [{"text": text}]}]
        content = {"type": "richText", "richText": rich}
        return {
            "messages": [{"id": f"m{len(text)}", "type": "text", "content": content}],
            "input": {"id": f"i{len(text)}", "type": "text input"},
        }

    @app.post("/typebot/api/v1/typebots/<bot>/startChat")
    def begin(bot: str) -> Response:
        about = {
            "id": bot,
            "version": "6",
            "publishedAt": "2026-01-01T00:00:00.000Z",
            "theme": {},
            "settings": {},
        }
        return jsonify(sessionId="session", resultId="result", typebot=about, **said(WELCOME))

    @app.post("/typebot/api/v1/sessions/<session>/continueChat")
    def go_on(session: str) -> Response:
        return jsonify(**said(ANSWER))


def _rasa() -> Any:
    server = socketio.Server(async_mode="threading", monitor_clients=False)

    @server.on("session_request")
    def confirm(sid: str, data: dict[str, Any] | None) -> None:
        wanted = (data or {}).get("session_id") or sid
        server.emit("session_confirm", {"session_id": wanted}, to=sid)

    @server.on("user_uttered")
    def answer(sid: str, data: dict[str, Any]) -> None:
        text = WELCOME if data.get("message") == "/get_started" else ANSWER
        server.emit("bot_uttered", {"text": text}, to=sid)

    return server
