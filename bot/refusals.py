"""Requests that the web server refuses before the application sees them: too big, or no HTTP.

Waitress would answer in plain English, without the numbers. Here the application answers, in
its one error shape. What was sent is not read.
"""

from __future__ import annotations

import io
import sys
from typing import Any, Final

from flask import Flask, abort, request
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

REFUSED: Final = "waymark.refused"
"""Key of the WSGI environment: the status with which a request is refused."""

_LANGUAGE_AND_SITE: Final = ("ACCEPT_LANGUAGE", "ORIGIN")


def refuse_what_is_marked(app: Flask) -> None:
    """Let the application's error handlers answer what the server refused."""

    @app.before_request
    def refuse() -> None:
        if status := request.environ.get(REFUSED):
            abort(status)


def answer_refusals(sockets: dict[int, Any]) -> None:
    """Make the servers of a waitress map ask the application for their refusals."""
    for server in sockets.values():
        if isinstance(server, BaseWSGIServer):
            server.channel_class = _Channel


class _RefusedTask(ErrorTask):
    def execute(self) -> None:
        """Write the application's answer to a refused request."""
        self.set_close_on_finish()
        answer = b"".join(self.channel.server.application(self._environ(), self._start))
        self.content_length = len(answer)
        self.write(answer)

    def _start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        self.status = status
        self.response_headers = [each for each in headers if each[0] != "Content-Length"]

    def _environ(self) -> dict[str, Any]:
        known = {
            f"HTTP_{name}": self.request.headers[name]
            for name in _LANGUAGE_AND_SITE
            if name in self.request.headers
        }
        return {
            **known,
            REFUSED: self.request.error.code,
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": getattr(self.request, "path", "") or "/",
            "QUERY_STRING": "",
            "REMOTE_ADDR": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "0",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


class _Channel(HTTPChannel):
    error_task_class = _RefusedTask
