"""Counts for whoever runs it (Prometheus): how many turns, how long, what failed.

No text, no id, no language and no place: nothing in them is about a person. Served on an address
of their own, which no proxy should show to the world: to this machine, or to those who know a
token (bot/settings.py refuses anything else).
"""

from __future__ import annotations

import hmac
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from bot.conversation import Watch

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PATIENCE_S: Final = 5
"""A connection that says nothing for so long is closed."""
SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


class Metrics(Watch):
    """What is counted since the start of this process."""

    def __init__(self, is_ready: Callable[[], bool]) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "waymark_turn_seconds",
            "How long turns took to answer.",
            ["kind"],
            registry=self._registry,
            buckets=SECONDS,
        )
        self._failed = Counter(
            "waymark_turns_failed",
            "Turns that got the numbers and an apology.",
            ["kind"],
            registry=self._registry,
        )
        self._refused = Counter(
            "waymark_requests_refused",
            "Requests over the limits.",
            ["kind"],
            registry=self._registry,
        )
        self._reached = Gauge(
            "waymark_channel_reached_timestamp_seconds",
            "When the service behind a channel last answered (Unix time).",
            ["channel"],
            registry=self._registry,
        )
        ready = Gauge("waymark_ready", "Whether it can answer.", registry=self._registry)
        ready.set_function(lambda: float(is_ready()))

    def answered(self, kind: str, seconds: float) -> None:
        """See Watch."""
        self._seconds.labels(kind).observe(seconds)

    def failed(self, kind: str) -> None:
        """See Watch."""
        self._failed.labels(kind).inc()

    def refused(self, kind: str) -> None:
        """See Watch."""
        self._refused.labels(kind).inc()

    def reached(self, channel: str) -> None:
        """See Watch."""
        self._reached.labels(channel).set_to_current_time()

    def serve(self, host: str, port: int, token: str = "") -> Callable[[], None]:
        """Answer on an address of their own.

        Args:
            token: what `Authorization: Bearer` must carry; anybody is answered without one.

        Returns:
            What ends it.

        Raises:
            OSError: the port is taken.
        """
        application: Application = make_wsgi_app(self._registry)
        if token:
            application = _only_with(token, application)
        server = make_server(host, port, application, _Server, _Quiet)
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join(timeout=5)

        return close


def _only_with(token: str, application: Application) -> Application:
    """Answer 401 to whoever does not show the token."""
    wanted = token.encode()

    def guarded(request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        scheme, _, shown = str(request.get("HTTP_AUTHORIZATION", "")).partition(" ")
        is_known = hmac.compare_digest(shown.strip().encode("utf-8", "replace"), wanted)
        if is_known and scheme.lower() == "bearer":
            return application(request, start)
        start("401 Unauthorized", [("WWW-Authenticate", "Bearer"), ("Content-Length", "0")])
        return [b""]

    return guarded


class _Server(ThreadingWSGIServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Name the error; the library would print the address, too."""
        logger.warning("A question for counts failed with %s", type(sys.exception()).__name__)


class _Quiet(WSGIRequestHandler):
    timeout = PATIENCE_S

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""
