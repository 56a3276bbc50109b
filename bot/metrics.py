"""Counts for whoever runs it (Prometheus): how many turns, how long, what failed.

No text, no id, no language and no place: nothing in them is about a person. Served on an address
of their own, which no proxy should show to the world.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from bot.conversation import Watch

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

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer on an address of their own.

        Returns:
            What ends it.

        Raises:
            OSError: the port is taken.
        """
        server, thread = start_http_server(port, host, self._registry)

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join(timeout=5)

        return close
