"""The HTTP API. Keeps no cookie, no address, no header; the token comes in Authorization only."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, request
from werkzeug.exceptions import HTTPException

from bot.channels import schemas
from bot.channels.description import ERRORS
from bot.channels.widget_strings import AID, PAGE, load_widget_strings
from bot.conversation import Conversations
from bot.engine.base import KEEP_S
from bot.errors import BadRequestError, ConversationExpiredError
from bot.wording import Wording

_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*(\d{1,3})(?!\d)", re.IGNORECASE)

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Conversation")


def conversations() -> Conversations:
    """This app's conversations."""
    result: Conversations = current_app.extensions["waymark.conversations"]
    return result


def wording() -> Wording:
    """This app's words."""
    result: Wording = current_app.extensions["waymark.wording"]
    return result


def bearer_token() -> str:
    """The token of this request.

    Raises:
        ConversationExpiredError: there is none.
    """
    token = token_sent()
    if not token:
        raise ConversationExpiredError("no token")
    return token


def token_sent() -> str:
    """The token of this request, or ''."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def accepted_language(*, is_known: bool = True) -> str:
    """What the query, the body, the open conversation or the browser asks for.

    Args:
        is_known: whether the conversation may be asked.
    """
    known = wording().catalogues
    if wanted := known.negotiate([request.args.get("language") or "", _body_language()]):
        return wanted
    if is_known and (token := token_sent()) and (spoken := conversations().language_of(token)):
        return spoken
    return known.negotiate([tag for tag, _ in request.accept_languages]) or "en"


def _body_language() -> str:
    try:
        body = request.get_json(silent=True)
    except (RecursionError, HTTPException):
        return ""
    wanted = body.get("language") if isinstance(body, dict) else None
    return wanted if isinstance(wanted, str) else ""


def _patience_s(headers: dict[str, str]) -> float:
    """What a Prefer header asks for; preferences that are not known are none."""
    wait = _WAIT.search(headers["prefer"])
    return float(wait[1]) if wait else 0.0


@api.before_request
def refuse_other_forms() -> None:
    """What is not marked as JSON would be passed over as if nothing had been sent.

    Raises:
        BadRequestError: there is a body, and it is not JSON.
    """
    if request.content_length and not request.is_json:
        raise BadRequestError("not JSON")


@api.post("/conversations")
@api.input(schemas.StartIn, arg_name="hints")
@api.input(schemas.PatienceIn, location="headers", arg_name="headers")
@api.output(schemas.StartOut, status_code=201)
@api.doc(summary="Start a conversation", responses=ERRORS)
def start(hints: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
    """Begin a conversation in the wanted language, or the browser's."""
    token, turn = conversations().start(
        language=hints.get("language"),
        route=hints.get("route"),
        place=hints.get("borough"),
        patience_s=_patience_s(headers),
    )
    return {"token": token, **turn.as_dict()}


@api.post("/messages")
@api.input(schemas.MessageIn, arg_name="message")
@api.input(schemas.KeyIn, location="headers", arg_name="headers")
@api.output(schemas.TurnOut)
@api.doc(summary="Say or choose something", security="bearer", responses=ERRORS)
def message(message: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """Give the replies to a text, a choice or several choices."""
    token, key, patience_s = bearer_token(), headers["idempotency_key"], _patience_s(headers)
    if "text" in message:
        return conversations().say(token, message["text"], key, patience_s=patience_s).as_dict()
    chosen = message.get("choices") or [message["choice"]]
    return conversations().choose(token, chosen, key, patience_s=patience_s).as_dict()


@api.post("/conversations/keep")
@api.output(schemas.KeptOut)
@api.doc(summary="Hold a conversation for another half hour", security="bearer", responses=ERRORS)
def keep() -> dict[str, int]:
    """As a message would, without one."""
    conversations().keep(bearer_token())
    return {"minutes": KEEP_S // 60}


@api.delete("/conversations")
@api.input(schemas.EraseIn, location="query", arg_name="how")
@api.output({}, status_code=204)
@api.doc(summary="Erase a conversation", security="bearer")
def erase(how: dict[str, bool]) -> tuple[str, int]:
    """Forget everything; unknown tokens are no error."""
    if how["closed"]:
        conversations().close(bearer_token())
    else:
        conversations().erase(bearer_token())
    return "", 204


@api.get("/numbers")
@api.output(schemas.NumbersOut)
@api.doc(summary="Emergency numbers, without the engine")
def numbers() -> dict[str, Any]:
    """The numbers in the wanted language."""
    language, direction, links = conversations().numbers(accepted_language())
    return {"language": language, "dir": direction, "numbers": links}


@api.get("/strings")
@api.input(schemas.StringsIn, location="query", arg_name="wanted")
@api.output(schemas.StringsOut)
@api.doc(summary="The widget's words")
def strings(wanted: dict[str, str]) -> dict[str, Any]:
    """Widget strings, languages and numbers in the wanted language."""
    language, direction, links = conversations().numbers(accepted_language())
    words = wording()
    for_worker = wanted.get("purpose") == "worker"
    return {
        "language": language,
        "dir": direction,
        "numbers": links,
        "strings": load_widget_strings(
            words.catalogues, language, without=(PAGE,) if for_worker else (PAGE, AID)
        ),
        "languages": words.languages(wanted.get("borough")),
    }
