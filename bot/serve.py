"""Run the web channel on waitress, and Telegram beside it, until a signal comes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from bot.announcing import announce
from bot.app import MAX_BODY_BYTES, create_app
from bot.conversation import Conversations, Watch
from bot.engine.base import Engine
from bot.memory import settle_in
from bot.refusals import answer_refusals
from bot.settings import Settings
from bot.tallies.counting import Tallies, open_tallies
from bot.wording import Wording, load_wording

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramChannel
    from bot.translation import Translator

THREADS: Final = 16
"""Threads wait for the engine; the engine itself is one loop."""
CONNECTIONS: Final = 900
"""Open at once, slow ones included: under the 1,024 files that a process may open by default."""


def serve(settings: Settings) -> None:
    """Load the engine, then listen.

    Raises:
        WaymarkError: engine, words or directory are unusable.
        OSError: the port is taken.
    """
    telegram: TelegramChannel | None = None
    translator: Translator | None = None
    wording = load_wording()
    from bot.engine.embedded import EmbeddedEngine

    engine = EmbeddedEngine(settings.model, redis_url=settings.redis_url)
    close_metrics: Callable[[], None] | None = None
    tallies: Tallies | None = None
    try:
        watch, close_metrics = _metrics(settings, engine)
        from waitress import create_server

        if settings.translation_url:
            translator = _translator(settings, wording)
        tallies = open_tallies(settings, engine, wording)
        conversations = Conversations(
            engine,
            wording,
            translator=translator,
            secret=settings.secret,
            watch=watch,
            tallies=tallies,
        )
        routes = []
        if settings.telegram_token:
            telegram = _telegram(settings, conversations, wording)
            if settings.telegram_webhook_url:
                from bot.channels.telegram.webhook import webhook

                routes.append(webhook(settings, telegram))
        app = create_app(settings, conversations, wording, *routes, watch=watch)
        sockets: dict[int, Any] = {}
        largest = (32 if routes else 2) * MAX_BODY_BYTES
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident="",
            max_request_body_size=largest,
            inbuf_overflow=2 * largest,  # beyond it waitress puts what was sent on the disk
            max_request_header_size=16 * 1024,
            channel_timeout=60,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # bot/channels/flood.py reads them
        )
        answer_refusals(sockets)

        _stop_on_sigterm(telegram)
        settle_in()
        announce(f"Waymark: http://{settings.host}:{settings.port}")
        if telegram:
            telegram.start()
        server.run()
    finally:
        if telegram:
            telegram.stop()
        if translator:
            translator.close()
        if close_metrics:
            close_metrics()
        if tallies:
            tallies.publish()
        engine.close()


def _metrics(settings: Settings, engine: Engine) -> tuple[Watch, Callable[[], None] | None]:
    """What turns are told to, and what ends it."""
    if not settings.metrics_port:
        return Watch(), None
    from bot.metrics import Metrics

    metrics = Metrics(lambda: not engine.trouble())
    host, port, token = settings.metrics_host, settings.metrics_port, settings.metrics_token
    return metrics, metrics.serve(host, port, token)


def _translator(settings: Settings, wording: Wording) -> Translator:
    from bot.translation import open_translator

    names = {service.name for service in wording.directory.services.values()}
    names |= {place.name for place in wording.directory.places.values()}
    return open_translator(settings.translation_url, settings.translation_key, names)


def _telegram(
    settings: Settings, conversations: Conversations, wording: Wording
) -> TelegramChannel:
    from bot.channels.telegram.bot import TelegramChannel

    return TelegramChannel(settings, conversations, wording)


def _stop_on_sigterm(telegram: TelegramChannel | None) -> None:
    """End at once without Telegram; else first end its turns, while the server still answers
    the deliveries that wait for them. A second signal does not wait.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if telegram is None:
            raise KeyboardInterrupt

        def drain_then_stop() -> None:
            telegram.drain()
            os.kill(os.getpid(), signal.SIGTERM)  # wakes the server

        threading.Thread(target=drain_then_stop, name="stop", daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
