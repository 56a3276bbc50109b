"""Run the web channel on waitress until a signal comes."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Any, Final

from bot.app import MAX_BODY_BYTES, create_app
from bot.conversation import Conversations
from bot.refusals import answer_refusals
from bot.settings import Settings
from bot.wording import load_wording

THREADS: Final = 16
"""Threads wait for the engine; the engine itself is one loop."""


def serve(settings: Settings) -> None:
    """Load the engine, then listen.

    Raises:
        WaymarkError: engine, words or directory are unusable.
        OSError: the port is taken.
    """
    wording = load_wording()
    from bot.engine.embedded import EmbeddedEngine

    engine = EmbeddedEngine(settings.model)
    try:
        from waitress import create_server

        app = create_app(settings, Conversations(engine, wording), wording)
        sockets: dict[int, Any] = {}
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident="",
            max_request_body_size=2 * MAX_BODY_BYTES,
            max_request_header_size=16 * 1024,
            channel_timeout=60,
        )
        answer_refusals(sockets)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, stop)
        print(f"Waymark: http://{settings.host}:{settings.port}", file=sys.stderr, flush=True)
        server.run()
    finally:
        engine.close()
