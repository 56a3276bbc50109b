"""`waymark serve` with a note of every way out of the process, and things made to go wrong.

    python watched_server.py NOTES [--failing] serve

Notes, one JSON line each, what the process connects to, looks up, starts, and opens for writing.
Failing: asking why makes an action raise with the person's words in its message; erasing raises in
the request itself with the token, the first page with what the browser sent; below /late/ what is
done last for a request, outside of every handler of errors, and below /early/ the application as a
whole, with the address.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from typing import Any, Final

WATCHED: Final = {
    "socket.connect": lambda arguments: arguments[1],
    "socket.sendto": lambda arguments: arguments[1],
    "socket.getaddrinfo": lambda arguments: arguments[0],
    "subprocess.Popen": lambda arguments: arguments[0],
    "os.system": lambda arguments: arguments[0],
    "os.posix_spawn": lambda arguments: arguments[0],
}
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def watch(path: str) -> None:
    """Note what leaves this process from now on."""
    notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in WATCHED:
            what = repr(WATCHED[event](arguments))
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
            what = repr(arguments[0])
        else:
            return
        os.write(notes, (json.dumps({"event": event, "what": what}) + "\n").encode())

    sys.addaudithook(note)


def sabotage() -> None:
    """Raise what no log may show."""
    from flask import Flask, g, request

    from actions.flow import ActionAskWhy
    from bot.channels import pages
    from bot.conversation import Conversations

    def fail_with_words(_self: Any, _dispatcher: Any, tracker: Any, _domain: Any) -> None:
        raise ValueError(str(tracker.latest_message))

    def fail_with_token(_self: Any, token: str) -> None:
        raise ValueError(token)

    def fail_with_headers(*_: Any, **__: Any) -> None:
        raise ValueError(f"{request.url} {request.headers}")

    process_response = Flask.process_response

    def fail_with_address(app: Flask, response: Any) -> Any:
        if request.path.startswith("/late/") and "has_failed" not in g:
            g.has_failed = True
            raise ValueError(request.url)
        return process_response(app, response)

    wsgi_app = Flask.wsgi_app

    def fail_before_the_application(app: Flask, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"].startswith("/early/"):
            raise ValueError(environ["PATH_INFO"])
        return wsgi_app(app, environ, start)

    ActionAskWhy.run = fail_with_words
    Conversations.erase = fail_with_token
    pages.chat_page = fail_with_headers
    Flask.process_response = fail_with_address
    Flask.wsgi_app = fail_before_the_application


def let_the_tests_look() -> None:
    """Without the mark that hides the process from its own user."""
    from bot import memory

    forbid_dumps = memory.forbid_dumps

    def forbid_dumps_and_be_seen() -> None:
        forbid_dumps()
        ctypes.CDLL(None).prctl(memory._PR_SET_DUMPABLE, 1, 0, 0, 0)

    memory.forbid_dumps = forbid_dumps_and_be_seen


if __name__ == "__main__":
    from bot.memory import overwrite_what_is_freed

    overwrite_what_is_freed()
    watch(sys.argv.pop(1))
    from bot.engine.rasa_setup import prepare

    prepare()
    let_the_tests_look()
    if "--failing" in sys.argv:
        sys.argv.remove("--failing")
        sabotage()
    from bot.cli import app

    app()
