"""`waymark serve` with two things made to go wrong, and a note of every way out of the process.

    python watched_server.py NOTES serve

Notes, one JSON line each, what the process connects to, looks up, starts, and opens for writing.
Asking why makes an action raise with the person's words in its message; erasing raises in the
request itself with the token.
"""

from __future__ import annotations

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
    from actions.flow import ActionAskWhy
    from bot.conversation import Conversations

    def fail_with_words(_self: Any, _dispatcher: Any, tracker: Any, _domain: Any) -> None:
        raise ValueError(str(tracker.latest_message))

    def fail_with_token(_self: Any, token: str) -> None:
        raise ValueError(token)

    ActionAskWhy.run = fail_with_words
    Conversations.erase = fail_with_token


if __name__ == "__main__":
    watch(sys.argv.pop(1))
    from bot.engine.rasa_setup import prepare

    prepare()
    sabotage()
    from bot.cli import app

    app()
