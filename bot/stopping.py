"""Ending: whatever was asked before the signal came is answered first."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

LONGEST_S: Final = 10.0
"""A little more than the longest turn."""
_LOOK_EVERY_S: Final = 0.05


def end_on_sigterm(sockets: dict[int, Any], *first: Callable[[], None]) -> None:
    """On SIGTERM, take no new connection, answer what was asked, and end. A second one ends the
    process at once.

    Args:
        sockets: waitress's map.
        first: what ends before that, while connections are still taken.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        threading.Thread(target=end, name="stop", daemon=True).start()

    def end() -> None:
        for each in first:
            each()
        _drain_then_end(sockets)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has none


def _drain_then_end(sockets: dict[int, Any]) -> None:
    """Waitress itself would cancel what waits for a thread, and wait five seconds for the rest.

    Its loop does what it is asked to, and ends when it has no sockets. Told by an interrupt it
    would end too, but not while it does what it was asked to: there it passes over any exception.
    """
    until = time.monotonic() + LONGEST_S
    servers = [each for each in list(sockets.values()) if isinstance(each, BaseWSGIServer)]
    for each in servers:
        each.trigger.pull_trigger(partial(wasyncore.dispatcher.close, each))
    while time.monotonic() < until and any(map(_is_busy, list(sockets.values()))):
        time.sleep(_LOOK_EVERY_S)
    for each in servers:
        each.trigger.pull_trigger(sockets.clear)


def _is_busy(each: Any) -> bool:
    return isinstance(each, HTTPChannel) and bool(each.requests or each.total_outbufs_len)
