"""The full page, which works without JavaScript, and the widget's files."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, send_from_directory
from markupsafe import Markup, escape

from bot.channels.api import accepted_language, conversations, wording
from bot.channels.widget_strings import load_widget_strings
from bot.replies import Reply
from bot.settings import PROJECT, Settings
from bot.wording import SEVEN

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
            key.removeprefix("page_"): text
            for key, text in strings.items()
            if key.startswith("page_")
        },
    }


@pages.get("/")
def index() -> str:
    """The page: numbers and questions as plain reading, the chat where JavaScript runs."""
    catalogues = wording().catalogues
    language, direction, links = conversations().numbers(accepted_language())
    return render_template(
        "page.html",
        **_common(language, direction),
        numbers=links,
        questions=[wording().text(language, f"utter_ask_self_form_{slot}") for slot in SEVEN],
        languages=[
            {
                "code": each.code,
                "name": each.name,
                "dir": each.dir,
                "current": each.code == language,
            }
            for each in catalogues.languages.values()
        ],
    )


@pages.get("/widget.js")
def widget() -> Response:
    """The widget in one file."""
    return send_from_directory(PROJECT / "web_widget" / "dist", "widget.js", max_age=300)


@pages.get("/page.css")
def stylesheet() -> Response:
    """The page's style."""
    return send_from_directory(PROJECT / "web_widget", "page.css", max_age=300)
