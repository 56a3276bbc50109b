"""The full page, which works without JavaScript, and the widget's files."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    current_app,
    render_template,
    request,
    send_from_directory,
)
from markupsafe import Markup, escape

from bot.channels.api import accepted_language, conversations, wording
from bot.channels.guides import learn_parts, worker_guide
from bot.channels.widget_strings import PAGE, load_widget_strings
from bot.i18n import SOURCE_LANGUAGE
from bot.replies import Reply
from bot.settings import PROJECT, Settings
from bot.spoken import load_spoken
from bot.wording import ASK_SEVEN, EMERGENCY, SEVEN

pages = Blueprint("pages", __name__, template_folder="templates")

_NUMBER: Final = re.compile(r"(\+?\d[\d\u00a0 ]+\d)")
"""As withNumbers() of web_widget/dom.js has it."""


@pages.app_template_filter("with_numbers")
def with_numbers(text: str) -> Markup:
    """Text in which a phone number keeps its order and does not break over lines."""
    parts = _NUMBER.split(text)
    return Markup("").join(
        Markup('<span class="number" dir="ltr">{}</span>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def render_problem(language: str, direction: str, reply: Reply, *, is_lost: bool) -> str:
    """A page that says what is wrong, with the numbers, the way out and the way to the chat."""
    return render_template(
        "error.html",
        **_common(language, direction),
        text=None if is_lost else reply.text,
        numbers=reply.links,
    )


def _common(language: str, direction: str) -> dict[str, Any]:
    settings: Settings = current_app.extensions["waymark.settings"]
    strings = load_widget_strings(wording().catalogues, language)
    return {
        "lang": language,
        "dir": direction,
        "exit_url": settings.exit_url,
        "t": {
            key.removeprefix(PAGE): text for key, text in strings.items() if key.startswith(PAGE)
        },
    }


@pages.get("/")
def index() -> str:
    """The page: numbers and questions as plain reading, the chat where JavaScript runs."""
    return chat_page("page.html", {"open": "", **borough_attribute()})


@pages.get("/worker")
def worker() -> str:
    """The worker's guide: the chat, and below it the same on paper, in two languages."""
    catalogues = wording().catalogues
    language, _, _ = conversations().numbers(accepted_language())
    wanted = catalogues.negotiate([request.args.get("person", "")])
    return chat_page(
        "worker.html",
        {"open": "", "route": "worker", **borough_attribute()},
        guide=worker_guide(
            wording(), language, wanted or SOURCE_LANGUAGE, request.args.get("role", "")
        ),
        role_question=wording().text(language, "utter_ask_worker_form_worker_role"),
    )


@pages.get("/learn")
def learn() -> str:
    """What this is about, what people get wrong, rights, and what everyone can do."""
    language, direction, links = conversations().numbers(accepted_language())
    return render_template(
        "learn.html",
        **_common(language, direction),
        parts=learn_parts(wording(), language),
        numbers=links,
        languages=_languages(language),
    )


def borough_attribute() -> dict[str, str]:
    """The borough that a link names, if there is one of that id."""
    wanted = request.args.get("borough", "")
    return {"borough": wanted} if wanted in wording().directory.places else {}


def chat_page(
    template: str, attributes: dict[str, str], *, is_framed: bool = False, **more: Any
) -> str:
    """A page with the chat, in the wanted language.

    Args:
        attributes: of the element, beside its language and where it leaves to.
        more: what else the template needs.
    """
    language, direction, links = conversations().numbers(accepted_language())
    return render_template(
        template,
        **_common(language, direction),
        attributes={"language": language, **attributes},
        path=request.path,
        is_framed=is_framed,
        numbers=links,
        questions=[wording().text(language, ASK_SEVEN + slot) for slot in SEVEN],
        languages=_languages(language, attributes.get("borough")),
        **more,
    )


@pages.get("/numbers")
def numbers() -> Response:
    """Numbers, and how to ask for an interpreter, on one sheet of A5."""
    language, direction, _ = conversations().numbers(accepted_language())
    words = wording()
    reply = words.reply(language, "utter_numbers")
    page = render_template(
        "numbers.html",
        **_common(language, direction),
        lines=reply.text.split("\n"),
        numbers=reply.links,
        card=_card(language),
        sources=[words.source(language, words.directory.service(each)) for each in EMERGENCY],
        languages=_languages(language),
    )
    response = current_app.make_response(page)
    if hours := current_app.extensions["waymark.settings"].numbers_cache_hours:
        response.headers["Cache-Control"] = f"private, max-age={hours * 3600}"
    return response


def _card(language: str) -> list[tuple[str, str]]:
    """What to say to get an interpreter: in English, and in the person's language."""
    spoken = load_spoken().get(language.split("_")[0])
    if language == SOURCE_LANGUAGE or spoken is None:
        return []
    text = wording().text
    return [
        (
            text(SOURCE_LANGUAGE, "utter_card_interpreter", language=spoken.english_name),
            text(language, "utter_card_interpreter", language=spoken.name),
        ),
        (text(SOURCE_LANGUAGE, "utter_card_questions"), text(language, "utter_card_questions")),
    ]


def _languages(current: str, place: str | None = None) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "name": each.name, "dir": each.dir, "current": each.code == current}
        for each in wording().languages(place)
    ]


@pages.get("/page.css")
def stylesheet() -> Response:
    """The page's style."""
    return send_from_directory(PROJECT / "web_widget", "page.css", max_age=300)
