"""The web application: one factory, its headers and its one error shape."""

from __future__ import annotations

import logging
import math
import urllib.parse
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from bot.channels.api import accepted_language, api
from bot.channels.description import NOT_READY, describe
from bot.channels.embed import embed
from bot.channels.flood import hold_back_floods
from bot.channels.pages import pages, render_problem
from bot.channels.schemas import HealthOut
from bot.conversation import Conversations, Watch
from bot.errors import (
    BadRequestError,
    ConversationError,
    ConversationExpiredError,
    EngineError,
    TooManyError,
)
from bot.limits import Limits
from bot.refusals import refuse_what_is_marked
from bot.settings import Settings
from bot.wording import Wording

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, Prefer"
CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 431: "too_large"}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-src {frames}; "
    "frame-ancestors {ancestors}"
)


def create_app(
    settings: Settings,
    conversations: Conversations,
    wording: Wording,
    *more: Blueprint,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> APIFlask:
    """Build the application around conversations that are ready.

    Args:
        more: routes of other channels.
        limits: counts requests (bot/limits.py).
        watch: told of what is refused.
    """
    app = APIFlask(
        "waymark",
        title="Waymark",
        version="1",
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    describe(app)
    app.extensions["waymark.settings"] = settings
    app.extensions["waymark.conversations"] = conversations
    app.extensions["waymark.wording"] = wording
    app.register_blueprint(api)
    app.register_blueprint(pages)
    app.register_blueprint(embed)
    for each in more:
        app.register_blueprint(each)
    refuse_what_is_marked(app)
    hold_back_floods(
        app, Limits() if limits is None else limits, watch or Watch(), proxies=settings.proxies
    )
    _add_health(app, conversations)
    _add_errors(app, conversations)
    _add_headers(app, settings)
    _forget_addresses(app)
    return app


def _add_health(app: APIFlask, conversations: Conversations) -> None:
    @app.get("/health/live")
    @app.output(HealthOut)
    @app.doc(summary="Whether the process runs", tags=["Health"])
    def live() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/health/ready")
    @app.output(HealthOut)
    @app.doc(summary="Whether it can answer", tags=["Health"], responses=NOT_READY)
    def ready() -> tuple[dict[str, str], int]:
        trouble = conversations.trouble()
        return {"status": trouble or "ready"}, 503 if trouble else 200


def _add_errors(app: APIFlask, conversations: Conversations) -> None:
    def shaped(code: str, status: int, response: str) -> tuple[Any, int]:
        language, direction, reply = conversations.problem(_language(), response)
        if not request.path.startswith("/api/"):
            return render_problem(language, direction, reply, is_lost=status == 404), status
        detail = {"code": code, "message": reply.text, "links": list(reply.links)}
        return jsonify({"error": detail, "language": language, "dir": direction}), status

    @app.error_processor
    def invalid(error: HTTPError) -> tuple[Any, int]:
        return shaped(BadRequestError.code, error.status_code, BadRequestError.response)

    @app.errorhandler(ConversationError)
    def refused(error: ConversationError) -> tuple[Any, int]:
        status = 401 if isinstance(error, ConversationExpiredError) else 400
        return shaped(error.code, status, error.response)

    @app.errorhandler(TooManyError)
    def busy(error: TooManyError) -> tuple[Any, int, dict[str, str]]:
        body, status = shaped(error.code, 429, error.response)
        return body, status, {"Retry-After": str(math.ceil(error.wait_s))}

    @app.errorhandler(EngineError)
    def unavailable(error: EngineError) -> tuple[Any, int]:
        logger.error("%s: %s", request.endpoint, error)
        return shaped("problem", 503, "utter_problem")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[Any, int, dict[str, str]]:
        status = error.code or 500
        body, _ = shaped(CODES.get(status, BadRequestError.code), status, BadRequestError.response)
        allowed = getattr(error, "valid_methods", None)
        return body, status, {"Allow": ", ".join(sorted(allowed))} if allowed else {}

    @app.errorhandler(RecursionError)
    def too_deep(error: RecursionError) -> tuple[Any, int]:
        return shaped(BadRequestError.code, 400, BadRequestError.response)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Any, int]:
        logger.error("%s failed with %s", request.endpoint, type(error).__name__, exc_info=True)
        return shaped("problem", 500, "utter_problem")


def _language() -> str:
    """The wanted language, also when nobody can say what the open conversation speaks."""
    try:
        return accepted_language()
    except EngineError:
        return accepted_language(is_known=False)


def _framing(endpoint: str | None, settings: Settings) -> dict[str, str]:
    """Who may show a page in a frame, and what it may show in one."""
    if endpoint == "embed.frame":
        ancestors = " ".join(["'self'", *sorted(settings.allowed_origins)])
        return {"Content-Security-Policy": POLICY.format(frames="'none'", ancestors=ancestors)}
    frames = "'self'" if endpoint == "embed.builder" else "'none'"
    policy = POLICY.format(frames=frames, ancestors="'none'")
    return {"Content-Security-Policy": policy, "X-Frame-Options": "DENY"}


def _add_headers(app: APIFlask, settings: Settings) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        for name, value in _framing(request.endpoint, settings).items():
            response.headers[name] = value
        is_asset = request.endpoint in ("embed.script", "pages.stylesheet")
        if not is_asset:
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if is_asset else "same-origin"
        )
        origin = request.headers.get("Origin", "")
        response.headers.add("Vary", "Origin")
        if origin in settings.allowed_origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def _forget_addresses(app: APIFlask) -> None:
    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        """Python remembers the last addresses that it took apart, whatever was put into them."""
        urllib.parse.clear_cache()  # type: ignore[attr-defined]
