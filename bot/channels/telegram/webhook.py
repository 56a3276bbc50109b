"""Deliveries from Telegram to this server. Answered only when the turn is over: an update whose
delivery breaks off is delivered again.
"""

from __future__ import annotations

import hmac
import logging
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, Final, Protocol

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import BadRequest

from bot.settings import Settings

logger = logging.getLogger(__name__)

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES: Final = 1024 * 1024
"""A refused update would be delivered for ever, and all after it would wait."""
TURN_TIMEOUT_S: Final = 50.0
"""Telegram gives up on a delivery after a minute."""


class Taker(Protocol):
    """What takes updates from any thread."""

    def take(self, raw: dict[str, Any]) -> Future[None] | None:
        """Take an update; None when none is taken now."""


def webhook(settings: Settings, taker: Taker) -> Blueprint:
    """The route that only Telegram knows the secret of."""
    blueprint = Blueprint("telegram", __name__)
    secret = settings.telegram_webhook_secret.encode()

    @blueprint.post(settings.telegram_webhook_path)
    def deliver() -> Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not secret or not hmac.compare_digest(given, secret):
            abort(403)
        request.max_content_length = MAX_BODY_BYTES
        try:
            future = taker.take(request.get_json(force=True))
        except (ValueError, BadRequest):
            logger.warning("A delivery to the Telegram webhook was not an update.")
            return Response(status=200)
        if future is None:
            return Response(status=503)
        try:
            future.result(TURN_TIMEOUT_S)
        except FutureTimeoutError:
            logger.error("A turn on Telegram took longer than %s s.", TURN_TIMEOUT_S)
        return Response(status=200)

    return blueprint
