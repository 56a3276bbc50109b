"""Every address that the server answers on, taken from the application itself."""

from __future__ import annotations

from typing import cast

from bot.app import create_app
from bot.channels.telegram.webhook import Taker, webhook
from bot.conversation import Conversations
from bot.engine.base import Engine
from bot.settings import Settings
from bot.wording import load_wording

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def routes() -> list[str]:
    """Paths, those of Telegram's deliveries included; a new route is among them by itself."""
    settings = Settings(telegram_webhook_url="https://waymark.example/telegram/updates")
    wording = load_wording()
    conversations = Conversations(cast(Engine, None), wording)
    deliveries = webhook(settings, cast(Taker, None))
    app = create_app(settings, conversations, wording, deliveries)
    addresses = app.url_map.bind("waymark.example")
    found = set()
    for rule in app.url_map.iter_rules():
        names = {name: rule._converters[name].items for name in rule.arguments}
        assert len(names) < 2, f"{rule}: say here how its address is made"
        given = [{name: item} for name, items in names.items() for item in items] or [{}]
        found |= {addresses.build(rule.endpoint, each) for each in given}
    return sorted(found)
