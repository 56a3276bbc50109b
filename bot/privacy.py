"""Logging that can't hold a person's words, address or browser (promise 7)."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, Final

_TALKATIVE: Final = ("werkzeug", "waitress", "asyncio", "rasa", "rasa_sdk", "httpx", "telegram")


class DiscreetFormatter(logging.Formatter):
    """Formats an exception as its type and the lines of code it passed, never its message:
    messages of exceptions often quote what they choked on.
    """

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
