"""What this process says of itself can't hold a person's words, address or browser (promise 7)."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from typing import Any, Final

_TALKATIVE: Final = (
    *("werkzeug", "waitress", "asyncio", "rasa", "rasa_sdk"),
    *("aiohttp", "httpx", "httpcore", "telegram", "apscheduler", "aiolimiter"),
)
_UNTRUSTED: Final = frozenset(
    ["aiohttp", "aiolimiter", "apscheduler", "asyncio", "httpcore", "httpx", "telegram"]
)
"""Libraries whose messages may hold the bot's token (it stands in every address), an update as
it came, or what a task was doing. Of theirs only the place in the code is logged."""
_NAME_THE_PATH: Final = frozenset(["waitress", "waymark"])
"""The web server's and Flask's own: they name the path of a request that failed."""


class DiscreetFormatter(logging.Formatter):
    """Formats an exception as its type and the lines of code it passed, never its message:
    messages of exceptions often quote what they choked on. Of libraries that handle the token,
    a person's update or a path, the message is withheld, too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """As usual, unless the logger is one that may say too much."""
        if record.name in _NAME_THE_PATH or record.name.partition(".")[0] in _UNTRUSTED:
            record = logging.makeLogRecord(record.__dict__)
            record.msg = f"{record.module}:{record.lineno} (message withheld)"
            record.args, record.exc_text, record.stack_info = None, None, None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Type and places only."""
        kind, _, trace = ei
        if kind is None:
            return ""
        places = [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(trace)
        ]
        return "\n".join([*places, f"{kind.__name__} (message withheld)"])


def keep_quiet(level: str) -> None:
    """Logs that can't say too much, and nothing else on the screen when something fails."""
    configure_logging(level)
    _withhold_the_uncaught()


def configure_logging(level: str = "WARNING") -> None:
    """Log to stderr only; libraries that log requests or messages stay at WARNING."""
    logging.raiseExceptions = False  # else a log that can't be written prints what it held
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _withhold_the_uncaught() -> None:
    """Python prints what nobody caught, message and all; here it goes the way of the logs."""
    logger = logging.getLogger("bot")

    def log(kind: Any, error: Any, trace: Any) -> None:
        if kind is not SystemExit:
            logger.critical("Not caught", exc_info=(kind, error, trace))

    sys.excepthook = log
    sys.unraisablehook = lambda it: log(it.exc_type, it.exc_value, it.exc_traceback)
    threading.excepthook = lambda it: log(it.exc_type, it.exc_value, it.exc_traceback)
