"""Run the web channel on waitress, and Telegram beside it, until a signal comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from bot.announcing import announce
from bot.app import MAX_BODY_BYTES, create_app
from bot.conversation import Conversations, Watch
from bot.engine.base import Engine
from bot.memory import settle_in
from bot.refusals import answer_refusals
from bot.settings import Settings
from bot.stopping import end_on_sigterm
from bot.tallies.counting import Tallies, open_tallies
from bot.waiting import MOST_TYPED
from bot.wording import Wording, load_wording

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramChannel
    from bot.translation import Translator

THREADS: Final = MOST_TYPED + 16
"""They wait for the engine, which is one loop; so many are never all kept by what is typed."""
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

        end_on_sigterm(sockets, *([telegram.drain] if telegram else []))
        settle_in()
        announce(f"Waymark: http://{settings.host}:{settings.port}")
        if trouble := engine.trouble():
            announce(f"Until this is mended, people get the numbers alone: {trouble}.")
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
