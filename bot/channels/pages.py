"""The full page, which works without JavaScript, and the widget's files."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, send_from_directory

from bot.channels.api import accepted_language, conversations, wording
from bot.channels.widget_strings import load_widget_strings
from bot.settings import PROJECT, Settings
from bot.wording import SEVEN

pages = Blueprint("pages", __name__, template_folder="templates")


@pages.get("/")
def index() -> str:
    """The page: numbers and questions as plain reading, the chat where JavaScript runs."""
    settings: Settings = current_app.extensions["waymark.settings"]
    catalogues = wording().catalogues
    language, direction, links = conversations().numbers(accepted_language())
    strings = load_widget_strings(catalogues, language)
    return render_template(
        "page.html",
        lang=language,
        dir=direction,
        t={
            key.removeprefix("page_"): text
            for key, text in strings.items()
            if key.startswith("page_")
        },
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
        exit_url=settings.exit_url,
    )


@pages.get("/widget.js")
def widget() -> Response:
    """The widget in one file."""
    return send_from_directory(PROJECT / "web_widget" / "dist", "widget.js", max_age=300)


@pages.get("/page.css")
def stylesheet() -> Response:
    """The page's style."""
    return send_from_directory(PROJECT / "web_widget", "page.css", max_age=300)
